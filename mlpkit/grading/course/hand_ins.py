"""What a student handed in, found and read: under whatever name and in whatever folder it lies."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlpkit.grading.course.contents import (
    ALL,
    Ids,
    content_of,
    grade_ids,
    ids_of,
    is_notebook,
    looks_like_one,
    own_ids,
    untouched,
)
from mlpkit.grading.course.listing import MOST, UP, Found, hidden_in, listing
from mlpkit.grading.course.naming import one_form
from mlpkit.grading.text.handed_in import LARGEST, Unreadable
from mlpkit.grading.text.notes import listed

# What browsers, mail programs and people add to a name.
ADDED = re.compile(
    r"^copy of |[ _-]*\(\d+\)| copy( \d+)?|[-_ ]?(final|solution)$|[-_ ]+\d+$|-checkpoint$|\s+"
)
NUMBER = re.compile(r"[0-9]{1,18}")
RUN = re.compile(rb"%run\s(?:-\w+\s)*['\\\"]*([^'\\\"\n]{1,200}\.ipynb)")
# A name that is worked out, or a call of the magic: it may be any that lies there.
RUN_ANY = re.compile(rb"%run\s(?:[^\n\\]|\\[^n]){0,200}?[${]|\bmagic\(|run_line_magic\(")
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


@dataclass(frozen=True)
class Place:
    """Where what a student handed in lies.

    Attributes
    ----------
    folder : Path
    notes : tuple of str
        What was assumed to find it.
    without : tuple of str
        Folders in it that belong to other assignments.
    around : Path or None
        The student's own folder, where that is another: what lies in it is looked at too.
    assignments : tuple of str
        All of the course's, whose folders there are no part of it.
    """

    folder: Path
    notes: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    around: Path | None = None
    assignments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """A notebook that is looked for: its name, its release, the cells that it alone has.

    `alone` says that the assignment has no other notebook.
    """

    name: str
    released: bytes
    ids: Ids
    alone: bool


def find(
    student: str,
    sources: Mapping[str, tuple[bytes, bytes]],
    place: Place,
    common: Ids = frozenset(),
) -> list[Submission]:
    """Find an assignment's notebooks in the folder that was handed in.

    Parameters
    ----------
    student : str
    sources : dict of str to tuple of (bytes, bytes)
        Each notebook's bytes and those of its release, by name.
    place : Place
        The folder.
    common : frozenset of bytes
        Names of cells that other assignments have too, and that say nothing.

    Returns
    -------
    list of Submission
        One for each notebook, found or not.
    """
    if place.folder.is_symlink():
        # It could lead to another student's work.
        problem = "the folder handed in is a link to another"
        return [Submission(student, name, None, problem) for name in sources]
    try:
        there = [*listing(place.folder, place.without), *_around(place)]
        saved = listing(place.folder, place.without, checkpoints=True)
    except Unreadable as error:
        return [Submission(student, name, None, str(error)) for name in sources]
    found = []
    for name, (_, released) in sources.items():
        others = {f"{other}.ipynb" for other in sources if other != name}
        wanted = Wanted(name, released, own_ids(released, common), alone=not others)
        left = [each for each in there if each.name not in others]
        each = _find_one(student, wanted, place.folder, left, saved)
        found.append(replace(each, notes=(*place.notes, *each.notes)))
    return found


def _around(place: Place) -> list[Found]:
    """List what lies in a student's folder beside those of assignments."""
    if place.around is None:
        return []
    return [
        replace(each, name=f"{UP}{each.name}") for each in listing(place.around, place.assignments)
    ]


