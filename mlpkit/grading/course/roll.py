"""Whom a gradebook has ever held: who was taken out of it stays out.

It stands in a table of the gradebook's own file. So an older copy that is put in the gradebook's
place doesn't take those who came later for removed.
"""

from nbgrader.api import Gradebook, Student
from sqlalchemy import Column, MetaData, String, Table, insert, select

HELD = Table("mlpkit_held", MetaData(), Column("student", String(128), primary_key=True))


def prepare(gradebook: Gradebook) -> None:
    """Make the table, and enter the students that the gradebook has."""
    HELD.create(gradebook.engine, checkfirst=True)
    held = set(gradebook.db.scalars(select(HELD.c.student)))
    new = sorted({*gradebook.db.scalars(select(Student.id))} - held)
    if new:
        gradebook.db.execute(insert(HELD), [{"student": student} for student in new])
        gradebook.db.commit()


def removed(gradebook: Gradebook) -> set[str]:
    """Return the students whom the gradebook has held and no longer does."""
    there = set(gradebook.db.scalars(select(Student.id)))
    return set(gradebook.db.scalars(select(HELD.c.student))) - there


def enter(gradebook: Gradebook, student: str) -> None:
    """Note that the gradebook holds a student, without committing."""
    if gradebook.db.scalar(select(HELD.c.student).where(HELD.c.student == student)) is None:
        gradebook.db.execute(insert(HELD), [{"student": student}])
