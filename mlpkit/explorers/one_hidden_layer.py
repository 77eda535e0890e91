"""The weights of each unit of (1) moved by hand."""

import numpy as np

from mlpkit.activations import ACTIVATIONS
from mlpkit.explorers.controls import Handle, Story, choice, slider
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.one_hidden_layer import units_figure
from mlpkit.tables import fixed_text
from mlpkit.units import TARGETS, mean_square_difference, unit_parts

# W, b¹ and C of each unit at the start: the tent with its middle unit not yet put right.
START = ((1.0, 1.0, 1.0), (1.0, 0.0, -1.0), (1.0, -1.0, 1.0))
BELOW = str.maketrans("012", "₀₁₂")


def one_hidden_layer():
    """Make the explorer of a network with three units, one input and one output.

    Returns
    -------
    Explorer
        Controls: σ, the function to follow, b², and W, b¹ and C of each unit. The places where a
        unit's Z is 0 can be dragged.
    """
    controls = {
        "activation": choice("σ", ACTIVATIONS),
        "target": choice("target f*", TARGETS, "tent"),
        "b2": slider("b²", -3, 3, 0.0, 0.1),
    }
    for i, numbers in enumerate(START):
        for name, symbol, number in zip("WbC", ("W{}", "b¹{}", "C{}"), numbers, strict=True):
            label = symbol.format(str(i).translate(BELOW))
            controls[f"{name}_{i}"] = slider(label, -3, 3, number, 0.1)
    return Explorer(
        "A network with three units, moved by hand",
        _draw,
        _describe,
        controls,
        story=Story("C_1", seconds=0.3, beside={"target": tuple(TARGETS)}),
        handles=[_kink(i) for i in range(len(START))],
    )


def _kink(i):
    def at(activation, **values):
        W, b, C = (values[f"{name}_{i}"] for name in "WbC")
        if not W or abs(b / W) > 2:
            return None  # beside the picture
        return -b / W, unit_parts([-b / W], [W], [b], [C], activation)[0, 0]

    def to(x, y, **values):
        return {f"b_{i}": -values[f"W_{i}"] * x}

    return Handle(f"the place where Z{str(i).translate(BELOW)} is 0", at, to, step=(0.1, 0))


def _arrays(units):
    return [np.array([units[f"{name}_{i}"] for i in range(len(START))]) for name in "WbC"]


def _draw(activation, target, b2, figure=None, **units):
    return units_figure(*_arrays(units), b2, activation, target, figure=figure)


def _describe(activation, target, b2, **units):
    W, b1, C = _arrays(units)
    places = [fixed_text(-b / w) if w else "nowhere" for w, b in zip(W, b1, strict=True)]
    words = f"{activation} units with Z = 0 at x = {', '.join(places)}"
    if target == "none":
        return words + "."
    error = mean_square_difference(W, b1, C, b2, activation, target)
    return f"{words}. Mean square difference from the {target} over −2 ≤ x ≤ 2: {error:.4f}."
