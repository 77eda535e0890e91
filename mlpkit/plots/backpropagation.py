"""The computational graph, its cost, step sizes, and training on digits."""

import numpy as np

from mlpkit.plots.style import (
    BLACK,
    BLUE,
    COLOURS,
    DASHES,
    DIVERGING,
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


def multiplications_figure(parameters, counts):
    """Draw the multiplications of one gradient against the number of parameters, both in logs.

    Parameters
    ----------
    parameters : array_like of int, shape (M,)
        Number of parameters of each network.
    counts : dict of str to array_like of int, shape (M,)
        Multiplications for the whole gradient, by method.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(height=3)
    axis = axes[0, 0]
    for (name, count), colour, dash, marker in zip(
        counts.items(), COLOURS, DASHES, "osD^", strict=False
    ):
        axis.loglog(parameters, count, marker=marker, linestyle=dash, color=colour, label=name)
    axis.set(xlabel="number of parameters P", ylabel="multiplications")
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def step_size_figure(steps, errors):
    """Draw the error of finite differences against their step, both in logs.

    Parameters
    ----------
    steps : array_like of float, shape (M,)
        Steps h.
    errors : dict of str to array_like of float, shape (M,)
        Error relative to the true derivative, by kind of difference.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure()
    axis = axes[0, 0]
    for (name, error), colour, dash in zip(errors.items(), COLOURS, DASHES, strict=False):
        axis.loglog(steps, error, linestyle=dash, color=colour, label=name)
        best = int(np.argmin(error))
        axis.plot(steps[best], error[best], "o", color=colour)
    axis.set(xlabel="step h", ylabel="relative error")
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def training_figure(loss, train_accuracy, test_accuracy):
    """Draw the loss and the accuracies after each epoch side by side.

    Parameters
    ----------
    loss, train_accuracy, test_accuracy : array_like of float, shape (epochs,)
        Mean loss during each epoch in nats, and shares of right answers after it.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, 2, height=2.9)
    left, right = axes[0]
    epochs = np.arange(1, len(loss) + 1)
    left.semilogy(epochs, loss, "o-", color=BLUE, markersize=3)
    left.set(xlabel="epoch", ylabel="mean loss ρ in nats", title="loss")
    right.plot(epochs, train_accuracy, "s--", color=GREY, markersize=3, label="training")
    right.plot(epochs, test_accuracy, "o-", color=BLUE, markersize=3, label="test")
    right.set(xlabel="epoch", ylabel="share of right answers", title="accuracy")
    right.legend(loc="lower right")
    return figure


def weights_figure(W, side):
    """Draw each row of W¹ as an image: which pixels excite or calm that hidden unit.

    Parameters
    ----------
    W : array_like of float, shape (d_H, side · side)
        First-layer weights, one unit a row.
    side : int
        Pixels a side.

    Returns
    -------
    LiveFigure
    """
    W = np.asarray(W)
    columns = 8
    figure, axes = new_figure(-(-len(W) // columns), columns, height=3.4)
    limit = np.abs(W).max()
    for axis in axes.flat:
        axis.set_axis_off()
    for i, (axis, row) in enumerate(zip(axes.flat, W, strict=False)):
        image = axis.imshow(row.reshape(side, side), cmap=DIVERGING, vmin=-limit, vmax=limit)
        axis.set_title(str(i), fontsize=8, pad=2)
    figure.colorbar(image, ax=axes, shrink=0.8, label="weight")
    return figure


def digits_figure(images, titles):
    """Draw images in a row, with a title above each.

    Parameters
    ----------
    images : array_like of float, shape (M, side, side)
        Pixels from 0 (paper) to 1 (ink).
    titles : sequence of str
        One an image.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, len(images), height=1.7)
    for axis, image, title in zip(axes[0], images, titles, strict=True):
        axis.imshow(image, cmap="gray_r", vmin=0, vmax=1)
        axis.set_title(title, fontsize=9)
        axis.set_axis_off()
    return figure
