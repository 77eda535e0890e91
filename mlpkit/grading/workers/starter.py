"""A process that has the judges' imports done and forks servers: one pays for all of them.

It is started before this process does its own imports, and works meanwhile.
"""

import contextlib
import importlib
import os
import signal
import socket
import subprocess
import sys

START = (
    "from mlpkit.grading.quick import spare; spare()\n"
    "from mlpkit.grading.workers.starter import main; main()"
)
# NumPy loads the submodules when they are first used: here, so that no fork has to.
IMPORTS = (
    "numpy",
    "numpy.random",
    "numpy.testing",
    "nbformat",
    "nbgrader.preprocessors",
    "jupyter_client.session",
    "mlpkit.grading.judging.submission",
    "mlpkit.grading.workers.serve",
)


class Starter:
    """This process's handle on the process that forks."""

    def __init__(self):
        self.control, theirs = socket.socketpair()
        variables = os.environ | {
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "MPLBACKEND": "Agg",
            "TQDM_DISABLE": "1",
        }
        command = [sys.executable, "-c", START, str(theirs.fileno())]
        self.process = subprocess.Popen(
            command,
            env=variables,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            # Ctrl-C goes to the worker, which then hangs up.
            start_new_session=True,
        )
        theirs.close()

    def new_server(self):
        """Have a server forked.

        Returns
        -------
        socket.socket
            The connection to it.

        Raises
        ------
        OSError
            If the process that forks is gone.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self.control, [b"."], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ours

    def close(self):
        """End the process; its servers live as long as somebody is connected to them."""
        self.control.close()
        self.process.kill()  # it holds nothing, and may be in the middle of its imports
        self.process.wait()


_early = []


def start_early():
    """Start one before it is needed."""
    if not _early:
        _early.append(Starter())


def take():
    """Give the one that was started early, or a new one."""
    return _early.pop() if _early else Starter()


def drop_early():
    """End the one that was started early if nobody took it."""
    while _early:
        _early.pop().close()


def main():
    """Fork a server for each descriptor that comes through the one that is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[1])) as control:
        for module in IMPORTS:
            with contextlib.suppress(ImportError):  # what is missing, the worker says in words
                importlib.import_module(module)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for a server
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, 1, 1)
            if not message:
                break
            if os.fork() == 0:
                control.close()
                _be_server(descriptors[0])
            os.close(descriptors[0])
    os._exit(0)


def _be_server(descriptor):
    from mlpkit.grading.workers.serve import serve

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        with socket.socket(fileno=descriptor) as worker:
            serve(worker)
    except BaseException:
        if os.environ.get("MLPKIT_DEBUG"):
            sys.excepthook(*sys.exc_info())
    finally:
        os._exit(0)
