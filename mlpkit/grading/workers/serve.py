"""The server process: it has the imports done and keeps sandboxes, and forks for each job.

    worker (anything) → server → judge (one submission, then gone)
                               → bubblewrap → zygote → kernel (one submission, then gone)

Whatever a test leaves behind, or however long it runs, ends with its own process.
"""

import contextlib
import fcntl
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Iterable
from typing import Any

from mlpkit.grading.job import Job, Limits
from mlpkit.grading.judging.bench import prepare
from mlpkit.grading.judging.rows import refuse
from mlpkit.grading.judging.signature import sign_here
from mlpkit.grading.judging.submission import judge_here
from mlpkit.grading.room.bubblewrap import SandboxMissing
from mlpkit.grading.room.inside import confine
from mlpkit.grading.room.sandbox import Sandbox, SandboxError
from mlpkit.grading.text.plan import Plan, read_plan
from mlpkit.grading.workers.channel import receive, send
from mlpkit.grading.workers.forked import forked

GRACE = 30.0
Sandboxes = dict[tuple[frozenset[str], bool], Sandbox]
# What every sandbox has loaded; NumPy would import the last two when they are first used.
ALWAYS = frozenset({"matplotlib.pyplot", "numpy", "numpy.random", "numpy.testing"})


def serve(connection: socket.socket) -> None:
    """Judge jobs until the worker hangs up."""
    sandboxes = _one_ahead()
    _preload(("numpy.random", "numpy.testing"))
    while (content := receive(connection)) is not None:
        job = Job.from_json(json.loads(content))
        del content
        answer = _judge(job, sandboxes, connection)
        if answer is None:
            break
        try:
            send(connection, answer)
        except OSError:  # the worker is gone
            break
    for sandbox in sandboxes.values():
        sandbox.close()


def _one_ahead() -> Sandboxes:
    """Start a sandbox before anybody says what it is for: it imports while the worker does."""
    try:
        sandbox = Sandbox(ALWAYS)
        sandbox.start()
    except (SandboxMissing, OSError):  # said where a job asks for one
        return {}
    return {(ALWAYS, False): sandbox}


def _judge(
    job: Job, sandboxes: Sandboxes, connection: socket.socket
) -> bytes | dict[str, Any] | None:
    """Give a job's result as bytes or a tree; None when the worker hung up."""
    plan = read_plan(job.source, job.released)
    _preload(plan.modules(tests=True))
    prepare(plan)
    try:
        sandbox = _sandbox_for(job, plan, sandboxes)
    except (SandboxError, OSError) as error:
        return refuse(job, str(error), died=True).to_json()
    return _in_child(job, sandbox, connection)


def _preload(modules: Iterable[str]) -> None:
    """Import what the instructor's cells import, so that forks have it."""
    for module in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(module)


def _sandbox_for(job: Job, plan: Plan, sandboxes: Sandboxes) -> Sandbox:
    """Keep one zygote for each set of modules; the course's own notebooks need few."""
    roots = {module.partition(".")[0] for module in plan.by_hand}
    wanted = {m for m in (*ALWAYS, *plan.modules()) if m.partition(".")[0] not in roots}
    key = (frozenset(wanted), job.unsandboxed)
    if key not in sandboxes:
        while len(sandboxes) >= 3:
            sandboxes.pop(next(iter(sandboxes))).close()
        ahead = sandboxes.pop((ALWAYS, job.unsandboxed), None) if wanted >= ALWAYS else None
        sandboxes[key] = ahead or Sandbox(*key)
    sandbox = sandboxes[key]
    try:
        if not sandbox.alive():
            sandbox.close()
            sandbox.start()
        sandbox.load(wanted)
    except BaseException:
        sandboxes.pop(key).close()
        raise
    return sandbox


def _in_child(
    job: Job, sandbox: Sandbox, connection: socket.socket
) -> bytes | dict[str, Any] | None:
    """Fork, judge in the child, and end it when it takes too long or the worker is gone."""

    def judge(theirs: socket.socket) -> None:
        connection.close()
        _be_judge(job, sandbox, theirs)

    answer = None
    with forked(judge) as ours:
        ready = _wait_for(ours, connection, job.limits.all_seconds + GRACE)
        if ours in ready:
            ours.settimeout(GRACE)
            with contextlib.suppress(OSError):
                answer = receive(ours)
    try:
        sandbox.end()
    except (SandboxError, OSError):
        sandbox.close()
    if connection in ready:
        return None
    if answer is None:
        why = "the tests' process ended" if ready else "the tests' process took too long"
        return refuse(job, why, died=bool(ready)).to_json()
    return answer


def _wait_for(
    ours: socket.socket, connection: socket.socket, seconds: float
) -> list[socket.socket]:
    """Give what can be read first: the child's answer, or the end of the worker."""
    deadline = time.monotonic() + seconds
    ready: list[socket.socket] = []
    while not ready and time.monotonic() < deadline:
        ready = select.select([ours, connection], [], [], 1)[0]
    return ready


def _be_judge(job: Job, sandbox: Sandbox, connection: socket.socket) -> None:
    """Judge one submission and send the result."""
    confine.die_with_parent()
    confine.limit(_own_limits(job.limits))
    try:
        answer = sign_here(job, sandbox) if job.sign else judge_here(job, sandbox)
    except BaseException as error:
        if os.environ.get("MLPKIT_DEBUG"):
            sys.excepthook(*sys.exc_info())
        answer = refuse(job, _in_words(error), died=True)
    send(connection, answer.to_json())


def _in_words(error: BaseException) -> str:
    """Say why a submission couldn't be judged."""
    if isinstance(error, MemoryError):
        return "judging it took more memory than there is"
    if isinstance(error, UnicodeError):
        return "something in it holds characters that can't be written as UTF-8"
    return f"judging failed: {str(error) or type(error).__name__}"


def _own_limits(limits: Limits) -> dict[str, int]:
    """Give the tests' process bounds too: what a student returns may make a test grow."""
    return {
        "memory": limits.memory,
        "disk": max(limits.disk, 1 << 30),
        "open_files": 1024,
        "processes": 1 << 20,
    }


def end_with(connection: socket.socket) -> None:
    """End this process at once when the other end of the connection is gone, whatever it is at.

    What it started ends with it. Not by the system's signal for a parent's end, which comes when
    the thread ends that started this process. A worker that only hangs up waits for an orderly end.
    """

    def look(*_: object) -> None:
        poll = select.poll()  # one of its own: a signal may come while another is being asked
        poll.register(connection, 0)  # asked for nothing, it tells of the end
        if any(event & select.POLLHUP for _, event in poll.poll(0)):
            os._exit(0)

    if sys.platform == "linux":
        signal.signal(signal.SIGIO, look)
        fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
        flags = fcntl.fcntl(connection, fcntl.F_GETFL)
        fcntl.fcntl(connection, fcntl.F_SETFL, flags | os.O_ASYNC)
        look()  # it may have ended before


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as worker:
        end_with(worker)
        os.chdir("/")  # where it was started may be gone by the next job
        serve(worker)
    os._exit(0)  # at once: what instructors' modules would do at the end is nobody's business here
