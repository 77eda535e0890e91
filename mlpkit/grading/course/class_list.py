"""The class: who is in it, and by which names and numbers the platforms know them."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Gradebook

from mlpkit.grading.course.damage import file_of
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.hand_ins import one_form
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.tables import NoTable, Row, read_table, to_csv

NAME = "students.csv"
HEAD = ("id", "first_name", "last_name", "email")
# Numbers by which the platforms know somebody, kept beside.
NUMBERS = ("canvas_id", "sis_user_id", "moodle_id", "id_number", "formerly")
FIRST = ("first_name", "firstname", "given name", "vorname", "prénom", "nombre")
LAST = ("last_name", "lastname", "surname", "family name", "nachname", "name", "nom", "apellidos")
FULL = ("student", "student name", "full name", "display name", "vollständiger name", "name")
EMAIL = ("email", "email address", "e-mail", "mail", "e-mail-adresse", "e-mail address")
IDS = (
    "id", "sis login id", "username", "user name", "login", "login id", "benutzername",
    "anmeldename", "kennung", "nutzername", "student_id", "user id",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody in the class.

    Attributes
    ----------
    id : str
        The name of the student's folder, and the gradebook's.
    first_name, last_name, email : str
    numbers : dict of str to str
        Those of `NUMBERS` that are known.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name."""
        return " ".join(filter(None, (self.first_name, self.last_name)))


def read_class(content: bytes, column: str | None = None) -> tuple[list[Person], list[str]]:
    """Read a class list as Excel or a platform writes it.

    Parameters
    ----------
    content : bytes
    column : str, optional
        The one that holds the ids, where it has an unusual name.

    Returns
    -------
    people : list of Person
    left_out : list of str
        A sentence for each row that isn't taken.

    Raises
    ------
    CourseError
        If it is no table, or no column holds ids.
    """
    try:
        rows = read_table(content, (column,) if column else (*IDS, *EMAIL, *LAST, *FULL))
    except NoTable as error:
        raise CourseError(
            f"The class list can't be read: {error}.\nNothing was changed."
        ) from error
    ids = _id_columns(rows, column)
    people: dict[str, Person] = {}
    left_out = []
    for row in rows:
        name = one_form(row.get(*ids))
        if reason := _no_id(name, row, people):
            if reason != " ":
                left_out.append(f"Line {row.line} was left out: {reason}.")
            continue
        first, last = _names(row)
        numbers = {each: row.get(each) for each in NUMBERS if row.get(each)}
        if _of_canvas(rows) and row.get("id"):
            numbers["canvas_id"] = row.get("id")
        people[name] = Person(name, first, last, row.get(*EMAIL), numbers)
    return list(people.values()), left_out


def _of_canvas(rows: Sequence[Row]) -> bool:
    """Whether it is Canvas' list: its column ID is a number of its own."""
    return bool(rows) and "SIS Login ID" in rows[0] and "Student" in rows[0]


def _id_columns(rows: Sequence[Row], column: str | None) -> tuple[str, ...]:
    if not rows:
        raise CourseError("The class list has no rows below its first.\nNothing was changed.")
    if column is not None:
        if column not in rows[0]:
            raise CourseError(f"The class list has no column {column!r}.\nNothing was changed.")
        return (column,)
    if _of_canvas(rows):
        return ("SIS Login ID",)
    for each in IDS:
        if each in rows[0]:
            return (each,)
    there = ", ".join(rows[0].values)
    raise CourseError(
        f"No column of the class list holds ids: there are {there}.\n"
        "Name one: mlpkit students import FILE --id-column NAME"
    )


def _no_id(name: str, row: Row, people: dict[str, Person]) -> str:
    """Say why a row is no student; a blank for what the platforms put between."""
    who = row.get(*FULL) or row.get(*LAST)
    if "points possible" in who.casefold() or who.casefold() in ("student, test", "test student"):
        return " "
    if not name:
        return f"{who or 'it'} has no id"
    if name in (".", "..") or "/" in name or "\\" in name or not name.isprintable():
        return f"{name!a} can't be the name of a folder"
    if name.startswith("."):
        return f"{name!r} begins with a dot"
    if name in people:
        return f"{name!r} was there already"
    return ""


