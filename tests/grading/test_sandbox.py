"""The room itself: Jupyter can start kernels in it, and without bubblewrap there is none."""

import importlib.metadata

import pytest
from jupyter_client.manager import KernelManager

from mlpkit.grading.room import sandbox
from mlpkit.grading.room.inside import seccomp
from mlpkit.grading.room.provisioner import SandboxProvisioner


def test_without_bubblewrap_it_says_in_two_lines_what_to_do(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, "which", lambda name: None)
    sandbox.check_bubblewrap.cache_clear()
    try:
        with pytest.raises(sandbox.SandboxMissing) as caught:
            sandbox.Sandbox()
        lines = str(caught.value).splitlines()
        assert len(lines) == 2
        assert "apt-get install bubblewrap" in lines[0]
        assert "--unsandboxed" in lines[1]
    finally:
        sandbox.check_bubblewrap.cache_clear()


def test_a_bubblewrap_that_fails_is_as_good_as_none(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'no permissions' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    sandbox.check_bubblewrap.cache_clear()
    try:
        with pytest.raises(sandbox.SandboxMissing, match="no permissions"):
            sandbox.check_bubblewrap()
    finally:
        sandbox.check_bubblewrap.cache_clear()


def test_jupyter_finds_the_provisioner():
    group = importlib.metadata.entry_points(group="jupyter_client.kernel_provisioners")
    if "mlpkit-sandbox" not in group.names:
        pytest.fail("install the package again: pip install -e .")
    assert group["mlpkit-sandbox"].load() is SandboxProvisioner


def test_jupyters_own_manager_runs_a_kernel_in_the_sandbox():
    manager = KernelManager()
    manager.kernel_spec.metadata["kernel_provisioner"] = {"provisioner_name": "mlpkit-sandbox"}
    manager.start_kernel()
    try:
        client = manager.client()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        said = []
        client.execute_interactive(
            "import os; print(os.getcwd(), os.getpid())",
            timeout=30,
            output_hook=lambda message: said.append(message["content"].get("text", "")),
        )
        assert "/home/student 1" in "".join(said)
        assert manager.is_alive()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    assert not manager.is_alive()


@pytest.mark.parametrize("machine", seccomp.CALLS)
def test_the_filter_is_a_program_that_ends(machine):
    lines = seccomp.program(machine)
    for at, (code, yes, no, _) in enumerate(lines):
        if code == seccomp.RETURN:
            continue
        assert at + 1 + max(yes, no) < len(lines)
    assert lines[-1][0] == seccomp.RETURN


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
