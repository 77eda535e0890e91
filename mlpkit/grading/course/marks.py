"""Marks that people give: read from nbgrader's gradebook, and written so that none is lost.

Two graders may read the same answer at the same time. What a grader saw when the mark was given
travels with it, and the database changes only what still stands as it was seen.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import CursorResult, Select, Update, and_, create_engine, select, update
from sqlalchemy.orm import Session, aliased

from mlpkit.grading.course.database import is_missing
from mlpkit.grading.course.gradebook import patiently
from mlpkit.grading.job import CourseError


@dataclass(frozen=True)
class Mark:
    """What the gradebook has of one student's answer.

    Parameters
    ----------
    id : str
        nbgrader's name of the grade.
    student : str
    notebook_id : str
        nbgrader's name of the submitted notebook, by which its formgrader opens it.
    points : float or None
        Given by a person.
    comment : str or None
        A person's.
    automatic : float or None
        Given by the machine: 0 where nothing was answered.
    waits : bool
        Nobody has read it yet, or it has changed since.
    """

    id: str
    student: str
    notebook_id: str
    points: float | None
    comment: str | None
    automatic: float | None
    waits: bool


@dataclass(frozen=True)
class Change:
    """A mark as it is to be, and as the grader saw it.

    Parameters
    ----------
    id : str
        Of the grade.
    seen_points, seen_comment : float or None, str or None
        What stood there when the grader looked.
    points, comment : float or None, str or None
    """

    id: str
    seen_points: float | None
    seen_comment: str | None
    points: float | None
    comment: str | None


class Overtaken(Exception):
    """Somebody else has marked it meanwhile, and nothing was written; ``marks`` stand there now."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        super().__init__("somebody else has marked it meanwhile")
        self.marks = list(marks)


def read_marks(db_url: str, assignment: str, notebook: str, cell: str) -> list[Mark]:
    """Return the marks of everybody's answer to one question, in the order of their grades' ids.

    Parameters
    ----------
    db_url : str
        Of the gradebook.
    assignment, notebook, cell : str
        nbgrader's names.
    """
    asked = and_(Assignment.name == assignment, Notebook.name == notebook, BaseCell.name == cell)
    if is_missing(db_url):
        return []
    with _session(db_url) as session:
        return [_mark(row) for row in session.execute(_marks().where(asked))]


def write_marks(db_url: str, changes: Iterable[Change]) -> list[Mark]:
    """Write all of the marks, or none of them where one was changed by somebody else.

    Returns
    -------
    list of Mark
        As they stand now.

    Raises
    ------
    Overtaken
        With the marks that stand there.
    KeyError
        If a grade isn't in the gradebook.
    CourseError
        If the gradebook stays locked.
    """
    changes = list(changes)
    return patiently(lambda: _write(db_url, changes))


def _write(db_url: str, changes: list[Change]) -> list[Mark]:
    with _session(db_url) as session:
        # The first statement writes: SQLite then lets nobody else write until the end.
        whole = [_update(session, change) for change in changes]
        now = [_mark_of(session, change.id) for change in changes]
        if not all(whole) and any(map(_differs, changes, now)):
            session.rollback()
            raise Overtaken([_mark_of(session, change.id) for change in changes])
        session.commit()
        return now


def _differs(change: Change, now: Mark) -> bool:
    return (change.points, change.comment or None) != (now.points, now.comment or None)


def _update(session: Session, change: Change) -> bool:
    """Write a change where what the grader saw still stands; say whether it did."""
    # As formgrader does it: what has no mark at all waits for one.
    waits = Grade.auto_score.is_(None) if change.points is None else False
    grade = (
        update(Grade)
        .where(Grade.id == change.id)
        .where(Grade.manual_score.is_not_distinct_from(change.seen_points))
        .values(manual_score=change.points, needs_manual_grade=waits)
    )
    if _rows(session, grade) == 0:
        return False
    return _update_comment(session, change)


def _update_comment(session: Session, change: Change) -> bool:
    here = session.execute(_marks(Comment.id).where(Grade.id == change.id)).scalar_one()
    if here is None:
        if change.comment:
            raise CourseError(
                "nbgrader keeps no comment on this question.\n"
                "Its cell is graded and not answered: make it a manually graded answer."
            )
        return True
    unchanged = Comment.manual_comment.is_not_distinct_from(change.seen_comment)
    comment = update(Comment).where(Comment.id == here).where(unchanged)
    return _rows(session, comment.values(manual_comment=change.comment or None)) > 0


def _rows(session: Session, statement: Update) -> int:
    """Carry out an update, and say how many rows it found."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount


FIELDS = (
    Grade.id,
    Student.id,
    Grade.notebook_id,
    Grade.manual_score,
    Comment.manual_comment,
    Grade.auto_score,
    Grade.needs_manual_grade,
)


def _marks(*fields: Any) -> Select[Any]:
    """Ask for the fields of all marks, each with its comment.

    nbgrader has a cell twice, as one that is graded and one that is answered; the name is the same.
    """
    answered = aliased(BaseCell)
    return (
        select(*(fields or FIELDS))
        .select_from(Grade)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(Student, SubmittedAssignment.student_id == Student.id)
        .join(
            answered,
            and_(
                answered.name == BaseCell.name,
                answered.notebook_id == BaseCell.notebook_id,
                answered.type.in_(["SolutionCell", "TaskCell"]),
            ),
            isouter=True,
        )
        .join(
            Comment,
            and_(Comment.cell_id == answered.id, Comment.notebook_id == Grade.notebook_id),
            isouter=True,
        )
        .order_by(Grade.id)
    )


def _mark_of(session: Session, grade: str) -> Mark:
    found = session.execute(_marks().where(Grade.id == grade)).first()
    if found is None:
        raise KeyError(f"the gradebook has no grade {grade!r}")
    return _mark(found)


def _mark(row: Any) -> Mark:
    grade, student, notebook, points, comment, automatic, waits = row
    return Mark(grade, student, notebook, points, comment, automatic, bool(waits))


@contextmanager
def _session(db_url: str) -> Iterator[Session]:
    """Give a session of its own, and let go of the database."""
    engine = create_engine(db_url)
    try:
        with Session(engine) as session:
            yield session
    finally:
        engine.dispose()
