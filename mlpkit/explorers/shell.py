"""The shell every explorer shares: controls, a picture, and the picture in words."""

from base64 import b64encode
from threading import RLock

import ipywidgets as widgets
import traitlets

from mlpkit.plots.style import to_png


class Picture(widgets.Image):
    """An image with a tooltip, which is its alt text: an image widget has no other.

    JupyterLab shows no tooltip of a widget without a description, and fails on it instead.
    """

    description = traitlets.Unicode("").tag(sync=True)


class Explorer(widgets.VBox):
    """Controls above a figure that follows them.

    Parameters
    ----------
    draw : callable
        draw(figure=None, **values) returns a `LiveFigure`: a new one if figure is None, else
        the same one with its artists updated. `values` are the controls' by name.
    controls : dict of str to ipywidgets widget
        Each has a `value` and a description, its label.
    describe : callable
        describe(**values) returns one or two sentences: the picture's alt text, and what is
        read out below it, so that nothing is said by the picture alone.
    """

    def __init__(self, draw, controls, describe):
        self.draw, self.controls, self.describe = draw, dict(controls), describe
        for name, control in self.controls.items():
            if not getattr(control, "description", "") and not getattr(control, "tooltip", ""):
                raise ValueError(f"controls[{name!r}] must have a description, got none")
            _make_room_for_label(control)
            control.observe(self._changed, names="value")
        self.figure = None
        # A kernel may answer two controls in two threads, and both draw into one figure.
        self.lock = RLock()
        # Of its own size: stretched, a picture blurs.
        size = widgets.Layout(max_width="100%", align_self="flex-start")
        self.image = Picture(format="png", layout=size)
        self.words = widgets.HTML()
        self.redraw()
        box = widgets.Layout(display="flex", flex_flow="row wrap")
        super().__init__(
            [widgets.Box(list(self.controls.values()), layout=box), self.image, self.words]
        )

    @property
    def values(self):
        """The controls' present values by name."""
        return {name: control.value for name, control in self.controls.items()}

    def redraw(self):
        """Update the figure's artists, the image and the words to the controls' values."""
        with self.lock:
            new = self.figure is None
            values = self.values
            self.figure = self.draw(figure=self.figure, **values)
            self.image.value = to_png(self.figure)
            self.words.value = self.image.tooltip = self.describe(**values)
            if new:
                self.figure.set_layout_engine("none")  # laid out once: a redraw must not flicker

    def _changed(self, change):
        self.redraw()

    def _repr_mimebundle_(self, **options):
        # The picture stands in the saved notebook, where no kernel answers the widget.
        data = super()._repr_mimebundle_(**options)
        picture = b64encode(self.image.value).decode("ascii")  # bytes are kept as a list of numbers
        data |= {"image/png": picture, "text/plain": self.describe(**self.values)}
        return data, {"image/png": {"alt": self.describe(**self.values)}}


def _make_room_for_label(control):
    """Show the whole label, and beside a long one as much of the slider as beside a short one."""
    if not hasattr(control, "style"):
        return
    control.style.description_width = "initial"
    length = len(control.description)
    if length > 20 and control.layout.width is None:
        control.layout.width = f"{200 + 7 * length}px"