def _names(row: Row) -> tuple[str, str]:
    first = row.get(*FIRST)
    if first:
        return first, row.get(*LAST)
    full = row.get(*FULL)
    if "," in full:  # as Canvas sorts them
        last, _, first = full.partition(",")
        return first.strip(), last.strip()
    return "", full or row.get(*LAST)


def read_students(root: Path) -> list[Person]:
    """Read the course's own list; an empty one if there is none.

    Raises
    ------
    CourseError
        If the file is there and is no list.
    """
    path = root / NAME
    return read_class(path.read_bytes())[0] if path.is_file() and path.stat().st_size else []


def write_students(people: Iterable[Person]) -> bytes:
    """Return the bytes of the course's own list."""
    people = sorted(people, key=lambda each: each.id)
    numbers = [each for each in NUMBERS if any(each in person.numbers for person in people)]
    rows = [
        [each.id, each.first_name, each.last_name, each.email]
        + [each.numbers.get(number, "") for number in numbers]
        for each in people
    ]
    return to_csv([[*HEAD, *numbers], *rows])


def keys(text: str) -> set[str]:
    """Give a name as platforms write it into files: letters alone, with and without accents."""
    text = unicodedata.normalize("NFC", text).casefold()
    german = text
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe")):
        german = german.replace(letter, pair)
    forms = {text, german, _bare(text), _bare(german)}
    return {re.sub(r"[\W_]+", "", form) for form in forms} - {""}


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def names_of(person: Person) -> list[str]:
    """Return a student's id, and those that it was before: platforms go on using them."""
    return [person.id, *filter(None, person.numbers.get("formerly", "").split("|"))]


class ClassList:
    """Finds who is meant: always one, or nobody and why.

    Parameters
    ----------
    people : iterable of Person
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = {each.id: each for each in people}
        self._folded: dict[str, list[str]] = {}
        self._names: dict[str, set[str]] = {}
        for each in self.people.values():
            for alias in {*names_of(each), each.email, each.email.partition("@")[0]} - {""}:
                self._folded.setdefault(one_form(alias).casefold(), []).append(each.id)
            for order in (each.name, f"{each.last_name} {each.first_name}"):
                for key in keys(order):
                    self._names.setdefault(key, set()).add(each.id)

    def by_id(self, name: str) -> tuple[str | None, str]:
        """Return (id, "") of who has this id, in any case, or (None, why not)."""
        name = one_form(name)
        if name in self.people:
            return name, ""
        found = set(self._folded.get(name.casefold(), []))
        return _one(found, f"nobody in the class has the id {name!r}", repr(name))

    def by_end(self, text: str) -> tuple[str | None, str]:
        """Return who has the id at the end of a text, behind a ``_``."""
        parts = text.split("_")
        for start in range(len(parts)):  # the longest that is one
            found = self.by_id("_".join(parts[start:]))
            if found[0] is not None:
                return found
        return None, f"nobody in the class has the id {parts[-1]!r}"

    def by_name(self, text: str) -> tuple[str | None, str]:
        """Return who is called so, in either order, with or without accents."""
        found = set().union(*(self._names.get(key, set()) for key in keys(text)))
        return _one(found, f"nobody in the class is called {text!r}", f"called {text!r}")

    def by_number(self, platform: str, number: str) -> tuple[str | None, str]:
        """Return who has a number of a platform's."""
        name = f"{platform}_id"
        found = {each.id for each in self.people.values() if each.numbers.get(name) == number}
        return _one(found, f"nobody in the class has the {platform} number {number}", number)


def _one(found: set[str], nobody: str, what: str) -> tuple[str | None, str]:
    if len(found) == 1:
        return next(iter(found)), ""
    if found:
        return None, f"{' and '.join(sorted(found))} may be meant by {what}"
    return None, nobody


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
    place = file_of(course.directory.db_url)
    if place is not None and not place.is_file():
        return []
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        return [
            Person(each.id, each.first_name or "", each.last_name or "", each.email or "")
            for each in gradebook.students
        ]
