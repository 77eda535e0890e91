"""What each student wrote, by exercise: code that the machine judged, and text that a person reads.

All of it comes from the judged notebooks, where answers stand in their own cells.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import journal_of
from mlpkit.grading.job import CourseError, Grade
from mlpkit.grading.text.plan import Plan, PlannedCell, read_plan


@dataclass(frozen=True)
class Exercise:
    """An exercise: the cells that answer it, and the one that gives points for it.

    Parameters
    ----------
    notebook, name : str
        Of the notebook, and of the cell with the points.
    answers : tuple of PlannedCell
        A written question's own cell, or the answers' cells before a test.
    written : bool
    """

    notebook: str
    name: str
    answers: tuple[PlannedCell, ...]
    written: bool

    @property
    def released(self) -> str:
        """What stands there before anybody answers."""
        return "\n\n".join(cell.released for cell in self.answers)

    @property
    def solution(self) -> str:
        """The instructor's own answer."""
        return "\n\n".join(cell.full for cell in self.answers)


@dataclass
class Work:
    """One student's work on an assignment.

    Parameters
    ----------
    student : str
    answers : dict of str to str
        What stands in the answers' cells, by the exercise's name.
    cells : dict of str to str
        The source of each cell that nbgrader knows, by its name.
    grades : dict of str to Grade
        By the exercise's name.
    seconds : float
        That judging it took.
    """

    student: str
    answers: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    grades: dict[str, Grade] = field(default_factory=dict)
    seconds: float = 0.0


def exercises(course: Course, assignment: str) -> list[Exercise]:
    """List an assignment's exercises, in their order."""
    return [
        each
        for notebook, sources in course.sources(assignment).items()
        for each in _of_plan(notebook, read_plan(*sources))
    ]


def _of_plan(notebook: str, plan: Plan) -> list[Exercise]:
    found, waiting = list[Exercise](), list[PlannedCell]()
    for cell in plan.cells:
        if cell.kind == "solution":
            waiting.append(cell)
        elif cell.kind == "manual":
            found.append(Exercise(notebook, cell.grade_id or "", (cell,), True))
        elif cell.kind == "test" and waiting:
            found.append(Exercise(notebook, cell.grade_id or "", tuple(waiting), False))
            waiting = []
    return found


def read_work(course: Course, assignment: str) -> dict[str, Work]:
    """Read what every student wrote.

    Returns
    -------
    dict of str to Work
        By student; those whose work could be judged.

    Raises
    ------
    CourseError
        If nothing of the assignment was graded yet.
    """
    listed, journal = exercises(course, assignment), journal_of(course, assignment)
    found: dict[str, Work] = {}
    for submission in course.submissions(assignment):
        key = submission.student, submission.notebook
        folder = course.folder("autograded", submission.student, assignment)
        path = folder / f"{submission.notebook}.ipynb"
        kept = journal.find(*key)
        if kept and path.is_file():
            cells = _sources(json.loads(path.read_bytes()))
            work = found.setdefault(submission.student, Work(submission.student))
            work.cells |= cells
            work.seconds += kept.result.seconds.get("total", 0.0)
            work.grades |= {grade.grade_id: grade for grade in kept.result.grades}
            for each in (each for each in listed if each.notebook == submission.notebook):
                texts = [cells.get(cell.grade_id or "", "") for cell in each.answers]
                work.answers[each.name] = "\n\n".join(texts)
    if not found:
        raise CourseError(
            f"Nothing of {assignment} was graded yet.\nRun mlpkit grade {assignment}."
        )
    return found


def _sources(notebook: Mapping[str, Any]) -> dict[str, str]:
    cells = ((cell["metadata"].get("nbgrader", {}), cell["source"]) for cell in notebook["cells"])
    return {about["grade_id"]: source for about, source in cells if "grade_id" in about}
