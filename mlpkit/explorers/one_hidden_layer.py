"""The weights of each unit of (1) moved by hand."""

import ipywidgets as widgets
import numpy as np

from mlpkit.activations import ACTIVATIONS
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.one_hidden_layer import units_figure
from mlpkit.units import TARGETS, mean_square_difference

# W, b¹ and C of each unit at the start: the tent with its middle unit not yet put right.
START = ((1.0, 1.0, 1.0), (1.0, 0.0, -1.0), (1.0, -1.0, 1.0))
BELOW = str.maketrans("012", "₀₁₂")


def one_hidden_layer():
    """Make the explorer of a network with three units, one input and one output.

    Returns
    -------
    Explorer
        Controls: σ, the function to follow, b², and W, b¹ and C of each unit.
    """
    controls = {
        "activation": widgets.Dropdown(options=list(ACTIVATIONS), description="σ"),
        "target": widgets.Dropdown(options=list(TARGETS), value="tent", description="target f*"),
        "b2": _slider("b²", 0.0),
    }
    for i, numbers in enumerate(START):
        for name, symbol, number in zip("WbC", ("W{}", "b¹{}", "C{}"), numbers, strict=True):
            label = symbol.format(str(i).translate(BELOW))
            controls[f"{name}_{i}"] = _slider(label, number)
    return Explorer(_draw, controls, _describe)


def _slider(description, value):
    layout = widgets.Layout(width="31%", min_width="200px")
    limits = {"min": -3.0, "max": 3.0, "step": 0.1}
    return widgets.FloatSlider(value=value, description=description, layout=layout, **limits)


def _arrays(units):
    return [np.array([units[f"{name}_{i}"] for i in range(len(START))]) for name in "WbC"]


def _draw(activation, target, b2, figure=None, **units):
    return units_figure(*_arrays(units), b2, activation, target, figure=figure)


def _describe(activation, target, b2, **units):
    W, b1, C = _arrays(units)
    places = [f"{-b / w + 0.0:.2f}" if w else "nowhere" for w, b in zip(W, b1, strict=True)]
    words = f"{activation} units with Z = 0 at x = {', '.join(places)}"
    if target == "none":
        return words + "."
    error = mean_square_difference(W, b1, C, b2, activation, target)
    return f"{words}. Mean square difference from the {target} over −2 ≤ x ≤ 2: {error:.4f}."
