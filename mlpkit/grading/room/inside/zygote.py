"""A process that has the imports done and forks kernels, one at a time, each confined anew.

    python zygote.py DESCRIPTOR OPTIONS

DESCRIPTOR is a socket to the judge; each message is one JSON object. OPTIONS is JSON:
``confined`` (we are inside bubblewrap and hold the rights to go further), ``user`` (there is a
user to become), ``preload`` (modules), ``private`` (folders to put empty ones over),
``group`` (descriptors of a cgroup's files: to join it, and what it counts; or none). The tree of
a submission: zygote → supervisor (mounts, watches memory and processes) → kernel, which is
process 1 of its own namespace, so that its end ends every process of the submission.
"""

import contextlib
import importlib
import importlib.util
import json
import linecache
import os
import select
import signal
import socket
import sys
import time
import types
from collections.abc import Iterable
from typing import Any, BinaryIO

HERE = os.path.dirname(os.path.abspath(__file__))
# The kernel itself, and what it would import while it starts.
KERNEL = (
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.debugger",
    "tornado.platform.asyncio",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.magics.execution",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "faulthandler",
    "sqlite3",
)


def load(name: str, path: str | None = None) -> types.ModuleType:
    """Import a file, one beside this one, as ``mlpkit_NAME``, without its folder on the path."""
    path = path or f"{HERE}/{name}.py"
    spec = importlib.util.spec_from_file_location(f"mlpkit_{name}", path)
    assert spec is not None and spec.loader is not None  # a .py file always has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def preload(modules: Iterable[str]) -> None:
    """Import what kernels will want."""
    # ipykernel loads its debugger with every kernel, half a second of it; it does without.
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]  # refuses the import
    debug_as_a_kernel_does()
    import_all(KERNEL)
    sys.modules["mlpkit_by_hand"].remember()
    import_all(("matplotlib_inline", *modules))
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].get_configdir()
        sys.modules["matplotlib"].get_cachedir()
    show_an_error()


def debug_as_a_kernel_does() -> None:
    """Give `pdb` the debugger that a kernel gives it when it starts.

    What takes its class from there, such as `doctest`, is imported after that in a notebook.
    """
    with contextlib.suppress(Exception):
        import pdb

        from IPython.core.debugger import Pdb

        pdb.Pdb = Pdb  # type: ignore[assignment,misc]


def import_all(modules: Iterable[str]) -> None:
    """Import modules; what fails here fails later, in the student's cell."""
    for name in modules:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def show_an_error() -> None:
    """Show one as IPython does: the first costs it more than all cells of a hand-in together."""
    from IPython.core.ultratb import AutoFormattedTB

    source = "def fail():\n    raise ValueError('shown to nobody')\n\nfail()\n"
    linecache.cache["<error>"] = len(source), None, source.splitlines(True), "<error>"
    try:
        exec(compile(source, "<error>", "exec"), {})
    except ValueError:
        AutoFormattedTB(mode="Context").structured_traceback(*sys.exc_info())
    del linecache.cache["<error>"]


class Kernel:
    """The supervisor's process as the zygote sees it."""

    def __init__(self, pid: int, news: BinaryIO) -> None:
        self.pid, self.news = pid, news
        self.kernel: int | None = None
        self.ended: str | None = None
        self.listens, self.died = False, False

    def look(self, wait: float = 0) -> tuple[str, bool] | None:
        """Take in what the supervisor has written.

        Returns
        -------
        tuple of (str, bool) or None
            Once the kernel has ended: why, and whether it died by no fault of its own.
        """
        while self.ended is None and select.select([self.news], [], [], wait)[0]:
            # Unbuffered, so that what was written is either here or visible to select.
            line = self.news.readline().decode()
            word, _, rest = line.strip().partition(" ")
            if word == "kernel":
                self.kernel = int(rest)
            elif word == "listens":
                self.listens = True
                break
            else:
                # Without a word only when the supervisor itself was killed.
                self.ended, self.died = rest or "the kernel ended", word != "ended"
        return (self.ended, self.died) if self.ended else None

    def start(self) -> "Kernel":
        """Wait until the kernel listens, so that nobody has to ask it twice."""
        if self.look(wait=60) or not self.listens:
            raise RuntimeError(self.ended or "the kernel did not start")
        return self

    def signal(self, number: int) -> None:
        self.look()
        if self.kernel and self.ended is None:
            os.kill(self.kernel, number)

    def end(self) -> None:
        """Kill everything and wait until it is gone."""
        try:
            os.kill(self.pid, signal.SIGTERM)
            deadline = time.monotonic() + 5
            while time.monotonic() < deadline:
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    break
                time.sleep(0.002)
            else:
                os.kill(self.pid, signal.SIGKILL)
                os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        self.news.close()


def serve(control: socket.socket, options: dict[str, Any]) -> None:
    """Answer the judge's requests until it hangs up."""
    kernel: Kernel | None = None
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(control, 65536, 2)
        except InterruptedError:
            continue
        if not message:
            break
        request = json.loads(message)
        answer: dict[str, Any] = {"number": request["number"]}
        try:
            if request["do"] == "load":
                import_all(request["modules"])
            elif request["do"] == "spawn":
                if kernel:
                    kernel.end()
                kernel = spawn(control, descriptors[0], descriptors[1], options)
                kernel.start()
            elif request["do"] == "look":
                answer["ended"] = kernel.look() if kernel else ("no kernel was started", True)
            elif request["do"] == "signal" and kernel:
                kernel.signal(request["signal"])
            elif request["do"] == "end" and kernel:
                kernel.end()
                kernel = None
        except Exception as error:
            answer["error"] = f"{type(error).__name__}: {error}"
        for descriptor in descriptors:
            os.close(descriptor)
        send(control, answer)
    if kernel:
        kernel.end()


def send(control: socket.socket, message: dict[str, Any]) -> None:
    control.send(json.dumps(message).encode())


def spawn(control: socket.socket, request: int, line: int, options: dict[str, Any]) -> Kernel:
    """Fork a supervisor, which forks a kernel; from the descriptors of a file and of its line."""
    with os.fdopen(os.dup(request), "rb") as file:
        file.seek(0)
        wanted = json.load(file)
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return Kernel(pid, os.fdopen(read, "rb", buffering=0))
    os.close(read)
    os.close(request)
    control.close()
    code = 1
    try:
        supervise(wanted, options, write, line)
        code = 0
    except BaseException as error:
        words = f"the sandbox could not be set up ({type(error).__name__}: {error})"
        os.write(write, f"died {words}".replace("\n", " ").encode() + b"\n")
    finally:
        os._exit(code)


if __name__ == "__main__":
    descriptor, options = int(sys.argv[1]), json.loads(sys.argv[2])
    sys.path[0] = ""
    os.environ.pop("JPY_PARENT_PID", None)
    # The kit's: it stands beside this file in the room, and without one where the kit is.
    beside = os.path.exists(f"{HERE}/plain_state.py")
    load("plain_state", None if beside else f"{HERE}/../../../plain_state.py")
    for name in ("confine", "by_hand", "seccomp", "wire", "bridge", "student"):
        load(name)
    supervise = load("supervise").supervise
    with socket.socket(fileno=descriptor) as control:
        preload(options["preload"])
        serve(control, options)
    os._exit(0)  # at once: taking all these modules down is nobody's business
