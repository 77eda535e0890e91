"""The written questions of an assignment, and what each student wrote to one of them."""

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.marks import Mark, read_marks
from mlpkit.grading.job import CourseError
from mlpkit.grading.marking.rubric import Item, read_rubric
from mlpkit.grading.text.page import is_instructors
from mlpkit.grading.text.plan import Plan, PlannedCell, read_plan

Cell = dict[str, Any]


@dataclass(frozen=True)
class Question:
    """A question that a person marks.

    Parameters
    ----------
    assignment, notebook, cell : str
        nbgrader's names.
    title, text : str
        Its heading, and all of its Markdown.
    points : float
    items : list of Item
        Of its rubric.
    """

    assignment: str
    notebook: str
    cell: str
    title: str
    text: str
    points: float
    items: list[Item]


@dataclass
class Answer:
    """What one or several students wrote, who are marked alike if the grader doesn't mind.

    Parameters
    ----------
    cells : list of dict
        Of the judged notebook: the answer's cell, and the student's own cells behind it.
    marks : list of Mark
        One for each student who wrote just this.
    nothing : bool
        The answer is as released.
    """

    cells: list[Cell]
    marks: list[Mark] = field(default_factory=list)
    nothing: bool = False


def questions(course: Course, assignment: str) -> list[Question]:
    """List the written questions of an assignment, in their order.

    Raises
    ------
    CourseError
        If there is no such assignment, or nothing in it is marked by a person.
    """
    found = [
        _question(assignment, name, plan, cell)
        for name, sources in course.sources(assignment).items()
        for plan in [read_plan(*sources)]
        for cell in plan.cells
        if cell.kind == "manual"
    ]
    if not found:
        raise CourseError(
            f"Nothing of {assignment} is marked by a person.\n"
            "A written answer is a cell that nbgrader knows as manually graded."
        )
    return found


def _question(assignment: str, notebook: str, plan: Plan, cell: PlannedCell) -> Question:
    text = _text(plan, cell)
    lines = [line.lstrip("#").strip() for line in text.splitlines() if line.startswith("#")]
    title = lines[0] if lines else cell.grade_id or ""
    return Question(
        assignment, notebook, cell.grade_id or "", title, text, cell.points, read_rubric(text)
    )


def _text(plan: Plan, cell: PlannedCell) -> str:
    """Give the texts that stand right before an answer's cell, and a task's own."""
    texts = [cell.released] if cell.metadata.get("task") else []
    for before in reversed(plan.cells[: cell.index]):
        if before.kind not in ("plain", "locked") or before.is_code:
            break
        texts.insert(0, before.released)
    return "\n\n".join(texts)


def answers(course: Course, question: Question) -> list[Answer]:
    """Return everybody's answers, equal ones together.

    Returns
    -------
    list of Answer
        Those that were answered first, by length; within it an order that tells no names.

    Raises
    ------
    CourseError
        If nothing of the assignment was graded yet.
    """
    marks = read_marks(
        course.directory.db_url, question.assignment, question.notebook, question.cell
    )
    if not marks:
        raise CourseError(
            f"Nothing of {question.assignment} was graded yet.\n"
            f"Run mlpkit grade {question.assignment} first."
        )
    found: dict[str, Answer] = {}
    for mark in marks:
        cells = _cells(course, question, mark.student)
        nothing = mark.automatic is not None and mark.points is None
        key = "nothing" if nothing else _key(cells)
        found.setdefault(key, Answer(cells, nothing=nothing)).marks.append(mark)
    return sorted(found.values(), key=lambda answer: answer.nothing)


def _key(cells: Sequence[Cell]) -> str:
    """Give what equal answers have in common: all but spaces and empty lines."""
    parts = [[cell["cell_type"], cell["source"].split(), cell.get("attachments")] for cell in cells]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _cells(course: Course, question: Question, student: str) -> list[Cell]:
    folder = course.folder("autograded", student, question.assignment)
    try:
        content = (folder / f"{question.notebook}.ipynb").read_bytes()
        return list(_cells_of(content, question.cell))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []  # none, or one that something else than the judge wrote, or not to its end


@functools.lru_cache(maxsize=2000)
def _cells_of(judged: bytes, name: str) -> tuple[Cell, ...]:
    """Give an answer's cell of a judged notebook, with the student's own cells behind it."""
    cells = json.loads(judged)["cells"]
    names = [_name(cell) for cell in cells]
    if name not in names:
        return ()
    start = names.index(name)
    found = (cells[start], *takewhile(_is_own, cells[start + 1 :]))
    if not all(isinstance(cell["source"], str) for cell in found):
        raise TypeError("a cell's source is no text")
    return found


def _name(cell: Cell) -> str | None:
    name: str | None = cell["metadata"].get("nbgrader", {}).get("grade_id")
    return name


def _is_own(cell: Cell) -> bool:
    return _name(cell) is None and not is_instructors(cell["metadata"])
