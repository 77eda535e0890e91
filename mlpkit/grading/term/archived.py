"""An archived term: checked by its digests, looked at, laid out again."""

import contextlib
import hashlib
import json
import tempfile
import zipfile
from contextlib import closing
from pathlib import Path

from nbgrader.api import Gradebook
from sqlalchemy.exc import SQLAlchemyError

from mlpkit.grading.course.export import totals_table
from mlpkit.grading.job import CourseError

LIST, GRADEBOOK = "MANIFEST.json", "gradebook.db"
PIECE = 1 << 20


def manifest(file: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of an archive, by its path.

    Raises
    ------
    CourseError
        If it is no archive.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            found: dict[str, str] = json.loads(archive.read(LIST))
            return dict(found)
    except Exception as error:  # a cut zip has many ways to fail, some of zlib's
        reason = getattr(error, "strerror", None) or error
        raise CourseError(
            f"{file} is no archive of a term: {reason}.\nmlpkit archive make NAME writes one."
        ) from error


def check(file: Path) -> list[str]:
    """Read an archive through and compare each file with its digest.

    Raises
    ------
    CourseError
        If it is no archive, or a file of it is missing, added or another.
    """
    wanted = manifest(file)
    with zipfile.ZipFile(file) as archive:
        there = set(archive.namelist()) - {LIST}
        odd = sorted(there ^ set(wanted))
        both = sorted(there & set(wanted))
        odd += [name for name in both if _digest(archive, name) != wanted[name]]
    if odd:
        raise CourseError(
            f"{file} isn't as it was written: {', '.join(odd[:5])}.\nTake another copy of it."
        )
    return [f"{file}: {len(wanted)} files, each as it was written."]


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    # zlib's errors too: then the digest is another.
    with contextlib.suppress(Exception), archive.open(name) as source:
        while piece := source.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()


def marks(file: Path) -> list[str]:
    """Say an archive's marks: a line a student, a column an assignment.

    Raises
    ------
    CourseError
        If it isn't as it was written.
    """
    check(file)
    with zipfile.ZipFile(file) as archive, tempfile.TemporaryDirectory() as folder:
        try:
            archive.extract(GRADEBOOK, folder)
            with closing(Gradebook(f"sqlite:///{folder}/{GRADEBOOK}", "")) as gradebook:
                table = [[str(value) for value in row] for row in totals_table(gradebook)]
        except (KeyError, SQLAlchemyError, AttributeError) as error:  # it was kept so
            reason = str(getattr(error, "orig", error)).splitlines()[0]
            raise CourseError(
                f"The gradebook in {file} can't be read: {reason}.\n"
                "mlpkit archive unpack lays out the hand-ins, which can be graded again."
            ) from error
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = zip(row, widths, strict=True)
        aligned = [f"{v:{w}}" if n < 2 else f"{v:>{w}}" for n, (v, w) in enumerate(cells)]
        lines.append("  ".join(aligned).rstrip())
    return lines


def unpack(file: Path, folder: Path) -> list[str]:
    """Lay a term out in a new folder, where every command works on it.

    Raises
    ------
    CourseError
        If the folder isn't empty, or the archive isn't as it was written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(f"{folder} isn't empty.\nName a new folder: nothing was changed.")
    check(file)
    folder.mkdir(parents=True, exist_ok=True)
    extract(file, folder, list(manifest(file)))
    return [f"{file} lies in {folder}; each command works there: mlpkit --course {folder} …"]


def extract(file: Path, folder: Path, names: list[str]) -> None:
    """Write some files of an archive below a folder."""
    with zipfile.ZipFile(file) as archive:
        for name in names:
            archive.extract(name, folder)
