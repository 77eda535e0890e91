"""A copy of what is written in, beside the course, whose changes are put in place all or none."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mlpkit.grading.job import CourseError

# What makes a folder one in which the course itself is written, and not a term's or a student's.
NEEDED = ("course.toml", "tools/course", "tests/assignments", "solutions", "lectures")
FILES = ("course.toml", "README.md", "CITATION.cff", "CONTRIBUTING.md")
FOLDERS = (
    "assignments",
    "book",
    "lectures",
    "solutions",
    "tests/assignments",
    "mlpkit/data/alt_texts",
)
NOTHING = "Nothing was written."
PREFIX = ".new-"
NOT_COPIED = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints", "*.new")


class Draft:
    """The copy.

    Parameters
    ----------
    root : Path
        The clone of the course.
    folder : Path
        The copy's own.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder

    def read(self, name: str) -> str:
        """Return the text of a file, by its path in the course."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError) as error:
            raise CourseError(f"{name} is missing or no text.\n{NOTHING}") from error

    def read_notebook(self, name: str) -> dict[str, Any]:
        """Return a notebook's tree, by its path in the course."""
        try:
            tree = json.loads(self.read(name))
            if all("cell_type" in cell and "metadata" in cell for cell in tree["cells"]):
                return dict(tree)
        except (ValueError, TypeError, KeyError):
            pass
        raise CourseError(f"{name} is no notebook: open it in JupyterLab and see.\n{NOTHING}")

    def write(self, name: str, text: str) -> None:
        """Write a file of the copy; what is there is replaced."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def write_notebook(self, name: str, tree: dict[str, Any]) -> None:
        """Write a notebook as nbformat does."""
        self.write(name, json.dumps(tree, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    def run(self, *words: str) -> None:
        """Run one of the course's tools.

        Raises
        ------
        CourseError
            If it fails: with what it said last.
        """
        done = subprocess.run(
            [sys.executable, *words], cwd=self.root, capture_output=True, text=True, check=False
        )
        if done.returncode:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise CourseError(f"{' '.join(words[:2])} failed: {''.join(said)}\n{NOTHING}")

    def changed(self) -> list[str]:
        """List the files that are new or no longer those of the course, by their paths in it."""
        names = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        return sorted(name.as_posix() for name in names if self._differs(name))

    def _differs(self, name: Path) -> bool:
        old = self.root / name
        return not old.is_file() or old.read_bytes() != (self.folder / name).read_bytes()

    def put_in_place(self) -> list[str]:
        """Move what has changed into the course; all of it or, where the disk refuses, nothing."""
        names, before = self.changed(), dict[Path, bytes | None]()
        try:
            for name in names:
                path = self.root / name
                before[path] = path.read_bytes() if path.exists() else None
                path.parent.mkdir(parents=True, exist_ok=True)
                (self.folder / name).replace(path)
        except OSError as error:
            for path, content in before.items():
                if content is None:
                    path.unlink(missing_ok=True)
                else:
                    path.write_bytes(content)
            raise CourseError(f"{error.strerror}: {error.filename}\n{NOTHING}") from error
        return names


@contextmanager
def draft(root: Path) -> Iterator[Draft]:
    """Copy what is written in into a folder beside it, which goes when the block ends.

    Raises
    ------
    CourseError
        If the folder is no clone of the course, or can't be written to.
    """
    missing = [name for name in NEEDED if not (root / name).exists()]
    if missing:
        raise CourseError(
            f"There is no {missing[0]} in {root}.\nThis command writes into a clone of the course, "
            "with its tests and tools; a term's folder or a student's bundle has none."
        )
    try:
        with _alone(root), tempfile.TemporaryDirectory(dir=root, prefix=PREFIX) as folder:
            for name in FILES:
                shutil.copy2(root / name, folder)
            for name in FOLDERS:
                shutil.copytree(root / name, Path(folder, name), ignore=NOT_COPIED)
            yield Draft(root, Path(folder))
    except OSError as error:
        raise CourseError(f"{error.strerror}: {error.filename}\n{NOTHING}") from error


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the folder's lock, and sweep away the copies of calls that were killed."""
    descriptor = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            words = f"Another mlpkit new is at work in {root}.\nWait for its end. {NOTHING}"
            raise CourseError(words) from None
        for left in root.glob(f"{PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)
