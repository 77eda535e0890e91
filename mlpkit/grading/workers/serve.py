"""Processes that judge: each worker keeps a server with the imports done, which forks per job.

    worker (anything) → starter → server → judge (one submission, then gone)
                                         → bubblewrap → zygote → kernel (one submission, then gone)

Whatever a test leaves behind, or however long it runs, ends with its own process.
"""

import atexit
import contextlib
import importlib
import json
import os
import select
import signal
import socket
import struct
import sys
import threading
import time

from mlpkit.grading.job import Job, Result
from mlpkit.grading.room.sandbox import Sandbox, SandboxError, check_bubblewrap, warn_unsandboxed
from mlpkit.grading.text import plan as source
from mlpkit.grading.workers import starter

GRACE = 30.0
# What every sandbox has loaded; NumPy would import the last two when they are first used.
ALWAYS = ("matplotlib.pyplot", "numpy", "numpy.random", "numpy.testing")


def send(connection, tree):
    """Write one length-prefixed JSON message."""
    content = json.dumps(tree).encode()
    connection.sendall(struct.pack("!Q", len(content)) + content)


def receive(connection):
    """Read one message; None at the end."""
    head = _exactly(connection, 8)
    content = head and _exactly(connection, struct.unpack("!Q", head)[0])
    return json.loads(content) if content else None


def _exactly(connection, count):
    parts = []
    while count:
        part = connection.recv(min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


class Server:
    """A worker's handle on its server process; `connection` leads there."""

    def __init__(self, connection):
        self.connection = connection

    def judge(self, job):
        """Send a job and wait for its result."""
        self.connection.settimeout(job.limits.submission_seconds + 4 * GRACE)
        try:
            send(self.connection, job.to_json())
            answer = receive(self.connection)
        except OSError:
            answer = None
        if answer is None:
            self.close()
            raise SandboxError("the judging process ended")
        if "invalid" in answer:
            raise ValueError(answer["invalid"])
        return Result.from_json(answer)

    def hang_up(self):
        """Let the server end, and with it everything that it started."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)

    def close(self):
        """Hang up, and wait until the server has ended."""
        self.hang_up()
        with contextlib.suppress(OSError):
            self.connection.settimeout(10)
            while self.connection.recv(1 << 20):
                pass
        self.connection.close()


class Pool:
    """Servers of one process: each judges one submission at a time, and is used again."""

    def __init__(self):
        self.free, self.lock, self.pid = [], threading.Lock(), os.getpid()
        self.starter = None

    def judge(self, job):
        """Judge a job on a free server; a server that died is replaced once."""
        if job.unsandboxed:
            warn_unsandboxed()
        else:
            check_bubblewrap()
        for _ in range(2):
            with self.lock:
                server = self.free.pop() if self.free else self._new_server()
            try:
                result = server.judge(job)
            except SandboxError as error:
                reason = str(error)
                continue
            except BaseException as error:
                if not isinstance(error, ValueError):
                    # Interrupted half-way: its answer must not become another job's.
                    server.close()
                    raise
                self._give_back(server)
                raise
            self._give_back(server)
            return result
        from mlpkit.grading.judging.submission import refuse

        return refuse(job, reason)

    def _new_server(self):
        for _ in range(2):
            self.starter = self.starter or starter.take()
            try:
                return Server(self.starter.new_server())
            except OSError:  # it was killed
                self.starter.close()
                self.starter = None
        raise RuntimeError("no process to judge in can be started")

    def _give_back(self, server):
        with self.lock:
            self.free.append(server)

    def close(self):
        """End all servers, at the same time."""
        for server in self.free:
            server.hang_up()
        while self.free:
            self.free.pop().close()
        if self.starter:
            self.starter.close()
            self.starter = None


_shared = None


def shared_pool():
    """Give this process's pool."""
    global _shared
    if _shared is None or _shared.pid != os.getpid():
        _shared = Pool()
        atexit.register(_shared.close)
    return _shared


def serve(connection):
    """Judge jobs until the worker hangs up; runs in the server process."""
    sandboxes = {}
    while (tree := receive(connection)) is not None:
        job = Job.from_json(tree)
        del tree
        try:
            plan = source.read(job.source)
        except ValueError as error:
            send(connection, {"invalid": str(error)})
            continue
        _preload(plan.modules(tests=True))
        sandbox = _sandbox_for(job, plan, sandboxes)
        answer = _in_child(job, sandbox, connection)
        if answer is None:
            break
        send(connection, answer)
    for sandbox in sandboxes.values():
        sandbox.close()


def _preload(modules):
    """Import what the instructor's cells import, so that forks have it."""
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)


def _sandbox_for(job, plan, sandboxes):
    """Keep one zygote for each set of modules; the course's own notebooks need few."""
    roots = {module.partition(".")[0] for module in plan.by_hand}
    modules = {m for m in (*ALWAYS, *plan.modules()) if m.partition(".")[0] not in roots}
    key = (tuple(sorted(modules)), job.unsandboxed)
    if key not in sandboxes:
        while len(sandboxes) >= 3:
            sandboxes.pop(next(iter(sandboxes))).close()
        sandboxes[key] = Sandbox(*key)
    if not sandboxes[key].alive():
        sandboxes[key].close()
        with contextlib.suppress(SandboxError):
            sandboxes[key].start()
    return sandboxes[key]


def _in_child(job, sandbox, connection):
    """Fork, judge in the child, and end it when it takes too long or the worker is gone.

    Returns
    -------
    dict or None
        The answer; None when the worker hung up.
    """
    from mlpkit.grading.judging.submission import refuse

    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        ours.close()
        connection.close()
        _be_judge(job, sandbox, theirs)
    theirs.close()
    answer, gone = None, False
    deadline = time.monotonic() + job.limits.submission_seconds + GRACE
    ready = []
    while not ready and not gone and time.monotonic() < deadline:
        ready = select.select([ours, connection], [], [], 1)[0]
        gone = connection in ready
    if ours in ready:
        ours.settimeout(GRACE)
        with contextlib.suppress(OSError, ValueError):
            answer = receive(ours)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    ours.close()
    try:
        sandbox.end()
    except (SandboxError, OSError):
        sandbox.close()
    if gone:
        return None
    if answer is None or "broken" in answer:
        why = answer["broken"] if answer else "the tests' process ended or took too long"
        return refuse(job, why).to_json()
    return answer


def _be_judge(job, sandbox, connection):
    """Judge one submission and send the result; never returns."""
    from mlpkit.grading.judging import submission as judge
    from mlpkit.grading.room.inside import confine

    try:
        confine.die_with_parent()
        confine.limit(_own_limits(job.limits))
        try:
            answer = judge.judge_here(job, sandbox).to_json()
        except BaseException as error:
            if os.environ.get("MLPKIT_DEBUG"):
                sys.excepthook(*sys.exc_info())
            answer = {"broken": f"judging failed ({type(error).__name__}: {error})"}
        send(connection, answer)
    finally:
        os._exit(0)


def _own_limits(limits):
    """Give the tests' process bounds too: what a student returns may make a test grow."""
    return {
        "memory": limits.memory,
        "disk": max(limits.disk, 1 << 30),
        "open_files": 1024,
        "processes": 1 << 20,
    }
