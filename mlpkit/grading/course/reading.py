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
        return _content(descriptor, largest)


def read_file(path: str | os.PathLike[str], largest: int) -> bytes:
    """Return a file's bytes as `read_below` does, whatever its folder is."""
    return read_below(Path(path).parent, path, largest)


def _content(descriptor: int, largest: int) -> bytes:
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


@contextlib.contextmanager
def _opened(root: Path, path: Path) -> Iterator[int]:
    """Open from folder to folder, none of them a link."""
    parts = path.relative_to(root).parts
    descriptor = _open(str(root), os.O_RDONLY | os.O_DIRECTORY, None)
    try:
        for number, part in enumerate(parts, 1):
            folder = os.O_DIRECTORY if number < len(parts) else 0
            how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | folder
            below = _open(part, how, descriptor)
            os.close(descriptor)
            descriptor = below
        yield descriptor
    finally:
        os.close(descriptor)


def _open(name: str, how: int, folder: int | None) -> int:
    try:
        return os.open(name, how, dir_fd=folder)
    except OSError as error:
        why = str(error.strerror)
        with contextlib.suppress(OSError):
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                why = f"{name} is a link to another place"
            elif stat.S_ISSOCK(mode):  # which nobody can open
                why = "it is no regular file"
        raise Unreadable(f"the notebook can't be read: {why}") from error
