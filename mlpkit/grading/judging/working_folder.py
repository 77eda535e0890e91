"""Where the instructor's code runs: in a folder with the assignment's own files, and no others."""

import contextlib
import os
import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import ModuleType

from mlpkit.grading.job import Job
from mlpkit.grading.room.scratch import Scratch


@contextlib.contextmanager
def working_in(job: Job) -> Iterator[Path]:
    """Let tests find an assignment's own files, modules and variables, as beside a notebook.

    What a student handed in has no business in this process.
    """
    with Scratch() as folder, _own_modules(job.files):
        write_files(folder, job.files)
        # First, as beside a notebook: a course's own `tests` is not some package's.
        sys.path.insert(0, str(folder))
        before = os.environ.copy()
        # As nbgrader tells what it runs.
        os.environ.update(job.variables, NBGRADER_EXECUTION="autograde")
        try:
            with contextlib.chdir(folder):
                yield folder
        finally:
            os.environ.clear()
            os.environ.update(before)
            sys.path.remove(str(folder))


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write an assignment's own files into a folder, and none outside of it."""
    for name, content in files.items():
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


@contextlib.contextmanager
def _own_modules(files: Iterable[str]) -> Iterator[None]:
    """Let an assignment's modules be its own, and the next one's others of the same name."""
    names = {name.partition("/")[0].removesuffix(".py") for name in files if name.endswith(".py")}
    names -= {*sys.stdlib_module_names, "mlpkit"}
    others = _take_out(names)
    try:
        yield
    finally:
        _take_out(names)
        sys.modules.update(others)


def _take_out(names: Collection[str]) -> dict[str, ModuleType]:
    found = [name for name in sys.modules if name.partition(".")[0] in names]
    return {name: sys.modules.pop(name) for name in found}
