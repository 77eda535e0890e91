"""The course's own class list: who is in it, and which ids they had before."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mlpkit.grading.course.class_tables import HEAD, NUMBERS, Person, read_class
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.tables import to_csv

NAME = "students.csv"


def read_students(root: Path) -> list[Person]:
    """Read the course's own list; an empty one if there is none.

    Raises
    ------
    CourseError
        If the file is there and is no list.
    """
    return _read(root)[0]


def not_read(root: Path) -> list[str]:
    """Return a sentence for each row of the course's own list that stands for nobody."""
    return [f"{NAME}: {each}" for each in _read(root)[1]]


def _read(root: Path) -> tuple[list[Person], list[str]]:
    path = root / NAME
    if not path.is_file() or not path.stat().st_size:
        return [], []
    try:
        return read_class(path.read_bytes(), whole=True)
    except CourseError as error:
        raise CourseError(f"{NAME}: {error}") from error


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


def formerly(people: Iterable[Person]) -> dict[str, str]:
    """Map each id that one student had before, and nobody has now, to the present one."""
    people = list(people)
    had = Counter(old for each in people for old in {*names_of(each)})
    before = {old: each.id for each in people for old in names_of(each) if had[old] == 1}
    return {old: now for old, now in before.items() if old != now}
