"""A small network drawn as what it is: an input, its units, an output, a number on each arrow."""

import numpy as np

from mlpkit.activations import get_activation
from mlpkit.plots.style import BLACK, BLUE, VERMILION, new_figure

INPUT, BEFORE, AFTER, OUTPUT = 0.0, 1.3, 2.2, 3.5  # x of the columns


def network_figure(x, W, b1, C, b2, activation="relu"):
    """Draw (1) for one input and one output, with all its numbers, as it computes f(x).

    Parameters
    ----------
    x : float
        The input.
    W, b1, C : array_like of float, shape (d_H,)
        One number a unit, as d = K = 1.
    b2 : float
        The output's bias b².
    activation : str or Activation
        σ.

    Returns
    -------
    LiveFigure

    Raises
    ------
    ValueError
        If the activation is unknown.
    """
    W, b1, C = (np.asarray(value, float) for value in (W, b1, C))
    Z = W * x + b1
    H = get_activation(activation)(Z)
    figure, axes = new_figure(height=3.4)
    axis, middle = axes[0, 0], (len(W) - 1) / 2
    axis.set(xlim=(-0.4, 4.1), ylim=(-0.6, len(W) - 0.15))
    axis.set_axis_off()
    _box(axis, INPUT, middle, f"x = {_number(x)}")
    for i in range(len(W)):
        y = len(W) - 1 - i
        _box(axis, BEFORE, y, f"$Z_{i}$ = {_number(Z[i])}")
        _box(axis, AFTER, y, f"$H_{i}$ = {_number(H[i])}")
        _arrow(axis, (INPUT, middle), (BEFORE, y), f"$W_{i}$ = {_number(W[i])}", 0.52, BLUE)
        _arrow(axis, (BEFORE, y), (AFTER, y), "σ", 0.5, BLACK)
        _arrow(axis, (AFTER, y), (OUTPUT, middle), f"$C_{i}$ = {_number(C[i])}", 0.42, VERMILION)
        axis.text(BEFORE, y + 0.33, f"$b^1_{i}$ = {_number(b1[i])}", ha="center", color=BLUE)
    f = _number(H @ C + b2)
    _box(axis, OUTPUT, middle, f"f = {f}")
    axis.text(OUTPUT, middle + 0.33, f"$b^2$ = {_number(b2)}", ha="center", color=VERMILION)
    return figure


def _number(value):
    return f"{round(float(value), 2) + 0.0:g}".replace("-", "−")


def _box(axis, x, y, text):
    box = {"boxstyle": "round,pad=0.4", "facecolor": "white", "edgecolor": BLACK}
    axis.text(x, y, text, ha="center", va="center", bbox=box, zorder=3)


def _arrow(axis, start, end, text, share, colour):
    style = {"arrowstyle": "-|>", "color": colour, "shrinkA": 32, "shrinkB": 32}
    axis.annotate("", xy=end, xytext=start, arrowprops=style)
    x, y = np.asarray(start) * (1 - share) + np.asarray(end) * share
    axis.text(x, y + 0.04, text, ha="center", va="bottom", color=colour, fontsize=9, zorder=4,
              bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5})  # fmt: skip
