"""What an explorer is moved by: controls, a story that plays one of them, places to drag.

The page knows a control's values by their numbers 0, 1, … in `options`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Control:
    """One control.

    Attributes
    ----------
    kind : str
        How the page shows it: "range", "select", "switch", "pad", or "" for not at all.
    label : str
        What stands before it, and what a screen reader calls it.
    value : object
        At the start.
    options, texts : tuple
        The values it may have and how they are written; none for what is drawn or dragged.
    """

    kind: str
    label: str
    value: Any
    options: tuple = ()
    texts: tuple = ()

    def fit(self, value, name="value"):
        """Return the option that a value stands for, or raise a ValueError that names it."""
        if not self.options:
            return value
        numbers = all(isinstance(option, Real) for option in self.options)
        if numbers and isinstance(value, Real):
            nearest = self.nearest(value)
            if min(self.options) <= value <= max(self.options) or nearest == value:
                return nearest
        elif value in self.options:
            return value
        first, last = self.options[0], self.options[-1]
        raise ValueError(f"{name} must be one of {first!r}, …, {last!r}, got {value!r}")

    def nearest(self, value):
        """Return the option nearest to a number, the first or last one where it is beyond."""
        return min(self.options, key=lambda option: abs(option - value))

    def number(self, value):
        """Return the number of an option; what has no options stands for itself."""
        return self.options.index(value) if self.options else value

    def spec(self):
        """Return what the page needs to show it."""
        return {"kind": self.kind, "label": self.label, "texts": list(self.texts)}


def slider(label, low, high, value, step=1):
    """Make a control for numbers from low to high in equal steps."""
    digits = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    count = round((high - low) / step)
    options = [round(low + number * step, digits + 1) for number in range(count + 1)]
    if isinstance(step, int):
        options = [int(option) for option in options]
    return steps(label, options, value, "{:." + str(digits) + "f}")


def steps(label, options, value, form="{}"):
    """Make a slider over any values; `form` writes one."""
    texts = tuple(form.format(option).replace("-", "−") for option in options)
    return Control("range", label, value, tuple(options), texts)


def choice(label, options, value=None):
    """Make a list to choose from; the first is chosen unless a value is given."""
    options = tuple(options)
    chosen = options[0] if value is None else value
    return Control("select", label, chosen, options, tuple(map(str, options)))


def switch(label, value):
    """Make a box to tick."""
    return Control("switch", label, value, (False, True), ("off", "on"))


def pad(label, value=()):
    """Make a pad to draw on; its value is a tuple of strokes, each of points (x, y) in [0, 1]."""
    return Control("pad", label, value)


def unseen(value=()):
    """Make a value without an input of its own: what is dragged in the picture."""
    return Control("", "", value)


@dataclass(frozen=True)
class Story:
    """A control and the values it runs through.

    Attributes
    ----------
    control : str
        Its name.
    values : sequence, optional
        All its options by default.
    seconds : float
        From one to the next.
    beside : dict of str to sequence
        At most one further control, with the values that are recorded for pages without a kernel.
    """

    control: str
    values: tuple = ()
    seconds: float = 0.8
    beside: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Handle:
    """A place in the picture that can be dragged.

    Attributes
    ----------
    label : str
        What it is.
    at : callable
        at(**values) returns its data coordinates (x, y), or None where there is none.
    to : callable
        to(x, y, **values) returns the values that change when it is dragged there.
    step : (float, float)
        How far an arrow key moves it, in data coordinates; 0 where it can't.
    axes : int
        The number of the figure's axes it lies in.
    anywhere : bool
        A click anywhere in these axes moves it there.
    """

    label: str
    at: Callable
    to: Callable
    step: tuple
    axes: int = 0
    anywhere: bool = False

    def place(self, figure, values):
        """Return where it is, as the page needs it: shares of the picture, y downwards."""
        point = self.at(**values)
        if point is None:
            return None
        axes, size = figure.axes[self.axes], np.array([figure.bbox.width, figure.bbox.height])
        here = axes.transData.transform(point)
        beside = axes.transData.transform(np.add(point, self.step))
        (x, y), step = here / size, np.abs(beside - here) / size
        area = axes.bbox.extents / np.tile(size, 2)
        return {
            "label": self.label, "x": float(x), "y": float(1 - y), "step": step.tolist(),
            "area": [area[0], 1 - area[3], area[2], 1 - area[1]] if self.anywhere else None,
        }  # fmt: skip

    def moved(self, figure, values, x, y):
        """Return the values that change when it is dragged to a place of the picture."""
        point = (x * figure.bbox.width, (1 - y) * figure.bbox.height)
        return self.to(*figure.axes[self.axes].transData.inverted().transform(point), **values)
