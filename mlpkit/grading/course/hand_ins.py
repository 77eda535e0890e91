"""What a student handed in, found and read: under whatever name and in whatever folder it lies."""

import json
import os
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlpkit.grading.course.listing import MOST, Found, listing
from mlpkit.grading.text.handed_in import LARGEST, Unreadable
from mlpkit.grading.text.notes import listed

GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"((?:[^"\\]|\\.){1,200})"')
DEFINED = re.compile(rb"\bdef (\w{1,100})\(")
# What browsers, mail programs and people add to a name.
ADDED = re.compile(r"^copy of |[ _-]*\(\d+\)| copy( \d+)?|[-_ ]?(final|solution|\d+)$|\s+")
ENDINGS = (".ipynb", ".json", ".txt", "")


@dataclass(frozen=True)
class Submission:
    """One notebook that one student handed in, or should have.

    Attributes
    ----------
    student, notebook : str
        Whose, and the notebook's name in the source, without ".ipynb".
    file : Found or None
        The file; None if there is none.
    problem : str or None
        Why there is nothing to run.
    notes : tuple of str
        What was assumed to find it, a sentence each.
    beside : tuple of Found
        What was handed in with it.
    """

    student: str
    notebook: str
    file: Found | None
    problem: str | None = None
    notes: tuple[str, ...] = ()
    beside: tuple[Found, ...] = ()


def one_form(name: str) -> str:
    """Give a name in one form: composed, as systems write it in two, and without outer spaces."""
    return unicodedata.normalize("NFC", name).strip()


def same(one: str, other: str) -> bool:
    """Whether two names differ only in case, form and outer spaces."""
    return one_form(one).casefold() == one_form(other).casefold()


def find(
    student: str,
    folder: Path,
    sources: Mapping[str, tuple[bytes, bytes]],
    notes: Sequence[str] = (),
    without: Sequence[str] = (),
) -> list[Submission]:
    """Find an assignment's notebooks in the folder that was handed in.

    Parameters
    ----------
    student : str
    folder : Path
    sources : dict of str to tuple of (bytes, bytes)
        Each notebook's bytes and those of its release, by name.
    notes : sequence of str
        What was assumed to find the folder.
    without : sequence of str
        Folders in it that belong to other assignments.

    Returns
    -------
    list of Submission
        One for each notebook, found or not.
    """
    if folder.is_symlink():
        # It could lead to another student's work.
        problem = "the folder handed in is a link to another"
        return [Submission(student, name, None, problem) for name in sources]
    try:
        there = listing(folder, without)
    except Unreadable as error:
        return [Submission(student, name, None, str(error)) for name in sources]
    found = []
    for name, (_, released) in sources.items():
        others = {f"{other}.ipynb" for other in sources if other != name}
        each = _find_one(student, name, folder, there, released, others)
        found.append(replace(each, notes=(*notes, *each.notes)))
    return found


def _find_one(
    student: str,
    name: str,
    folder: Path,
    there: list[Found],
    released: bytes,
    of_others: Collection[str],
) -> Submission:
    alone = not of_others
    exact = Found(f"{name}.ipynb", folder / f"{name}.ipynb")
    rest = [each for each in there if each.name not in of_others]
    meant = [each for each in rest if _could_be(each, name, released, alone)]
    if os.path.lexists(exact.path) and (exact not in there or meant == [exact]):
        others = [each for each in meant if each != exact]
        if exact in there or not others:
            return Submission(student, name, exact, beside=_beside(exact, there))
    if not meant:
        return Submission(student, name, None, _nothing(name, there))
    taken = min(meant, key=lambda each: _rank(each, name, released))
    notes = []
    if taken.name != exact.name:
        notes.append(f"the notebook was handed in as {taken.name!r}")
    sure = taken.name == exact.name
    others = [each for each in meant if each != taken]
    others = [e for e in others if not sure or belongs(e, name, released)]
    if others:
        names = listed([repr(each.name) for each in others])
        notes.append(f"{taken.name!r} was taken; {names} may be meant too")
    if len(there) >= MOST:
        notes.append(f"more than {MOST:,} files were handed in; the first were looked at")
    return Submission(student, name, taken, None, tuple(notes), _beside(taken, there))


def _nothing(name: str, there: Sequence[Found]) -> str:
    if not there:
        return "no notebook was handed in"
    return f"{name}.ipynb was not handed in, but {listed([repr(each.name) for each in there])}"


def _beside(taken: Found, there: Sequence[Found]) -> tuple[Found, ...]:
    return tuple(each for each in there if each != taken and not is_notebook(each))


def is_notebook(file: Found) -> bool:
    """Whether a file's name, or for other names its content, is a notebook's."""
    name = file.base.lower()
    if name.endswith(".ipynb"):
        return True
    if not (".ipynb" in name or name.endswith((".json", ".txt")) or "." not in name):
        return False
    try:
        return looks_like_one(file.read())
    except Unreadable:
        return False


def looks_like_one(content: bytes) -> bool:
    """Whether bytes are a notebook's JSON."""
    if not content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"{"):
        return False
    return b'"cells"' in content.replace(b"\0", b"") or b'"worksheets"' in content


def _could_be(file: Found, name: str, released: bytes, alone: bool) -> bool:
    """Whether a file can be the notebook of this name; where it is the only one, any can."""
    return (alone and is_notebook(file)) or belongs(file, name, released)


def belongs(file: Found, name: str, released: bytes) -> bool:
    """Whether a file is a notebook that by its name or its cells can only be this one."""
    if not is_notebook(file):
        return False
    return plain_name(file) == name.casefold() or bool(_ids(file) & grade_ids(released))


def plain_name(file: Found) -> str:
    """Give a notebook's name without endings, and without what is added when files are copied."""
    name = one_form(file.base).casefold()
    while True:
        stem, ending = os.path.splitext(name)
        if not ending or ending not in ENDINGS:
            break
        name = stem
    return ADDED.sub("", name) or name


def _rank(file: Found, name: str, released: bytes) -> tuple[bool | int | str, ...]:
    """Say how much speaks against a file, what weighs most first."""
    try:
        content = file.read()
    except Unreadable:
        return True, True, True, True, 0, file.name
    return (
        not looks_like_one(content),
        grade_ids(content).isdisjoint(grade_ids(released)),
        _sources(content) == _sources(released),
        plain_name(file) != name.casefold(),
        # The name that was asked for, and what lies nearest.
        10 * file.name.count("/") + (file.name != f"{name}.ipynb"),
        file.name,
    )


def grade_ids(content: bytes) -> frozenset[bytes]:
    """Give the names that nbgrader knows a notebook's cells by."""
    return frozenset(GRADE_ID.findall(content))


def marks(content: bytes) -> frozenset[bytes]:
    """Give a notebook's `grade_ids`, or where it has lost them the functions that it defines."""
    return grade_ids(content) or frozenset(DEFINED.findall(content))


def _ids(file: Found) -> frozenset[bytes]:
    try:
        return grade_ids(file.read())
    except Unreadable:
        return frozenset()


def _sources(content: bytes) -> list[str] | None:
    """Give the texts of a notebook's cells, to see whether anything was written into it."""
    try:
        cells = json.loads(content)["cells"]
        return ["".join(cell["source"]).strip() for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def read(submission: Submission) -> bytes:
    """Return the bytes of what was handed in.

    Raises
    ------
    Unreadable
        With the reason, if nothing was handed in or it can't be read.
    """
    if submission.problem or submission.file is None:
        raise Unreadable(submission.problem or "no notebook was handed in")
    return submission.file.read(LARGEST)
