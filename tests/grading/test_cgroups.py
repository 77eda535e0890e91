"""A room's group of cgroups v2: found where one was given, and of the system's own making there."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from mlpkit.grading import Limits
from mlpkit.grading.cli import WATCHED, main
from mlpkit.grading.room import groups
from mlpkit.grading.room.groups import Group, given
from tests.grading import notebooks
from tests.grading.course_factory import make_course
from tests.grading.judging import judge, points

MB = 1024**2
real = pytest.mark.skipif(given() is None, reason="no cgroup v2 was given to this process")


class Tree:
    """A folder that stands for the system's groups, as far as these tests need them."""

    def __init__(self, root):
        self.root, self.marked, self.late = root, set(), []
        self.make(root)

    def make(self, path, processes=""):
        path.mkdir(parents=True, exist_ok=True)
        for name in ("memory.max", "pids.max", "memory.events", "cgroup.subtree_control"):
            (path / name).touch()
        (path / "cgroup.controllers").write_text("cpu memory pids\n")
        if not (path / "cgroup.procs").exists():
            (path / "cgroup.procs").write_text(processes)
        return path

    def write(self, group, name, words):
        self.make(group)
        procs = self.root / "own" / "cgroup.procs"
        if name == "cgroup.subtree_control" and procs.read_text().split():
            raise OSError(errno.EBUSY, "processes are in it")
        if name == "cgroup.procs":
            left = [each for each in procs.read_text().split() if each != words]
            procs.write_text("\n".join([*left, *self.late]))
            self.late = []
            words = f"{(group / name).read_text()}{words}\n"
        (group / name).write_text(words)

    def getxattr(self, path, name):
        if Path(path) not in self.marked:
            raise OSError(errno.ENODATA, "no such attribute")
        return b"1"


@pytest.fixture
def tree(tmp_path, monkeypatch):
    tree = Tree(tmp_path / "groups")
    tree.own = tree.make(tree.root / "own", "11\n12\n13\n")
    tree.marked.add(tree.own)
    tree.said = tmp_path / "said"
    tree.said.write_text("4:memory:/\n0::/own\n")
    monkeypatch.setattr(groups, "BASE", tree.root)
    monkeypatch.setattr(groups, "OWN", tree.said)
    monkeypatch.setattr(groups, "_write", tree.write)
    monkeypatch.setattr(os, "getxattr", tree.getxattr)
    monkeypatch.delenv(groups.GIVEN, raising=False)
    monkeypatch.setattr(groups, "given", given.__wrapped__)
    return tree


