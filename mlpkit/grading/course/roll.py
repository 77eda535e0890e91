"""Who is in the class, and whom its gradebook has ever held: who was taken out of it stays out.

That stands in a table of the gradebook's own file. So an older copy that is put in the gradebook's
place doesn't take those who came later for removed.
"""

from nbgrader.api import Gradebook, Student
from sqlalchemy import Column, MetaData, String, Table, insert, select

from mlpkit.grading.course.class_list import formerly, read_students
from mlpkit.grading.course.class_tables import Person
from mlpkit.grading.course.database import is_missing
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.naming import one_form
from mlpkit.grading.job import CourseError

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


def class_of(course: Course) -> list[Person]:
    """Return who is in the class: in the course's own list or in the gradebook, by id.

    Raises
    ------
    CourseError
        If the list can't be read.
    """
    people = {each.id: each for each in read_students(course.root)}
    for each in _in_gradebook(course):
        people.setdefault(each.id, each)
    return [people[name] for name in sorted(people)]


def student_named(course: Course, name: str) -> str:
    """Return the id of who is meant by one; of one that somebody had before, the present one.

    Raises
    ------
    CourseError
        If nobody has or had it.
    """
    name, people = one_form(name), class_of(course)
    known = formerly(people) | {each.id: each.id for each in people}
    if name not in known:
        raise CourseError(f"No student {name!r} in the class.\nmlpkit students lists who is.")
    return known[name]


def _in_gradebook(course: Course) -> list[Person]:
    if is_missing(course.directory.db_url):
        return []
    with course.open_gradebook() as gradebook:
        return [
            Person(
                each.id,
                each.first_name or "",
                each.last_name or "",
                each.email or "",
                {"lms_user_id": str(each.lms_user_id)} if each.lms_user_id else {},
            )
            for each in gradebook.students
        ]
