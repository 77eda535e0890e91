"""What a process leaves in /tmp goes: with itself, or when it was killed with the next start."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from mlpkit.grading.room import scratch
from mlpkit.grading.room.scratch import Scratch
from tests.grading import notebooks
from tests.grading.judging import judge


@pytest.fixture
def base(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "BASE", tmp_path)
    return tmp_path


def test_a_normal_end_leaves_nothing(base):
    with Scratch() as folder:
        (folder / "a").mkdir()
        assert folder.parent.parent == base
    assert list(base.iterdir()) == []


HOLD = """
import sys, time
from pathlib import Path
from mlpkit.grading.room import scratch
scratch.BASE = Path(sys.argv[1])
kept = scratch.Scratch()
(kept.path / "file").touch()
print("held", flush=True)
time.sleep(60)
"""


def test_what_a_killed_process_left_is_swept_and_what_is_used_is_not(base):
    words = [sys.executable, "-c", HOLD, str(base)]
    held = [subprocess.Popen(words, stdout=subprocess.PIPE) for _ in range(3)]
    for process in held:
        assert process.stdout.readline() == b"held\n"
    for process in held[:2]:
        process.kill()
        process.wait()
    with Scratch() as own:
        left = {folder for folder in own.parent.iterdir()} - {own}
        assert len(left) == 1 and (left.pop() / "file").exists()
    held[2].kill()
    held[2].wait()
    for process in held:
        process.stdout.close()
    Scratch().close()
    assert list(base.iterdir()) == []


def test_a_folder_of_somebody_elses_is_not_used(base):
    (base / f"mlpkit-{os.getuid()}").symlink_to(base)
    with pytest.raises(OSError, match="somebody else's"):
        Scratch()


SERVE = [sys.executable, "-m", "mlpkit.grading.workers.serve"]


@pytest.mark.sandbox
@pytest.mark.parametrize("after", [0.0, 0.4, 1.2])
def test_a_server_ends_with_its_worker_whatever_it_is_at(after):
    ours, theirs = socket.socketpair()
    process = subprocess.Popen([*SERVE, str(theirs.fileno())], pass_fds=[theirs.fileno()])
    theirs.close()
    time.sleep(after)
    ours.close()
    assert process.wait(20) == 0


@pytest.mark.sandbox
def test_a_judged_submission_leaves_no_folder_in_tmp():
    before = set(os.listdir("/tmp"))
    assert judge(notebooks.answered()).points == 4.0
    left = {name for name in set(os.listdir("/tmp")) - before if name.startswith("mlpkit-")}
    assert left <= {f"mlpkit-{os.getuid()}"}
    assert signal.getsignal(signal.SIGIO) == signal.SIG_DFL  # a server's own affair


@pytest.mark.parametrize("living", [0, 1, 2])
def test_a_sweep_takes_what_ended_processes_left_and_nothing_else(base, living):
    words = [sys.executable, "-c", HOLD, str(base)]
    held = [subprocess.Popen(words, stdout=subprocess.PIPE) for _ in range(3)]
    for process in held:
        assert process.stdout.readline() == b"held\n"
    for process in held[living:]:
        process.kill()
        process.wait()
    scratch.sweep()
    assert len(list(base.glob("*/*"))) == living
    for process in held:
        process.kill()
        process.wait()
        process.stdout.close()
    scratch.sweep()
    assert list(base.iterdir()) == []
