"""The cost formulas (13)–(15), printed and counted, as pictures."""

import numpy as np

from mlpkit import costs
from mlpkit.costs import memory_by_holder, work_by_layer
from mlpkit.plots.style import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    GREEN,
    GREY,
    ORANGE,
    VERMILION,
    new_figure,
)

PHASES = ("forward", "∂ρ/∂W", "δ")
LAYERS = ("first", "inner", "output")


def printed_error_figure(sizes, marked):
    """Draw how far the printed (13) is off, against d / d_H.

    Parameters
    ----------
    sizes : sequence of (N, L, d, d_H, K)
        Networks, one point each; a cross where L = 1, a ring where L > 1.
    marked : dict of str to (N, L, d, d_H, K)
        Networks to be named in the picture.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, 1)
    axis = axes[0, 0]
    for one_layer, marker, label in ((True, "x", "L = 1"), (False, "o", "L > 1")):
        chosen = [size for size in sizes if (size[1] == 1) == one_layer]
        x, y = [size[2] / size[3] for size in chosen], [_ratio(size) for size in chosen]
        face = {} if one_layer else {"markerfacecolor": "none"}
        color = VERMILION if one_layer else BLUE
        axis.plot(x, y, marker, color=color, markersize=5, label=label, **face)
    for name, size in marked.items():
        place = size[2] / size[3], _ratio(size)
        axis.plot(*place, "D", color=BLACK, markersize=6)
        # Named on the left, where no network of many inputs can be.
        axis.annotate(
            name,
            place,
            xytext=(1.2, place[1]),
            ha="right",
            va="center",
            fontsize=9,
            arrowprops={"arrowstyle": "-", "linewidth": 0.8, "shrinkB": 4},
        )
    axis.axhline(1, color=GREY, linewidth=1)
    axis.axvline(2, color=GREY, linewidth=1, linestyle="--", label="d = 2 d_H")
    axis.set(xscale="log", xlabel="d / d_H", ylabel="counted / printed")
    axis.legend(fontsize=9, loc="lower right")
    return figure


def _ratio(size):
    return costs.operations_counted(*size) / costs.operations_as_printed(*size)


def scaling_figure(measured):
    """Draw operations, time and memory against each size, relative to the smallest, log-log.

    Parameters
    ----------
    measured : dict of str to (values, dict of str to sequence of float)
        By the size's name: its values, and for each quantity what was found there.

    Returns
    -------
    LiveFigure
        Each quantity's slope at the upper end stands in the panel.
    """
    figure, axes = new_figure(2, 3, height=5.8)
    styles = list(zip(COLOURS, DASHES, "os^", strict=False))
    for axis, (name, (values, quantities)) in zip(axes.flat, measured.items(), strict=False):
        for (quantity, found), (color, dash, marker) in zip(
            quantities.items(), styles, strict=False
        ):
            relative = np.asarray(found, float) / found[0]
            label = f"{quantity} {upper_slope(values, found):.1f}"
            options = {"color": color, "linestyle": dash, "marker": marker, "markersize": 4}
            axis.plot(values, relative, label=label, **options)
        axis.set(xscale="log", yscale="log", xlabel=name)
        axis.set_ylim(0.7, max(15, axis.get_ylim()[1]))
        above = {"loc": "lower center", "bbox_to_anchor": (0.5, 1), "frameon": False}
        axis.legend(fontsize=8, title="slope at the end", title_fontsize=8, **above)
    for axis in axes[:, 0]:
        axis.set_ylabel("relative to the smallest")
    for axis in axes.flat[len(measured) :]:
        axis.axis("off")
    return figure


def upper_slope(values, found):
    """Return the slope of log(found) against log(values) between the last two points."""
    (x0, x1), (y0, y1) = np.log(values[-2:]), np.log(np.asarray(found[-2:], float))
    return (y1 - y0) / (x1 - x0)


def speed_figure(widths, rates, peak):
    """Draw achieved speed against the width of the layers.

    Parameters
    ----------
    widths : sequence of int
        d_H.
    rates : dict of str to sequence of float
        GFLOP/s at each width, by name.
    peak : float
        GFLOP/s of one large matrix product on the same machine.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, 1, height=3.0)
    axis = axes[0, 0]
    for (name, rate), color, dash, marker in zip(
        rates.items(), COLOURS, DASHES, "os^v", strict=False
    ):
        options = {"color": color, "linestyle": dash, "marker": marker, "markersize": 5}
        axis.plot(widths, rate, label=name, **options)
    axis.axhline(peak, color=BLACK, linestyle=":", label="one large product")
    axis.set(xscale="log", yscale="log", xlabel="d = d_H", ylabel="GFLOP/s")
    axis.legend(fontsize=8)
    return figure


