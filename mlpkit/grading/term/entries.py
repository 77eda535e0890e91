"""What a download holds: a folder's files or a zip's, nothing followed, everything bounded."""

import contextlib
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mlpkit.grading.course.archives import name_of
from mlpkit.grading.course.reading import read_file
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.handed_in import LARGEST, Unreadable

MOST, DEEPEST = 100_000, 10
# Of a name, which nobody's system could write: what is longer is read as if it ended here.
LONGEST = 1000


@dataclass(frozen=True)
class Entry:
    """A file of a download.

    Attributes
    ----------
    name : str
        Its path there.
    read : callable
        Reads it, or raises Unreadable.
    owner : str
        To whom the folder that it lies in belongs on this machine, or "".
    """

    name: str
    read: Callable[[], bytes]
    owner: str = ""


@contextlib.contextmanager
def opened(source: Path) -> Iterator[Iterator[Entry]]:
    """Open a download: a folder, or a zip of any size, which is read from where it lies.

    Raises
    ------
    CourseError
        If it is neither.
    """
    if source.is_dir():
        yield _in_folder(source, "", 0)
        return
    try:
        with zipfile.ZipFile(source) as archive:
            yield in_zip(archive, "")
    except (zipfile.BadZipFile, OSError) as error:
        reason = getattr(error, "strerror", None) or "it is no zip, or was cut off on the way"
        raise CourseError(
            f"{source} can't be read: {reason}.\nName the platform's zip, or a folder."
        ) from error


def in_zip(archive: zipfile.ZipFile, above: str) -> Iterator[Entry]:
    """Yield an open zip's files; links are refused when they are read."""
    for member in archive.infolist():
        if member.is_dir():
            continue
        yield Entry((above + name_of(member))[:LONGEST], _reader(archive, member))


def _reader(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Callable[[], bytes]:
    def read() -> bytes:
        if stat.S_ISLNK(member.external_attr >> 16):
            raise Unreadable("it is a link to another file")
        try:
            with archive.open(member) as file:
                content = file.read(LARGEST + 1)
        except Exception as error:  # zlib, lzma and bz2 have errors of their own
            raise Unreadable(f"it can't be unpacked: {error}") from None
        if len(content) > LARGEST:
            raise Unreadable(f"it has more than {LARGEST // 1024**2} MB")
        return content

    return read


def zip_inside(content: bytes, above: str) -> Iterator[Entry]:
    """Yield the files of a zip that lay in another.

    Raises
    ------
    Unreadable
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise Unreadable(f"it is no zip that can be read: {error}") from None
    if (count := len(archive.infolist())) > MOST:
        raise Unreadable(f"it has {count:,} files, more than {MOST:,}")
    return in_zip(archive, above)


def _in_folder(folder: Path, above: str, depth: int, owner: str = "") -> Iterator[Entry]:
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for each in sorted(found, key=lambda each: each.name):
            if each.is_dir(follow_symlinks=False):
                if depth < DEEPEST:
                    whose = owner if depth else owner_of(each.path)
                    yield from _in_folder(Path(each.path), f"{above}{each.name}/", depth + 1, whose)
            else:
                yield Entry(above + each.name, _file_reader(each.path), owner)


def owner_of(path: str) -> str:
    """Return the user to whom a folder belongs; "" where systems have no such names."""
    try:
        return Path(path).owner()
    except (KeyError, OSError, NotImplementedError):
        return ""


def _file_reader(path: str) -> Callable[[], bytes]:
    return lambda: read_file(path, LARGEST)
