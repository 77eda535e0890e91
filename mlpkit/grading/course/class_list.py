"""The class: who is in it, by the course's own list and by the gradebook."""

from collections.abc import Iterable
from pathlib import Path

from mlpkit.grading.course.class_tables import HEAD, NUMBERS, Person, read_class
from mlpkit.grading.course.database import is_missing
from mlpkit.grading.course.files import Course
from mlpkit.grading.text.tables import to_csv

NAME = "students.csv"


def read_students(root: Path) -> list[Person]:
    """Read the course's own list; an empty one if there is none.

    Raises
    ------
    CourseError
        If the file is there and is no list.
    """
    path = root / NAME
    return (
        read_class(path.read_bytes(), whole=True)[0]
        if path.is_file() and path.stat().st_size
        else []
    )


def write_students(people: Iterable[Person]) -> bytes:
    """Return the bytes of the course's own list."""
    people = sorted(people, key=lambda each: each.id)
    there = {each for person in people for each in person.numbers}
    numbers = sorted(there, key=lambda each: (each not in NUMBERS, each))
    rows = [
        [each.id, each.first_name, each.last_name, each.email]
        + [each.numbers.get(number, "") for number in numbers]
        for each in people
    ]
    return to_csv([[*HEAD, *numbers], *rows])


def names_of(person: Person) -> list[str]:
    """Return a student's id, and those that it was before: platforms go on using them."""
    return [person.id, *filter(None, person.numbers.get("formerly", "").split("|"))]


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
