"""Figures of lecture 5: the computational graph, its cost, step sizes, and training on digits."""

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
PLACES = {"x": (0, 0), "Z": (1, 0), "H": (2, 0), "U": (3, 0), "f": (4, 0), "ρ": (5, 0)}
PARAMETERS = {"W": (0.75, 1), "b¹": (1.25, 1), "C": (2.75, 1), "b²": (3.25, 1), "Y": (5, 1)}
FORWARD = ("WZ", "b¹Z", "CU", "b²U", "Yρ", "xZ", "ZH", "HU", "Uf", "fρ")
BACKWARD = {
    "ρU": (r"$-(e(Y)-f)$", 4),
    "UH": (r"$C^T$ times", 2.5),
    "HZ": (r"$\odot\,\sigma'(Z)$", 1.5),
}


def computational_graph_figure():
    """Draw the graph of (6) and (7): arrows forward above, the way of the derivatives below.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(height=2.6)
    axis = axes[0, 0]
    axis.set(xlim=(-0.4, 5.4), ylim=(-1.0, 1.35))
    axis.set_axis_off()
    places = PLACES | PARAMETERS
    for name, place in places.items():
        shape = "circle" if name in PLACES else "square"
        box = {"boxstyle": f"{shape},pad=0.35", "facecolor": "white", "edgecolor": BLACK}
        axis.text(*place, name, ha="center", va="center", fontsize=11, bbox=box, zorder=3)
    for edge in FORWARD:
        _arrow(axis, places[edge[:-1]], places[edge[-1]], BLUE, "-")
    for (start, end), (label, x) in BACKWARD.items():
        (left, _), (right, _) = places[end], places[start]
        _arrow(axis, (right, -0.25), (left, -0.25), VERMILION, "--", rad=-0.35)
        axis.text(x, -0.85, label, ha="center", va="center", color=VERMILION, fontsize=11)
    return figure


def _arrow(axis, start, end, colour, dash, rad=0.0):
    style = {"arrowstyle": "-|>", "color": colour, "linestyle": dash, "shrinkA": 13, "shrinkB": 13}
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
