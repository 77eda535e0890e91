"""The shell every explorer shares: what is drawn for which values, and what the page is told."""

import asyncio
import gzip
from html import escape
from pathlib import Path
from threading import RLock

import anywidget
import traitlets
from IPython.display import display

from mlpkit.plots.style import still
from mlpkit.plots.svg import to_svg
from mlpkit.plots.svg_parts import remember

HERE = Path(__file__).parent
AGAIN = "Run this cell to move it."
VIEW = "application/vnd.jupyter.widget-view+json"
REST = 1.0  # seconds after the last move until the notebook keeps the picture
# In JupyterLab the kept picture goes while the live view is there, and else ipywidgets' "model not
# found". Elsewhere the view itself hides it.
ONE_OF_TWO = (
    "<style>.jp-OutputArea-child:has(.mlpkit-still):has(+.jp-OutputArea-child .mlpkit-explorer),"
    ".jp-OutputArea-child:has(.mlpkit-still)+.jp-OutputArea-child:not(:has(.mlpkit-explorer))"
    "{display:none}</style>"
)


class Explorer(anywidget.AnyWidget):
    """A figure that follows its controls, and the same in words; `front.js` shows it.

    Parameters
    ----------
    title : str
        What it is, for those who hear the page.
    draw : callable
        draw(figure=None, **values) returns a `LiveFigure`: a new one if figure is None, else
        the same one with its artists updated. `values` are the controls' by name.
    describe : callable
        describe(**values) returns one or two sentences: the picture's alt text, and what is
        read out below it, so that nothing is said by the picture alone.
    controls : dict of str to Control
        Their order is the page's.
    story : Story, optional
        A control and the values it runs through when played.
    handles : sequence of Handle, or callable
        What can be dragged; handles(**values) where that depends on the values.
    settle : callable, optional
        settle(before, now) returns what else changes when values do.

    Raises
    ------
    ValueError
        If a control that is shown has no label.
    """

    _esm = HERE / "front.js"
    _css = HERE / "front.css"
    spec = traitlets.Dict().tag(sync=True)
    frame = traitlets.Dict().tag(sync=True)
    picture = traitlets.Bytes().tag(sync=True)

    def __init__(self, title, draw, describe, controls, *, story=None, handles=(), settle=None):
        for name, control in controls.items():
            if control.kind and not control.label:
                raise ValueError(f"controls[{name!r}] must have a label, got none")
        self.draw, self.describe, self.controls = draw, describe, dict(controls)
        self.story, self.handles, self.settle = story, handles, settle
        self.title, self.figure, self.values = title, None, self.start
        self.kept = self.waiting = None
        # A kernel may answer two questions in two threads, and both draw into one figure.
        self.lock = RLock()
        super().__init__()
        self.redraw()
        self.spec = self.page_spec()
        self.on_msg(self._answer)

    @property
    def start(self):
        """The values at the start, by name."""
        return {name: each.fit(each.value, name) for name, each in self.controls.items()}

    def move(self, **changes):
        """Set controls to values and draw.

        Raises
        ------
        ValueError
            If there is no such control, or it has no such value.
        """
        if unknown := changes.keys() - self.controls.keys():
            known = ", ".join(self.controls)
            raise ValueError(f"controls are {known}, got {', '.join(sorted(unknown))}")
        fitting = {name: self.controls[name].fit(each, name) for name, each in changes.items()}
        with self.lock:
            self._set(fitting)
            self.redraw()
            if self.kept:
                self._keep()

    def reset(self):
        """Set each control to its value at the start."""
        self.move(**self.start)

    def drag(self, number, x, y):
        """Drag a handle to a place of the picture: shares of its width and, downwards, height."""
        with self.lock:
            self._drag(number, x, y)
            self.redraw()

    def redraw(self, answer=None):
        """Update the figure's artists, the picture and the words to the controls' values."""
        with self.lock:
            new = self.figure is None
            self.figure = self.draw(figure=self.figure, **self.values)
            self.svg, self.words = to_svg(self.figure), self.describe(**self.values)
            if new:
                self.figure.set_layout_engine("none")  # laid out once: a redraw must not flicker
                remember(self.figure)
            with self.hold_sync():
                self.picture = gzip.compress(self.svg.encode(), 1, mtime=0)
                self.frame = self.page_frame() | {"answer": answer}

    def page_spec(self):
        """Return what the page needs to know once."""
        spec = {
            "title": self.title,
            "still": f"still-{self.model_id}",
            "controls": {name: each.spec() for name, each in self.controls.items() if each.kind},
            "start": self._numbers(self.start),
            "size": [round(4 / 3 * inches * 72) for inches in self.figure.get_size_inches()],
        }
        if self.story:
            control = self.controls[self.story.control]
            values = self.story.values or control.options
            at = [control.number(value) for value in values]
            spec["story"] = {"control": self.story.control, "at": at, "seconds": self.story.seconds}
        return spec

    def page_frame(self):
        """Return what the page shows beside the picture."""
        return {
            "words": self.words,
            "at": self._numbers(self.values),
            "handles": [place for _, place in self._places()],
        }

    def _numbers(self, values):
        return {name: each.number(values[name]) for name, each in self.controls.items()}

    def _places(self):
        """Each handle that there is now, and where."""
        handles = self.handles(**self.values) if callable(self.handles) else self.handles
        found = ((handle, handle.place(self.figure, self.values)) for handle in handles)
        return [pair for pair in found if pair[1] is not None]

    def _set(self, changes):
        before = self.values
        self.values = before | changes
        if self.settle:
            self.values |= self.settle(before, self.values)

    def _drag(self, number, x, y):
        places = self._places()
        if number < len(places):
            changes = places[number][0].moved(self.figure, self.values, x, y)
            self._set({name: self._near(name, value) for name, value in changes.items()})

    def _near(self, name, value):
        control = self.controls[name]
        return control.nearest(value) if control.options else value

    def _answer(self, _, content, buffers):
        """Do what the page asks: `move` has numbers of options, `drag` a handle's new place."""
        with self.lock:
            changes = {}
            for name, number in (content.get("move") or {}).items():
                options = self.controls[name].options
                changes[name] = options[number] if options else _frozen(number)
            self._set(changes)
            if drag := content.get("drag"):
                self._drag(drag["handle"], drag["x"], drag["y"])
            self.redraw(content.get("asked"))
            self._keep()

    def still(self):
        """Return what a notebook keeps, by type, and its metadata: the picture and the words."""
        data, metadata = still(self.figure, self.words)
        words = f"<p>{escape(self.words)}</p><p><em>{AGAIN}</em></p>"
        page = f'<div class="mlpkit-still still-{self.model_id}">{data["text/html"]}{words}</div>'
        return data | {"text/html": page + ONE_OF_TWO}, metadata

    def _ipython_display_(self):
        """Display two outputs: what a notebook keeps, and the live view, which takes its place.

        Of one output with both, JupyterLab would try the view alone, also where no kernel has it.
        """
        data, metadata = self.still()
        self.kept = display(data, metadata=metadata, raw=True, display_id=True)
        view = self._repr_mimebundle_()
        view = view[0] if isinstance(view, tuple) else view
        display({VIEW: view[VIEW], "text/plain": ""}, raw=True)

    def _keep(self):
        """Keep the present picture with the notebook, once the hand has come to rest."""
        if self.waiting:
            self.waiting.cancel()
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a program moved it, and not a hand
            self._keep_now()
        else:
            self.waiting = loop.call_later(REST, self._keep_now)

    def _keep_now(self):
        if self.kept:
            with self.lock:
                data, metadata = self.still()
            self.kept.update(data, metadata=metadata, raw=True)


def _frozen(value):
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