def everything(folder):
    return {path: path.read_text() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("missing", ["mark", "controllers", "line", "file", "folder"])
def test_what_nobody_gave_is_not_touched(tree, missing):
    if missing == "mark":
        tree.marked.clear()
    elif missing == "controllers":
        (tree.own / "cgroup.controllers").write_text("cpu io pids\n")
    elif missing == "line":
        tree.said.write_text("4:memory:/\n9:name=systemd:/\n")
    elif missing == "file":
        tree.said.unlink()
    else:
        tree.said.write_text("0::/elsewhere\n")
    before = everything(tree.root)
    assert groups.given() is None
    assert everything(tree.root) == before


@pytest.mark.parametrize("late", [[], ["14"], ["14", "15"]])
def test_all_that_is_in_it_goes_into_one_below(tree, late):
    tree.late = late
    assert groups.given() == tree.own
    assert (tree.own / "cgroup.procs").read_text().split() == []
    moved = (tree.own / groups.LEAF / "cgroup.procs").read_text().split()
    assert moved == ["0", "11", "12", "13", *late]
    assert (tree.own / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_what_is_started_later_finds_the_same(tree):
    assert groups.given() == tree.own
    tree.said.write_text(f"0::/own/{groups.LEAF}\n")
    assert groups.given() == tree.own


def test_a_prepared_one_needs_no_mark(tree, monkeypatch):
    tree.marked.clear()
    tree.said.write_text("4:memory:/\n")
    monkeypatch.setenv(groups.GIVEN, str(tree.own))
    assert groups.given() == tree.own


@pytest.mark.parametrize(
    ("memory", "disk", "processes"), [(64 * MB, MB, 8), (4096 * MB, 64 * MB, 64), (MB, 0, 1)]
)
def test_a_room_gets_its_bounds(tree, monkeypatch, memory, disk, processes):
    made = []
    monkeypatch.setattr(
        groups.tempfile, "mkdtemp", lambda prefix, dir: tree.make(Path(dir, f"{prefix}1"))
    )
    monkeypatch.setattr(groups, "_remove", made.append)
    group = Group(tree.own)
    group.bound(Limits(memory=memory, disk=disk, processes=processes))
    assert (group.path / "memory.max").read_text() == str(memory + disk)
    assert (group.path / "memory.swap.max").read_text() == "0"
    assert (group.path / "memory.oom.group").read_text() == "1"
    assert (group.path / "pids.max").read_text() == str(processes)
    group.close()
    assert made == [group.path]


HOLD = """
import fcntl, os, sys, time
fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("held", [0, 1, 2])
def test_what_ended_processes_left_is_swept_and_nothing_else(tree, held, monkeypatch):
    rooms = [tree.own / f"{groups.ROOM}{number}" for number in range(3)]
    for room in rooms:
        room.mkdir()  # one with files in it is none that the system would remove
    monkeypatch.setattr(groups, "_write", lambda *_: None)
    words = [[sys.executable, "-c", HOLD, str(room)] for room in rooms[:held]]
    holding = [subprocess.Popen(each, stdout=subprocess.PIPE) for each in words]
    for process in holding:
        assert process.stdout.readline() == b"held\n"
    monkeypatch.setattr(groups, "given", lambda: tree.own)
    groups.sweep()
    assert [room.exists() for room in rooms] == [number < held for number in range(3)]
    for process in holding:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


@pytest.mark.sandbox
def test_a_class_is_told_where_none_was_given(tmp_path, capsys):
    make_course(tmp_path, {"ada": notebooks.answered()})
    assert main(["--course", str(tmp_path), "grade", "ps1"]) == 0
    assert (WATCHED in capsys.readouterr().out) == (given() is None)


GREEDY = {
    "at once": "x = bytes(1) * (90 * 1024**2)",
    "in steps": "x = []\nfor _ in range(90): x.append(bytes(1) * 1024**2)",
    "in the kernel": """
import socket
x = [socket.socketpair() for _ in range(60)]
for one, _ in x:
    one.setblocking(False)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
    try:
        while True: one.send(bytes(100_000))
    except OSError: pass
x = bytes(1) * (90 * 1024**2)""",
}


@real
@pytest.mark.sandbox
@pytest.mark.parametrize("take", GREEDY.values(), ids=GREEDY)
def test_processes_together_never_have_more_than_their_bound(take):
    code = f"""
import os, time
for _ in range(12):
    if os.fork() == 0:
        try:
{"".join(f"            {line}{chr(10)}" for line in take.splitlines())}
            time.sleep(60)
        finally:
            os._exit(0)
time.sleep(60)
"""
    submission = notebooks.answered()
    submission.cells.insert(4, new_code_cell(code))
    slow = {"cell_seconds": 90.0, "submission_seconds": 300.0}  # an emulated machine is enough
    result = judge(submission, memory=400 * MB, disk=32 * MB, **slow)
    assert result.grouped and result.tries == 1 and not result.died
    assert "out of memory: more than 400 MB in use" in result.failure
    assert points(result)["check-double"] == 2.0
    for room in given().glob(f"{groups.ROOM}*"):
        peak = room / "memory.peak"  # since Linux 5.19
        assert not peak.exists() or int(peak.read_text()) <= 432 * MB


@real
@pytest.mark.sandbox
def test_a_group_shows_nothing_of_what_is_above_it():
    submission = notebooks.answered()
    submission.cells.insert(1, new_code_cell("print(open('/proc/self/cgroup').read())"))
    words = judge(submission).judged.decode()
    assert "0::/\\n" in words and groups.ROOM not in words


@real
def test_a_group_goes_with_what_is_in_it():
    group = Group(given())
    process = subprocess.Popen(["sleep", "60"])
    groups._write(group.path, "cgroup.procs", str(process.pid))
    group.close()
    assert process.wait(10) == -signal.SIGKILL
    assert not group.path.exists()
