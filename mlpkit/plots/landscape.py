"""Lecture 3: the loss of one hidden unit, seen as a landscape over its parameters."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import BoundaryNorm

from mlpkit.landscape import X_PAIR, Y_PAIR, descend, unit_gradient, unit_loss  # noqa: F401
from mlpkit.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, SEQUENTIAL, VERMILION, new_figure

LEVELS = (0, 0.01, 0.1, 0.3, 0.6, 1, 1.5, 2.5, 4, 6, 10, 20, 50)


def surface(c, W, L):
    """Draw a loss L of shape (len(c), len(W)) as a surface over the (c, W) plane."""
    figure, axes = new_figure(height=4.2, width=6, subplot_kw={"projection": "3d"})
    axis = axes[0, 0]
    grid = np.meshgrid(c, W, indexing="ij")
    norm = BoundaryNorm(LEVELS, colormaps[SEQUENTIAL].N)  # the bands of the contour
    axis.plot_surface(*grid, L, cmap=SEQUENTIAL, norm=norm, rcount=61, ccount=61, linewidth=0)
    axis.set(xlabel="c", ylabel="W", zlabel="L", zticks=(0, 5, 10, 15))
    axis.view_init(elev=50, azim=-35)
    axis.set_box_aspect((1, 1, 0.7), zoom=0.9)
    return figure


def segment(c, W, L, ends, t, along):
    """Draw the contour of a loss, a segment over it, and the loss along that segment.

    Parameters
    ----------
    c, W : numpy.ndarray of float, shapes (n,), (m,)
    L : numpy.ndarray of float, shape (n, m)
        The loss on their grid.
    ends : array_like of float, shape (2, 2)
        The two ends (c, W) of the segment.
    t, along : numpy.ndarray of float, shape (k,)
        Position on the segment from 0 to 1, and the loss there.
    """
    figure, axes = new_figure(columns=2, height=3.3)
    left, right = axes[0]
    norm = BoundaryNorm(LEVELS, colormaps[SEQUENTIAL].N)
    drawn = left.contourf(c, W, L.T, levels=LEVELS, norm=norm, cmap=SEQUENTIAL)
    figure.colorbar(drawn, ax=left, ticks=LEVELS[::2]).ax.set_title("L", fontsize=10)
    left.plot(*np.transpose(ends), color="white", marker="o", markeredgecolor=BLACK, linewidth=2)
    left.set(xlabel="c", ylabel="W")
    left.grid(False)
    right.plot(t, along, color=BLUE, label="loss on the segment")
    right.plot([0, 1], along[[0, -1]], color=VERMILION, linestyle="--", label="chord")
    right.fill_between(t, along[0] + t * (along[-1] - along[0]), along, color=BLUE, alpha=0.15)
    right.set(xlabel="t", ylabel="L")
    right.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    return figure


def boundary(b1, losses, edge, plateau):
    """Draw the loss as b¹ crosses the dead region's edge, one curve for each c in `losses`."""
    figure, axes = new_figure(height=3.2, width=6)
    axis = axes[0, 0]
    axis.axvspan(b1[0], edge, facecolor="#dddddd", edgecolor="#8a8a8a", hatch="//")
    styles = zip((VERMILION, BLACK, BLUE), ("-", ":", "--"), strict=True)
    for (c, loss), (colour, dash) in zip(losses.items(), styles, strict=True):
        axis.plot(b1, loss, color=colour, linestyle=dash, linewidth=2, label=f"c = {c:g}")
    axis.set(xlabel="b¹", ylabel="L", xlim=(b1[0], b1[-1]))
    axis.text(b1[0] + 0.05, plateau + 0.12, "dead region", backgroundcolor="white")
    axis.legend(loc="upper left", framealpha=1)
    return figure


