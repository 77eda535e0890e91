"""Backpropagation, step by step, on a network small enough to see."""

import ipywidgets as widgets

from mlpkit.backpropagation_steps import FORWARD_STEPS, backpropagation_steps
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.backpropagation_steps import step_figure, two_digits


def backpropagation():
    """Make the explorer of (6)–(8) for one sample: forward, then backward.

    Returns
    -------
    Explorer
        Controls: the step, the sample x and its label Y, and σ.
    """
    last = len(backpropagation_steps((0, 0), 0)) - 1
    wide = widgets.Layout(width="96%")
    controls = {
        "step": widgets.IntSlider(value=9, min=0, max=last, description="step", layout=wide),
        "x_0": widgets.FloatSlider(value=1.0, min=-3, max=3, step=0.1, description="x₀"),
        "x_1": widgets.FloatSlider(value=0.5, min=-3, max=3, step=0.1, description="x₁"),
        "y": widgets.Dropdown(options=[0, 1, 2], description="label Y"),
        "activation": widgets.Dropdown(
            options=["tanh", "relu", "sigmoid", "identity"], description="σ"
        ),
    }
    return Explorer(_draw, controls, _describe)


def _draw(step, x_0, x_1, y, activation, figure=None):
    return step_figure(step, (x_0, x_1), y, activation, figure=figure)


def _describe(step, x_0, x_1, y, activation):
    now = backpropagation_steps((x_0, x_1), y, activation)[step]
    rows = "; ".join(", ".join(two_digits(value) for value in row) for row in now.values)
    way = "forward" if step < FORWARD_STEPS else "backward"
    return (
        f"Step {step}, {way}, σ = {activation}, label {y}: {now.name}, by {now.equation}, "
        f"shape {now.values.shape}, values {rows}."
    )
