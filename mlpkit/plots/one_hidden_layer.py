"""What each unit of (1) contributes, intervals of the risk (2), two regressions."""

import numpy as np

from mlpkit.activations import ACTIVATIONS, get_activation
from mlpkit.checks import check_choice
from mlpkit.plots.beyond import beyond_marks, mark_beyond
from mlpkit.plots.style import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    GREY,
    MARKERS,
    SEQUENTIAL,
    VERMILION,
    new_figure,
)
from mlpkit.tables import fixed_text
from mlpkit.units import GRID, TARGETS, unit_parts


def units_figure(W, b1, C, b2, activation="relu", target="none", figure=None):
    """Draw each unit's part beside their sum, the network f of (1) with d = K = 1.

    Parameters
    ----------
    W, b1, C : array_like of float, shape (d_H,)
        One number a unit; at most 7 units.
    b2 : float
        The output's bias b².
    activation : str or Activation
        σ.
    target : str
        A function to compare with: a name in `TARGETS`.
    figure : LiveFigure, optional
        One this function made with as many units, to update.

    Returns
    -------
    LiveFigure

    Raises
    ------
    ValueError
        If the activation or the target is unknown.
    """
    W, b1, C = (np.asarray(value, float) for value in (W, b1, C))
    parts = unit_parts(GRID, W, b1, C, activation)
    f_star = check_choice("target", target, TARGETS)(GRID)
    if figure is None:
        figure = _empty_units_figure(len(W))
    with np.errstate(divide="ignore", invalid="ignore"):
        centres = np.where(W != 0, -b1 / W, np.nan)
    heights = C * get_activation(activation)(np.zeros(len(C)))  # at Z_i = 0
    for i, (line, marker) in enumerate(figure.parts["units"]):
        line.set_ydata(parts[:, i])
        marker.set_data([centres[i]], [heights[i]])
    figure.parts["f"].set_ydata(parts.sum(axis=1) + b2)
    figure.parts["target"].set_ydata(f_star)
    left, right = figure.parts["beyond"]
    mark_beyond(left, parts)
    mark_beyond(right, parts.sum(axis=1) + b2)
    return figure


def _empty_units_figure(d_H):
    figure, axes = new_figure(1, 2, sharey=True)
    left, right = axes[0]
    nothing = np.full_like(GRID, np.nan)
    figure.parts["units"] = []
    for i in range(d_H):
        options = {"color": COLOURS[i], "marker": MARKERS[i]}
        (line,) = left.plot(GRID, nothing, DASHES[i], color=COLOURS[i])
        (marker,) = left.plot([], [], linestyle=DASHES[i], label=f"unit {i}", **options)
        figure.parts["units"].append((line, marker))
    (figure.parts["target"],) = right.plot(GRID, nothing, "--", color=VERMILION, label="target f*")
    (figure.parts["f"],) = right.plot(GRID, nothing, color=BLACK, linewidth=2, label="network f")
    left.set(title="each unit's part (marker: $Z_i = 0$)", xlabel="x", ylim=(-2.6, 2.6))
    right.set(title="f: their sum plus b²", xlabel="x")
    figure.parts["beyond"] = [beyond_marks(axis) for axis in (left, right)]
    for axis in (left, right):
        axis.set_xlim(-2, 2)
        axis.legend(loc="lower left", fontsize=8, ncols=2)
    return figure


def activations_figure():
    """Draw one unit c σ(wx + b) for each σ, and what w, b and c do to it; return a LiveFigure."""
    cases = {
        "w = 1, b = 0, c = 1": (1, 0, 1),
        "w = 3": (3, 0, 1),
        "b = −1": (1, -1, 1),
        "c = −1": (1, 0, -1),
    }
    figure, axes = new_figure(1, 4, height=2.9, sharey=True)
    for axis, name in zip(axes[0], ACTIVATIONS, strict=True):
        for (label, (w, b, c)), colour, dash in zip(cases.items(), COLOURS, DASHES, strict=False):
            part = unit_parts(2 * GRID, [w], [b], [c], name)
            axis.plot(2 * GRID, part, linestyle=dash, color=colour, label=label)
        axis.set(title=name, xlabel="x", ylim=(-2, 2), xticks=(-4, -2, 0, 2, 4))
    axes[0, 0].set_ylabel("c σ(wx + b)")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def intervals_figure(estimates, half_widths, risk):
    """Draw confidence intervals of the risk, one a data set, and which ones miss it.

    Parameters
    ----------
    estimates, half_widths : numpy.ndarray of float, shape (M,)
        Centre and half the width of each interval.
    risk : float
        The true value.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(height=2.8)
    axis, number = axes[0, 0], np.arange(len(estimates))
    hit = np.abs(estimates - risk) <= half_widths
    for chosen, colour, marker, size, label in (
        (hit, BLUE, "o", 4, "contains L(θ)"),
        (~hit, VERMILION, "X", 9, "misses L(θ)"),
    ):
        bars = {"fmt": marker, "color": colour, "markersize": size, "label": label}
        axis.errorbar(number[chosen], estimates[chosen], half_widths[chosen], **bars)
    axis.axhline(risk, color=BLACK, linestyle="--", label="L(θ)")
    axis.set(xlabel="data set", ylabel="estimate of L(θ)")
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def regression_figure(X, y, x, f_star, f, parts):
    """Draw a regression in one dimension: data, truth and network, and the network's parts.

    Parameters
    ----------
    X, y : numpy.ndarray of float, shape (N, 1)
        The data.
    x, f_star, f : numpy.ndarray of float, shape (M,)
        Where the curves are drawn; the truth and the network there.
    parts : numpy.ndarray of float, shape (M, d_H)
        Each unit's part.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, 2)
    left, right = axes[0]
    left.plot(X, y, ".", color=GREY, markersize=3, alpha=0.5, label="data")
    left.plot(x, f_star, "--", color=VERMILION, linewidth=2, label="truth f*")
    left.plot(x, f, color=BLACK, label="network f")
    left.set(title="data, truth and network", xlabel="x")
    left.legend(fontsize=8)
    for i, part in enumerate(parts.T):
        right.plot(x, part, linestyle=DASHES[i % 7], color=COLOURS[i % 7], linewidth=1.2)
    right.set(title=f"the {parts.shape[1]} units' parts", xlabel="x")
    return figure


def _one_digit(value, _):
    return fixed_text(value, 1)


def surfaces_figure(surfaces, extent):
    """Draw functions of two inputs side by side, as colours with contour lines.

    Parameters
    ----------
    surfaces : dict of str to numpy.ndarray of float, shape (M, M)
        Title and values; row is x₁ upwards, column is x₀.
    extent : float
        Each input runs from −extent to extent.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, len(surfaces), height=2.7, sharey=True)
    for axis, (title, values) in zip(axes[0], surfaces.items(), strict=True):
        line = np.linspace(-extent, extent, len(values))
        levels = np.linspace(values.min(), values.max(), 9)
        filled = axis.contourf(line, line, values, levels=levels, cmap=SEQUENTIAL)
        axis.contour(line, line, values, levels=levels, colors="white", linewidths=0.5)
        axis.set(title=title, xlabel="x₀", aspect="equal")
        figure.colorbar(filled, ax=axis, shrink=0.62, format=_one_digit, ticks=levels[::4])
    axes[0, 0].set_ylabel("x₁")
    return figure
