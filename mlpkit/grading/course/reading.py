"""The one reader of what was handed in: it follows no link, waits for no pipe, and takes no file
that has another name elsewhere, which could be another student's work or the instructor's.
"""

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from mlpkit.grading.text.handed_in import Unreadable, too_large

WHAT = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFDIR: "a folder",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def read_below(root: str | os.PathLike[str], path: str | os.PathLike[str], largest: int) -> bytes:
    """Return the bytes of a file below a folder.

    Parameters
    ----------
    root : path
        The folder of all hand-ins, which may itself be a link of the instructor's.
    path : path
        The file's, below it.
    largest : int
        Bytes.

    Raises
    ------
    Unreadable
        With the reason: it is not there, too large, no regular file, or a link is in the way.
    """
    with _opened(Path(root), Path(path)) as descriptor:
        return content_of(descriptor, largest)


def content_of(descriptor: int, largest: int) -> bytes:
    """Return an open file's bytes; raises as `read_below` does, which says why."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        what = WHAT.get(stat.S_IFMT(status.st_mode), "of another kind")
        raise Unreadable(f"the notebook handed in is no regular file: it is {what}")
    if status.st_nlink > 1:
        raise Unreadable(
            "the notebook's file has another name elsewhere (a hard link) and may be somebody "
            "else's; a copy of it would be read"
        )
    if status.st_size > largest:
        raise Unreadable(too_large(status.st_size))
    with open(descriptor, "rb", closefd=False) as file:
        return file.read(largest)


def barrier(root: str | os.PathLike[str], folder: str | os.PathLike[str]) -> str | None:
    """Say why a folder below the hand-ins can't be looked into, or None."""
    try:
        with _opened(Path(root), Path(folder), os.O_DIRECTORY):
            return None
    except Unreadable as error:
        return str(error).replace("the notebook can't", "the folder handed in can't", 1)


def odd_file(root: str | os.PathLike[str], folder: str | os.PathLike[str]) -> str | None:
    """Say why a hand-in's folder must not be copied as it is, or None.

    nbgrader reads and copies whatever lies in it: through a link also the solutions, into what is
    given back.
    """
    if problem := barrier(root, folder):
        return problem
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = os.path.join(place, name)
            status = os.lstat(path)
            if stat.S_ISLNK(status.st_mode):
                return f"{name} is a link to another place"
            if name in files and not stat.S_ISREG(status.st_mode):
                return f"{name} is {WHAT.get(stat.S_IFMT(status.st_mode), 'no regular file')}"
            if name in files and status.st_nlink > 1:
                return f"{name} has another name elsewhere (a hard link)"
    return None


@contextlib.contextmanager
def _opened(root: Path, path: Path, flags: int = 0) -> Iterator[int]:
    """Open from folder to folder, none of them a link."""
    parts = path.relative_to(root).parts
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for number, part in enumerate(parts, 1):
            last = number == len(parts)
            how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | (flags if last else os.O_DIRECTORY)
            below = _open(part, how, descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def _open(name: str, how: int, folder: int) -> int:
    try:
        return os.open(name, how, dir_fd=folder)
    except OSError as error:
        with contextlib.suppress(OSError):
            if stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
                reason = f"{name} is a link to another place"
                raise Unreadable(f"the notebook can't be read: {reason}") from error
        raise Unreadable(f"the notebook can't be read: {error.strerror}") from error
