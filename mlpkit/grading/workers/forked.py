"""Work in a fork of this process, which ends with it: nothing that it does stays behind."""

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Iterator


@contextlib.contextmanager
def forked(work: Callable[[socket.socket], object]) -> Iterator[socket.socket]:
    """Fork, let the child work, and end it with the block, whatever it is at.

    Parameters
    ----------
    work : callable
        What the child does; it is given its end of a socket.

    Yields
    ------
    socket
        This process's end.
    """
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            work(theirs)
        finally:
            os._exit(0)
    theirs.close()
    try:
        yield ours
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        ours.close()
