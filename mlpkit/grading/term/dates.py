"""`mlpkit due` and `mlpkit extend`: until when, for all and for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from nbgrader.api import Gradebook

from mlpkit.grading.course.class_list import names_of
from mlpkit.grading.course.damage import check_gradebook
from mlpkit.grading.course.extensions import (
    EVERYBODY,
    NAME,
    Extension,
    read_extensions,
    write_extensions,
)
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.gradebook import create
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.lateness import Lateness, due_date, lateness, points_off
from mlpkit.grading.course.roll import class_of, student_named
from mlpkit.grading.course.settling import settle
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.clock import shown
from mlpkit.grading.text.times import NoTime, read_time

NONE = "none"


@contextmanager
def gradebook_of(course: Course, assignment: str = "") -> Iterator[Gradebook]:
    """Open the course's gradebook; it is made if it isn't there.

    Raises
    ------
    CourseError
        If it is damaged.
    """
    check_gradebook(course.directory.db_url, assignment or "ps1")
    create(course.directory.db_url, course.directory.course_id)
    with course.open_gradebook() as gradebook:
        yield gradebook


def due_dates(course: Course) -> list[str]:
    """Say each assignment's due date, a line each."""
    with gradebook_of(course) as gradebook:
        dates = {name: due_date(gradebook, name) for name in course.assignments()}
    lines = []
    for name, due in dates.items():
        lines.append(f"{name:12s} {shown(due, course.zone) if due else 'no due date'}")
    return lines


def set_due(course: Course, assignment: str, text: str) -> list[str]:
    """Set or, with "none", take away a due date; what is recorded follows at once.

    Parameters
    ----------
    course : Course
    assignment : str
    text : str
        A time as :func:`mlpkit.grading.text.times.read_time` reads it.

    Returns
    -------
    list of str
        Lines on what was done, and on everybody for whom it changes something.

    Raises
    ------
    CourseError
        If there is no such assignment, or the text is no time.
    """
    course.sources(assignment)  # is one
    due = None if text == NONE else _time(course, text)
    with gradebook_of(course, assignment) as gradebook:
        before, old = lateness(course, gradebook, assignment), due_date(gradebook, assignment)
        row = gradebook.update_or_create_assignment(assignment)
        row.duedate = due and due.astimezone(UTC).replace(tzinfo=None)
        gradebook.db.commit()
        problems = settle(course, gradebook, assignment)
        after = lateness(course, gradebook, assignment)
    was = f" (before: {shown(old, course.zone)})" if old and old != due else ""
    now = f"is due {shown(due, course.zone)}" if due else "has no due date"
    return [f"{assignment} {now}{was}.", *_changes(before, after), *problems]


def _time(course: Course, text: str) -> datetime:
    try:
        return read_time(text, course.zone)
    except NoTime as error:
        raise CourseError(f"No due date: {error}.\nNothing was changed.") from error


def extend(course: Course, assignment: str, student: str, given: str, why: str = "") -> list[str]:
    """Give a student, or with ``*`` everybody, more time; "none" takes it back.

    Parameters
    ----------
    course : Course
    assignment, student : str
    given : str
        A length ("2 days") or a new due time.
    why : str
        Kept beside it in the list.

    Returns
    -------
    list of str
        Lines on what was done.

    Raises
    ------
    CourseError
        If it is no extension, or the student isn't in the class.
    """
    course.sources(assignment)
    found, bad = read_extensions(course.root)
    if bad:
        raise CourseError("\n".join([*bad, "Mend the list first: nothing was changed."]))
    student = student if student == EVERYBODY else student_named(course, student)
    replaced = [each for each in found if (each.assignment, each.student) == (assignment, student)]
    rest = [each for each in found if each not in replaced]
    with gradebook_of(course, assignment) as gradebook:
        before = lateness(course, gradebook, assignment)
        if given != NONE:
            new = Extension(assignment, student, given, why)
            rest.append(_checked(course, new, due_date(gradebook, assignment)))
        elif not replaced:
            return [f"{student} has no extension for {assignment}; nothing was changed."]
        write_whole(course.root / NAME, write_extensions(rest))
        problems = settle(course, gradebook, assignment)
        after = lateness(course, gradebook, assignment)
    if set(rest) == set(found):
        return ["As it was: nothing was changed."]
    return [_written(assignment, student, given, replaced), *_changes(before, after), *problems]


def _written(assignment: str, student: str, given: str, replaced: list[Extension]) -> str:
    """Say what the list holds now, and what stood there: with it the change can be taken back."""
    was = "".join(f" (before: {each.given}{each.why and f', {each.why}'})" for each in replaced)
    return f"{assignment}, {_who(student)}: {'no extension' if given == NONE else given}{was}."


def _who(student: str) -> str:
    return "everybody" if student == EVERYBODY else student


def extensions(course: Course) -> list[str]:
    """Say each extension and what it comes to, a line each."""
    found, problems = read_extensions(course.root)
    lines = []
    with gradebook_of(course) as gradebook:
        dates = {name: due_date(gradebook, name) for name in course.assignments()}
    ids = {EVERYBODY, *(name for each in class_of(course) for name in names_of(each))}
    for each in found:
        try:
            until = shown(each.until(dates.get(each.assignment), course.zone), course.zone)
        except NoTime as error:
            until = f"doesn't count: {error}"
        if each.student not in ids:
            until = f"doesn't count: nobody has the id {each.student}"
        why = f" ({each.why})" if each.why else ""
        lines.append(f"{each.assignment:12s} {_who(each.student):20s} {each.given}: {until}{why}")
    return [*lines, *problems]


def _checked(course: Course, new: Extension, due: datetime | None) -> Extension:
    try:
        new.until(due, course.zone)
    except NoTime as error:
        raise CourseError(
            f"No extension: {error}.\n"
            'Say how long ("2 days", "36 hours") or until when (2026-10-08 23:59).'
        ) from error
    return new


def _changes(before: dict[str, Lateness], after: dict[str, Lateness]) -> list[str]:
    """Say for whom the due date or what lateness costs is another now."""
    lines, moved = [], []
    for student, now in after.items():
        was = before.get(student)
        if was and (was.days, was.penalty) != (now.days, now.penalty):
            lines.append(f"{student}: {_cost(was)} before, now {_cost(now)}")
        elif was and now.extended and was.until != now.until and now.until:
            moved.append(f"{student}: until {shown(now.until, now.zone)}")
        elif was and was.extended and not now.extended:
            moved.append(f"{student}: no longer extended")
    if lines:
        lines.append("Marks that were exported or given back before are to be written anew.")
    return [*moved, *lines]


def _cost(one: Lateness) -> str:
    days = f"{one.days} {'day' if one.days == 1 else 'days'} late" if one.days else "not late"
    return f"{days}, {points_off(one.penalty)}" if one.penalty else days
