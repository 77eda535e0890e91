"""`mlpkit archive`: a whole term in one file; what is in there can be cleared for the next."""

import hashlib
import json
import os
import sqlite3
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from fnmatch import fnmatch
from pathlib import Path

from mlpkit.grading.course.database import copy_database, file_of
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.naming import names_a_folder
from mlpkit.grading.job import CourseError
from mlpkit.grading.term.archived import GRADEBOOK, LIST, PIECE, check, extract, manifest
from mlpkit.grading.term.merge import BEFORE

PLACE = "archives"
# A term's own, which the next doesn't have; nbgrader's folders may have other names.
STEPS = ("submitted", "autograded", "feedback")
TERM = ("reports", "replaced", ".mlpkit")
LISTS = ("students.csv", "extensions.csv", "withdrawn.csv", BEFORE)
COPIES = "gradebook.db.*"  # as they were before cells went, or when they were damaged
# What stays for the next term, kept as it was in this one.
COURSE = ("source", "release")
CONFIG = "nbgrader_config.py"
Left = list[tuple[str, str]]


def make(course: Course, name: str) -> list[str]:
    """Pack a term into ``archives/NAME.zip`` and read it back; nothing is taken away.

    Returns
    -------
    list of str
        What was packed, and a line for each thing that can't be.

    Raises
    ------
    CourseError
        If there is no gradebook, or an archive of this name, or it doesn't read back.
    """
    target = place_of(course, name)
    if target.exists():
        raise CourseError(f"{target} is there already.\nTake another name: nothing was changed.")
    gradebook = _gradebook(course)
    target.parent.mkdir(exist_ok=True)
    beside = target.with_name(f".{target.name}.new")
    try:
        left = _pack(course, gradebook, beside)
        check(beside)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
    number, size = len(manifest(target)), target.stat().st_size / 1024**2
    return [
        *(f"Not packed: {path}: {why}." for path, why in left),
        f"{PLACE}/{target.name}: {number} files, {size:.1f} MB, each read back as it was.",
        f"To begin the next term: mlpkit archive clear {name}",
    ]


def _term(course: Course) -> tuple[str, ...]:
    return (*map(course.name_of, STEPS), *TERM)


def place_of(course: Course, name: str) -> Path:
    """Return an archive's file by its name, or by its path."""
    if name.endswith(".zip"):
        return Path(name)
    if not names_a_folder(name):
        raise CourseError(f"{name!a} can't name an archive.\nSay such as 2026-autumn.")
    return course.root / PLACE / f"{name}.zip"


def _gradebook(course: Course) -> Path:
    gradebook = file_of(course.directory.db_url)
    if gradebook is None or not gradebook.is_file():
        raise CourseError("There is no gradebook, so no term.\nNothing was changed.")
    return gradebook


def _pack(course: Course, gradebook: Path, target: Path) -> Left:
    """Write the archive; return what can't go in, and why."""
    digests, left = dict[str, str](), Left()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in _files(
            course, (*_term(course), *map(course.name_of, COURSE), CONFIG, *LISTS), left
        ):
            digests[name] = _add(archive, path, name)
        with tempfile.TemporaryDirectory() as folder:
            whole = Path(folder, GRADEBOOK)
            copy_database(gradebook, whole)
            digests[GRADEBOOK] = _add(archive, whole, GRADEBOOK)
        archive.writestr(LIST, json.dumps(digests, indent=1, ensure_ascii=False))
    return left


def _files(course: Course, tops: tuple[str, ...], left: Left) -> Iterator[tuple[Path, str]]:
    """Yield the files below some places; links and the like are left."""
    copies = [path.name for path in sorted(course.root.glob(COPIES)) if path.is_file()]
    for top in (*tops, *copies):
        place = course.root / top
        if place.is_file():
            yield place, top
        for folder, below, names in os.walk(place):
            links = [each for each in below if Path(folder, each).is_symlink()]
            for each in sorted([*names, *links]):
                path = Path(folder, each)
                name = path.relative_to(course.root).as_posix()
                if not stat.S_ISREG(path.lstat().st_mode):
                    left.append((name, "it is a link, a pipe or the like"))
                elif not _can_be_named(name):
                    left.append((ascii(name), "its name is no text"))
                else:
                    yield path, name


def _can_be_named(name: str) -> bool:
    try:
        return bool(name.encode())
    except UnicodeEncodeError:
        return False


def _add(archive: zipfile.ZipFile, path: Path, name: str) -> str:
    digest = hashlib.sha256()
    info = zipfile.ZipInfo.from_file(path, name, strict_timestamps=False)
    info.compress_type = zipfile.ZIP_DEFLATED
    with open(path, "rb") as source, archive.open(info, "w", force_zip64=True) as target:
        while piece := source.read(PIECE):
            digest.update(piece)
            target.write(piece)
    return digest.hexdigest()


def clear(course: Course, name: str) -> list[str]:
    """Take a term away that is archived, so that the next begins empty.

    A file that isn't in the archive as it is now stays, and is named.

    Raises
    ------
    CourseError
        If the archive isn't as it was written, or the gradebook has changed since.
    """
    file, gradebook = place_of(course, name), _gradebook(course)
    check(file)
    if _contents(gradebook) != _archived_contents(file):
        raise CourseError(
            f"The gradebook has changed since {file.name} was made.\n"
            "Make another archive first: nothing was taken away."
        )
    wanted, left = manifest(file), Left()
    for path, each in list(_files(course, (*_term(course), *LISTS), left)):
        if wanted.get(each) == hashlib.sha256(path.read_bytes()).hexdigest():
            path.unlink()
        else:
            left.append((each, "it isn't in the archive as it is now"))
    for ending in ("", "-journal", "-wal", "-shm"):
        Path(f"{gradebook}{ending}").unlink(missing_ok=True)
    for top in _term(course):
        for folder, _, _ in os.walk(course.root / top, topdown=False):
            if not os.listdir(folder):
                os.rmdir(folder)
    return [
        *(f"Left: {path}: {why}." for path, why in left),
        f"The course is empty for the next term. Back: mlpkit archive restore {name}; "
        f"last term's marks: mlpkit archive marks {name}",
    ]


def restore(course: Course, name: str) -> list[str]:
    """Put an archived term back into a course that has none.

    Raises
    ------
    CourseError
        If the course has a gradebook or hand-ins, or the archive isn't as it was written.
    """
    file = place_of(course, name)
    check(file)
    there = [each for each in (GRADEBOOK, *LISTS, *_term(course)) if (course.root / each).exists()]
    if there:
        raise CourseError(
            f"There is a term here already: {', '.join(there)}.\nTo look at another: "
            f"mlpkit archive unpack {name} FOLDER"
        )
    own = (*_term(course), *LISTS, GRADEBOOK)
    names = [
        each for each in manifest(file) if each.partition("/")[0] in own or fnmatch(each, COPIES)
    ]
    extract(file, course.root, names)
    return [f"{len(names)} files of {file.name} are back."]


def _contents(gradebook: Path) -> str:
    """Return a digest of what a database holds, however its file is laid out."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(gradebook)) as db:
        for line in db.iterdump():
            digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _archived_contents(file: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        extract(file, Path(folder), [GRADEBOOK])
        return _contents(Path(folder, GRADEBOOK))
