"""Where student code runs: a zygote in a room of bubblewrap's, which forks kernels.

The zygote stays alive and forks one kernel at a time into namespaces of its own, with an empty
home.
"""

import base64
import functools
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from mlpkit.by_hand import WORDS
from mlpkit.grading.job import Job
from mlpkit.grading.room.bubblewrap import (
    INSIDE,
    bubblewrap_command,
    check_bubblewrap,
    environment,
    is_root,
    writable_folders,
)
from mlpkit.grading.room.groups import Group, given
from mlpkit.grading.room.scratch import Scratch

UNSANDBOXED = (
    "WARNING: --unsandboxed: student code runs with your own rights; it can read solutions and "
    "the gradebook, write any file of yours and use the network."
)


class SandboxError(RuntimeError):
    """The sandbox itself failed, not the submission."""


class End(NamedTuple):
    """Why a kernel ended, and whether something killed it from outside or failed."""

    why: str
    died: bool


@functools.cache
def warn_unsandboxed() -> None:
    """Print the warning, once a process."""
    print(UNSANDBOXED, file=sys.stderr)


class Sandbox:
    """A zygote, confined or not, that starts kernels.

    Parameters
    ----------
    preload : sequence of str
        Modules that every kernel starts with already loaded (not imported into its names).
    unsandboxed : bool
        Run without bubblewrap: no protection at all, beside the limits of ``ulimit``.
    """

    number = itertools.count(1)

    def __init__(self, preload: Iterable[str] = (), unsandboxed: bool = False) -> None:
        if not unsandboxed:
            check_bubblewrap()
        self.preload, self.unsandboxed = frozenset(preload), unsandboxed
        self.process: subprocess.Popen[bytes] | None = None
        self.group: Group | None = None

    def start(self) -> None:
        """Start the zygote, which begins with its imports; `load` waits for them."""
        self.scratch = Scratch()
        self.sockets = str(self.scratch.path / "kernels")
        os.mkdir(self.sockets)
        for folder in (self.scratch.path, self.sockets):
            os.chmod(folder, 0o711)
        base = given()
        self.group = Group(base) if base else None
        of_group = [self.group.joining, self.group.events] if self.group else []
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = {
            "confined": not self.unsandboxed,
            "user": is_root() and not self.unsandboxed,
            "preload": sorted(self.preload),
            "private": writable_folders(),
            "group": of_group,
        }
        words = [str(theirs.fileno()), json.dumps(options)]
        if self.unsandboxed:
            command = [sys.executable, str(INSIDE / "zygote.py"), *words]
            variables = os.environ | {"MPLBACKEND": environment()["MPLBACKEND"]}
        else:
            command = [*bubblewrap_command(self.sockets), sys.executable, "/run/judge/zygote.py"]
            command, variables = command + words, {"PATH": os.environ.get("PATH", os.defpath)}
        self.process = subprocess.Popen(
            command,
            env=variables,
            pass_fds=[theirs.fileno(), *of_group],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("MLPKIT_DEBUG") else subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self.owner = os.getpid()

    def load(self, modules: Iterable[str] = ()) -> None:
        """Wait until the zygote has imported its modules, and these."""
        self.preload |= frozenset(modules)
        self.ask({"do": "load", "modules": sorted(self.preload)}, timeout=120)

    def alive(self) -> bool:
        """Tell whether the zygote can be asked; a forked judge can't wait for it, and asks."""
        if self.process is None or self.owner != os.getpid():
            return self.process is not None
        return self.process.poll() is None

    def spawn(
        self,
        connection: dict[str, Any],
        line: socket.socket,
        job: Job,
        by_hand: Collection[str],
    ) -> str:
        """Start a kernel; a former one is ended first.

        Parameters
        ----------
        connection : dict
            Jupyter's connection information, transport ``ipc``.
        line : socket
            The kernel's end of a :class:`mlpkit.grading.room.line.Line`.
        job : Job
            Whose limits, files and variables the kernel gets.
        by_hand : collection of str
            Modules that it can't import.

        Returns
        -------
        str
            The ``ip`` under which the judge finds the kernel's sockets.
        """
        if not self.alive():
            raise SandboxError("the sandbox ended")
        if self.group:
            self.group.bound(job.limits)
        number = next(self.number)
        # A user of its own, so that processes are counted, and signals sent, within it alone.
        user = 1_000_000_000 + (os.getpid() % 4_194_304) * 256 + number % 256
        folder = self.folder(f"{os.getpid()}-{number}", user)
        request = {
            "id": os.path.basename(folder),
            "sockets": folder,
            "user": user,
            "connection": connection,
            "limits": vars(job.limits),
            "files": {k: base64.b64encode(v).decode() for k, v in job.working_folder().items()},
            "variables": job.variables,
            "by_hand": list(by_hand),
            "refusal": WORDS,
        }
        with tempfile.TemporaryFile() as file:
            file.write(json.dumps(request).encode())
            file.flush()
            # Longer than the zygote itself waits, on however busy a machine.
            self.ask({"do": "spawn"}, descriptors=[file.fileno(), line.fileno()], timeout=90)
        return f"{folder}/s"

    def folder(self, name: str, user: int) -> str:
        """Make the folder for one kernel's sockets and remove those of former kernels."""
        for old in os.listdir(self.sockets):
            shutil.rmtree(os.path.join(self.sockets, old), ignore_errors=True)
        path = os.path.join(self.sockets, name)
        os.mkdir(path, 0o700)
        if is_root() and not self.unsandboxed:
            os.chown(path, user, user)
        return path

    def ended(self) -> End | None:
        """Give the :class:`End` of the kernel, or None while it runs."""
        if not self.alive():
            return End("the sandbox ended", died=True)
        ended = self.ask({"do": "look"}).get("ended")
        return ended and End(*ended)

    def interrupt(self) -> None:
        """Send the kernel what Ctrl-C sends."""
        self.ask({"do": "signal", "signal": int(signal.SIGINT)})

    def end(self) -> None:
        """End the kernel and every process that it started; the zygote stays."""
        if self.alive():
            self.ask({"do": "end"})

    def close(self) -> None:
        """End everything."""
        if self.process is None:
            return
        self.control.close()
        if self.owner != os.getpid():
            self.process = None
            return
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        if self.group:
            self.group.close()
        self.scratch.close()

    def ask(
        self, request: dict[str, Any], descriptors: Sequence[int] = (), timeout: float = 30
    ) -> dict[str, Any]:
        """Send the zygote one request and wait for its answer.

        Raises
        ------
        SandboxError
            If it doesn't answer or couldn't do it.
        """
        request = dict(request, number=next(self.number))
        try:
            message = json.dumps(request).encode()
            socket.send_fds(self.control, [message], list(descriptors))
            deadline = time.monotonic() + timeout
            while True:
                answer = self._receive(max(0.01, deadline - time.monotonic()))
                # Answers to a judge that was killed while it waited may still lie here.
                if answer.get("number") == request["number"]:
                    break
        except OSError as error:
            raise SandboxError(f"the sandbox does not answer ({error})") from None
        if "error" in answer:
            raise SandboxError(answer["error"])
        return answer

    def _receive(self, timeout: float) -> dict[str, Any]:
        self.control.settimeout(timeout)
        message = self.control.recv(65536)
        if not message:
            raise SandboxError("the sandbox ended")
        answer: dict[str, Any] = json.loads(message)
        return answer
