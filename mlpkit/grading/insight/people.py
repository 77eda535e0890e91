"""Everybody in the class, and what became of each one's hand-in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from nbgrader.api import SubmittedAssignment

from mlpkit.grading.course.export import net_score
from mlpkit.grading.course.lateness import Lateness
from mlpkit.grading.job import Result


@dataclass(frozen=True)
class Person:
    """One student's row on the page of an assignment.

    Parameters
    ----------
    student, name : str
    handed_in : str
        "yes", "no", or why it could not be run to its end.
    lateness : str
        In a sentence; empty where there is no due date.
    days_late : int
    penalty : float
        Points taken off.
    machine, total, of, seconds : float or None
        None where nothing was handed in.
    to_read : int
        Answers that a person still has to read.
    page : str
        Where their own page lies, relative to the report; empty where there is none.
    extended : bool
        They have more time than all.
    """

    student: str
    name: str = ""
    handed_in: str = "no"
    lateness: str = ""
    days_late: int = 0
    penalty: float = 0.0
    machine: float | None = None
    total: float | None = None
    of: float | None = None
    to_read: int = 0
    seconds: float | None = None
    page: str = ""
    extended: bool = False


def people(
    names: Mapping[str, str],
    submissions: Iterable[SubmittedAssignment],
    results: Iterable[Result],
    late: Mapping[str, Lateness],
    pages: Mapping[str, str],
) -> list[Person]:
    """Give a row for everybody, by id.

    Parameters
    ----------
    names : dict of str to str
        Of the class, by id.
    submissions : iterable of SubmittedAssignment
        The gradebook's.
    results : iterable of Result
        The journal's.
    late : dict of str to Lateness
    pages : dict of str to str
        Where each student's own page lies.
    """
    by_student: dict[str, list[Result]] = {}
    for result in results:
        by_student.setdefault(result.student, []).append(result)
    marked = {each.student.id: each for each in submissions if each.student.id in by_student}
    found = []
    for student in sorted({*names, *by_student}):
        timed = late.get(student, Lateness())
        person = Person(
            student, names.get(student, ""), lateness=timed.words(), extended=timed.extended
        )
        if student in by_student:
            person = replace(
                _with_marks(person, by_student[student], marked.get(student)),
                days_late=timed.days,
                penalty=timed.penalty,
                page=pages.get(student, ""),
            )
        found.append(person)
    return found


def _with_marks(
    person: Person, results: list[Result], marked: SubmittedAssignment | None
) -> Person:
    failures = [result.failure for result in results if result.failure]
    return replace(
        person,
        handed_in=failures[0] if failures else "yes",
        machine=sum(result.points for result in results),
        total=net_score(marked) if marked else None,
        of=sum(result.max_points for result in results),
        to_read=unread(marked) if marked else 0,
        seconds=sum(result.seconds.get("total", 0.0) for result in results),
    )


def unread(submission: SubmittedAssignment) -> int:
    """Count the answers of a submission that a person still has to read."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    return sum(bool(grade.needs_manual_grade) for grade in grades)


def rows(found: Iterable[Person]) -> list[list[object]]:
    """Give the header and a row for everybody, for a table."""
    head = ["student_id", "name", "handed_in", "days_late", "taken_off", "by_machine", "gradebook"]
    table: list[list[object]] = [[*head, "of", "to_read"]]
    for one in found:
        marks = [one.machine, one.total, one.of]
        table.append(
            [one.student, one.name, one.handed_in, one.days_late, one.penalty]
            + ["" if mark is None else mark for mark in marks]
            + [one.to_read]
        )
    return table
