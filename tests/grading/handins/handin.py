"""What one student handed in, and the row that it must get."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading import notebooks

DOUBLE = "def double(x):\n    return 2 * x\n"
MEAN = notebooks.GOOD_SECOND + "\n"
WRITTEN = "Because the mean of squares is a sum of squares over their number."


def course():
    """Give the instructor's notebook; its tests use the kit's `call`, as the course's do."""
    given = notebooks.course()
    hidden = "### BEGIN HIDDEN TESTS\n"
    for at, name in ((3, "double"), (5, "mean_square")):
        test = given.cells[at].source.replace(f"{name}(", f"call({name}, ")
        test = test.replace(hidden, hidden + "# by hand: mlpkit, scipy\n")
        given.cells[at].source = test
    given.cells[1].source += "\nfrom mlpkit.exercises import call"
    return given


@dataclass(frozen=True)
class Handin:
    """One student's, and what must come of it.

    Parameters
    ----------
    put : callable, notebook or bytes
        Puts files into the folder of the assignment, or is the notebook in it.
    points : float
        Of the four that the machine gives.
    said : tuple of str
        Words that the row and the student's page must both hold.
    waits : bool or None
        Whether the written answer waits for a person; None: it doesn't matter here.
    silent : bool
        Nothing at all may be said.
    pictures : int or None
        How many pictures the page shows.
    """

    put: object
    points: float = 4.0
    said: tuple[str, ...] = ()
    waits: bool | None = None
    silent: bool = False
    pictures: int | None = None


def silent(put, points=4.0, waits=None):
    """Give a hand-in of which nothing may be said."""
    return Handin(put, points, (), waits, silent=True)


def book(change: Callable | None = None, **texts):
    """Give the release with answers in named cells; `change` is given it, and its cells by name.

    Without any text both answers are right.
    """
    given = notebooks.release(course())
    cells = {c.metadata.get("nbgrader", {}).get("grade_id", c.id): c for c in given.cells}
    for name, text in (texts or {"double": DOUBLE, "mean_square": MEAN}).items():
        cells[name.replace("__", "-")].source = text
    if change is not None:
        change(given, cells)
    return given


def insert(given, before, *new):
    """Put cells before the cell of this name, or at the end."""
    names = [c.metadata.get("nbgrader", {}).get("grade_id", c.id) for c in given.cells]
    at = names.index(before) if before else len(names)
    given.cells[at:at] = new


def code(text):
    return new_code_cell(text)


def text(source, **fields):
    return new_markdown_cell(source, **fields)


def files(**contents):
    """Give what puts these files into a folder: `sheet_ipynb=…` is sheet.ipynb."""
    return put({name.replace("_ipynb", ".ipynb"): content for name, content in contents.items()})


def put(contents):
    """Give what puts these files, by path below the assignment's folder, where they belong."""

    def write(folder):
        for name, content in contents.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(as_bytes(content))

    return write


def as_bytes(content):
    """Give the bytes of a notebook, a tree for JSON, or a text."""
    if isinstance(content, nbformat.NotebookNode):
        return notebooks.content(content)
    if isinstance(content, dict):
        return json.dumps(content).encode()
    return content.encode() if isinstance(content, str) else content
