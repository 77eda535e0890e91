"""A gradebook that can't be read: told before anything is done, and set aside on request."""

import contextlib
import sqlite3
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.exc import ArgumentError

from mlpkit.grading.course.database import file_of, name_beside
from mlpkit.grading.job import CourseError


def check_gradebook(db_url: str, assignment: str) -> None:
    """Read through a gradebook's file.

    Parameters
    ----------
    db_url : str
    assignment : str
        For the words on what to do.

    Raises
    ------
    CourseError
        If it is damaged: with the command that writes a new one. Or if there is no folder for it,
        or no such database.
    """
    file = _file(db_url)
    if file is not None and not file.absolute().parent.is_dir():
        raise CourseError(
            f"There is no folder {file.absolute().parent} for the gradebook {file.name}.\n"
            "Make it, or mend c.CourseDirectory.db_url."
        )
    if damage := _damage(db_url):
        raise CourseError(
            f"The gradebook {file} is damaged: {damage}.\n"
            "Put a copy in its place; or set it aside and write what was judged into a new one, "
            f"which lacks marks given by hand: mlpkit grade {assignment} --new-gradebook"
        )


def set_aside(db_url: str) -> Path:
    """Rename a damaged gradebook.

    Returns
    -------
    Path
        Its new name.

    Raises
    ------
    CourseError
        If it isn't damaged: what is in it would be missed.
    """
    file = file_of(db_url)
    if file is None or not _damage(db_url):
        raise CourseError(
            f"The gradebook {file or db_url} is not damaged, and stays.\nLeave --new-gradebook out."
        )
    aside = name_beside(file, "damaged")
    for ending in ("-journal", "-wal", "-shm"):  # they would be taken for the new one's
        with contextlib.suppress(FileNotFoundError):
            Path(f"{file}{ending}").rename(f"{aside}{ending}")
    return file.rename(aside)


def _file(db_url: str) -> Path | None:
    try:
        create_engine(db_url).dispose()  # it imports what speaks with the database
        return file_of(db_url)
    except (ArgumentError, ImportError) as error:
        raise CourseError(
            f"The gradebook can't be opened: {error}.\n"
            "Install what is missing, or mend c.CourseDirectory.db_url."
        ) from error


def _damage(db_url: str) -> str | None:
    """Say what is wrong with the file, or None."""
    file = file_of(db_url)
    if file is None or not file.exists():
        return None
    try:
        with contextlib.closing(
            sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        ) as db:
            told = [row[0] for row in db.execute("PRAGMA quick_check(1)")]
    except sqlite3.OperationalError:  # locked, or no right to read: others say so in their words
        return None
    except sqlite3.DatabaseError as error:
        return str(error)
    return None if told == ["ok"] else str(told[0]).replace("\n", " ")
