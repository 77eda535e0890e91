"""What a student handed in, found and read: no link is followed, no pipe waited for."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from mlpkit.grading.text.handed_in import LARGEST, Unreadable, too_large


@dataclass(frozen=True)
class Submission:
    """One notebook that one student handed in, or should have.

    Attributes
    ----------
    student, notebook : str
        Whose, and the notebook's name in the source, without ".ipynb".
    path : Path or None
        The file; None if there is none.
    problem : str or None
        Why there is nothing to run.
    notes : tuple of str
        What was assumed to find it, a sentence each.
    """

    student: str
    notebook: str
    path: Path | None
    problem: str | None = None
    notes: tuple[str, ...] = ()


def find(student: str, name: str, folder: Path, names: Sequence[str]) -> Submission:
    """Find the notebook of this name, or the only one, among what was handed in."""
    if folder.is_symlink():
        # It could lead to another student's work.
        return Submission(student, name, None, "the folder handed in is a link to another")
    path = folder / f"{name}.ipynb"
    if os.path.lexists(path):
        return Submission(student, name, path)
    try:
        others = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".ipynb")
    except OSError as error:
        problem = f"the folder handed in can't be read: {error.strerror}"
        return Submission(student, name, None, problem)
    if len(others) == 1 and len(names) == 1:
        note = f"the notebook was handed in as {others[0].name!r}"
        return Submission(student, name, others[0], notes=(note,))
    problem = "no notebook was handed in"
    if others:
        found = ", ".join(repr(path.name) for path in others[:5])
        problem = f"{name}.ipynb was not handed in, but {found}"
    return Submission(student, name, None, problem)


def read(submission: Submission) -> bytes:
    """Return the bytes of what was handed in: no link is followed, no pipe waited for.

    Raises
    ------
    Unreadable
        With the reason, if nothing was handed in or it can't be read.
    """
    if submission.problem or submission.path is None:
        raise Unreadable(submission.problem or "no notebook was handed in")
    return read_file(submission.path, LARGEST)


def read_file(path: str | os.PathLike[str], largest: int) -> bytes:
    """Return a file's bytes; see `read`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable("the notebook handed in is no regular file")
            if status.st_size > largest:
                raise Unreadable(too_large(status.st_size))
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(largest)
        finally:
            os.close(descriptor)
    except OSError as error:
        link = os.path.islink(path)
        reason = "it is a link to another file" if link else error.strerror
        raise Unreadable(f"the notebook can't be read: {reason}") from error
