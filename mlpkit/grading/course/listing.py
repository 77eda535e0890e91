"""The files in a folder that was handed in, and in the zips in it: bounded, no link followed."""

import contextlib
import io
import os
import posixpath
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlpkit.grading.course.reading import read_file
from mlpkit.grading.text.handed_in import LARGEST, Unreadable, too_large

MOST, DEEPEST = 2000, 8
# What systems put beside people's files.
JUNK = (
    *("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini"),
    *("timestamp.txt", "submission_secret.txt"),  # nbgrader's exchange
)
ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Found:
    """A file that was handed in: in a folder, or in a zip that lies there.

    Attributes
    ----------
    name : str
        Its path below the folder, with "/"; a zip counts as a folder.
    path : Path
        The file, or the zip.
    members : tuple of str
        Through which members of zips it is reached.
    """

    name: str
    path: Path
    members: tuple[str, ...] = ()

    @property
    def base(self) -> str:
        """Its name without folders."""
        return posixpath.basename(self.name)

    def read(self, largest: int = LARGEST) -> bytes:
        """Return its bytes.

        Raises
        ------
        Unreadable
        """
        content = read_file(self.path, largest if not self.members else LARGEST)
        for number, member in enumerate(self.members, 1):
            content = _member(content, member, largest if number == len(self.members) else LARGEST)
        return content


def listing(folder: Path, without: Sequence[str] = ()) -> list[Found]:
    """List what was handed in, nearest first; what systems add by themselves is left out.

    Parameters
    ----------
    folder : Path
    without : sequence of str
        Folders in it that aren't looked into, in any case.

    Returns
    -------
    list of Found

    Raises
    ------
    Unreadable
        If the folder can't be read.
    """
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise Unreadable(f"the folder handed in can't be read: {error.strerror}") from None
    found: list[Found] = []
    others = {name.casefold() for name in without}
    for each in _walk(folder, "", 0):
        if each.name.partition("/")[0].strip().casefold() in others:
            continue
        found.append(each)
        with contextlib.suppress(Unreadable):
            found += _in_zip(each)
        if len(found) > MOST:
            break
    found = found[:MOST]
    return sorted(found, key=lambda each: (each.name.count("/"), each.name))


def _walk(folder: Path, above: str, depth: int) -> Iterator[Found]:
    """Yield what is no folder; no link is followed, reading one is refused."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.startswith(".") or entry.name in JUNK:
                continue
            if entry.is_dir(follow_symlinks=False) and depth < DEEPEST:
                yield from _walk(Path(entry.path), f"{above}{entry.name}/", depth + 1)
            elif not entry.is_dir(follow_symlinks=False):
                yield Found(f"{above}{entry.name}", Path(entry.path))


def _in_zip(archive: Found) -> list[Found]:
    """List a zip's files; of a zip in it, its files too."""
    named = archive.base.lower().endswith(".zip")
    if len(archive.members) > 1 or not (named or (not archive.members and _starts_as_zip(archive))):
        return []
    content = archive.read()
    found = []
    with _opened(content) as opened:
        for member in opened.infolist()[:MOST]:
            # Read from the zip and written nowhere: where it would lead to is no matter.
            parts = [part for part in member.filename.split("/") if part not in ("", ".", "..")]
            junk = any(part.startswith(".") or part in JUNK for part in parts)
            link = stat.S_ISLNK(member.external_attr >> 16)
            if member.is_dir() or junk or link:
                continue
            name = posixpath.join(archive.name, *parts)
            inner = Found(name, archive.path, (*archive.members, member.filename))
            found.append(inner)
            with contextlib.suppress(Unreadable):
                found += _in_zip(inner)
    return found


def _starts_as_zip(file: Found) -> bool:
    """Whether a file is a zip by its first bytes; some platforms rename them."""
    with contextlib.suppress(OSError):
        descriptor = os.open(file.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
            return regular and os.read(descriptor, len(ZIP)) == ZIP
        finally:
            os.close(descriptor)
    return False


@contextlib.contextmanager
def _opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            yield opened
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise Unreadable(f"the zip handed in can't be read: {error}") from None
    except Exception as error:  # zlib, lzma and bz2 have errors of their own
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("the zip handed in can't be read: it is damaged") from None


def _member(content: bytes, name: str, largest: int) -> bytes:
    """Unpack one file; not more than is read, whatever the zip says of its size."""
    with _opened(content) as opened, opened.open(name) as file:
        unpacked = file.read(largest + 1)
    if len(unpacked) > largest:
        raise Unreadable(too_large(len(unpacked)))
    return unpacked