def ends(counts, exact):
    """Draw how many runs end where: `counts` maps a learning rate to {outcome: share}."""
    figure, axes = new_figure(height=2.9, width=7)
    axis = axes[0, 0]
    hatches, colours = ("", "xx", "..", "//"), (GREEN, GREY, ORANGE, VERMILION)
    rows = [f"α = {rate:g}" for rate in counts]
    left = np.zeros(len(rows))
    outcomes = next(iter(counts.values()))
    for outcome, hatch, colour in zip(outcomes, hatches, colours, strict=False):
        share = np.array([count[outcome] for count in counts.values()])
        style = {"color": colour, "hatch": hatch, "edgecolor": "white"}
        axis.barh(rows, share, left=left, label=outcome, height=0.6, **style)
        left += share
    axis.axvline(1 - exact, color=BLACK, linestyle="--")
    axis.set(xlabel="share of the runs", xlim=(0, 1))
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def ratios(k, curves, slopes):
    """Draw ratios that grow without bound against k, both logarithmic, with their slopes."""
    figure, axes = new_figure(height=3.2, width=6)
    axis = axes[0, 0]
    styles = zip(("o", "s", "^", "D"), ("-", "--", "-.", ":"), (BLUE, VERMILION) * 2, strict=True)
    sizes = iter((4, 8, 5, 5))
    for (label, ratio), (marker, dash, colour) in zip(curves.items(), styles, strict=False):
        text = f"{label}, slope {slopes[label]:.2f}"
        # Hollow and of growing size: two of the lines are nearly one.
        hollow = {"marker": marker, "markerfacecolor": "none", "markersize": next(sizes)}
        axis.loglog(k, ratio, linestyle=dash, color=colour, label=text, **hollow)
    axis.set(xlabel="k", ylabel="difference / distance")
    axis.legend(fontsize=9)
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
    figure = _new_landscape() if figure is None else figure
    path = descend((c, W, b1, b2), learning_rate, steps, (train_all, 1, 1, train_all))
    loss = np.clip(unit_loss(path), 1e-30, 1e4)
    parts = figure.parts
    parts["image"].set_data(np.clip(_slice(*path[-1, [0, 3]]), 0, LEVELS[-1] - 1e-6))
    parts["path"].set_data(path[:, 1], path[:, 2])
    parts["start"].set_data([W], [b1])
    parts["end"].set_data(path[-1:, 1], path[-1:, 2])
    parts["loss"].set_data(np.arange(len(loss)), np.log10(loss))
    parts["axis"].set_xlim(0, steps)
    parts["title"].set_text(f"at c = {path[-1, 0]:.2f}, b² = {path[-1, 3]:.2f}")
    return figure


_SIDE = np.linspace(-3, 3, 121)
_ABOVE = str.maketrans("-02468", "⁻⁰²⁴⁶⁸")


def _slice(c, b2):
    W, b1 = np.meshgrid(_SIDE, _SIDE)
    return unit_loss(np.stack([np.full_like(W, c), W, b1, np.full_like(W, b2)], axis=-1))


def _new_landscape():
    figure, axes = new_figure(columns=2, width_ratios=[1.25, 1])
    left, right = axes[0]
    norm = BoundaryNorm(LEVELS, colormaps[SEQUENTIAL].N)
    box = (-3, 3, -3, 3)
    image = left.imshow(
        _slice(1, 1), extent=box, origin="lower", norm=norm, cmap=SEQUENTIAL, aspect="auto"
    )
    bar = figure.colorbar(image, ax=left, ticks=LEVELS[::2])
    bar.minorticks_off()
    # With y given, no redraw looks for a free place for the title: a tenth of its time.
    title = {"fontsize": 10, "y": 1.0}
    bar.ax.set_title("L", **title)
    left.fill_between(_SIDE, -3, -np.abs(_SIDE), facecolor="none", edgecolor="white", hatch="//")
    left.text(0, -2.6, "dead region", ha="center", backgroundcolor="white")
    mark = {"linestyle": "none", "markeredgecolor": "black", "clip_on": False}
    figure.parts = {
        "image": image,
        "axis": right,
        "path": left.plot([], [], color=VERMILION, linewidth=2.5)[0],
        "start": left.plot([], [], marker="o", color="white", label="start", **mark)[0],
        "end": left.plot([], [], marker="X", color=VERMILION, label="end", **mark)[0],
        "loss": right.plot([], [], color=BLUE, label="L")[0],
        "title": left.set_title("at c = -0.00, b² = -0.00", **title),
    }
    left.set(xlim=box[:2], ylim=box[2:], xlabel="W", ylabel="b¹")
    left.grid(False)
    left.legend(loc="upper left", fontsize=8)
    right.axhline(0, color=BLACK, linestyle="--", label="plateau, L = 1")
    # Logarithms on a linear axis, plain labels: a logarithmic one takes twice as long to draw.
    ticks = range(-8, 4, 2)
    right.set_yticks(ticks, [f"10{str(k).translate(_ABOVE)}" for k in ticks])
    right.set(xlabel="step", ylim=(-8.5, 2.5))
    right.set_title("loss along the path", **title)
    right.legend(loc="upper right", fontsize=8)
    return figure
