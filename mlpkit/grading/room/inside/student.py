"""The student's process: it writes the data files, gives up all rights, and runs a kernel."""

import base64
import contextlib
import functools
import json
import os
import random
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from mlpkit import plain_state
    from mlpkit.grading.room.inside import bridge, by_hand, confine, seccomp
else:
    import mlpkit_bridge as bridge
    import mlpkit_by_hand as by_hand
    import mlpkit_confine as confine
    import mlpkit_plain_state as plain_state
    import mlpkit_seccomp as seccomp


def be_kernel(
    request: dict[str, Any],
    options: dict[str, Any],
    user: int | None,
    home: str,
    sockets: str,
    steps: tuple[int, int],
    line: int,
) -> None:
    """Write the data files, give up all rights, and run a Jupyter kernel."""
    os.setsid()
    if options["confined"]:
        confine.fresh_proc()
        socket.sethostname("sandbox")
    # Its own sockets inherit this umask: only the judge and this submission reach them.
    os.umask(0o077)
    confine.limit(request["limits"])
    if options["confined"]:
        confine.renounce(user)
        seccomp.install()
        confine.die_with_parent()
    write_files(home, request["files"])
    os.chdir(home)
    os.environ.update(request["variables"], HOME=home, PWD=home)
    time.tzset()
    seed_again()
    bridge.LIMIT = request["limits"]["result"]
    bridge.LINE = socket.socket(fileno=line)
    bridge.LINE.set_inheritable(False)
    if request["by_hand"]:
        by_hand.forbid(request["by_hand"], request["refusal"])
    connection = dict(request["connection"], ip=f"{sockets}/s")
    file = os.path.join(tempfile.gettempdir() if options["confined"] else home, ".connection")
    with open(file, "w") as target:
        json.dump(connection, target)
    run_kernel(file, steps)


def write_files(home: str, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = os.path.join(home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(content))


def seed_again() -> None:
    """Forks share their random states: start each kernel from the system's own."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None and "numpy.random" in sys.modules:
        numpy.random.seed()


def run_kernel(file: str, steps: tuple[int, int]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    bound, go = steps
    sys.argv = ["kernel"]
    app: Any = IPKernelApp.instance()
    app.initialize(["-f", file, "--HistoryManager.hist_file=:memory:", "--log-level=50"])
    app.shell.user_ns.pop("__file__", None)
    if "matplotlib.pyplot" in sys.modules:
        # It was imported before there was a shell whose cells show its figures.
        app.shell.enable_matplotlib("inline")
        stay_without_display()
    end_cells_only(app.shell)
    by_hand.keep_names(app.shell)
    plain_state.remember()
    os.unlink(file)
    os.write(bound, b".")
    os.read(go, 1)
    os.close(bound)
    os.close(go)
    app.start()
    # Whoever stops the loop in a cell ends that cell; the kernel is ended from outside.
    while True:
        app.io_loop.start()


def end_cells_only(shell: Any) -> None:
    """Let ``quit()`` end the cell that calls it, as ``sys.exit()`` does.

    It would stop the kernel a moment later: how many cells ran until then was chance.
    """

    def ask_exit(*_: object) -> NoReturn:
        raise SystemExit

    shell.ask_exit = shell.kernel.do_shutdown = ask_exit
    shell.unobserve_all("exit_now")


def stay_without_display() -> None:
    """Let code that asks matplotlib for a window go on: there is none here."""
    for module, name in (("matplotlib", "use"), ("matplotlib.pyplot", "switch_backend")):
        real = getattr(sys.modules[module], name)
        setattr(sys.modules[module], name, _where_it_can(real))


def _where_it_can(real: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(real)
    def use(*arguments: object, **options: object) -> None:
        with contextlib.suppress(ImportError):
            real(*arguments, **options)

    return use
