"""Scores moved by hand; probabilities, loss and ∂ρ/∂U follow."""

import numpy as np

from mlpkit.explorers.controls import Story, choice, slider
from mlpkit.explorers.shell import Explorer
from mlpkit.losses import cross_entropy, cross_entropy_gradient
from mlpkit.losses import softmax as softmax_of
from mlpkit.plots.softmax import scores_figure
from mlpkit.tables import fixed_text

START = (2.0, 1.0, 0.0, -1.0)
BELOW = "₀₁₂₃"


def softmax():
    """Make the explorer of the softmax and the cross-entropy (7) of one sample, K = 4.

    Returns
    -------
    Explorer
        Controls: each score, a number added to all of them, and the label.
    """
    controls = {f"U_{k}": slider(f"U{BELOW[k]}", -6, 6, u, 0.1) for k, u in enumerate(START)}
    controls["shift"] = slider("add to all", -6, 6, 0.0, 0.1)
    controls["y"] = choice("label Y", range(len(START)), 1)
    values = tuple(round(-6 + 0.5 * k, 1) for k in range(25))
    story = Story("U_1", values, seconds=0.4, beside={"y": tuple(range(len(START)))})
    title = "Scores, probabilities, and the derivative of the loss"
    return Explorer(title, _draw, _describe, controls, story=story)


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
    return ", ".join(map(fixed_text, numbers))
