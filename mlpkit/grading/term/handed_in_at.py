"""When something was handed in: by the platform's names, nbgrader's file, or a table beside."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mlpkit.grading.course.class_tables import EMAIL, FULL, IDS, Person
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.listing import TIMESTAMP
from mlpkit.grading.course.who import ClassList
from mlpkit.grading.job import CourseError
from mlpkit.grading.term.sorting import Attempt, Sorted
from mlpkit.grading.text.decoding import NoTable
from mlpkit.grading.text.handed_in import Unreadable
from mlpkit.grading.text.tables import Row, read_table
from mlpkit.grading.text.times import NoTime, read_time, time_in

COLUMNS = (
    "time", "timestamp", "submitted_at", "handed in", "Last modified (submission)",
    "Zuletzt geändert (Abgabe)", "date submitted", "submission date", "last submission",
    "letzte Abgabe",
)  # fmt: skip


def times_of(
    course: Course, found: Sorted, table: Path | None, people: ClassList
) -> dict[str, datetime]:
    """Return when each student handed in, as far as anything says so.

    Parameters
    ----------
    course : Course
    found : Sorted
        What can't be read as a time is said among what is left.
    table : Path or None
        A list that says when; it is believed before names are.
    people : ClassList

    Returns
    -------
    dict of str to datetime
        By student, aware.

    Raises
    ------
    CourseError
        If the table can't be read.
    """
    times = {}
    for student, attempt in found.attempts.items():
        try:
            when = _own(course, attempt)
        except (NoTime, Unreadable) as error:
            found.left.append(f"When {student} handed in can't be read: {error}.")
            continue
        if when is not None:
            times[student] = when
    if table is not None:
        times |= _in_table(course, found, table, people)
    return times


def _own(course: Course, attempt: Attempt) -> datetime | None:
    if TIMESTAMP in attempt.files:
        return time_in(attempt.files[TIMESTAMP][1].read(), course.zone)
    return read_time(attempt.time, course.zone) if attempt.time else None


def _in_table(course: Course, found: Sorted, table: Path, people: ClassList) -> dict[str, datetime]:
    try:
        rows = read_table(table.read_bytes(), COLUMNS)
    except (NoTable, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CourseError(f"{table} can't be read: {reason}.\nNothing was collected.") from error
    if rows and not any(name in rows[0] for name in COLUMNS):
        raise CourseError(
            f"No column of {table} says when: one of {', '.join(COLUMNS)} is wanted.\n"
            "Nothing was collected."
        )
    times: dict[str, datetime] = {}
    for row in rows:
        text, student = row.get(*COLUMNS), _student(row, people)
        if text in ("", "-") or student not in found.attempts:
            continue
        try:
            when = read_time(text, course.zone)
        except NoTime as error:
            found.left.append(f"{table.name}, line {row.line}, {student}: {error}.")
            continue
        times[student] = max(when, times.get(student, when))
    return times


def _student(row: Row, people: ClassList) -> str:
    """Return whose a row is, or ""."""
    for value in (row.get(*IDS), row.get("id_number"), row.get(*EMAIL)):
        if value and (student := people.by_id(value)[0]):
            return student
    return (row.get(*FULL) and people.by_name(row.get(*FULL))[0]) or ""


def with_identifiers(people: Sequence[Person], table: Path | None) -> list[Person]:
    """Add the numbers of Moodle's worksheet ("Participant 4711"), by which folders are named.

    Parameters
    ----------
    people : sequence of Person
    table : Path or None
        What isn't there, or is no such worksheet, is told by :func:`times_of`.
    """
    numbers: dict[str, str] = {}
    try:
        rows = read_table(table.read_bytes()) if table else []
    except (NoTable, OSError):
        rows = []
    finder = ClassList(people)
    for row in rows:
        number = re.search(r"\d+$", row.get("identifier"))
        if number and (student := _student(row, finder)):
            numbers[student] = number[0]
    return [
        replace(each, numbers=each.numbers | {"moodle_id": numbers[each.id]})
        if each.id in numbers
        else each
        for each in people
    ]
