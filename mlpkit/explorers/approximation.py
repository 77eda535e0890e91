"""A function, d_H, and a network that is built or trained."""

import numpy as np

from mlpkit.approximation import HIGH, LOW, TARGETS, mean_square_bound, network_error
from mlpkit.explorers.controls import Handle, Story, choice, slider, unseen
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.approximation import approximation_figure
from mlpkit.tables import prose_text

GAP = 0.01  # between two knots
MANY = 16  # more knots can't be told apart by hand
UNITS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)


def approximation():
    """Make the explorer of the error of a ReLU network against its number of units.

    Returns
    -------
    Explorer
        Controls: the function f*, d_H, built or trained, and for how many epochs. The inner knots
        of a built network can be dragged.
    """
    controls = {
        "target": choice("function f*", TARGETS),
        "method": choice("network", ("trained", "built")),
        "d_H": slider("units d_H", 1, 64, 8),
        "epochs": slider("epochs (trained)", 1, 60, 40),
        "knots": unseen(),
    }
    return Explorer(
        "Error against the number of units",
        approximation_figure,
        _describe,
        controls,
        story=Story("d_H", UNITS, seconds=1.2, beside={"target": tuple(TARGETS)}),
        handles=_handles,
        settle=_settle,
    )


def _settle(before, now):
    """Knots go back to equal distances when another network is built."""
    same = all(before[name] == now[name] for name in ("target", "method", "d_H"))
    return {} if same else {"knots": ()}


def _handles(method, d_H, knots, **_):
    if method != "built" or d_H > MANY:
        return []
    places = np.array(knots) if knots else np.linspace(LOW, HIGH, d_H + 1)
    return [_knot(number, places) for number in range(1, d_H)]


def _knot(number, places):
    low, high = places[number - 1] + GAP, places[number + 1] - GAP

    def to(x, y, **_):
        moved = places.copy()
        moved[number] = np.clip(x, low, high)
        return {"knots": tuple(moved.round(3).tolist())}

    def at(target, **_):
        return places[number], TARGETS[target].function(places[number])

    return Handle(f"knot {number}", at, to, step=(0.02, 0))


def _describe(target, method, d_H, epochs, knots):
    error = network_error(target, d_H, method, epochs, knots)[1]
    where = "at knots moved by hand" if knots else "at equidistant knots"
    how = f"built {where}" if method == "built" else f"trained for {epochs} epochs"
    bound = mean_square_bound(target, d_H)
    beside = (
        f"the bound at equidistant knots is {prose_text(bound)}"
        if bound == bound
        else "there is no such bound, as f* has no bounded second derivative"
    )
    return f"{target}, {d_H} ReLU units {how}: mean square error {prose_text(error)}; {beside}."
