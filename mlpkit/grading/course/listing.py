"""The files in a folder that was handed in, and in archives in it: bounded, no link followed."""

import contextlib
import os
import posixpath
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlpkit.grading.course.archives import ZIP, member, members, named_as_one
from mlpkit.grading.course.reading import read_file
from mlpkit.grading.text.handed_in import LARGEST, Unreadable

MOST, DEEPEST = 2000, 8
TIMESTAMP, SECRET = "timestamp.txt", "submission_secret.txt"  # nbgrader's exchange
# What systems put beside people's files.
JUNK = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini", TIMESTAMP, SECRET)
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
        for number, name in enumerate(self.members, 1):
            content = member(content, name, largest if number == len(self.members) else LARGEST)
        return content


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
    found: list[Found] = []
    others = {name.casefold() for name in without}
    for each in _walk(folder, "", 0):
        if each.name.partition("/")[0].strip().casefold() in others:
            continue
        found.append(each)
        with contextlib.suppress(Unreadable):
            found += _in_archive(each)
        if len(found) > MOST:
            break
    found = [each for each in found if checkpoints == (CHECKPOINTS in each.name.split("/"))][:MOST]
    return sorted(found, key=lambda each: (each.name.count("/"), each.name))


def _walk(folder: Path, above: str, depth: int) -> Iterator[Found]:
    """Yield what is no folder; no link is followed, reading one is refused."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if _is_junk(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False) and depth < DEEPEST:
                yield from _walk(Path(entry.path), f"{above}{entry.name}/", depth + 1)
            elif not entry.is_dir(follow_symlinks=False):
                yield Found(f"{above}{entry.name}", Path(entry.path))


def _is_junk(name: str) -> bool:
    return (name.startswith(".") and name != CHECKPOINTS) or name in JUNK


def _in_archive(archive: Found) -> list[Found]:
    """List an archive's files; of an archive in it, its files too."""
    named = named_as_one(archive.base)
    if len(archive.members) > 1 or not (named or (not archive.members and _starts_as_zip(archive))):
        return []
    found = []
    for name in members(archive.read(), archive.name):
        # Read from the archive and written nowhere: where it would lead to is no matter.
        parts = [part for part in name.split("/") if part not in ("", ".", "..")]
        if not parts or any(map(_is_junk, parts)):
            continue
        inner = Found(posixpath.join(archive.name, *parts), archive.path, (*archive.members, name))
        found.append(inner)
        with contextlib.suppress(Unreadable):
            found += _in_archive(inner)
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
