"""Names and titles of what is new: each is looked at before anything is made."""

import json
import keyword
import re
import tomllib
from pathlib import Path
from typing import Any

from mlpkit.grading.job import CourseError

IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
LONGEST = 24  # the stubs' lines would be longer than a line may be
NOTHING = "Nothing was written."


def refuse(what: str) -> CourseError:
    """Return the exception that says why nothing is made."""
    return CourseError(f"{what}\n{NOTHING}")


def listed(root: Path) -> dict[str, Any]:
    """Return what `course.toml` lists."""
    try:
        return tomllib.loads((root / "course.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise refuse(f"course.toml can't be read: {error}.") from error


def check_assignment(root: Path, name: str) -> None:
    """Refuse an assignment's name that isn't the next number's."""
    names = [each.get("name") for each in listed(root).get("assignment", [])]
    if name in names or (root / "solutions" / name).exists():
        raise refuse(f"There is an assignment {name} already.")
    if name != f"ps{len(names)}":
        raise refuse(f"The next assignment is ps{len(names)}, got {name!r}.")


def check_known(root: Path, name: str) -> None:
    """Refuse an assignment that there is not."""
    names = [each.get("name") for each in listed(root).get("assignment", [])]
    if name not in names:
        raise refuse(f"There is no assignment {name!r}, but {', '.join(map(str, names))}.")


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
    files = [str(each.get("file")) for each in listed(root).get("lecture", [])]
    number = f"{len(files):02}"
    if name in files or list((root / "lectures").glob(f"{name}.*")):
        raise refuse(f"There is a lecture {name} already.")
    head, _, topic = name.partition("_")
    if head != number or not IDENTIFIER.fullmatch(topic):
        raise refuse(f"The next lecture is named {number}_topic, got {name!r}.")


def check_lectures(root: Path, numbers: list[int]) -> None:
    """Refuse numbers of lectures that there are not."""
    last = len(listed(root).get("lecture", [])) - 1
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
    words = " ".join((name.replace("_", " ") if given is None else given).split())
    if not words or set(words) & set('|*`"\\<>'):
        raise refuse(f'--title: expected words without | * ` " \\ < >, got {given!r}.')
    return words[0].upper() + words[1:]


def quoted(text: str) -> str:
    """Write a text as TOML and JSON do."""
    return json.dumps(text, ensure_ascii=False)
