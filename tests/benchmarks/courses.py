"""Course folders to grade, and the commands that grade them."""

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

from tests.grading.course_factory import CONFIG

BIN = Path(sys.executable).parent


def command(*words):
    """Start a command of this environment in the current folder."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return psutil.Popen([str(BIN / words[0]), *words[1:]], env=environment, **quiet)


def finish(process):
    """Wait for a command's end; one that failed measures nothing."""
    if process.wait():
        raise RuntimeError(f"{process.args} ended with status {process.returncode}")


PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans():
    """Become the parent of what commands leave: otherwise nobody counts its processor time.

    bubblewrap ends without waiting for what ran in it: all that students' code takes.
    """
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "this process can't adopt what its commands leave")


def bury_orphans():
    """Wait for the end of all that commands left."""
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()


def seconds(*words):
    """Time a command."""
    start = time.perf_counter()
    finish(command(*words))
    return time.perf_counter() - start


def enter_course(name, source, submission, copies):
    """Go to a new course folder with this many copies of one submission, and a gradebook."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    os.chdir(folder)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    place = folder / "solutions" / name / f"{name}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(source, place)
    for number in range(copies):
        place = folder / "submitted" / f"student-{number:04d}" / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(submission, place)
    finish(command("nbgrader", "generate_assignment", name))
    return folder


def forget_marks(before):
    """Make the course as it was before anything was graded."""
    for folder in ("autograded", ".mlpkit"):
        shutil.rmtree(folder, ignore_errors=True)
    Path("gradebook.db").write_bytes(before)
