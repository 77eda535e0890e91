"""Draw a digit, and the network says live what it sees."""

import time

import ipywidgets as widgets
import numpy as np
import traitlets
from ipycanvas import Canvas, hold_canvas

from mlpkit.drawing import EXAMPLES, drawn_image
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.drawing import probabilities_figure

SIDE = 240  # of the canvas, in pixels
PEN = 18
PAUSE = 0.15  # seconds between two pictures while a stroke is drawn


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
        One control, the pad; its own are the canvas, a slider of examples and a Clear button.

    Raises
    ------
    ValueError
        If the network has another number of inputs.
    """

    def look(strokes):
        image = drawn_image(strokes, network.d)
        return image, network.probabilities(image[None])[0] if strokes else np.zeros(network.K)

    def draw(pad, figure=None):
        return probabilities_figure(*look(pad), figure=figure)

    return Explorer(draw, {"pad": Pad(example)}, lambda pad: in_words(look(pad)[1]))


def in_words(probabilities):
    """Say which digits are likely, in a sentence; probabilities all 0 mean an empty pad."""
    if not np.any(probabilities):
        return "Nothing is drawn yet."
    first, second = np.argsort(-np.asarray(probabilities))[:2]
    return (
        f"This looks like a {first} ({probabilities[first]:.0%}); "
        f"second guess {second} ({probabilities[second]:.0%})."
    )


class Pad(widgets.VBox):
    """A canvas for the mouse or a finger, examples for the keyboard, and a Clear button.

    Parameters
    ----------
    example : int or None
        The digit drawn at the start.

    Attributes
    ----------
    value : tuple of tuples of (x, y)
        The strokes so far, in pixels.
    """

    value = traitlets.Tuple()

    def __init__(self, example=None):
        self.description = "Draw a digit"
        self.strokes, self.drawing, self.shown = [], False, 0.0
        size = {"width": f"{SIDE}px", "height": f"{SIDE}px", "border": "2px solid #595959"}
        self.canvas = Canvas(width=SIDE, height=SIDE, layout=size)
        self.other_canvas = Canvas(width=1, height=1)
        # A slider: in a list, JupyterLab takes the arrow keys for itself and goes to another cell.
        self.example = widgets.SelectionSlider(
            options=["none", *map(str, range(10))],
            description="or take an example",
            style={"description_width": "initial"},
            layout={"width": "340px"},
        )
        self.clear = widgets.Button(description="Clear", tooltip="Wipe the pad", icon="eraser")
        self._listen()
        label = widgets.Label("Draw a digit with the mouse or a finger:")
        beside = widgets.HBox([self.canvas, widgets.VBox([self.example, self.clear])])
        super().__init__([label, beside])
        self.example.value = "none" if example is None else str(example)

    def _listen(self):
        self.canvas.on_mouse_down(self.down)
        self.canvas.on_mouse_move(self.move)
        self.canvas.on_mouse_up(self.up)
        self.canvas.on_mouse_out(self.up)
        self.canvas.on_touch_start(lambda points: self.down(*points[0]))
        self.canvas.on_touch_move(lambda points: self.move(*points[0]))
        self.canvas.on_touch_end(self.up)
        self.canvas.on_touch_cancel(self.up)
        self.canvas.on_client_ready(self._paint)  # a new view of the canvas is empty
        self.example.observe(lambda change: self._take(change.new), names="value")
        self.clear.on_click(self.wipe)

    def down(self, x, y):
        """Start a stroke at (x, y); an example makes room for it."""
        if self.example.value != "none":
            self.wipe()
        self.drawing = True
        self.strokes.append([(x, y)])
        self.canvas.stroke_line(x, y, x, y)

    def move(self, x, y):
        """Go on with the stroke, if the mouse is down; the value follows now and then."""
        if not self.drawing:
            return
        stroke = self.strokes[-1]
        self.canvas.stroke_line(*stroke[-1], x, y)
        stroke.append((x, y))
        if time.monotonic() - self.shown > PAUSE:
            self._publish()

    def up(self, *position):
        """End the stroke."""
        if self.drawing:
            self.drawing = False
            self._publish()

    def wipe(self, button=None):
        """Take everything off the pad."""
        self.strokes, self.drawing, self.example.value = [], False, "none"
        self._paint()
        self._publish()

    def _take(self, digit):
        if digit == "none":
            return
        margin = SIDE * 0.1
        scaled = (margin + np.array(s) * (SIDE - 2 * margin) for s in EXAMPLES[int(digit)])
        self.strokes = [[(float(x), float(y)) for x, y in stroke] for stroke in scaled]
        self._paint()
        self._publish()

    def _publish(self):
        self.value = tuple(tuple(stroke) for stroke in self.strokes)
        self.shown = time.monotonic()

    def _paint(self):
        with hold_canvas():
            # A reloaded page has forgotten which canvas is drawn on, and is told only of a change
            # (ipycanvas issue 322): so change twice.
            self.other_canvas.clear()
            self.canvas.line_width, self.canvas.line_cap = PEN, "round"
            self.canvas.stroke_style, self.canvas.fill_style = "black", "white"
            self.canvas.fill_rect(0, 0, SIDE, SIDE)  # paper, on a dark theme as well
            for stroke in self.strokes:
                for start, end in zip(stroke, stroke[1:] or stroke, strict=False):
                    self.canvas.stroke_line(*start, *end)
