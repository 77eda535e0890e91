"""`mlpkit merge`: a second grader's marks by hand brought into the course's gradebook.

Each mark stands alone: taken where ours has none, left where both are the same, shown where they
differ. Nothing of ours is overwritten; the gradebook as it was is kept beside, and so is a list of
what was taken, by which it can be taken back.
"""

import json
import math
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from mlpkit.grading.course.class_list import formerly, read_students
from mlpkit.grading.course.damage import check_gradebook
from mlpkit.grading.course.database import copy_database, file_of
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.settling import settle
from mlpkit.grading.job import CourseError
from mlpkit.grading.term.dates import gradebook_of

BEFORE, TAKEN = "gradebook.before-merge.db", ".mlpkit/merged.json"
Key = tuple[str, str, str, str]
Taken = list[tuple[Key, tuple[Any, ...], tuple[Any, ...]]]


@dataclass(frozen=True)
class Mark:
    """What a person gave one cell of one hand-in.

    Attributes
    ----------
    points, extra : float or None
    comment : str or None
    to_read : bool
        A person still has to read it.
    handed_in : str
        When the work that was marked was handed in; "" if nothing says so.
    """

    points: float | None
    extra: float | None
    comment: str | None
    to_read: bool
    handed_in: str = ""

    @property
    def given(self) -> bool:
        """Whether a person gave anything."""
        return self.points is not None or bool(self.extra) or bool(self.comment)

    def odd(self, most: float) -> str:
        """Say why it can be no mark for a cell of so many points; "" if it can."""
        for what, number, limit in (("points", self.points, most), ("extra", self.extra, math.inf)):
            if number is None:
                continue
            number_at_all = isinstance(number, float | int) and math.isfinite(number)
            if not number_at_all or not 0 <= number <= limit:
                there = (
                    f"a number from 0 to {limit:g}" if limit < math.inf else "a number from 0 on"
                )
                return f"its {what} are {str(number)[:40]!r}, expected {there}"
        if self.comment is not None and not isinstance(self.comment, str):
            return "its comment is no text"
        return ""

    def __str__(self) -> str:
        """Say it."""
        said = "no points" if self.points is None else f"{self.points:g} points"
        if self.extra:
            said += f" and {self.extra:g} extra"
        return said + (f", {self.comment[:60]!r}" if self.comment else "")


def marks_of(gradebook: Gradebook) -> dict[Key, tuple[Mark, Any, Any]]:
    """Return each cell's mark with its rows, by assignment, student, notebook and cell."""
    found = {}
    for assignment in gradebook.assignments:
        for submission in gradebook.assignment_submissions(assignment.name):
            when = str(submission.timestamp or "")
            for notebook in submission.notebooks:
                comments = {each.name: each for each in notebook.comments}
                grades = {each.name: each for each in notebook.grades}
                for cell in {**grades, **comments}:
                    key = assignment.name, submission.student.id, notebook.name, cell
                    grade, comment = grades.get(cell), comments.get(cell)
                    found[key] = _mark(grade, comment, when), grade, comment
    return found


def _mark(grade: Any, comment: Any, when: str) -> Mark:
    return Mark(
        grade.manual_score if grade else None,
        (grade.extra_credit or None) if grade else None,
        (comment.manual_comment or None) if comment else None,
        bool(grade.needs_manual_grade) if grade else False,
        when,
    )


def merge(course: Course, other: Path) -> list[str]:
    """Bring another gradebook's marks by hand into the course's.

    Parameters
    ----------
    course : Course
    other : Path
        The other grader's gradebook.db.

    Returns
    -------
    list of str
        What was taken, and a line for each conflict.

    Raises
    ------
    CourseError
        If it is no gradebook.
    """
    ours = _checked(other, file_of(course.directory.db_url))
    check_gradebook(course.directory.db_url, "ps1")
    beside = course.root / ".mlpkit" / "merging.db"
    beside.parent.mkdir(parents=True, exist_ok=True)
    copy_database(other, beside)  # nothing is written into the other grader's file
    before = beside.with_name("before-merging.db")
    try:
        copy_database(ours, before)
        with closing(Gradebook(f"sqlite:///{beside}", course.directory.course_id)) as theirs, \
             gradebook_of(course) as gradebook:  # fmt: skip
            before_ids = formerly(read_students(course.root))
            lines, taken = _take(marks_of(gradebook), _read(theirs, other), before_ids)
            gradebook.db.commit()
            for assignment in gradebook.assignments:
                lines += settle(course, gradebook, assignment.name)
        if taken:  # or else the one before is still what can be taken back
            before.replace(course.root / BEFORE)
            write_whole(course.root / TAKEN, json.dumps(taken).encode())
    finally:
        beside.unlink(missing_ok=True)
        before.unlink(missing_ok=True)
    return lines


