"""The kernel's own bounds on all processes of a room together: groups of cgroups v2, if given any.

A process may make groups only below one that was given to it, as by
``systemd-run --user --scope -p Delegate=yes make grade PS=ps2``. Whoever prepares one otherwise
names it in ``MLPKIT_CGROUP``. Without one, memory is looked at again and again
(`mlpkit.grading.room.inside.supervise`).
"""

import contextlib
import fcntl
import functools
import os
import tempfile
import time
from pathlib import Path

from mlpkit.grading.job import Limits
from mlpkit.grading.room.scratch import locked, unheld

BASE, OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
GIVEN = "MLPKIT_CGROUP"
# A group with groups below it holds no process itself: those that were there go here.
LEAF, ROOM = "mlpkit-others", "mlpkit-room-"
CONTROLLERS = {"memory", "pids"}
PATIENCE = 1.0


@functools.cache
def given() -> Path | None:
    """Find the group below which rooms get theirs, and prepare it; None where there is none."""
    name = os.environ.get(GIVEN)
    with contextlib.suppress(OSError):
        base = Path(name) if name else _own()
        if base is not None and set(_read(base, "cgroup.controllers").split()) >= CONTROLLERS:
            _prepare(base)
            return base
    return None


def _own() -> Path | None:
    """Give this process's own group, or the one above it that it was in, if systemd gave it."""
    lines = OWN.read_text().splitlines()
    paths = [line.removeprefix("0::") for line in lines if line.startswith("0::")]
    own = BASE / paths[0].lstrip("/") if paths else BASE
    if own.name == LEAF:
        own = own.parent
    for mark in ("user.delegate", "trusted.delegate"):
        with contextlib.suppress(OSError):
            if os.getxattr(own, mark) == b"1":
                return own
    return None


def _prepare(base: Path) -> None:
    """Let groups below it have bounds; `OSError` where that isn't for this process to do."""
    with locked(base):
        leaf = base / LEAF
        leaf.mkdir(exist_ok=True)
        _write(leaf, "cgroup.procs", "0")
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                _write(base, "cgroup.subtree_control", "+memory +pids")
                return
            except OSError:  # others are in it: what called this command, and what that started
                if time.monotonic() > deadline:
                    raise
            for process in _read(base, "cgroup.procs").split():
                with contextlib.suppress(ProcessLookupError):
                    _write(leaf, "cgroup.procs", process)


class Group:
    """A group of a room's own; `bound` says what all that is in it may use together.

    It counts as used while this process, or a fork of it, lives.

    Attributes
    ----------
    joining, events : int
        Descriptors of the files by which a process joins it, and which counts what was refused.
    """

    def __init__(self, base: Path) -> None:
        with locked(base):
            _sweep(base)
            self.path = Path(tempfile.mkdtemp(prefix=ROOM, dir=base))
            self._used = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._used, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.joining = os.open(self.path / "cgroup.procs", os.O_WRONLY)
        self.events = os.open(self.path / "memory.events", os.O_RDONLY)

    def bound(self, limits: Limits) -> None:
        """Set its bounds; a file in memory counts as memory here."""
        with contextlib.suppress(OSError):  # a system without swap, or an old one
            _write(self.path, "memory.swap.max", "0")
            _write(self.path, "memory.oom.group", "1")
        _write(self.path, "memory.max", str(limits.memory + limits.disk))
        _write(self.path, "pids.max", str(limits.processes))

    def close(self) -> None:
        """End what is in it, and remove it."""
        for descriptor in (self.joining, self.events, self._used):
            os.close(descriptor)
        _remove(self.path)


def sweep() -> None:
    """Remove what ended processes left."""
    base = given()
    if base is not None:
        with contextlib.suppress(OSError), locked(base):
            _sweep(base)


def _sweep(base: Path) -> None:
    for path in base.glob(f"{ROOM}*"):
        with contextlib.suppress(OSError):
            if unheld(path):
                _remove(path)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # before Linux 5.14
        _write(path, "cgroup.kill", "1")
    deadline = time.monotonic() + PATIENCE
    while path.exists() and time.monotonic() < deadline:
        with contextlib.suppress(OSError):  # processes take a moment to end
            path.rmdir()
            return
        time.sleep(0.01)


def _read(group: Path, name: str) -> str:
    return (group / name).read_text()


def _write(group: Path, name: str, words: str) -> None:
    descriptor = os.open(group / name, os.O_WRONLY)
    try:
        os.write(descriptor, words.encode())
    finally:
        os.close(descriptor)
