"""A student's files put into ``submitted/``, and what lay there kept."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.listing import TIMESTAMP
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.times import NoTime, time_in

REPLACED = "replaced"


@dataclass(frozen=True)
class Outcome:
    """What became of one student's hand-in.

    Attributes
    ----------
    student : str
    files : list of str
    what : {"new", "as before", "replaced", "older"}
        "older" isn't taken: what lies there was handed in later.
    kept : str or None
        Where what was there lies now, below the course's folder.
    order : int
        The platform's number of the hand-in; 0 where it counts none.
    """

    student: str
    files: list[str]
    what: str
    kept: str | None = None
    order: int = 0


def place(
    course: Course,
    assignment: str,
    student: str,
    files: dict[str, bytes],
    when: datetime | None,
    order: int = 0,
    look: bool = False,
) -> Outcome:
    """Put a hand-in where it is graded.

    Parameters
    ----------
    course : Course
    assignment, student : str
    files : dict of str to bytes
        By path in the folder.
    when : datetime or None
        When it was handed in.
    order : int
        The platform's number of it: a later one has a larger.
    look : bool
        Say what would be done, and do nothing.
    """
    folder = course.folder("submitted", student, assignment)
    stamp = b"" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC".encode()
    there = _files(folder)
    if when is not None and _time(course, files.get(TIMESTAMP, b"")) == when:
        stamp = files[TIMESTAMP]  # to the letter: nbgrader's exchange gives feedback back by it
    before = _time(course, there.pop(TIMESTAMP, b""))
    new = {name: content for name, content in files.items() if name != TIMESTAMP}
    what = "new" if not there else "replaced"
    if there == new and (when is None or when == before):
        return Outcome(student, sorted(new), "as before")
    counted = _orders(course, assignment).get(student, 0)
    if there and ((when and before and before > when) or (not when and 0 < order < counted)):
        return Outcome(student, sorted(new), "older")
    if look:
        return Outcome(student, sorted(new), what)
    all_files = new | ({TIMESTAMP: stamp} if stamp else {})
    kept = _write(course, folder, assignment, student, all_files)
    return Outcome(student, sorted(new), what, kept, order)


def _files(folder: Path) -> dict[str, bytes]:
    if folder.is_symlink() or not folder.is_dir():
        return {}
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def _time(course: Course, content: bytes) -> datetime | None:
    try:
        return time_in(content, course.zone)
    except NoTime:
        return None


def _write(
    course: Course, folder: Path, assignment: str, student: str, files: dict[str, bytes]
) -> str | None:
    """Write beside and rename; what lay there goes to ``replaced/`` and stays."""
    beside = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(beside, ignore_errors=True)
    for name, content in files.items():
        write_whole(beside / name, content)
    kept = None
    if folder.is_symlink() or folder.exists():
        kept = _next(course, assignment, student)
        folder.rename(kept)
    beside.rename(folder)
    return kept.relative_to(course.root).as_posix() if kept else None


def remember(course: Course, assignment: str, outcomes: Sequence[Outcome]) -> None:
    """Keep what the last collecting changed, so that it can be taken back."""
    changed = [each for each in outcomes if each.what in ("new", "replaced")]
    if changed:
        log = {each.student: each.kept for each in changed}
        write_whole(_log(course, assignment), json.dumps(log, indent=1).encode())
        orders = _orders(course, assignment) | {each.student: each.order for each in changed}
        write_whole(_log(course, f"{assignment}-orders"), json.dumps(orders).encode())


def undo(course: Course, assignment: str) -> list[str]:
    """Take back what the last collecting of an assignment changed.

    Raises
    ------
    CourseError
        If nothing was collected, or it was taken back already.
    """
    log = _log(course, assignment)
    if not log.is_file():
        raise CourseError(f"Nothing was collected for {assignment} that could be taken back.\n"
                          "mlpkit collect says what it does.")  # fmt: skip
    lines, orders = [], _orders(course, assignment)
    for student, kept in json.loads(log.read_bytes()).items():
        folder = course.folder("submitted", student, assignment)
        if folder.is_dir():
            folder.rename(_next(course, assignment, student))
        if kept is not None and (course.root / kept).is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            (course.root / kept).rename(folder)
        elif kept is not None:
            lines.append(f"{student:20s} {kept} isn't there any more")
            continue
        lines.append(f"{student:20s} {'as it was before' if kept else 'taken out again'}")
        orders.pop(student, None)
    write_whole(_log(course, f"{assignment}-orders"), json.dumps(orders).encode())
    log.unlink()
    return lines


def rename_in_logs(course: Course, old: str, new: str) -> None:
    """Let what was collected be taken back after a student was renamed."""
    for log in sorted((course.root / ".mlpkit" / "collected").glob("*.json")):
        kept = json.loads(log.read_bytes())
        if old in kept:
            value = kept.pop(old)
            moved = value.replace(f"/{old}/", f"/{new}/") if isinstance(value, str) else value
            write_whole(log, json.dumps(kept | {new: moved}, indent=1).encode())


def _log(course: Course, assignment: str) -> Path:
    return course.root / ".mlpkit" / "collected" / f"{assignment}.json"


def _next(course: Course, assignment: str, student: str) -> Path:
    """Return a new place in ``replaced/``."""
    kept = course.root / REPLACED / assignment / student
    kept.mkdir(parents=True, exist_ok=True)
    number = 1
    while (kept / str(number)).exists():
        number += 1
    return kept / str(number)


def _orders(course: Course, assignment: str) -> dict[str, int]:
    """Return the platform's number of each hand-in that lies there."""
    try:
        found: dict[str, int] = json.loads(_log(course, f"{assignment}-orders").read_bytes())
    except (OSError, ValueError):
        return {}
    return found
