"""Who is late by how much: how each hand-in stands to its due date."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from math import ceil

from nbgrader.api import Gradebook, MissingEntry, SubmittedAssignment

from mlpkit.grading.course.class_list import formerly, read_students
from mlpkit.grading.course.extensions import EVERYBODY, Extension, due_of, read_extensions
from mlpkit.grading.course.files import Course
from mlpkit.grading.text.clock import seconds_late, shown

DAY = 86_400


@dataclass(frozen=True)
class Lateness:
    """How a hand-in stands to its due date.

    Attributes
    ----------
    due : datetime or None
        Everybody's, aware.
    until : datetime or None
        The student's own: with extensions.
    handed_in : datetime or None
        When; None if nothing says so, or nothing was handed in.
    days : int
        Days begun after it, by the clock on the wall.
    penalty : float
        Points taken off.
    zone : tzinfo
        The course's.
    """

    due: datetime | None = None
    until: datetime | None = None
    handed_in: datetime | None = None
    days: int = 0
    penalty: float = 0.0
    zone: tzinfo = UTC

    @property
    def extended(self) -> bool:
        """Whether the student has more time than all."""
        return self.until is not None and self.until != self.due

    def words(self) -> str:
        """Say it in a sentence; "" where there is no due date."""
        if self.until is None:
            return ""
        said = f"due {shown(self.until, self.zone)}"
        if self.extended and self.due:
            said += f" (extended from {shown(self.due, self.zone)})"
        if self.handed_in:
            said += f", handed in {shown(self.handed_in, self.zone)}"
        if self.days:
            said += f": {self.days} {'day' if self.days == 1 else 'days'} late"
            said += f", {points_off(self.penalty)}" if self.penalty else ", nothing taken off"
        return said


def points_off(penalty: float) -> str:
    """Say what was taken off."""
    return f"{penalty:g} {'point' if penalty == 1 else 'points'} off"


def lateness(course: Course, gradebook: Gradebook, assignment: str) -> dict[str, Lateness]:
    """Return how each student of the gradebook stands to the due date, handed in or not.

    Returns
    -------
    dict of str to Lateness
        By student.
    """
    due = due_date(gradebook, assignment)
    extensions, _ = extensions_of(course, assignment, gradebook)
    handed_in = {each.student_id: each for each in submissions(gradebook, assignment)}
    found = {}
    people = {each.id for each in (*gradebook.students, *read_students(course.root))}
    for student in sorted(people | set(handed_in)):
        until, _ = due_of(student, due, extensions, course.zone)
        found[student] = _of_one(handed_in.get(student), due, until, course.zone)
    return found


def _of_one(
    submission: SubmittedAssignment | None,
    due: datetime | None,
    until: datetime | None,
    zone: tzinfo,
) -> Lateness:
    if submission is None:
        return Lateness(due, until, zone=zone)
    when, penalty = aware(submission.timestamp), submission.late_submission_penalty or 0.0
    return Lateness(due, until, when, ceil(late_by(until, when, zone) / DAY), penalty, zone)


def late_by(until: datetime | None, when: datetime | None, zone: tzinfo) -> float:
    """Return how late something is; nobody is where either time isn't known."""
    return seconds_late(until, when, zone) if until and when else 0.0


def recorded(submission: SubmittedAssignment, zone: tzinfo) -> Lateness:
    """Return how a hand-in stands to its due date, as the gradebook alone has it.

    Parameters
    ----------
    submission : nbgrader.api.SubmittedAssignment
    zone : tzinfo
        The course's.
    """
    due = aware(submission.assignment.duedate)
    until = due + submission.extension if due and submission.extension else due
    return _of_one(submission, due, until, zone)


def due_date(gradebook: Gradebook, assignment: str) -> datetime | None:
    """Return everybody's due date, or None."""
    try:
        return aware(gradebook.find_assignment(assignment).duedate)
    except MissingEntry:
        return None


def aware(moment: datetime | None) -> datetime | None:
    """Give a time of the gradebook, which is UTC and doesn't say so, its zone."""
    return moment and moment.replace(tzinfo=UTC)


def extensions_of(
    course: Course, assignment: str, gradebook: Gradebook | None
) -> tuple[list[Extension], list[str]]:
    """Return an assignment's extensions, under the ids that students now have; and problems.

    Without a gradebook rows of ids that nobody has are not looked for: that takes its time.
    """
    found, problems = read_extensions(course.root)
    found = [each for each in found if each.assignment == assignment]
    if gradebook is None or not found:
        return found, problems
    listed = read_students(course.root)
    ids = {each.id: each.id for each in (*gradebook.students, *listed)} | {EVERYBODY: EVERYBODY}
    ids = formerly(listed) | ids
    known = [replace(each, student=ids[each.student]) for each in found if each.student in ids]
    unknown = sorted({each.student for each in found} - set(ids))
    if unknown:
        problems.append(f"extensions.csv, {assignment}: nobody has the id {', '.join(unknown)}.")
    return known, problems


def submissions(gradebook: Gradebook, assignment: str) -> list[SubmittedAssignment]:
    """List what the gradebook has of an assignment; nothing of one that it doesn't know."""
    try:
        return list(gradebook.assignment_submissions(assignment))
    except MissingEntry:
        return []
