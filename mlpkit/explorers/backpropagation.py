"""Backpropagation, step by step, on a network small enough to see."""

from mlpkit.backpropagation_steps import FORWARD_STEPS, backpropagation_steps
from mlpkit.explorers.controls import Story, choice, slider, switch
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.backpropagation_steps import step_figure
from mlpkit.tables import fixed_text

ACTIVATIONS = ("tanh", "relu", "sigmoid", "identity")


def backpropagation():
    """Make the explorer of (6)–(8) for one sample: forward, then backward.

    Returns
    -------
    Explorer
        Controls: the step, the sample x and its label Y, σ, and whether the weights are shown.
    """
    last = len(backpropagation_steps((0, 0), 0)) - 1
    controls = {
        "step": slider("step", 0, last, 0),
        "y": choice("label Y", (0, 1, 2)),
        "x_0": slider("x₀", -3, 3, 1.0, 0.1),
        "x_1": slider("x₁", -3, 3, 0.5, 0.1),
        "activation": choice("σ", ACTIVATIONS),
        "weights": switch("show the weights", False),
    }
    story = Story("step", seconds=1.5, beside={"activation": ACTIVATIONS})
    return Explorer("Backpropagation step by step", _draw, _describe, controls, story=story)


def _draw(step, x_0, x_1, y, activation, weights, figure=None):
    return step_figure(step, (x_0, x_1), y, activation, weights, figure=figure)


def _describe(step, x_0, x_1, y, activation, weights):
    now = backpropagation_steps((x_0, x_1), y, activation)[step]
    rows = "; ".join(", ".join(map(fixed_text, row)) for row in now.values)
    way = "forward" if step < FORWARD_STEPS else "backward"
    shown = " The weights are written on the edges." if weights else ""
    return (
        f"Step {step}, {way}, σ = {activation}, label {y}: {now.name}, by {now.equation}, "
        f"shape {now.values.shape}, values {rows}.{shown}"
    )
