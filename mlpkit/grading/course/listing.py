"""The files in a folder that was handed in, and in archives in it: bounded, no link followed."""

import contextlib
import functools
import os
import posixpath
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlpkit.grading.course.archives import (
    LARGEST_UNPACKED,
    PACKED,
    ZIP,
    member,
    members,
    named_as_one,
    size_of,
)
from mlpkit.grading.course.reading import read_file
from mlpkit.grading.text.handed_in import LARGEST, Unreadable

MOST, DEEPEST = 2000, 50
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"  # nbgrader's exchange
# What systems put beside people's files.
JUNK = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini", TIMESTAMP, SECRET)
SYSTEMS = re.compile(rf"{'|'.join(JUNK)}|\._.*|\.DS_Store|\.git.*|\.\w+\.sw[op]|\.~.*")
# Where JupyterLab keeps what was saved before.
CHECKPOINTS = ".ipynb_checkpoints"
# Before the names of what lies in a student's folder, outside of the assignment's.
UP = "../"


@dataclass(frozen=True)
class Found:
    """A file that was handed in: in a folder, or in an archive that lies there.

    Attributes
    ----------
    name : str
        Its path below the folder, with "/"; an archive counts as a folder.
    path : Path
        The file, or the archive.
    members : tuple of str
        Through which members of archives it is reached.
    cut : bool
        An archive, of whose files not all were looked at.
    """

    name: str
    path: Path
    members: tuple[str, ...] = ()
    cut: bool = field(default=False, compare=False)

    def start(self, number: int) -> bytes:
        """Return the first bytes of the file or the archive; none of what can't be read."""
        with contextlib.suppress(OSError):
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                if stat.S_ISREG(os.fstat(descriptor).st_mode):
                    return os.read(descriptor, number)
            finally:
                os.close(descriptor)
        return b""

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
        if not self.members:
            return read_file(self.path, largest)
        content = _archive(self.path, os.stat(self.path, follow_symlinks=False).st_mtime_ns)
        for name in self.members[:-1]:
            content = _inner_archive(content, name)
        return member(content, self.members[-1], largest)


@functools.lru_cache(maxsize=1)  # its files are asked for one by one
def _archive(path: Path, changed: int) -> bytes:
    return read_file(path, LARGEST)


@functools.lru_cache(maxsize=1)
def _inner_archive(content: bytes, name: str) -> bytes:
    return member(content, name, LARGEST)


def listing(folder: Path, without: Sequence[str] = (), checkpoints: bool = False) -> list[Found]:
    """List what was handed in, nearest first; what systems add by themselves is left out.

    Parameters
    ----------
    folder : Path
    without : sequence of str
        Folders in it that aren't looked into, in any case.
    checkpoints : bool
        List what JupyterLab keeps of earlier saves, and nothing else.

    Raises
    ------
    Unreadable
        If the folder can't be read.
    """
    try:
        os.scandir(folder).close()
    except OSError as error:
        raise Unreadable(f"the folder handed in can't be read: {error.strerror}") from None
    found, unpacked = list[Found](), _Unpacked()
    others = {name.casefold() for name in without}
    for each in _walk(folder):
        if each.name.partition("/")[0].strip().casefold() in others:
            continue
        found += unpacked.with_files(each)
        if len(found) > MOST:
            break
    found = [each for each in found if checkpoints == (CHECKPOINTS in each.name.split("/"))][:MOST]
    return sorted(found, key=lambda each: (each.name.count("/"), each.name))


def _walk(folder: Path) -> Iterator[Found]:
    """Yield what is no folder, nearest first; no link is followed, reading one is refused."""
    level = [(folder, "")]
    for _ in range(DEEPEST):
        below = list[tuple[Path, str]]()
        for place, above in level:
            with contextlib.suppress(OSError), os.scandir(place) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if _is_junk(entry.name):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        below.append((Path(entry.path), f"{above}{entry.name}/"))
                    else:
                        yield Found(f"{above}{entry.name}", Path(entry.path))
        level = below


def _is_junk(name: str) -> bool:
    # A notebook's name can begin with a dot, but not as what systems and editors write does.
    hidden = name.startswith(".") and not re.fullmatch(r"\.[^\W_].*\.ipynb", name)
    return (hidden and name != CHECKPOINTS) or name in JUNK


def hidden_in(folder: Path) -> list[str]:
    """List what is left out of a folder as hidden, but for what is known to be a system's."""
    with contextlib.suppress(OSError):
        names = sorted(os.listdir(folder))
        return [each for each in names if _is_junk(each) and not SYSTEMS.fullmatch(each)]
    return []


class _Unpacked:
    """What is in the archives of one hand-in: not more than two full ones unpack to."""

    def __init__(self) -> None:
        self.left = 2 * LARGEST_UNPACKED

    def with_files(self, file: Found) -> list[Found]:
        """Give a file, and those in it where it is an archive; of an archive in it, its files."""
        named = named_as_one(file.base)
        # Some platforms rename them.
        begins = not file.members and file.start(8).startswith((ZIP, *PACKED))
        if len(file.members) > 1 or not (named or begins):
            return [file]
        found = self._files_in(file)
        # Documents of a word processor are zips too.
        others = not named and "." in file.base
        if others and not any(".ipynb" in e.base or named_as_one(e.base) for e in found):
            return [file]
        return found

    def _files_in(self, file: Found) -> list[Found]:
        if self.left <= 0:
            return [replace(file, cut=True)]
        found = list[Found]()
        with contextlib.suppress(Unreadable):
            content = file.read()
            size, cut = size_of(content)
            self.left -= size
            file = replace(file, cut=cut)
            for name in members(content, file.name):
                # Read from the archive and written nowhere: where it would lead to is no matter.
                parts = [part for part in name.split("/") if part not in ("", ".", "..")]
                if parts and not any(map(_is_junk, parts)):
                    inner = posixpath.join(file.name, *parts)
                    found += self.with_files(Found(inner, file.path, (*file.members, name)))
                if len(found) > MOST:
                    break
        return [file, *found]
