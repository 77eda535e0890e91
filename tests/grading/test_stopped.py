"""Ctrl-C and a killed command: two words, no process left behind, and the next call goes on."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psutil
import pytest
from nbformat.v4 import new_code_cell

from tests.commands import BIN
from tests.grading import notebooks
from tests.grading.course_factory import make_course, marks
from tests.tiers import few

pytestmark = pytest.mark.sandbox
STUDENTS = [f"student-{number}" for number in range(7)]
SCRATCH = Path(f"/tmp/mlpkit-{os.getuid()}")


def slow():
    submission = notebooks.answered()
    submission.cells.insert(1, new_code_cell("import time; time.sleep(1)"))
    return submission


def start(folder):
    words = [str(BIN / "mlpkit"), "--course", str(folder), "grade", "ps1", "--workers", "2"]
    return psutil.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hear_ctrl_c
    )


def hear_ctrl_c():
    """Let a command be interrupted also where these tests run in a shell's background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def folders(family):
    """List the folders in /tmp of these processes; others run here too."""
    pids, found = {str(process.pid) for process in family}, []
    for alive in SCRATCH.glob("*/.alive"):
        with contextlib.suppress(FileNotFoundError):
            found += [alive.parent] if alive.read_text().strip() in pids else []
    return found


def wait_for(what, seconds=60):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("number", few([signal.SIGINT, signal.SIGKILL], 1))
def test_a_stopped_class_leaves_nothing_and_goes_on_from_there(tmp_path, number):
    course = make_course(tmp_path, {student: slow() for student in STUDENTS})
    command = start(tmp_path)
    wait_for(lambda: list(tmp_path.glob(".mlpkit/judged/ps1/*/*.json")))
    family = command.children(recursive=True)
    assert folders(family)
    command.send_signal(number)
    _, said = command.communicate(timeout=60)
    assert command.returncode == (130 if number == signal.SIGINT else -number)
    assert "Traceback" not in said
    if number == signal.SIGINT:
        assert "goes on from here; nothing is lost" in said
    assert not psutil.wait_procs(family, timeout=15)[1]
    done = start(tmp_path)
    told, said = done.communicate(timeout=120)
    assert done.returncode == 0, said
    (line,) = (line for line in told.splitlines() if " judged, " in line)
    judged, unchanged = (int(word) for word in line.split() if word.isdigit())
    assert judged + unchanged == len(STUDENTS) and unchanged >= 1
    found = marks(course)
    assert all(found[student, "check-double"][0] == 2.0 for student in STUDENTS)
    # A server that was stopped half-way leaves its own to the next start.
    assert not folders(family)
