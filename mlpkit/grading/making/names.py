"""Names and titles of what is new: each is looked at before anything is made."""

import json
import keyword
import re
import tomllib
from pathlib import Path
from typing import Any

from mlpkit.grading.job import CourseError
from mlpkit.grading.making.staging import NOTHING

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
POINTS = re.compile(r"\([\d.]+ points?")
LONGEST = 24  # the stubs' lines would be longer than a line may be
NOT_IN_WORDS = set('|*`"\\<>[]')


def refuse(what: str) -> CourseError:
    """Return the exception that says why nothing is made."""
    return CourseError(f"{what}\n{NOTHING}")


def lectures(root: Path) -> list[str]:
    """List the files of the lectures in `course.toml`."""
    return _listed(root, "lecture", "file")


def assignments(root: Path) -> list[str]:
    """List the names of the assignments in `course.toml`."""
    return _listed(root, "assignment", "name")


def _listed(root: Path, kind: str, key: str) -> list[str]:
    try:
        tables = tomllib.loads((root / "course.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refuse(f"course.toml can't be read: {error}.") from error
    entries = tables.get(kind)
    if not isinstance(entries, list) or not entries:
        raise refuse(f"course.toml: expected [[{kind}]] for each one, got {entries!r}.")
    for each in entries:
        if not isinstance(each, dict) or not isinstance(each.get(key), str):
            raise refuse(f"course.toml, [[{kind}]]: each needs its {key}, got {each!r}.")
    return [each[key] for each in entries]


def check_assignment(root: Path, name: str) -> None:
    """Refuse an assignment's name that isn't the next number's."""
    names = assignments(root)
    if name in names or (root / "solutions" / name).exists():
        raise refuse(f"There is an assignment {name} already.")
    if name != f"ps{len(names)}":
        raise refuse(f"The next assignment is ps{len(names)}, got {name!r}.")


def check_known(root: Path, name: str) -> None:
    """Refuse an assignment that there is not."""
    names = assignments(root)
    if name not in names:
        raise refuse(f"There is no assignment {name!r}, but {', '.join(names)}.")


def check_exercise(cells: list[dict[str, Any]], name: str) -> None:
    """Refuse an exercise's name that is no function's, or in use in the notebook."""
    if not IDENTIFIER.fullmatch(name) or keyword.iskeyword(name):
        example = "such as log_softmax"
        raise refuse(f"An exercise is named as its function, {example}, got {name!r}.")
    if name.endswith("_test"):
        raise refuse(f"A name that ends in _test is a test's, got {name!r}.")
    taken = {f"{name}{end}" for end in ("", "_test", "-text")}
    for cell in cells:
        about = cell["metadata"].get("nbgrader", {})
        if {cell.get("id"), about.get("grade_id")} & taken:
            raise refuse(f"There is a cell {cell.get('id')} already.")


def check_lecture(root: Path, name: str) -> None:
    """Refuse a lecture's name that isn't the next number's."""
    files = lectures(root)
    number = f"{len(files):02}"
    if name in files or list((root / "lectures").glob(f"{name}.*")):
        raise refuse(f"There is a lecture {name} already.")
    head, _, topic = name.partition("_")
    if head != number or not IDENTIFIER.fullmatch(topic):
        raise refuse(f"The next lecture is named {number}_topic, got {name!r}.")


def check_lectures(root: Path, numbers: list[int]) -> None:
    """Refuse numbers of lectures that there are not."""
    last = len(lectures(root)) - 1
    for number in numbers:
        if not 0 <= number <= last:
            raise refuse(f"--lectures: there is no lecture {number}, but 0 to {last}.")


def check_explorer(root: Path, name: str, files: list[str]) -> None:
    """Refuse an explorer's name that is no module's, or one of whose files is there."""
    if not IDENTIFIER.fullmatch(name) or keyword.iskeyword(name) or len(name) > LONGEST:
        raise refuse(
            f"An explorer is named as its module, in at most {LONGEST} letters, such as landscape, "
            f"got {name!r}."
        )
    for file in files:
        if (root / file).exists():
            raise refuse(f"There is a file {file} already.")


def title_of(given: str | None, name: str) -> str:
    """Return a title: the given one, or one made of the name.

    Raises
    ------
    CourseError
        If it couldn't stand in a heading and a table.
    """
    words = words_of("--title", name.replace("_", " ") if given is None else given)
    if POINTS.search(words):
        raise refuse(f"--title: points are said by --points and written behind it, got {words!r}.")
    return words[0].upper() + words[1:]


def words_of(option: str, given: str) -> str:
    """Return words that may stand in a heading, a link and a table's cell."""
    words = " ".join(given.split())
    if not words or set(words) & NOT_IN_WORDS:
        signs = " ".join(sorted(NOT_IN_WORDS))
        raise refuse(f"{option}: expected words without {signs}, got {given!r}.")
    return words


def quoted(text: str) -> str:
    """Write a text as TOML and JSON do."""
    return json.dumps(text, ensure_ascii=False)
