"""The files in a folder that was handed in, and in archives in it: bounded, no link followed."""

import contextlib
import os
import posixpath
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlpkit.grading.course.archives import PACKED, ZIP, member, members, named_as_one
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
    """

    name: str
    path: Path
    members: tuple[str, ...] = ()

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
    for each in _walk(folder):
        if each.name.partition("/")[0].strip().casefold() in others:
            continue
        found.append(each)
        with contextlib.suppress(Unreadable):
            found += _in_archive(each)
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
    hidden = name.startswith(".") and not re.fullmatch(r"\.[^_~].*\.ipynb", name)
    return (hidden and name != CHECKPOINTS) or name in JUNK


def hidden_in(folder: Path) -> list[str]:
    """List what is left out of a folder as hidden, but for what is known to be a system's."""
    with contextlib.suppress(OSError):
        names = sorted(os.listdir(folder))
        return [each for each in names if _is_junk(each) and not SYSTEMS.fullmatch(each)]
    return []


def _in_archive(archive: Found) -> list[Found]:
    """List an archive's files; of an archive in it, its files too."""
    named = named_as_one(archive.base)
    # Some platforms rename them.
    begins = not archive.members and archive.start(8).startswith((ZIP, *PACKED))
    if len(archive.members) > 1 or not (named or begins):
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