def _read(theirs: Gradebook, other: Path) -> dict[Key, tuple[Mark, Any, Any]]:
    """Read the other gradebook's marks; rows that lead nowhere are a damaged file's."""
    try:
        return marks_of(theirs)
    except (SQLAlchemyError, AttributeError, TypeError, ValueError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        raise CourseError(
            f"{other} is damaged, and can't be read whole: {reason}.\nNothing was changed."
        ) from error


def _take(
    ours: dict[Key, tuple[Mark, Any, Any]],
    theirs: dict[Key, tuple[Mark, Any, Any]],
    formerly: Mapping[str, str],
) -> tuple[list[str], Taken]:
    """Write the marks that only the other has; return what is said, and what was written."""
    lines: list[str] = []
    taken: Taken = []
    same = conflicts = 0
    for key, (mark, _, _) in sorted(theirs.items()):
        if not mark.given:
            continue
        key = key if key in ours else _of_now(key, formerly)
        where = "{} {} {} {}".format(*key)
        own, grade, comment = ours.get(key, (Mark(None, None, None, False), None, None))
        odd = mark.odd(float(grade.max_score) if grade is not None else math.inf)
        if key not in ours:
            what = odd or f"{mark}; there is no such answer here"
            lines.append(f"Not taken: {where}: {what}.")
        elif all(there in (None, here) for here, there in _pairs(own, mark)):
            same += 1
        elif odd:
            lines.append(f"Not taken: {where}: {odd}.")
        elif reason := _conflict(own, mark):
            conflicts += 1
            lines.append(f"Conflict: {where}: here {own}; there {mark}, {reason}. Ours stays.")
        else:
            after = _together(own, mark)
            taken.append((key, astuple(own), astuple(after)))
            _write(after, grade, comment)
    lines.append(f"{len(taken)} marks taken, {same} as they were, {conflicts} conflicts.")
    if taken:
        undo = "mlpkit merge --undo takes the marks back"
        lines.append(f"The gradebook as it was lies in {BEFORE}; {undo}.")
    return lines, taken


def _pairs(own: Mark, mark: Mark) -> list[tuple[object, object]]:
    return [(own.points, mark.points), (own.extra, mark.extra), (own.comment, mark.comment)]


def _conflict(own: Mark, mark: Mark) -> str:
    """Say why a mark can't be taken; "" if it can."""
    if any(None not in pair and pair[0] != pair[1] for pair in _pairs(own, mark)):
        return "which differs"
    if own.handed_in != mark.handed_in:
        return "for what was handed in at another time"
    return ""


def _together(own: Mark, mark: Mark) -> Mark:
    return Mark(
        own.points if mark.points is None else mark.points,
        own.extra if mark.extra is None else mark.extra,
        own.comment if mark.comment is None else mark.comment,
        own.to_read and (mark.points is None or mark.to_read),
    )


def _write(mark: Mark, grade: Any, comment: Any) -> None:
    if grade is not None:
        grade.manual_score, grade.extra_credit = mark.points, mark.extra
        grade.needs_manual_grade = mark.to_read
    if comment is not None:
        comment.manual_comment = mark.comment


def _of_now(key: Key, formerly: Mapping[str, str]) -> Key:
    """Give the key of a student's mark under the id that the student has now."""
    return key[0], formerly.get(key[1], key[1]), key[2], key[3]


def undo(course: Course) -> list[str]:
    """Take back the marks of the last merge, but for those that somebody has changed since.

    Raises
    ------
    CourseError
        If nothing was merged, or it was taken back already.
    """
    log = course.root / TAKEN
    if not log.is_file():
        raise CourseError("Nothing was merged that could be taken back.\nNothing was changed.")
    taken, lines, back = json.loads(log.read_bytes()), list[str](), 0
    with gradebook_of(course) as gradebook:
        there, ids = marks_of(gradebook), formerly(read_students(course.root))
        for names, was, now in taken:
            key = _of_now(tuple(names), ids)
            own, grade, comment = there.get(key, (None, None, None))
            if own is None or [*astuple(own)[:3]] != now[:3]:
                here = "it isn't there any more" if own is None else f"{own}"
                lines.append(f"Changed since the merge, and left: {' '.join(key)}: {here}.")
            else:
                _write(Mark(*was), grade, comment)
                back += 1
        gradebook.db.commit()
        for assignment in gradebook.assignments:
            lines += settle(course, gradebook, assignment.name)
    log.unlink()
    return [*lines, f"{back} marks of the merge are taken back."]


def _checked(other: Path, ours: Path | None) -> Path:
    """Return our gradebook, where both are."""
    if ours is None or not ours.is_file():
        raise CourseError("There is no gradebook here to merge into.\nGrade first.")
    if not other.is_file():
        raise CourseError(f"No file {other}.\nName the other grader's gradebook.db.")
    if other.resolve() == ours.resolve():
        raise CourseError(f"{other} is this course's own gradebook.\nName the other grader's.")
    try:
        with closing(sqlite3.connect(f"{other.resolve().as_uri()}?mode=ro", uri=True)) as db:
            db.execute("SELECT count(*) FROM submitted_assignment")
    except sqlite3.DatabaseError as error:
        raise CourseError(f"{other} is no gradebook: {error}.\nNothing was changed.") from error
    return ours
