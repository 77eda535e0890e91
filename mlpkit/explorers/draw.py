"""Draw a digit, and the network says live what it sees."""

import numpy as np

from mlpkit.drawing import EXAMPLES, drawn_image
from mlpkit.explorers.controls import Story, pad, steps
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.drawing import probabilities_figure

NONE = "none"


def draw_digit(network, example=3):
    """Make a pad to draw on, beside what a network makes of the drawing.

    Parameters
    ----------
    network : MLP
        Trained on MNIST (784 inputs) or on the small digits (64 inputs).
    example : int or None
        The digit that stands on the pad at the start, as a stand-in for the reader's.

    Returns
    -------
    Explorer
        Controls: the pad, and an example to put on it.

    Raises
    ------
    ValueError
        If the network has another number of inputs.
    """

    def look(strokes):
        image = drawn_image(strokes, network.d)
        return image, network.probabilities(image[None])[0] if strokes else np.zeros(network.K)

    def draw(strokes, example, figure=None):
        return probabilities_figure(*look(strokes), figure=figure)

    first = NONE if example is None else str(example)
    digits = tuple(map(str, range(10)))
    controls = {
        "strokes": pad("Draw a digit", strokes_of(first)),
        "example": steps("or take an example", (NONE, *digits), first),
    }
    return Explorer(
        "Draw a digit",
        draw,
        lambda strokes, example: in_words(look(strokes)[1]),
        controls,
        story=Story("example", digits, seconds=1.5),
        settle=_settle,
    )


def _settle(before, now):
    """An example goes onto the pad; what is drawn takes its place."""
    if now["example"] != before["example"]:
        return {"strokes": strokes_of(now["example"])}
    return {"example": NONE} if now["strokes"] != before["strokes"] else {}


def strokes_of(example):
    """Return the strokes of an example, a little smaller than the pad; none of "none"."""
    if example == NONE:
        return ()
    strokes = (0.1 + 0.8 * np.asarray(stroke) for stroke in EXAMPLES[int(example)])
    return tuple(tuple(map(tuple, stroke.round(3).tolist())) for stroke in strokes)


def in_words(probabilities):
    """Say which digits are likely, in a sentence; probabilities all 0 mean an empty pad."""
    if not np.any(probabilities):
        return "Nothing is drawn yet."
    first, second = np.argsort(-np.asarray(probabilities))[:2]
    return (
        f"This looks like a {first} ({probabilities[first]:.0%}); "
        f"second guess {second} ({probabilities[second]:.0%})."
    )