def _find_one(
    student: str, wanted: Wanted, folder: Path, there: list[Found], saved: list[Found]
) -> Submission:
    exact = Found(f"{wanted.name}.ipynb", folder / f"{wanted.name}.ipynb")
    # A link, a pipe and the like, of which reading it says what it is.
    unlisted = os.path.lexists(exact.path) and exact not in there
    if unlisted and (exact.path.is_symlink() or not exact.path.is_dir()):
        return Submission(student, wanted.name, exact, beside=_beside(exact, there))
    meant = [each for each in there if _could_be(each, wanted)]
    if not any(_is_worked(each, wanted) for each in meant):
        meant += [e for e in saved if belongs(e, wanted.name, wanted.ids) and _is_worked(e, wanted)]
    if not meant and unlisted:
        return Submission(student, wanted.name, exact)
    notes = []
    if cut := [repr(each.name) for each in there if each.cut]:
        notes.append(f"too many or too large files are in {listed(cut)}; the first were looked at")
    if not meant:
        problem = _nothing(wanted.name, folder, there)
        return Submission(student, wanted.name, None, problem, tuple(notes))
    taken = min(meant, key=lambda each: _rank(each, wanted))
    if taken != exact:
        notes.append(f"the notebook was handed in as {taken.name!r}")
    if others := _others(taken, meant, wanted):
        names = listed([repr(each.name) for each in others])
        notes.append(f"{taken.name!r} was taken; {names} may be meant too")
    if len(there) >= MOST and taken != exact:
        notes.append(f"more than {MOST:,} files were handed in; the first were looked at")
    return Submission(student, wanted.name, taken, None, tuple(notes), _beside(taken, there))


def _others(taken: Found, meant: Sequence[Found], wanted: Wanted) -> list[Found]:
    """Give what else could be the notebook: where its name and cells are right, only such."""
    sure = plain_name(taken) == wanted.name.casefold()
    sure = sure and (taken.name == f"{wanted.name}.ipynb" or bool(ids_of(taken) & wanted.ids))
    # An archive that it lies in is no other.
    left = [e for e in meant if e != taken and not taken.name.startswith(f"{e.name}/")]
    return [e for e in left if not sure or belongs(e, wanted.name, wanted.ids)]


def _nothing(name: str, folder: Path, there: Sequence[Found]) -> str:
    names = [repr(each.name) for each in there]
    names = names or [f"{each!r}, hidden" for each in hidden_in(folder)]
    if not names:
        return "no notebook was handed in"
    more = f"; of more than {MOST:,} files the first were looked at" if len(there) >= MOST else ""
    return f"{name}.ipynb was not handed in, but {listed(names)}{more}"


def _beside(taken: Found, there: Sequence[Found]) -> tuple[Found, ...]:
    """Give what lies with a notebook; of other notebooks those that it runs, or may run."""
    content = content_of(taken)
    run = {os.path.basename(name) for name in RUN.findall(content)}
    others = (each for each in there if each != taken)
    if RUN_ANY.search(content):
        return tuple(others)
    return tuple(e for e in others if e.base.encode() in run or not is_notebook(e))


def _could_be(file: Found, wanted: Wanted) -> bool:
    """Whether a file can be the notebook; where it is the only one, any in its folder can."""
    near = wanted.alone and not file.name.startswith(UP)
    return (near and is_notebook(file)) or belongs(file, wanted.name, wanted.ids)


def belongs(file: Found, name: str, ids: Ids) -> bool:
    """Whether a file is a notebook that by its name or its cells can only be this one.

    Parameters
    ----------
    file : Found
    name : str
    ids : frozenset of bytes
        The names of the cells that only this one's assignment has.
    """
    if not is_notebook(file):
        return False
    return plain_name(file) == name.casefold() or bool(ids_of(file) & ids)


def plain_name(file: Found) -> str:
    """Give a notebook's name without endings, and without what is added when files are copied."""
    name = one_form(file.base).casefold()
    while True:
        stem, ending = os.path.splitext(name)
        if not ending or ending not in ENDINGS:
            break
        name = stem
    while (shorter := ADDED.sub("", name)) not in ("", name):
        name = shorter
    return name


def _rank(file: Found, wanted: Wanted) -> tuple[bool | int | str | list[int], ...]:
    """Say how much speaks against a file, what weighs most first."""
    try:
        content = file.read()
    except Unreadable:
        return True, True, True, True, 0, 0, [], file.name
    as_released = untouched(content, wanted.released)
    return (
        not looks_like_one(content),
        grade_ids(content).isdisjoint(wanted.ids),
        as_released is ALL,
        plain_name(file) != wanted.name.casefold(),
        # The name that was asked for, and what lies nearest.
        10 * file.name.count("/") + (file.name != f"{wanted.name}.ipynb"),
        as_released,
        # Of numbered versions the last.
        [-int(number) for number in NUMBER.findall(file.name)],
        file.name,
    )


def _is_worked(file: Found, wanted: Wanted) -> bool:
    """Whether a file is a notebook into which anything was written."""
    content = content_of(file)
    return looks_like_one(content) and untouched(content, wanted.released) is not ALL


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
