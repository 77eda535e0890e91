"""The loss of one hidden unit, seen as a landscape over its parameters."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import BoundaryNorm

from mlpkit.landscape import descend, unit_loss
from mlpkit.plots.style import BLACK, BLUE, GRID, SEQUENTIAL, VERMILION, new_figure
from mlpkit.tables import fixed_text

MOST = 400  # steps
LEVELS = (0, 0.01, 0.1, 0.3, 0.6, 1, 1.5, 2.5, 4, 6, 10, 20, 50)


def surface(c, W, L, valley, t, along):
    """Draw a loss as a surface with its valleys and saddle, and the loss from valley to valley.

    Parameters
    ----------
    c, W : numpy.ndarray of float, shapes (n,), (m,)
    L : numpy.ndarray of float, shape (n, m)
        The loss on their grid.
    valley : array_like of float, shape (2,)
        (c, W) of one valley's lowest point; the other's is minus that.
    t, along : numpy.ndarray of float, shape (k,)
        Position from one valley, 0, to the other, 1, and the loss there.
    """
    figure = new_figure(height=3.6)[0]
    figure.clear()
    left, right = figure.add_gridspec(1, 2, width_ratios=(1.4, 1))
    left = figure.add_subplot(left, projection="3d", computed_zorder=False)
    right = figure.add_subplot(right)
    norm = BoundaryNorm(LEVELS, colormaps[SEQUENTIAL].N)
    grid = np.meshgrid(c, W, indexing="ij")
    left.plot_surface(
        *grid, L, cmap=SEQUENTIAL, norm=norm, rcount=61, ccount=61, linewidth=0, rasterized=True
    )
    path = np.outer(1 - 2 * t, valley)
    left.plot(*path.T, along + 0.1, color=BLACK, linewidth=2)
    for name, k in (("valley", 0), ("saddle", len(t) // 2), ("valley", -1)):
        left.plot(*path[k], along[k] + 0.1, "o", color="white", markeredgecolor=BLACK)
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1}
        left.text(*path[k], along[k] + 1.5, name, ha="center", bbox=box, fontsize=9)
    left.set(xlabel="c", ylabel="W", zlabel="L", zticks=(0, 5, 10, 15))
    left.view_init(elev=50, azim=-35)
    left.set_box_aspect((1, 1, 0.7), zoom=1)
    right.plot(t, along, color=BLUE, label="loss on the line")
    right.plot([0, 1], along[[0, -1]], color=VERMILION, linestyle="--", label="chord")
    right.set(xlabel="t", ylabel="L")
    right.grid(color=GRID)
    right.spines[["top", "right"]].set_visible(False)
    right.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    return figure


def landscape(W, b1, c, b2, learning_rate, steps=200, train_all=True, figure=None):
    """Draw gradient descent's path over the loss in the (W, b¹) plane, and its loss.

    The colours are the loss at the c and b² of the path's last step.

    Parameters
    ----------
    W, b1, c, b2 : float
        The start.
    learning_rate : float
    steps : int
    train_all : bool
        Train all four parameters, or hold c and b².
    figure : LiveFigure, optional
        One made before, whose artists are updated.

    Returns
    -------
    LiveFigure
    """
    if figure is None:
        figure = _empty_landscape_figure()
    path = descend((c, W, b1, b2), learning_rate, steps, (train_all, 1, 1, train_all))
    loss = np.clip(unit_loss(path), 1e-30, 1e4)
    parts = figure.parts
    parts["image"].set_data(np.clip(_slice(*path[-1, [0, 3]]), 0, LEVELS[-1] - 1e-6))
    parts["path"].set_data(path[:, 1], path[:, 2])
    parts["start"].set_data([W], [b1])
    parts["end"].set_data(path[-1:, 1], path[-1:, 2])
    parts["loss"].set_data(np.arange(len(loss)), np.log10(loss))
    parts["title"].set_text(f"at c = {fixed_text(path[-1, 0])}, b² = {fixed_text(path[-1, 3])}")
    return figure


_SIDE = np.linspace(-3, 3, 121)
_ABOVE = str.maketrans("-02468", "⁻⁰²⁴⁶⁸")


def _slice(c, b2):
    W, b1 = np.meshgrid(_SIDE, _SIDE)
    return unit_loss(np.stack([np.full_like(W, c), W, b1, np.full_like(W, b2)], axis=-1))


# With y given, no redraw looks for a free place for the title: a tenth of its time.
_TITLE = {"fontsize": 10, "y": 1.0}


def _empty_landscape_figure():
    figure, axes = new_figure(columns=2, width_ratios=[1.25, 1])
    left, right = axes[0]
    figure.parts = _empty_map(left) | _empty_curve(right)
    bar = figure.colorbar(figure.parts["image"], ax=left, ticks=LEVELS[::2])
    bar.minorticks_off()
    bar.ax.set_title("L", **_TITLE)
    return figure


def _empty_map(axis):
    """The loss over the (W, b¹) plane, with the dead region and a path."""
    norm = BoundaryNorm(LEVELS, colormaps[SEQUENTIAL].N)
    box = (-3, 3, -3, 3)
    # Its own pixels, which the page makes larger: a tenth of the bytes, and of the time.
    colours = {"norm": norm, "cmap": SEQUENTIAL, "interpolation": "none"}
    image = axis.imshow(_slice(1, 1), extent=box, origin="lower", aspect="auto", **colours)
    axis.fill_between(_SIDE, -3, -np.abs(_SIDE), facecolor="none", edgecolor="white", hatch="//")
    axis.text(0, -2.6, "dead region", ha="center", backgroundcolor="white")
    mark = {"linestyle": "none", "markeredgecolor": "black", "clip_on": False}
    parts = {
        "image": image,
        "path": axis.plot([], [], color=VERMILION, linewidth=2.5)[0],
        "start": axis.plot([], [], marker="o", color="white", label="start", **mark)[0],
        "end": axis.plot([], [], marker="X", color=VERMILION, label="end", **mark)[0],
        "title": axis.set_title("at c = −0.00, b² = −0.00", **_TITLE),
    }
    axis.set(xlim=box[:2], ylim=box[2:], xlabel="W", ylabel="b¹")
    axis.grid(False)
    axis.legend(loc="upper left", fontsize=8)
    return parts


def _empty_curve(axis):
    """The loss along the path, in logarithms."""
    parts = {"loss": axis.plot([], [], color=BLUE, label="L")[0]}
    axis.axhline(0, color=BLACK, linestyle="--", label="plateau, L = 1")
    # Logarithms on a linear axis, plain labels: a logarithmic one takes twice as long to draw.
    ticks = range(-8, 4, 2)
    axis.set_yticks(ticks, [f"10{str(k).translate(_ABOVE)}" for k in ticks])
    axis.set(xlabel="step", xlim=(0, MOST), ylim=(-8.5, 2.5))
    axis.set_title("loss along the path", **_TITLE)
    axis.legend(loc="upper right", fontsize=8)
    return parts
