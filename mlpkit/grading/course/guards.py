"""What a run is guarded by: one at a time, and the errors of others in words."""

import fcntl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from mlpkit.grading.course.gradebook import NOTHING_LOST
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.job import CourseError
from mlpkit.grading.room.bubblewrap import check_bubblewrap
from mlpkit.grading.room.sandbox import warn_unsandboxed


@contextmanager
def only_one(folder: Path, assignment: str) -> Iterator[None]:
    """Hold the assignment's lock: two runs at once would judge and write everything twice."""
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CourseError(
                f"Another run is grading {assignment} right now.\nWait for its end."
            ) from error
        yield


@contextmanager
def disk_errors_in_words() -> Iterator[None]:
    """Turn errors of the disk into a CourseError."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        where = f" at {error.filename}" if error.filename else ""
        raise CourseError(f"{error.strerror}{where}.\nMend that and {NOTHING_LOST}") from error


@contextmanager
def errors_in_words() -> Iterator[None]:
    """Turn what the disk or another program stands in the way of into a CourseError."""
    try:
        with disk_errors_in_words():
            yield
    except OperationalError as error:
        raise CourseError(
            f"The gradebook can't be read or written: {error.orig}.\n"
            "Close what else uses it, and run the same command again."
        ) from error


def write_all(folder: str | Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write files below a folder, each of them whole.

    Parameters
    ----------
    folder : path
        Made if it isn't there.
    files : dict of str to bytes
        By path below it.

    Raises
    ------
    CourseError
        If the disk stands in the way.
    """
    with disk_errors_in_words():
        for name, content in files.items():
            write_whole(Path(folder, name), content)
    return [Path(folder, name) for name in files]


def check_sandbox(unsandboxed: bool, scheduler: str | None = None) -> None:
    """Look before anything is written: what is half made would be taken for done.

    Raises
    ------
    SandboxMissing
    """
    if unsandboxed:
        warn_unsandboxed()
    elif scheduler is None:
        check_bubblewrap()
