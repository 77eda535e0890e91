"""Scores moved by hand; probabilities, loss and ∂ρ/∂U follow."""

import ipywidgets as widgets
import numpy as np

from mlpkit.explorers.shell import Explorer
from mlpkit.losses import cross_entropy, cross_entropy_gradient
from mlpkit.losses import softmax as softmax_of
from mlpkit.plots.softmax import scores_figure

START = (2.0, 1.0, 0.0, -1.0)
BELOW = "₀₁₂₃"


def softmax():
    """Make the explorer of the softmax and the cross-entropy (7) of one sample, K = 4.

    Returns
    -------
    Explorer
        Controls: each score, a number added to all of them, and the label.
    """
    controls = {
        f"U_{k}": widgets.FloatSlider(value=u, min=-6, max=6, step=0.1, description=f"U{BELOW[k]}")
        for k, u in enumerate(START)
    }
    controls["shift"] = widgets.FloatSlider(
        value=0.0, min=-6, max=6, step=0.1, description="add to all"
    )
    controls["y"] = widgets.Dropdown(options=range(len(START)), value=1, description="label Y")
    return Explorer(_draw, controls, _describe)


def _scores(values):
    return np.array([values[f"U_{k}"] for k in range(len(START))])


def _draw(shift, y, figure=None, **values):
    return scores_figure(_scores(values) + shift, y, figure=figure)


def _describe(shift, y, **values):
    U = _scores(values)[None] + shift
    probabilities, gradient = softmax_of(U)[0], cross_entropy_gradient(U, [y])[0]
    return (
        f"Scores {_words(U[0])} give probabilities {_words(probabilities)}. With label {y} the "
        f"loss is {cross_entropy(U, [y]):.2f} and its derivative {_words(gradient)}."
    )


def _words(numbers):
    return ", ".join(f"{number:.2f}".replace("-", "−") for number in numbers)
