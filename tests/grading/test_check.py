"""`make check` in a clone looks for what grading needs."""

import subprocess
import sys

import pytest

from mlpkit.grading.course import check
from mlpkit.grading.room import bubblewrap
from tests.course import ROOT


@pytest.fixture(autouse=True)
def looked_at_anew():
    bubblewrap.check_bubblewrap.cache_clear()
    yield
    bubblewrap.check_bubblewrap.cache_clear()


def failing(folder, lines):
    program = folder / "bwrap"
    program.write_text(f"#!/bin/sh\n{lines}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    "lines,words",
    [
        (None, "which is not installed here; install it, on Debian or Ubuntu: sudo apt-get"),
        ("echo no right to do this >&2; exit 1", "which fails here (['no right to do this'])"),
    ],
)
def test_a_sandbox_that_is_missing_or_fails_is_said_with_what_to_do(
    lines, words, tmp_path, monkeypatch
):
    if lines:
        failing(tmp_path, lines)
    monkeypatch.setenv("PATH", str(tmp_path))
    line = check.check_grading()[1]
    assert line.startswith("✗") and words in line


def test_a_working_one_is_said_too_and_another_system_needs_none(tmp_path, monkeypatch):
    failing(tmp_path, "exit 0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert check.check_grading()[1] == f"✓ {check.WHAT}"
    monkeypatch.setattr(check.sys, "platform", "darwin")
    assert check.check_grading()[1].startswith("–")


def test_make_check_asks_for_it_in_a_clone_and_ends_with_its_answer(tmp_path, monkeypatch):
    failing(tmp_path, "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    said = subprocess.run(
        ["make", "--dry-run", "check"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    module = said.split()[-1]
    done = subprocess.run([sys.executable, "-m", module], cwd=ROOT, capture_output=True, text=True)
    assert module == "mlpkit.grading.course.check"
    assert done.returncode == 1 and check.WHAT in done.stdout
