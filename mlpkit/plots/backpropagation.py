"""The computational graph, its cost, step sizes, and training on digits."""

import numpy as np

from mlpkit.plots.style import (
    BLACK,
    BLUE,
    GREY,
    VERMILION,
    new_figure,
)

# Where each quantity of (6) and (7) stands in the graph, and what it is computed from.
PLACES = {"x": (0, 0), "Z": (1.2, 0), "H": (2.4, 0), "U": (3.6, 0), "f": (4.8, 0), "ρ": (6, 0)}
PARAMETERS = {"W": (0.7, 1.3), "b¹": (1.7, 1.3), "C": (3.1, 1.3), "b²": (4.1, 1.3), "Y": (6, 1.3)}
FORWARD = ("WZ", "b¹Z", "CU", "b²U", "Yρ", "xZ", "ZH", "HU", "Uf", "fρ")
# From, to, by what the derivative is multiplied on the way, and where that is written.
BACKWARD = (
    ("ρ", "U", r"$-(e(Y)-f)$", (4.8, -0.8)),
    ("U", "H", r"$C^T\,\cdot$", (3.0, -0.55)),
    ("H", "Z", r"$\odot\,\sigma'(Z)$", (1.8, -0.55)),
    ("Z", "W", r"$\cdot\,x^T$", (0.42, 0.6)),
    ("Z", "b¹", r"$\cdot\,1$", (1.98, 0.6)),
    ("U", "C", r"$\cdot\,H^T$", (2.78, 0.6)),
    ("U", "b²", r"$\cdot\,1$", (4.38, 0.6)),
)


def computational_graph_figure():
    """Draw the graph of (6) and (7): what is computed from what, and each derivative's way back.

    Returns
    -------
    LiveFigure
    """
    figure, axis = _empty_graph(xlim=(-0.4, 6.4), ylim=(-1.0, 1.6), height=3.2)
    places = PLACES | PARAMETERS
    for name, place in places.items():
        _node(axis, place, name, "circle" if name in PLACES else "square")
    for edge in FORWARD:
        _arrow(axis, places[edge[:-1]], places[edge[-1]], BLUE)
    for start, end, factor, at in BACKWARD:
        rad = 0.35 if end in ("b¹", "b²") else -0.35
        _arrow(axis, places[start], places[end], VERMILION, "--", rad)
        axis.text(*at, factor, ha="center", va="center", color=VERMILION, fontsize=11)
    return figure


def paths_figure(x, w, c, y):
    """Draw ρ = (c·relu(w x) − y)² as a graph, each edge with its own derivative.

    Parameters
    ----------
    x, y : float
        Input and target.
    w, c : array_like of float, shape (d_H,)
        Weights into and out of the hidden units.

    Returns
    -------
    LiveFigure
    """
    z = np.asarray(w) * x
    h = np.maximum(z, 0)
    U = float(np.asarray(c) @ h)
    heights = np.linspace(1, -1, len(h))
    figure, axis = _empty_graph(xlim=(-0.4, 6.6), ylim=(-1.3, 1.3), height=3.2)
    first, scores, loss = (0, 0), (4.2, 0), (6.2, 0)
    for i, height in enumerate(heights):
        unit, slope = (2.3, height), int(z[i] > 0)
        look = (BLUE, "-") if slope else (GREY, ":")
        _arrow(axis, first, unit, *look, shrink=30)
        _arrow(axis, unit, scores, *look, shrink=30)
        _factor(axis, first, unit, rf"$w_{i}\,\sigma'(Z_{i}) = {w[i]:g}\cdot {slope}$", look[0])
        _factor(axis, unit, scores, rf"$c_{i} = {c[i]:g}$", look[0])
        _node(axis, unit, f"$H_{i}$ = {h[i]:g}")
    _arrow(axis, scores, loss, BLUE, shrink=26)
    _factor(axis, scores, loss, rf"$2(U-y) = {2 * (U - y):g}$", BLUE)
    for place, text in ((first, f"$x$ = {x:g}"), (scores, f"$U$ = {U:g}")):
        _node(axis, place, text)
    _node(axis, loss, rf"$\rho$ = {(U - y) ** 2:g}")
    return figure


def _empty_graph(xlim, ylim, height):
    figure, axes = new_figure(height=height)
    axes[0, 0].set(xlim=xlim, ylim=ylim)
    axes[0, 0].set_axis_off()
    return figure, axes[0, 0]


def _node(axis, place, text, shape="round"):
    box = {"boxstyle": f"{shape},pad=0.35", "facecolor": "white", "edgecolor": BLACK}
    axis.text(*place, text, ha="center", va="center", fontsize=11, bbox=box, zorder=3)


def _factor(axis, start, end, text, colour):
    """Write an edge's derivative on its middle."""
    (x, y), white = np.mean([start, end], axis=0), {"facecolor": "white", "edgecolor": "none"}
    axis.text(
        x, y, text, ha="center", va="center", fontsize=9, color=colour, bbox=white | {"pad": 1}
    )


def _arrow(axis, start, end, colour, dash="-", rad=0.0, shrink=15):
    style = {"arrowstyle": "-|>", "color": colour, "linestyle": dash}
    style |= {"shrinkA": shrink, "shrinkB": shrink}
    style["connectionstyle"] = f"arc3,rad={rad}"
    axis.annotate("", xy=end, xytext=start, arrowprops=style)
