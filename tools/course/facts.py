"""What notebooks themselves say: a lecture's equations, an assignment's title and exercises."""

import json
import re
from dataclasses import dataclass

TAG = re.compile(r"\\tag\{(\d+)\}")
HEADING = re.compile(
    r"^## \d+\. (?P<title>.+?)(?: \([\d.]+ points?(?:, marked by a person)?\))?$", re.MULTILINE
)
TITLE = re.compile(r"^# Assignment \d+\. (.+)$", re.MULTILINE)
MINUTES = re.compile(r"★{1,3}(?: by hand)?, (?:(\d+) minutes|(half )?an hour)")


class FactError(Exception):
    """A notebook doesn't say what it must; the message names it and what is missing."""


@dataclass(frozen=True)
class Exercise:
    """An exercise as its heading and its graded cell have it.

    `name` is the id of the cell in which students answer; `by_person` says who marks it.
    """

    number: int
    title: str
    name: str
    points: float
    minutes: int
    by_person: bool


def load(path):
    """Read a notebook as a tree, whose cells have a kind, a source and metadata."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
        if all({"cell_type", "source", "metadata"} <= set(cell) for cell in tree["cells"]):
            return tree
    except (ValueError, TypeError, KeyError):
        pass
    raise FactError(f"{path.name} is no notebook: open it in JupyterLab and see")


def text_of(cell):
    """Return a cell's source in one piece."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def prose(notebook):
    """Return the text of all Markdown cells."""
    return "\n\n".join(text_of(c) for c in notebook["cells"] if c["cell_type"] == "markdown")


def graded(cell):
    """Return what nbgrader keeps of a graded cell; nothing of another one."""
    about = cell["metadata"].get("nbgrader", {})
    return about if about.get("grade") else {}


def equations_of(path):
    """Say which equations a lecture numbers: "(9)–(12)"."""
    numbers = sorted(int(number) for number in TAG.findall(prose(load(path))))
    if len(numbers) > 2:
        return f"({numbers[0]})–({numbers[-1]})"
    return ", ".join(f"({number})" for number in numbers)


def title_of(path):
    """Return an assignment's title, without its number."""
    found = TITLE.search(prose(load(path)))
    if not found:
        raise FactError(f"{path.name}: the first cell must begin with '# Assignment N. Title'")
    return found[1]


def exercises_of(path):
    """List an assignment's exercises in the order of its notebook.

    Raises
    ------
    FactError
        If a heading has no graded cell behind it, or a graded cell no heading before it.
    """
    found, title, text = [], None, ""
    for cell in load(path)["cells"]:
        if cell["cell_type"] == "markdown":
            if heading := HEADING.search(text_of(cell)):
                if title is not None:
                    raise FactError(f"{path.name}: exercise {title!r} has no graded cell")
                title, text = heading["title"], ""
            text += text_of(cell)
        if about := graded(cell):
            if title is None:
                raise FactError(f"{path.name}: {about['grade_id']} has no heading '## N. Title'")
            found.append(_exercise(path, len(found) + 1, title, text, about))
            title = None
    if title is not None:
        raise FactError(f"{path.name}: exercise {title!r} has no graded cell")
    return found


def _exercise(path, number, title, text, about):
    said = MINUTES.search(text)
    if not said:
        words = "its text must say how hard and long it is, as in (★, 25 minutes.)"
        raise FactError(f"{path.name}, exercise {number}: {words}")
    minutes = int(said[1] or (30 if said[2] else 60))
    by_person, points = bool(about["solution"]), about["points"]
    name = about["grade_id"].removesuffix("_test")
    return Exercise(number, title, name, points, minutes, by_person)
