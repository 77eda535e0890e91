"""What newcomers stumble over: each stops with a line that says what is wrong and what to do."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.course import ROOT, copy_course, environment, start_server, stop_server

NOBODY = 65534


def make(folder, *arguments, command=("make",)):
    """Run make in a folder and return (exit status, all that it says)."""
    variables = {name: value for name, value in os.environ.items() if name != "VENV"}
    ran = subprocess.run(
        [*command, *arguments], cwd=folder, env=variables, stdin=subprocess.DEVNULL,
        capture_output=True, text=True,
    )  # fmt: skip
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def course(tmp_path):
    """What make reads first, in a folder without an environment."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def python_that(folder, lines):
    """Write a shell script that stands in for a Python."""
    script = folder / "python-that"
    script.write_text(f"#!/bin/sh\n{lines}\n")
    script.chmod(0o755)
    return script


def test_an_old_python_is_named_with_the_one_that_is_needed(course):
    old = python_that(course, '[ "$1" = --version ] && echo Python 3.9.2 && exit 0; exit 1')
    status, said = make(course, "lab", f"PYTHON={old}")
    assert status != 0 and "Python 3.11 or newer is needed; this is Python 3.9.2." in said
    assert "make PYTHON=python3.12" in said and not (course / ".venv").exists()


def test_a_missing_python_is_said_too(course):
    status, said = make(course, "check", "PYTHON=/nowhere/python3")
    assert status != 0 and "Python 3.11 or newer is needed" in said and "not found" in said


def test_a_half_made_environment_is_taken_away_so_that_the_next_try_starts_anew(course):
    # As Debian's Python does without its package python3-venv.
    half = python_that(
        course,
        '[ "$2" = venv ] || exit 0\nmkdir -p "$3/bin"; touch "$3/bin/python"\n'
        'echo "ensurepip is not available"; exit 1',
    )
    status, said = make(course, "lab", f"PYTHON={half}")
    assert status != 0 and "ensurepip is not available" in said
    assert not (course / ".venv").exists()


def test_the_first_call_says_what_it_does_and_what_it_needs_where_that_fails(course, monkeypatch):
    for name in ("PIP_RETRIES", "PIP_DEFAULT_TIMEOUT"):
        monkeypatch.delenv(name, raising=False)
    # A Python whose pip finds no network.
    offline = python_that(
        course,
        '[ "$2" = venv ] || exit 0\nmkdir -p "$3/bin"; cp "$0.pip" "$3/bin/python"',
    )
    pip = course / f"{offline.name}.pip"
    pip.write_text("#!/bin/sh\necho pip $PIP_RETRIES $PIP_DEFAULT_TIMEOUT: no such host; exit 1\n")
    pip.chmod(0o755)
    status, said = make(course, "check", f"PYTHON={offline}")
    lines = said.splitlines()
    begun = next(i for i, line in enumerate(lines) if line.startswith("Installing the course into"))
    assert status != 0 and lines[begun + 1] == "pip 2 15: no such host"
    assert "It needs the network" in said and "run the same command again" in said
    assert "Traceback" not in said and not (course / ".venv/lab.stamp").exists()


@pytest.mark.thorough
@pytest.mark.install
def test_without_a_network_the_first_call_ends_soon_and_in_words(course, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_NO_CACHE_DIR", "1")
    status, said = make(course, "lab", f"PYTHON={sys.executable}")
    assert status != 0 and "It needs the network" in said and "Traceback" not in said


@pytest.mark.parametrize("environment", [".venv", sys.prefix], ids=["none yet", "there"])
def test_a_folder_that_cannot_be_written_to_is_named_as_such(environment):
    if environment != ".venv" and not Path(sys.prefix, "lab.stamp").exists():
        pytest.skip("make didn't make this environment, and would install into it")
    as_nobody = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    command = ["make"] if os.geteuid() else [*as_nobody, "make"]
    # Not tmp_path, whose parents another user can't even enter.
    with tempfile.TemporaryDirectory() as folder:
        for name in ("Makefile", "pyproject.toml", "constraints.txt"):
            os.utime(shutil.copy(ROOT / name, folder), (0, 0))
        os.chmod(folder, 0o555)
        status, said = make(folder, "lab", f"VENV={environment}", command=command)
        os.chmod(folder, 0o755)
    assert status != 0
    assert "This folder can't be written to: copy the course to one of your own." in said
    assert "Traceback" not in said


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="for root alone")
def test_root_gets_a_lab_too_and_is_told_so(tmp_path):
    folder = copy_course(tmp_path)
    variables = environment(folder)
    # What lets root in for the other tests.
    (folder / ".jupyter/jupyter_server_config.json").write_text(
        '{"ServerApp": {"ip": "127.0.0.1"}}'
    )
    with open(folder / "lab.log", "w+") as log:
        command = ["make", "lab", "ARGS=--no-browser --port-retries 50"]
        stop_server(start_server(command, folder, variables, log)[0])
        log.seek(0)
        assert "You are root" in log.read()


@pytest.mark.slow
def test_a_port_in_use_is_said_and_another_one_is_taken(tmp_path):
    folder = copy_course(tmp_path)
    with socket.socket() as taken, open(folder / "lab.log", "w+") as log:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = ["make", "lab", f"ARGS=--port {port} --ip 127.0.0.1"]
        process, address = start_server(command, folder, environment(folder), log)
        stop_server(process)
        log.seek(0)
        said = log.read()
    assert f"port {port} is already in use, trying another port" in said
    assert not address.endswith(f":{port}")


@pytest.mark.slow
@pytest.mark.parametrize("ci", [False, True])
def test_without_a_browser_its_tests_are_skipped_in_one_line_but_never_in_ci(ci):
    variables = os.environ | {"PATH": f"{sys.prefix}/bin", "CI": "true" if ci else ""}
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-rs"]
    ran = subprocess.run(
        [*command, "tests/browser/test_assignment.py"],
        cwd=ROOT, env=variables, capture_output=True, text=True,
    )  # fmt: skip
    if ci:
        assert ran.returncode != 0 and "CI never skips the browser's tests" in ran.stdout
    else:
        assert ran.returncode == 0 and ran.stdout.count("SKIPPED") == 1
        assert "install chromium to run the browser's tests" in ran.stdout
