"""Named curves on one pair of axes, or on several: most figures of the course are that."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatterSciNotation, LogLocator, MaxNLocator, NullFormatter

from mlpkit.checks import as_numbers, check_choice
from mlpkit.plots.style import BLACK, COLOURS, DASHES, GREY, MARKERS, new_figure
from mlpkit.slopes import log_slope
from mlpkit.tables import fixed_text

DIGIT = 0.09  # inches
FEW = 30  # so many points get markers, more don't
LEGENDS = {
    "right": {"loc": "upper left", "bbox_to_anchor": (1, 1)},
    "inside": {"loc": "best", "fontsize": 8},
    "below": {"loc": "outside lower center"},
    "none": {},
}
AXES = {"": (False, False), "x": (True, False), "y": (False, True), "xy": (True, True)}


def curves(
    x,
    named,
    *,
    xlabel="",
    ylabel="",
    log="",
    style=None,
    error=None,
    slopes=False,
    levels=None,
    places=None,
    on=None,
    height=3.2,
    legend=None,
    **settings,
):
    """Draw named curves over one x, told apart by colour, dash and marker.

    Parameters
    ----------
    x : array_like of float, shape (M,), or None
        Where; None counts the points of each curve from 1 (epochs).
    named : mapping of str to array_like of float, shape (M,)
        Name and heights of each curve. NaN leaves a gap, and so does on a logarithmic axis what
        is not above 0.
    xlabel, ylabel : str
        Of the axes; the name of a lone curve is the default of `ylabel`.
    log : str
        Which axes are logarithmic: "", "x", "y" or "xy"; those of `on` that are stay so.
    style : str, optional
        "line", "marked" (a line with a marker at each point), "points" (no line), or "guide" (a
        thin grey line to compare slopes with, which takes no colour). By default up to 30 points
        are marked.
    error : mapping of str to array_like of float, shape (M,), optional
        Half the length of error bars, for those curves that have some.
    slopes : bool
        Write the slope of log y against log x behind each name.
    levels, places : mapping of str to float, optional
        Named horizontal lines (by height) and vertical ones (by x).
    on : matplotlib Axes or Figure, optional
        Draw there, after what is there already; a figure stands for its first axes. By default a
        new figure.
    height : float
        Of a new figure, in inches.
    legend : str, optional
        "right" of the axes, "inside" them, "below" the figure and once for all its axes, or
        "none". By default right of lone axes and inside where there are several.
    settings
        Passed to the axes' `set`: title, xlim, ylim, xticks, …

    Returns
    -------
    LiveFigure
        The new one, or the one that `on` belongs to.

    Raises
    ------
    ValueError
        If nothing is named, a shape is not x's, x or y is no vector of numbers, or a choice is
        unknown.

    Examples
    --------
    >>> figure = curves(None, {"training": [2, 1, 0.5]}, xlabel="epoch", levels={"guess": 2.3})
    """
    log_x, log_y = check_choice("log", log, AXES)
    if style is not None:
        check_choice("style", style, dict.fromkeys(("line", "marked", "points", "guide")))
    points = _points(x, named)
    axis = _axes(on, height)
    log_x, log_y = log_x or axis.get_xscale() == "log", log_y or axis.get_yscale() == "log"
    for name, (places_x, y) in points.items():
        label = f"{name}, slope {_slope(places_x, y)}" if slopes else name
        bars = None if error is None or name not in error else error[name]
        _draw(axis, _gaps(places_x, log_x), _gaps(y, log_y), label, style, bars)
    for name, value in (levels or {}).items():
        axis.axhline(value, label=name, **_reference(axis))
    for name, value in (places or {}).items():
        axis.axvline(value, label=name, **_reference(axis))
    lone = on is None and len(named) == 1
    words = {"xlabel": xlabel, "ylabel": ylabel or (next(iter(named)) if lone else "")}
    axis.set(**{name: word for name, word in words.items() if word})
    _scale(axis, log_x, log_y, counted=x is None)
    axis.set(**settings)
    _name(axis, legend)
    return axis.figure


def _points(x, named):
    """Check and return {name: (x, y)} as arrays."""
    if not named:
        raise ValueError("named must hold at least one curve, got none")
    points = {}
    for name, values in named.items():
        y = as_numbers(f"named[{name!r}]", values)
        at = np.arange(1, y.size + 1.0) if x is None else as_numbers("x", x)
        if y.ndim != 1 or at.shape != y.shape or not y.size:
            raise ValueError(f"named[{name!r}] must have shape {at.shape}, got {y.shape}")
        points[str(name)] = at, y
    return points


def _axes(on, height):
    if on is None:
        return new_figure(height=height)[1][0, 0]
    return on.axes[0] if isinstance(on, Figure) else on


def _gaps(values, logarithmic):
    return np.where(values > 0, values, np.nan) if logarithmic else values


def _slope(x, y):
    return fixed_text(log_slope(x, y))


def _draw(axis, x, y, label, style, bars):
    if style == "guide":
        axis.plot(x, y, label=label, **_reference(axis))
        return
    number = sum(line.get_gid() == "curve" for line in axis.lines)
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    look = {"color": colour, "linestyle": dash, "label": label, "gid": "curve"}
    marked = style in ("marked", "points") or (style is None and len(x) <= FEW)
    if marked:
        look |= {"marker": MARKERS[number % len(MARKERS)], "markersize": 5}
        look["markerfacecolor"] = "none"  # where two curves meet, both are seen
    if style == "points":
        look["linestyle"] = "none"
    axis.plot(x, y, **look)
    if bars is not None:
        axis.errorbar(x, y, yerr=bars, fmt="none", ecolor=colour, capsize=3)


def _reference(axis):
    number = sum(line.get_gid() == "reference" for line in axis.lines)
    colour, dash = ((GREY, "--"), (BLACK, ":"), (GREY, "-."), (BLACK, "-"))[number % 4]
    return {"color": colour, "linestyle": dash, "linewidth": 1, "gid": "reference"}


def _scale(axis, log_x, log_y, counted):
    if log_x:
        axis.set_xscale("log")
    if log_y:
        axis.set_yscale("log")
    if counted:
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    for direction, logarithmic in ((axis.xaxis, log_x), (axis.yaxis, log_y)):
        if logarithmic:
            _ticks(direction)
        elif max(np.abs(direction.get_view_interval())) >= 1e4:
            direction.set_major_formatter("{x:,.0f}")
    if log_x:
        _ticks_at_sizes(axis)


def _ticks(direction):
    """Label a logarithmic axis: decades, and between them 2 and 5 where there are few."""
    low, high = direction.get_view_interval()
    decades = np.log10(high / low)
    if decades < 3:
        direction.set_major_locator(LogLocator(subs=(1, 2, 5) if decades > 0.7 else range(1, 10)))
        direction.set_major_formatter("{x:g}")
    else:
        direction.set_major_locator(LogLocator(numticks=8))
        direction.set_major_formatter(LogFormatterSciNotation())
    direction.set_minor_formatter(NullFormatter())


def _ticks_at_sizes(axis):
    """Put the ticks of a logarithmic x at the points, where these are a few whole numbers."""
    drawn = [line.get_xdata() for line in axis.lines if line.get_gid() == "curve"]
    x = np.unique(np.concatenate(drawn)) if drawn else np.empty(0)
    x = x[np.isfinite(x) & (x >= 1)]
    if 2 <= len(x) <= 12 and np.array_equal(x, np.round(x)):
        axis.set_xticks(x, _apart(x, axis))
        axis.minorticks_off()


def _apart(x, axis):
    """Label numbers on a logarithmic axis, but for those too near the one before."""
    inches = axis.get_position().width * axis.figure.get_figwidth()
    low, high = axis.get_xlim()
    at, end, labels = inches * np.log(x / low) / np.log(high / low), -np.inf, []
    for place, number in zip(at, x, strict=True):
        label = f"{int(number)}"
        half = (len(label) + 1) * DIGIT / 2
        labels.append(label if place - half >= end else "")
        end = place + half if labels[-1] else end
    return labels


def _name(axis, legend):
    """Write the names of all lines beside the axes, inside them, or below the figure."""
    figure = axis.figure
    if legend is None:
        legend = "right" if len(figure.axes) == 1 else "inside"
    place = check_choice("legend", legend, LEGENDS)
    if legend == "none":
        return
    if legend == "below":
        named = {}
        for ax in figure.axes:
            named |= {line.get_label(): line for line in _named_lines(ax)}
        for old in list(figure.legends):
            old.remove()
        figure.legend(named.values(), named.keys(), ncols=min(len(named), 4), **place)
    elif len(_named_lines(axis)) > 1:
        axis.legend(handles=_named_lines(axis), **place)


def _named_lines(axis):
    """The curves and reference lines that `curves` drew, and nothing else on the axes."""
    return [line for line in axis.lines if line.get_gid() in ("curve", "reference")]
