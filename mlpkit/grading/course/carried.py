"""What goes with a submission into ``autograded/``: nbgrader's other commands read it there.

`nbgrader release_feedback` asks for the time and the secret under which the exchange took the
hand-in; who runs a judged notebook again needs the files that lay beside it.
"""

import contextlib
import errno
from collections.abc import Collection, Mapping
from pathlib import Path

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.listing import SECRET, TIMESTAMP
from mlpkit.grading.course.reading import read_below
from mlpkit.grading.text.handed_in import Unreadable

LARGEST_SECRET = 1000
# A name that a student chose, and that can't lie where it should.
ODD_NAME = (
    *(errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY),
    *(errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ),
)


def carry_letters(course: Course, student: str, assignment: str) -> None:
    """Let ``autograded/`` hold the hand-in's time and secret as they now are, or neither.

    A hand-in that is fetched again from the exchange has new ones, though its notebook be the same.
    """
    target = course.folder("autograded", student, assignment)
    time = course.handed_in(student, assignment).content or None
    for name, content in ((TIMESTAMP, time), (SECRET, _secret(course, student, assignment))):
        _put(target / name, content)


def copy_letters(source: Path, target: Path) -> None:
    """Let one folder hold the time and the secret that another holds."""
    for name in (TIMESTAMP, SECRET):
        path = source / name
        _put(target / name, path.read_bytes() if path.is_file() else None)


def carry_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files beside a judged notebook: the assignment's own, and a student's helpers.

    Parameters
    ----------
    folder : Path
        The student's in ``autograded/``.
    files : dict of str to bytes
        By path below it.
    """
    for name, content in files.items():
        path = folder / name
        # Nothing of a student's takes a judged notebook's place, or the time's.
        if path.suffix == ".ipynb" or path.name in (SECRET, TIMESTAMP):
            continue
        try:
            _put(path, content)
        except OSError as error:
            if error.errno not in ODD_NAME:
                raise


def clear(folder: Path, wanted: Collection[str]) -> None:
    """Take away what isn't there any more of an earlier hand-in or of the assignment's files.

    Parameters
    ----------
    folder : Path
        The student's in ``autograded/``.
    wanted : collection of str
        What stays, by path below it, beside time and secret.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(OSError):  # where something stays in it
                path.rmdir()
        elif name not in wanted and name not in (SECRET, TIMESTAMP):
            path.unlink()


def _secret(course: Course, student: str, assignment: str) -> bytes | None:
    for beside in course.folders.timestamps(student, assignment):
        with contextlib.suppress(Unreadable):
            return read_below(course.folders.root, beside.with_name(SECRET), LARGEST_SECRET)
    return None


def _put(path: Path, content: bytes | None) -> None:
    """Write a file whole, where it isn't so already; take it away for None."""
    if content is None:
        path.unlink(missing_ok=True)
    elif not path.is_file() or path.read_bytes() != content:
        write_whole(path, content)
