"""This process's servers: started when needed, used again, replaced when they die."""

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading

from mlpkit.grading.job import Job, Result
from mlpkit.grading.judging.rows import refuse
from mlpkit.grading.room import groups, scratch
from mlpkit.grading.room.bubblewrap import check_bubblewrap
from mlpkit.grading.room.sandbox import warn_unsandboxed
from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.workers.channel import receive, send

TRIES = 3
PATIENCE = 120.0
VARIABLES = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "Agg",
    "TQDM_DISABLE": "1",
}


def judge_submission(job: Job, servers: "Servers | None" = None) -> Result:
    """Run and mark one submission; never raises for anything that a submission does.

    Where a process of the judging died, perhaps by no fault of the submission's, it is judged
    again, `TRIES` times at most: the one place where anything of the judging is done again.

    Parameters
    ----------
    job : Job
    servers : Servers, optional
        This process's own if not given.

    Returns
    -------
    Result
        With a row for each graded cell of ``job.source``, and how many ``tries`` it took.

    Raises
    ------
    mlpkit.grading.room.bubblewrap.SandboxMissing
        No bubblewrap here, and the job doesn't accept to run without; two lines to print.
    ValueError
        The *instructor's* notebook can't be read.
    """
    read_plan(job.source, job.released)
    if job.unsandboxed:
        warn_unsandboxed()
    else:
        check_bubblewrap()
    servers = servers or shared()
    for tries in range(1, TRIES + 1):
        result = servers.judge(job)
        result.tries = tries
        if not result.died:
            break
    return result


class Server:
    """A handle on a server process, which judges one submission at a time."""

    def __init__(self) -> None:
        self.used = False
        self.connection, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mlpkit.grading.workers.serve", str(theirs.fileno())],
                env=os.environ | VARIABLES,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                # Ctrl-C goes to the worker, which then hangs up.
                start_new_session=True,
            )

    def judge(self, job: Job) -> Result | None:
        """Send a job and wait for its result; None if the server ended."""
        self.used = True
        self.connection.settimeout(job.limits.all_seconds + PATIENCE)
        try:
            send(self.connection, job.to_json())
            answer = receive(self.connection)
        except OSError:
            answer = None
        return Result.from_json(json.loads(answer)) if answer else None

    def hang_up(self) -> None:
        """Let the server end, and with it everything that it started."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Hang up, and wait until the server has ended."""
        self.hang_up()
        if not self.used:
            self.process.kill()  # it holds nothing, and may be in the middle of its imports
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.connection.close()


class Servers:
    """Servers of one process, as many as it judges submissions at a time."""

    def __init__(self) -> None:
        self.free, self.busy = list[Server](), set[Server]()
        self.lock, self.pid, self.closed = threading.Lock(), os.getpid(), False

    def start(self) -> None:
        """Start a server before it is needed: it imports while this process does."""
        self.free.append(Server())

    def judge(self, job: Job) -> Result:
        """Judge a job once, on a free server; one that died is not used again."""
        server = self._take()
        try:
            result = server.judge(job)
        except BaseException:
            # Interrupted half-way: its answer must not become another job's.
            self._let_go(server)
            server.close()
            raise
        self._let_go(server, again=result is not None)
        if result is None:
            server.close()
            result = refuse(job, "the judging process ended", died=True)
        return result

    def _take(self) -> Server:
        with self.lock:
            if self.closed:
                raise RuntimeError("no more submissions are judged: the servers were closed")
            server = self.free.pop() if self.free else Server()
            self.busy.add(server)
        return server

    def _let_go(self, server: Server, again: bool = False) -> None:
        with self.lock:
            self.busy.discard(server)
            if again and not self.closed:
                self.free.append(server)

    def close(self) -> None:
        """End all servers at the same time, also in the middle of a submission."""
        if self.pid != os.getpid():  # a fork's: they are its parent's
            return
        with self.lock:
            self.closed = True
            servers, self.free = [*self.free, *self.busy], []
        for server in servers:
            server.hang_up()
        for server in servers:
            server.close()
        if servers:
            # One that was killed in the middle left its folders, and its group.
            scratch.sweep()
            groups.sweep()


_shared: Servers | None = None


def shared() -> Servers:
    """Give this process's servers."""
    global _shared
    if _shared is None or _shared.closed or _shared.pid != os.getpid():
        _shared = Servers()
        atexit.register(_shared.close)
    return _shared
