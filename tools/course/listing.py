"""Read `course.toml`: lectures and assignments in their order, or a line on what is wrong in it."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tools.course.facts import Exercise, equations_of, exercises_of, title_of

ROOT = Path(__file__).parents[2]
LIST = "course.toml"
# By the word of a table: what it may hold, of which type, and what must be there.
KEYS = {
    "calendar": ({"due": int, "after": str}, {"due", "after"}),
    "lecture": (
        {"file": str, "title": str, "about": str, "weeks": list, "picture": str, "equations": str,
         "optional": bool},
        {"file", "title", "about", "weeks"},
    ),
    "assignment": ({"name": str, "lectures": list, "due": int}, {"name", "lectures"}),
}  # fmt: skip


class ListError(Exception):
    """The list, or a file that it names, isn't as it must be; the message says where and how."""


@dataclass(frozen=True)
class Lecture:
    """A lecture; `equations` are those that it numbers, in words."""

    file: str
    title: str
    about: str
    weeks: list[str]
    picture: str
    equations: str
    optional: bool

    @property
    def number(self):
        return int(self.file[:2])

    @property
    def name(self):
        return f"{self.number}. {self.title}"


@dataclass(frozen=True)
class Assignment:
    """An assignment, with the exercises of its notebook."""

    name: str
    lectures: list[int]
    due: int
    title: str
    exercises: list[Exercise]

    @property
    def points(self):
        return sum(each.points for each in self.exercises)

    @property
    def minutes(self):
        return sum(each.minutes for each in self.exercises)

    @property
    def half_hours(self):
        return max(1, round(self.minutes / 30))


@dataclass(frozen=True)
class Course:
    """All lectures and assignments, and what stands behind the last lecture in the calendar."""

    lectures: list[Lecture]
    assignments: list[Assignment]
    after: str

    def of_lecture(self, number):
        """List the assignments that need a lecture."""
        return [each for each in self.assignments if number in each.lectures]


def read(root=ROOT):
    """Read the list, and of each notebook what the list leaves to it.

    Parameters
    ----------
    root : Path
        The course's folder.

    Returns
    -------
    Course

    Raises
    ------
    ListError
        If a key is missing, unknown or of another type, or the list and the folders differ.
    """
    try:
        tables = tomllib.loads((root / LIST).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ListError(f"{LIST} can't be read: {error}") from error
    unknown = sorted(set(tables) - set(KEYS))
    if unknown or not all(isinstance(tables.get(word), list) for word in ("lecture", "assignment")):
        raise ListError(
            f"{LIST}: expected [calendar], [[lecture]] and [[assignment]]{_and(unknown)}"
        )
    calendar = _checked("calendar", "", tables.get("calendar", {}))
    lectures = [_lecture(root, at, table) for at, table in enumerate(tables["lecture"])]
    known = {each.number for each in lectures}
    assignments = [
        _assignment(root, table, calendar["due"], known) for table in tables["assignment"]
    ]
    _compare("lectures", [each.file for each in lectures], root.glob("lectures/*.ipynb"))
    _compare("solutions", [each.name for each in assignments], root.glob("solutions/*/*.ipynb"))
    return Course(lectures, assignments, calendar["after"])


def _and(unknown):
    return f", and got {', '.join(unknown)} too" if unknown else ""


def _checked(word, where, table):
    """Return a table whose keys are those that it may have, of the right types."""
    types, needed = KEYS[word]
    place = f"{LIST}, [{word}]{where}"
    if missing := sorted(needed - set(table)):
        raise ListError(f"{place}: {missing[0]} is missing")
    for key, value in table.items():
        if key not in types:
            raise ListError(f"{place}: expected {', '.join(types)}, got {key}")
        if type(value) is not types[key]:
            raise ListError(f"{place}: {key} must be of type {types[key].__name__}, got {value!r}")
    return table


def _lecture(root, at, table):
    table = _checked("lecture", f" number {at}", table)
    file = table["file"]
    if not re.fullmatch(rf"{at:02}_[a-z0-9_]+", file):
        raise ListError(f"{LIST}: lecture {at} must be named like {at:02}_topic, got {file!r}")
    if not all(isinstance(week, str) for week in table["weeks"]):
        raise ListError(f"{LIST}, {file}: weeks must be texts, got {table['weeks']!r}")
    path = root / "lectures" / f"{file}.ipynb"
    given = {"picture": "", "optional": False} | table
    found = given.get("equations", equations_of(path) if path.is_file() else "")
    return Lecture(**given | {"equations": found})


def _assignment(root, table, due, known):
    table = {"due": due} | _checked("assignment", f" {table.get('name', '')}".rstrip(), table)
    name, path = table["name"], root / "solutions" / table["name"] / f"{table['name']}.ipynb"
    if not re.fullmatch(r"ps\d+", name):
        raise ListError(f"{LIST}: an assignment must be named like ps3, got {name!r}")
    others = [number for number in table["lectures"] if number not in known]
    if others or not table["lectures"]:
        wrong = f"there is no lecture {others[0]!r}" if others else "it needs at least one lecture"
        raise ListError(f"{LIST}, {name}: {wrong}")
    if not path.is_file():
        raise ListError(f"{LIST} lists {name}, but there is no {path.relative_to(root)}")
    return Assignment(**table, title=title_of(path), exercises=exercises_of(path))


def _compare(folder, listed, paths):
    """Refuse a list that names a notebook twice, or that and the folder differ."""
    if twice := [name for name in listed if listed.count(name) > 1]:
        raise ListError(f"{LIST} lists {twice[0]} twice")
    there = {path.stem for path in paths}
    if missing := sorted(set(listed) - there):
        raise ListError(f"{LIST} lists {missing[0]}, which isn't in {folder}/")
    if unlisted := sorted(there - set(listed)):
        raise ListError(f"{folder}/ holds {unlisted[0]}.ipynb, which {LIST} doesn't list")
