"""A small network as a graph, one step of the algorithm of (8) at a time."""

import itertools

import numpy as np

from mlpkit.backpropagation_steps import (
    FORWARD_STEPS,
    C,
    W,
    b1,
    b2,
    backpropagation_steps,
)
from mlpkit.plots.style import BLACK, BLUE, GREY, PALE, VERMILION, new_figure
from mlpkit.tables import fixed_text

NODES = ("x", "Z", "H", "U", "f", "ρ")
WIDTHS = (2, 4, 4, 3, 3, 1)


def step_figure(step, x, y, activation="tanh", weights=False, figure=None):
    """Draw the network and the algorithm up to one step, which is lit and written out.

    Parameters
    ----------
    step : int
        0, …, 11; the first six go forward.
    x, y, activation
        As for `backpropagation_steps`.
    weights : bool
        Write W, b¹, C and b² beside the graph.
    figure : LiveFigure, optional
        One this function made, to update.

    Returns
    -------
    LiveFigure

    Raises
    ------
    ValueError
        If there is no such step, label or activation.
    """
    steps = backpropagation_steps(x, y, activation)
    if step not in range(len(steps)):
        raise ValueError(f"step must be an integer in 0, …, {len(steps) - 1}, got {step!r}")
    if figure is None:
        figure = _empty_step_figure()
    now, colour = steps[step], BLUE if step < FORWARD_STEPS else VERMILION
    for gap, lines in enumerate(figure.parts["edges"]):
        lit = gap in now.edges
        lines.set(color=colour if lit else PALE, linewidth=1.8 if lit else 0.7)
        lines.set_linestyle("--" if lit and step >= FORWARD_STEPS else "-")
    for column, circles in enumerate(figure.parts["circles"]):
        lit = column == now.node
        circles.set(edgecolor=colour if lit else GREY, linewidth=3 if lit else 1)
        _write(figure.parts["values"][column], steps[column], step >= column)
    for column, number in ((3, 6), (2, 9), (1, 10)):
        _write(figure.parts["derivatives"][column], steps[number], step >= number)
    _write_words(figure.parts, now, step, len(steps), colour)
    figure.parts["weights"].set_visible(weights)
    return figure


def _write(texts, step, visible):
    for text, value in zip(texts, step.values[:, 0], strict=True):
        text.set_text(fixed_text(value) if visible else "")


def _write_words(parts, now, step, steps, colour):
    way = "forward →" if step < FORWARD_STEPS else "← backward"
    parts["heading"].set(text=f"step {step} of {steps - 1}: {way}", color=colour)
    formula = now.formula if "=" in now.formula or step == 0 else f"${now.symbol} = $ {now.formula}"
    parts["formula"].set_text(formula)
    parts["equation"].set_text(f"by {now.equation}\nshape {now.values.shape}")
    rows = ("".join(f"{fixed_text(value):>7}" for value in row) for row in now.values)
    parts["numbers"].set_text("\n".join(rows))


def _weights_in_words():
    """The network's parameters in two columns: each matrix beside its bias."""
    lines = []
    for names, matrix, bias in (("W, b¹", W, b1), ("C, b²", C, b2)):
        lines.append(names)
        for row, number in zip(matrix, bias[:, 0], strict=True):
            lines.append("".join(f"{fixed_text(each):>7}" for each in (*row, number)))
    return "\n".join(lines)


def _places(column):
    return np.linspace(0, -3, 4)[: WIDTHS[column]] - (4 - WIDTHS[column]) / 2


def _empty_step_figure():
    figure, axes = new_figure(1, 2, height=3.9, width_ratios=(1.75, 1))
    graph, words = axes[0]
    graph.set(xlim=(-0.45, 5.45), ylim=(-3.65, 0.85))
    words.set(xlim=(0, 1), ylim=(0, 1))
    for axis in (graph, words):
        axis.set_axis_off()
    parts = figure.parts
    backing = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    parts["edges"] = [_edges(graph, gap) for gap in range(5)]
    parts["circles"], parts["values"], parts["derivatives"] = [], [], {}
    for column, name in enumerate(NODES):
        y = _places(column)
        circles = graph.scatter([column] * len(y), y, s=820, facecolor="white", zorder=2)
        parts["circles"].append(circles)
        graph.text(column, 0.72, name, ha="center", va="center", fontsize=11)
        parts["values"].append(_texts(graph, column, y, 8, BLACK))
    for column in (1, 2, 3):
        parts["derivatives"][column] = _texts(
            graph, column, _places(column) - 0.48, 7.5, VERMILION, weight="bold", bbox=backing
        )
    for gap, name in ((0, "W, b¹"), (1, "σ"), (2, "C, b²"), (3, "softmax"), (4, "log")):
        graph.text(gap + 0.5, 0.72, name, ha="center", va="center", fontsize=8, color=GREY)
    for name, height, size in (("heading", 0.97, 11), ("formula", 0.83, 15), ("equation", 0.66, 9)):
        parts[name] = words.text(0, height, "", fontsize=size, va="center", in_layout=False)
    numbers = {"va": "top", "family": "monospace", "in_layout": False}
    parts["numbers"] = words.text(0, 0.53, "", fontsize=9, **numbers)
    numbers |= {"va": "bottom", "color": GREY}
    parts["weights"] = words.text(0, 0.0, _weights_in_words(), fontsize=7, **numbers)
    return figure


def _texts(axis, x, heights, size, colour, **options):
    options |= {"ha": "center", "va": "center", "fontsize": size, "color": colour, "zorder": 3}
    return [axis.text(x, y, "", **options) for y in heights]


def _edges(axis, gap):
    from matplotlib.collections import LineCollection

    left, right = _places(gap), _places(gap + 1)
    # σ acts on each unit alone; every other map mixes all of them.
    pairs = zip(left, right, strict=True) if gap == 1 else itertools.product(left, right)
    lines = LineCollection([[(gap, a), (gap + 1, b)] for a, b in pairs], zorder=1)
    return axis.add_collection(lines)
