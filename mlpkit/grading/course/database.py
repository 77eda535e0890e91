"""The gradebook's own file: where it lies, and how it is copied."""

import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path

from sqlalchemy.engine import make_url


def file_of(db_url: str) -> Path | None:
    """Return where a gradebook lies; None if it is no file of SQLite's."""
    url = make_url(db_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def is_missing(db_url: str) -> bool:
    """Whether a gradebook is a file that isn't there: to open it would make it."""
    file = file_of(db_url)
    return file is not None and not file.is_file()


def copy_database(source: Path, target: Path) -> None:
    """Copy a database whole, also while somebody writes to it."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def name_beside(file: Path, word: str) -> Path:
    """Return the first of ``file.word-1``, ``file.word-2``, … that is free."""
    names = (file.with_name(f"{file.name}.{word}-{number}") for number in count(1))
    return next(name for name in names if not name.exists())
