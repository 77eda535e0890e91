"""Points for an answer in parts, and messages that a student can use."""

import contextlib
import re
from collections.abc import Callable, Iterator

import numpy as np

from mlpkit.exercises.calls import fresh_rng

NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")


class NotRightYet(AssertionError):
    """An answer that isn't right; in a notebook its message stands alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Show the message: IPython asks an exception for this."""
        return str(self).splitlines()


class Credit:
    """Points for an answer in parts.

    Parameters
    ----------
    points : float
        Those of the test cell. The parts' points add up to them.
    title : str
        The exercise's, for the message.
    """

    def __init__(self, points: float, title: str = "") -> None:
        self.points, self.title = points, title
        self.earned = self.seen = 0.0
        self.graded, self.failures = False, list[tuple[str, str]]()

    @contextlib.contextmanager
    def part(self, points: float, name: str) -> Iterator[None]:
        """Give these points if nothing in the block raises; else keep the message."""
        self.seen += points
        try:
            yield
        except Exception as error:
            self.failures.append((name, _in_words(error)))
        else:
            self.earned += points

    def hidden(self, points: float, name: str) -> contextlib.AbstractContextManager[None]:
        """Open a part that only stands between the marks of hidden tests."""
        self.graded = True
        return self.part(points, name)

    def total(self) -> float | None:
        """Return the points earned, a plain float, and print what was wrong.

        Where no hidden part has run, as in the student's copy, the rest of the points is still
        open: nothing is returned then, and a sentence says so.

        Raises
        ------
        NotRightYet
            With all messages, if nothing was right; and, in the student's copy, if anything was
            wrong: Validate shows errors, and not prints.
        """
        messages = "\n".join(f"- {line}" for line in _each_once(self.failures))
        open_points = self.points - self.seen
        if messages and not (self.graded and self.earned):
            visible = "" if self.graded else f": {self.earned:g} of {self.seen:g} points so far"
            raise NotRightYet(f"{self.title or 'this'} isn't right yet{visible}\n{messages}")
        if messages:
            print(messages)
        if not self.graded and open_points > 1e-9:
            print(
                f"visible parts: {self.earned:g} of {self.seen:g} points; "
                f"hidden parts for {open_points:g} more run when you have handed in"
            )
            return None
        return min(float(self.points), float(self.points * self.earned / self.seen))


def graded(
    points: float, title: str = ""
) -> Callable[[Callable[[Credit, np.random.Generator], None]], float | None]:
    """Run a test cell's function at once; its name then stands for the points.

    Parameters
    ----------
    points : float
        Those of the test cell.
    title : str
        The exercise's number and title, for messages.

    Returns
    -------
    callable
        A decorator for a function of (credit, rng): a `Credit` and fresh random numbers.
    """

    def run(test: Callable[[Credit, np.random.Generator], None]) -> float | None:
        credit = Credit(points, title)
        test(credit, fresh_rng())
        return credit.total()

    return run


def _each_once(failures: list[tuple[str, str]]) -> list[str]:
    """Tell what failed in several parts for one reason in one line."""
    parts: dict[str, list[str]] = {}
    for name, text in failures:
        parts.setdefault(text, []).append(name)
    return [
        f"{names[0]}{f' (and {len(names) - 1} more parts)' if names[1:] else ''}"
        + (f": {text}" if text else "")
        for text, names in parts.items()
    ]


def _in_words(error: Exception) -> str:
    kind, text = type(error).__name__, str(error)
    if missing := NOT_DEFINED.search(text):
        return f"{missing[1]} is not defined: run the cells above, from the first one on"
    said = isinstance(error, AssertionError) or kind in text
    text = text if said else f"{kind}: {text}".removesuffix(": ")
    line = getattr(error, "students_line", None)
    if line is None or isinstance(error, NotImplementedError):
        return text
    number, code = line
    return f"your line {number}" + (f", `{code}`" if code else "") + f": {text}"
