"""The room itself: without bubblewrap there is none."""

import contextlib

import pytest

from mlpkit.grading.room import bubblewrap, sandbox
from mlpkit.grading.workers.servers import Servers
from tests.grading import notebooks
from tests.grading.judging import points


def test_without_bubblewrap_it_says_in_two_lines_what_to_do(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    bubblewrap.check_bubblewrap.cache_clear()
    try:
        with pytest.raises(bubblewrap.SandboxMissing) as caught:
            sandbox.Sandbox()
        lines = str(caught.value).splitlines()
        assert len(lines) == 2
        assert "apt-get install bubblewrap" in lines[0]
        assert "--unsandboxed" in lines[1]
    finally:
        bubblewrap.check_bubblewrap.cache_clear()


@pytest.mark.sandbox
def test_a_bubblewrap_that_fails_is_as_good_as_none(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'no permissions' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    bubblewrap.check_bubblewrap.cache_clear()
    try:
        with pytest.raises(bubblewrap.SandboxMissing, match="no permissions"):
            bubblewrap.check_bubblewrap()
    finally:
        bubblewrap.check_bubblewrap.cache_clear()


@pytest.mark.sandbox
def test_a_request_that_fails_leaves_the_room_in_order():
    room = sandbox.Sandbox(())
    room.start()
    try:
        with pytest.raises(sandbox.SandboxError, match="IndexError"):
            room.ask({"do": "spawn"}, descriptors=[], timeout=5)
        assert room.alive()
    finally:
        room.close()
    assert not room.alive()


GONE = {
    "removed": lambda folder: folder.rmdir(),
    "renamed": lambda folder: folder.rename(folder.with_name("other")),
    "a file": lambda folder: (folder.rmdir(), folder.write_text("")),
}


@pytest.mark.sandbox
@pytest.mark.parametrize("what", GONE)
def test_what_becomes_of_the_folder_where_judging_began_matters_to_no_later_job(tmp_path, what):
    servers, folder = Servers(), tmp_path / "course"
    folder.mkdir()
    try:
        with contextlib.chdir(folder):
            servers.start()
            servers.judge(notebooks.job(notebooks.answered()))
        GONE[what](folder)
        result = servers.judge(notebooks.job(notebooks.answered()))
        assert result.failure is None and points(result)["check-double"] == 2.0
    finally:
        servers.close()
