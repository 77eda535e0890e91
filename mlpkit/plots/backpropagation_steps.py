"""The figure of explorer 5: a small network as a graph, one step of the algorithm at a time."""

from typing import NamedTuple

import numpy as np

from mlpkit.activations import get_activation
from mlpkit.losses import one_hot, softmax
from mlpkit.plots.style import BLACK, BLUE, GREY, VERMILION, new_figure

# d, d_H and K all differ, so that no shape can be mistaken for another.
W = np.array([[0.8, -0.4], [-0.6, 0.9], [0.3, 0.7], [-0.9, -0.5]])
b1 = np.array([[0.1], [-0.2], [0.3], [0.2]])
C = np.array([[0.7, -0.5, 0.4, -0.3], [-0.6, 0.8, 0.2, 0.5], [0.3, 0.1, -0.9, 0.6]])
b2 = np.array([[0.1], [0.0], [-0.1]])

NODES = ("x", "Z", "H", "U", "f", "ρ")
WIDTHS = (2, 4, 4, 3, 3, 1)
FORWARD_STEPS = 6


class Step(NamedTuple):
    """One line of the algorithm: what it computes, by which equation, and the result.

    Attributes
    ----------
    symbol, formula : str
        Mathtext.
    name : str
        The symbol in plain text.
    equation : str
        The equation's number in the course.
    values : numpy.ndarray of float, two-dimensional
        What comes out, in the lecture's orientation: a sample is a column.
    node, edges : int or None, tuple of int
        Column of nodes, and gaps between columns, that take part.
    """

    symbol: str
    formula: str
    name: str
    equation: str
    values: np.ndarray
    node: int | None
    edges: tuple


def backpropagation_steps(x, y, activation="tanh"):
    """Compute the algorithm of (8) for one sample, line by line.

    Parameters
    ----------
    x : array_like of float, shape (2,)
        The sample.
    y : int
        Its label: 0, 1 or 2.
    activation : str or Activation
        σ.

    Returns
    -------
    list of Step
        Six steps forward, then six backward.

    Raises
    ------
    ValueError
        If the label or the activation is unknown.
    """
    sigma = get_activation(activation)
    x = np.reshape(np.asarray(x, float), (2, 1))
    e = one_hot([y], 3).T
    Z = W @ x + b1
    H = sigma(Z)
    U = C @ H + b2
    f = softmax(U.T).T
    rho = -np.log(f[[y]])
    dU = -(e - f)
    delta = C.T @ dU
    dZ = delta * sigma.derivative(Z, H)
    before = "the algorithm of (8)"
    return [
        Step("x", "$x$ is given", "x", "(6)", x, 0, ()),
        Step("Z", r"$Z = Wx + b^1$", "Z", "(6)", Z, 1, (0,)),
        Step("H", r"$H = \sigma(Z)$", "H", "(6)", H, 2, (1,)),
        Step("U", r"$U = CH + b^2$", "U", "(6)", U, 3, (2,)),
        Step("f", r"$f = F_{softmax}(U)$", "f", "(6)", f, 4, (3,)),
        Step(r"\rho", rf"$\rho = -\log\,f_{{{y}}}$", "ρ", "(7)", rho, 5, (4,)),
        Step(_partial("U"), r"$-(e(Y) - f)$", "∂ρ/∂U", f"(11), in {before}", dU, 3, (3, 4)),
        Step(_partial("b^2"), rf"${_partial('U')}$", "∂ρ/∂b²", before, dU, 3, ()),
        Step(_partial("C"), rf"${_partial('U')}\;H^T$", "∂ρ/∂C", before, dU @ H.T, None, (2,)),
        Step(r"\delta", rf"$C^T\;{_partial('U')}$", "δ = ∂ρ/∂H", before, delta, 2, (2,)),
        Step(_partial("b^1"), r"$\delta \odot \sigma'(Z)$", "∂ρ/∂b¹", "(8)", dZ, 1, (1,)),
        Step(
            _partial("W"),
            r"$(\delta \odot \sigma'(Z))\;x^T$",
            "∂ρ/∂W",
            "(8)",
            dZ @ x.T,
            None,
            (0,),
        ),
    ]


def step_figure(step, x, y, activation="tanh", figure=None):
    """Draw the network and the algorithm up to one step, which is lit and written out.

    Parameters
    ----------
    step : int
        0, …, 11; the first six go forward.
    x, y, activation
        As for `backpropagation_steps`.
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
        lines.set(color=colour if lit else "#bbbbbb", linewidth=1.8 if lit else 0.7)
        lines.set_linestyle("--" if lit and step >= FORWARD_STEPS else "-")
    for column, circles in enumerate(figure.parts["circles"]):
        lit = column == now.node
        circles.set(edgecolor=colour if lit else GREY, linewidth=3 if lit else 1)
        _write(figure.parts["values"][column], steps[column], step >= column)
    for column, number in ((3, 6), (2, 9), (1, 10)):
        _write(figure.parts["derivatives"][column], steps[number], step >= number)
    _write_words(figure.parts, now, step, len(steps), colour)
    return figure


def _partial(name):
    return rf"\frac{{\partial\rho}}{{\partial {name}}}"


def _write(texts, step, visible):
    for text, value in zip(texts, step.values[:, 0], strict=True):
        text.set_text(two_digits(value) if visible else "")


def two_digits(value):
    """Write a number with two digits after the point, and no minus before a zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _write_words(parts, now, step, steps, colour):
    way = "forward →" if step < FORWARD_STEPS else "← backward"
    parts["heading"].set(text=f"step {step} of {steps - 1}: {way}", color=colour)
    formula = now.formula if "=" in now.formula or step == 0 else f"${now.symbol} = $ {now.formula}"
    parts["formula"].set_text(formula)
    parts["equation"].set_text(f"by {now.equation}\nshape {now.values.shape}")
    rows = ("".join(f"{two_digits(value):>7}" for value in row) for row in now.values)
    parts["numbers"].set_text("\n".join(rows))


def _places(column):
    return np.linspace(0, -3, 4)[: WIDTHS[column]] - (4 - WIDTHS[column]) / 2


def _empty_step_figure():
    figure, axes = new_figure(1, 2, height=3.5, width_ratios=(1.75, 1))
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
    for name, height, size in (("heading", 0.95, 11), ("formula", 0.78, 16), ("equation", 0.6, 10)):
        parts[name] = words.text(0, height, "", fontsize=size, va="center", in_layout=False)
    numbers = {"va": "top", "family": "monospace", "in_layout": False}
    parts["numbers"] = words.text(0, 0.46, "", fontsize=10, **numbers)
    return figure


def _texts(axis, x, heights, size, colour, **options):
    options |= {"ha": "center", "va": "center", "fontsize": size, "color": colour, "zorder": 3}
    return [axis.text(x, y, "", **options) for y in heights]


def _edges(axis, gap):
    from matplotlib.collections import LineCollection

    left, right = _places(gap), _places(gap + 1)
    # σ acts on each unit alone; every other map mixes all of them.
    pairs = zip(left, right, strict=True) if gap == 1 else ((a, b) for a in left for b in right)
    lines = LineCollection([[(gap, a), (gap + 1, b)] for a, b in pairs], zorder=1)
    return axis.add_collection(lines)
