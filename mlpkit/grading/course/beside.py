"""What was handed in beside a notebook: helper files, data and pictures, bounded."""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatch
from types import MappingProxyType
from typing import Any, NamedTuple

from mlpkit.grading.course.archives import named_as_one
from mlpkit.grading.course.hand_ins import Submission
from mlpkit.grading.course.listing import UP, Found
from mlpkit.grading.text.handed_in import Unreadable
from mlpkit.grading.text.notes import listed
from mlpkit.grading.text.texts import prose

HELPERS = (".py", ".ipynb", ".csv", ".tsv", ".txt", ".json", ".npy", ".npz")
SHOWN = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".avif")
PICTURES = (*SHOWN, ".heic", ".svg")  # of these it is said why not
MOST, LARGEST, ALL = 50, 10 * 1024**2, 30 * 1024**2


class Beside(NamedTuple):
    """The files beside a notebook.

    Attributes
    ----------
    helpers, pictures : dict of str to bytes
        By path relative to the notebook: pictures, and whatever else code may read.
    others : list of str
        What can't be shown to a reader, or is too large to be there at all, by name.
    """

    helpers: dict[str, bytes]
    pictures: dict[str, bytes]
    others: list[str]


def read_beside(
    notebook: Found,
    files: Sequence[Found],
    given: Collection[str],
    to_change: Mapping[str, bytes] = MappingProxyType({}),
) -> Beside:
    """Read what a notebook may need.

    Parameters
    ----------
    notebook : Found
    files : sequence of Found
        What was handed in with it.
    given : collection of str
        The assignment's own files, of which a student's copy isn't used.
    to_change : mapping of str to bytes
        Those that students may change: one that is as it was given out hides no work.
    """
    beside, left = Beside({}, {}, []), ALL
    looked_into = {file.name[:at] for file in (notebook, *files) for at in _slashes(file.name)}
    taken = {*given}
    for file in files:
        ending = posixpath.splitext(file.name.lower())[1]
        name = _relative(file.name, posixpath.dirname(notebook.name))
        if name in given:
            continue
        kind = beside.pictures if ending in PICTURES else beside.helpers
        content, archive = None, named_as_one(file.name) or file.name in looked_into
        if name and not archive and len(kind) < MOST and not _in_the_way(name, taken):
            try:
                content = file.read(min(LARGEST, left))
            except Unreadable:
                content = None
        # An archive was looked into.
        shown = ending in HELPERS + PICTURES or bool(prose(file.name, content or b""))
        same = content is not None and to_change.get(name) == content
        if not archive and not same and (content is None or not shown):
            beside.others.append(file.name)
        if content is not None:
            kind[name], left = content, left - len(content)
            taken.add(name)
    return beside


def _slashes(name: str) -> list[int]:
    return [at for at, letter in enumerate(name) if letter == "/"]


def _in_the_way(name: str, taken: Collection[str]) -> bool:
    """Whether a path needs a folder where a file is, or is a folder's."""
    above = {name[:at] for at in _slashes(name)}
    return not above.isdisjoint(taken) or any(each.startswith(f"{name}/") for each in taken)


def fields(
    submission: Submission,
    given: Collection[str],
    ignore: Sequence[str],
    to_change: Mapping[str, bytes] = MappingProxyType({}),
) -> dict[str, Any]:
    """Give a job's fields for what was handed in with a notebook, and what is said of that.

    Parameters
    ----------
    submission : Submission
    given : collection of str
        The names of the assignment's own files.
    ignore : sequence of str
        Names and patterns of files and folders that count for nothing: ``CourseDirectory.ignore``.
    to_change : mapping of str to bytes
        The assignment's files that students may change: of one that is as it was given out,
        nothing is said.
    """
    beside = Beside({}, {}, [])
    if submission.file is not None:
        files = [file for file in submission.beside if not _ignored(file.name, ignore)]
        beside = read_beside(submission.file, files, given, to_change)
    return {**beside._asdict(), "notes": told(beside, to_change)}


def told(beside: Beside, to_change: Mapping[str, bytes]) -> list[str]:
    """Say what was handed in beside a notebook, and what became of it."""
    said = []
    known = [
        name
        for name, content in beside.helpers.items()
        if (name.lower().endswith(HELPERS) or prose(name, content))
        and to_change.get(name) != content
    ]
    if known:
        names = listed([repr(name) for name in known])
        said.append(f"handed in beside the notebook, and there when it was judged: {names}")
    if beside.others:
        names = listed([repr(name) for name in beside.others])
        said.append(f"handed in beside the notebook, and not shown here: {names}")
    return said


def _ignored(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatch(part, pattern) for part in name.split("/") for pattern in patterns)


def _relative(name: str, folder: str) -> str:
    """Give a path relative to the notebook's folder; of what lies elsewhere, the name alone."""
    parts = name.removeprefix(f"{folder}/").removeprefix(UP).split("/")
    if folder and not name.startswith(f"{folder}/"):
        parts = parts[-1:]
    unsafe = any(part in ("", ".", "..") or not part.isprintable() for part in parts)
    too_long = unsafe or len(name) > 200 or any(len(part.encode()) > 255 for part in parts)
    return "" if too_long else "/".join(parts)
