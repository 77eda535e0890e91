"""The cost formulas (13)–(15), printed and counted, as pictures."""

import numpy as np

from mlpkit import costs
from mlpkit.costs import memory_by_holder, work_by_layer
from mlpkit.plots.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    VERMILION,
    new_figure,
)
from mlpkit.tables import prose_text

PRICES = ("printed", "counted")
PHASES = ("forward", "∂ρ/∂W", "δ")
LAYERS = ("first", "inner", "output")
CORNERS = ((1, 1), (-1, 1), (1, -1), (-1, -1))
ENOUGH = 14  # points of room around a label


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
        _, memory, operations = zip(*points, strict=True)
        axis.plot(operations, memory, marker, color=color, markersize=5, label=name)
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
    _label_apart(axis, [point for points in curves.values() for point in points])
    return figure


def _label_apart(axis, points):
    """Write each point's label at that of its corners which is the farthest from others' marks."""
    places = [(operations, memory) for _, memory, operations in points]
    taken = list(axis.transData.transform(places))
    for number, (label, *_) in enumerate(points):
        here = taken[number]
        corner = max(CORNERS, key=lambda corner: _room(here + 8 * np.array(corner), taken, here))
        taken.append(here + 8 * np.array(corner))
        side, level = corner
        axis.annotate(
            label, places[number], xytext=(4 * side, 4 * level), textcoords="offset points",
            ha="left" if side > 0 else "right", va="bottom" if level > 0 else "top", fontsize=8,
        )  # fmt: skip


def _room(place, taken, own):
    """The distance to the nearest mark but its own, as far as more would be no better."""
    return min([ENOUGH, *(np.hypot(*(place - each)) for each in taken if each is not own)])


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
                text.set_text(f" {value:,}" if value < 1e6 else f" {prose_text(value, 3)}")
    return figure


def _empty_cost_figure():
    figure, axes = new_figure(1, 3, height=3.6)
    total, work, memory = axes[0]
    figure.parts |= _bars(total, "printed and counted", ("(13)", "(14)", "(15)"), PRICES)
    figure.parts |= _bars(work, "multiply-adds", LAYERS, PHASES)
    figure.parts |= _bars(memory, "numbers held", ("θ", "gradient", "X", "Z, H", "U"), ("numbers",))
    return figure


def _bars(axis, title, labels, names):
    """Make for each name a bar at each label, and a text; return them by name."""
    thickness, parts = 0.8 / len(names), {}
    for i, name in enumerate(names):
        places = np.arange(len(labels)) + (i - (len(names) - 1) / 2) * thickness
        look = {"color": (ORANGE, BLUE, GREEN)[i], "hatch": ("//", "", "..")[i]}
        look |= {"edgecolor": "white", "label": name}
        bars = axis.barh(places, np.ones(len(labels)), thickness * 0.92, **look)
        texts = [axis.text(1, y, "", va="center", fontsize=7) for y in places]
        parts[name] = (list(bars), texts)
    axis.set(xscale="log", xlim=(1, 1e17))
    axis.set_title(title, y=1.0)  # a place of its own, not searched for at each redraw
    axis.set_xticks([1, 1e5, 1e10])
    axis.minorticks_off()  # and no grid across bars: what isn't drawn takes no time
    axis.grid(visible=False, axis="y")
    axis.set_yticks(range(len(labels)), labels)
    axis.invert_yaxis()
    if len(names) > 1:
        below = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.12), "ncols": 3}
        axis.legend(frameon=False, fontsize=7, **below)
    return parts
