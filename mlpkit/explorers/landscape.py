"""Gradient descent on the landscape of one ReLU unit."""

import numpy as np

from mlpkit.explorers.controls import Handle, Story, slider, steps, switch
from mlpkit.explorers.shell import Explorer
from mlpkit.landscape import descend, unit_loss
from mlpkit.plots.landscape import landscape
from mlpkit.tables import fixed_text

RATES = tuple(float(f"{10 ** (k / 10):.2g}") for k in range(-30, 4))
START = Handle(
    "start of the path",
    at=lambda W, b1, **_: (W, b1),
    to=lambda x, y, **_: {"W": x, "b1": y},
    step=(0.1, 0.1),
    anywhere=True,
)


def landscape_explorer():
    """Choose, drag or click a start and a learning rate; gradient descent's path is drawn.

    Returns
    -------
    Explorer
        Over `mlpkit.plots.landscape.landscape`.
    """
    controls = {
        "W": slider("start W", -2.5, 2.5, 0.5, 0.1),
        "b1": slider("start b¹", -2.5, 2.5, -0.2, 0.1),
        "c": slider("start c", -2, 2, 1.0, 0.1),
        "b2": slider("start b²", -1, 3, 0.5, 0.1),
        "learning_rate": steps("learning rate α", RATES, 0.1),
        "steps": slider("steps", 0, 400, 200, 5),
        "train_all": switch("train c and b² too", True),
    }
    walk = Story("steps", tuple(range(0, 105, 5)), 0.25, {"learning_rate": (0.1, 0.5)})
    return Explorer(
        "Gradient descent on the loss of one unit",
        landscape,
        describe_landscape,
        controls,
        story=walk,
        handles=[START],
    )


def describe_landscape(W, b1, c, b2, learning_rate, steps, train_all):
    """Say where gradient descent ends; arguments are those of `landscape`."""
    path = descend((c, W, b1, b2), learning_rate, steps, (train_all, 1, 1, train_all))
    end, loss = path[-1], float(unit_loss(path[-1]))
    if len(path) <= steps or not np.isfinite(loss):
        return f"The steps are too long: the path leaves the picture after {len(path) - 1} steps."
    place = "a global minimum" if loss < 1e-4 else "not (yet) at a minimum"
    if end[2] < -abs(end[1]):
        place = "in the dead region, where W, b¹ and c get no gradient"
    return (
        f"From {_point((c, W, b1, b2), 1)} with α = {learning_rate:.3g}, after {steps} steps: "
        f"{_point(end, 2)}, loss {loss:.4f}, {place}."
    )


def _point(theta, digits):
    named = zip(("c", "W", "b¹", "b²"), theta, strict=True)
    return ", ".join(f"{name} = {fixed_text(value, digits)}" for name, value in named)