def memory_figure(L, lines, points):
    """Draw memory against the number of layers.

    Parameters
    ----------
    L : sequence of int
        Numbers of layers.
    lines, points : dict of str to sequence of float
        Formulas and measurements, in thousands of numbers.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, 1)
    axis = axes[0, 0]
    for (name, values), color, dash in zip(lines.items(), COLOURS, DASHES, strict=False):
        axis.plot(L, values, color=color, linestyle=dash, label=name)
    for (name, values), marker in zip(points.items(), "ox^", strict=False):
        axis.plot(L, values, marker, color=BLACK, fillstyle="none", label=name)
    axis.set(xlabel="hidden layers L", ylabel="thousand numbers", ylim=(0, None))
    axis.legend(fontsize=8)
    return figure


def recomputation_figure(curves, printed):
    """Draw the price of memory: stored numbers against operations.

    Parameters
    ----------
    curves : dict of str to sequence of (label, memory, operations)
        For each of up to three ways: k or another label, memory in arrays of N·d_H numbers,
        operations over plain ones.
    printed : float
        The printed memory of (15), in the same unit.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, 1, height=3.6)
    axis = axes[0, 0]
    styles = ((BLACK, "D"), (BLUE, "o"), (VERMILION, "s"))
    for (name, points), (color, marker) in zip(curves.items(), styles, strict=False):
        labels, memory, operations = zip(*points, strict=True)
        axis.plot(operations, memory, marker, color=color, markersize=5, label=name)
        for label, *place in zip(labels, operations, memory, strict=True):
            axis.annotate(label, place, xytext=(4, 4), textcoords="offset points", fontsize=8)
    axis.axhline(printed, color=GREY, linestyle="--", label="printed (15): 2 N d_H")
    axis.set(
        xlabel="multiply-adds, plain backpropagation = 1",
        ylabel="stored / (N d_H)",
        yscale="log",
    )
    axis.minorticks_off()
    ticks = [2, 4, 8, 16, 32, 64]
    axis.set_yticks(ticks, ticks)
    axis.set_ylim(printed * 0.8, 1.3 * max(p[1] for points in curves.values() for p in points))
    axis.legend(fontsize=8)
    return figure


def cost_figure(N, L, d, d_H, K, figure=None):
    """Draw printed and counted costs, and where operations and memory go, on log axes.

    Parameters
    ----------
    N, L, d, d_H, K : int
        As for `costs.operations_counted`.
    figure : LiveFigure, optional
        One that this function made: its bars are moved.

    Returns
    -------
    LiveFigure
    """
    if figure is None:
        figure = _empty_cost_figure()
    totals = {
        "printed": [
            costs.operations_as_printed(N, L, d, d_H, K),
            costs.parameters_as_printed(L, d, d_H, K),
            costs.memory_as_printed(N, L, d, d_H, K),
        ],
        "counted": [
            costs.operations_counted(N, L, d, d_H, K),
            costs.parameters_counted(L, d, d_H, K),
            costs.memory_counted(N, L, d, d_H, K),
        ],
    }
    holders = {"numbers": list(memory_by_holder(N, L, d, d_H, K).values())}
    for part in (totals, work_by_layer(N, L, d, d_H, K), holders):
        for name, values in part.items():
            for bar, text, value in zip(*figure.parts[name], values, strict=True):
                bar.set_width(max(value, 1e-9))
                text.set_position((max(value, 1), bar.get_y() + bar.get_height() / 2))
                text.set_text(f" {value:,}" if value < 1e6 else f" {value:.2e}")
    return figure


def _empty_cost_figure():
    figure, axes = new_figure(1, 3, height=3.6)
    total, work, memory = axes[0]
    for axis, title, labels, names in (
        (total, "printed and counted", ("(13)", "(14)", "(15)"), ("printed", "counted")),
        (work, "multiply-adds", LAYERS, PHASES),
        (memory, "numbers held", ("θ", "gradient", "X", "Z, H", "U"), ("numbers",)),
    ):
        thickness = 0.8 / len(names)
        for i, name in enumerate(names):
            places = np.arange(len(labels)) + (i - (len(names) - 1) / 2) * thickness
            bars = axis.barh(
                places,
                np.ones(len(labels)),
                thickness * 0.92,
                color=(ORANGE, BLUE, GREEN)[i],
                hatch=("//", "", "..")[i],
                edgecolor="white",
                label=name,
            )
            texts = [axis.text(1, y, "", va="center", fontsize=7) for y in places]
            figure.parts[name] = (list(bars), texts)
        axis.set(xscale="log", xlim=(1, 1e17))
        axis.set_title(title, y=1.0)  # a place of its own, not searched for at each redraw
        axis.set_xticks([1, 1e5, 1e10])
        axis.minorticks_off()  # and no grid across bars: what isn't drawn takes no time
        axis.grid(visible=False, axis="y")
        axis.set_yticks(range(len(labels)), labels)
        axis.invert_yaxis()
        if len(names) > 1:
            axis.legend(
                frameon=False, fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3
            )
    return figure
