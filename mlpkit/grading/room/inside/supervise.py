"""A supervisor: it sets the stage for one kernel, forks it, and watches it until it ends."""

import contextlib
import os
import select
import shutil
import signal
import tempfile
import traceback
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlpkit.grading.room.inside import by_hand, confine, student
else:
    import mlpkit_by_hand as by_hand
    import mlpkit_confine as confine
    import mlpkit_student as student

SOCKETS, HOME = "/run/kernels", "/home/student"
# Seconds between looks, and where much of the memory is in use: a core fills 20 MB in the shorter.
LOOK_EVERY, LOOK_CLOSELY = 0.05, 0.005
KERNELS_OWN = 80


def supervise(request: dict[str, Any], options: dict[str, Any], news: int, line: int) -> None:
    """Set the stage, fork the kernel, and watch it until it ends."""
    confine.die_with_parent()
    user = request["user"] if options["user"] else None
    if options["confined"]:
        confine.unshare()
        owner = os.getuid() if user is None else user
        confine.private_space(options["private"], request["limits"]["disk"], owner)
        confine.mount(f"{SOCKETS}/{request['id']}", "/run/kernel")
        confine.hide(SOCKETS)
        # Mapped, it would be shared memory without a size.
        confine.hide("/dev/zero")
        # matplotlib insists on a folder it could write to, but only while it is imported.
        confine.read_only("/run/matplotlib")
        for path in by_hand.paths(request["by_hand"]):
            confine.hide(path)
        home, sockets = HOME, "/run/kernel"
    else:
        sockets = request["sockets"]
        home = tempfile.mkdtemp(dir=sockets)  # goes with them, however this ends
    before = confine.exhausted(options["group"])
    bound_read, bound_write = os.pipe()
    go_read, go_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for descriptor in (news, bound_read, go_write):
                os.close(descriptor)
            confine.join(options["group"])
            steps = (bound_write, go_read)
            student.be_kernel(request, options, user, home, sockets, steps, line)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    for descriptor in (bound_write, go_read, line):
        os.close(descriptor)
    os.write(news, f"kernel {pid}\n".encode())
    stopped, bell = list[bool](), ring_on_signals()
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    # The kernel's sockets exist now: it needs the way to them no more.
    if os.read(bound_read, 1):
        if options["confined"]:
            confine.unmount("/run/kernel")
        os.write(news, b"listens\n")
        os.write(go_write, b".")
    how, why = watch(pid, request["limits"], options, stopped, bell)
    if how == "died" and confine.exhausted(options["group"]) > before:
        how, why = "ended", out_of_memory(request["limits"])
    if not options["confined"]:
        shutil.rmtree(home, ignore_errors=True)
    os.write(news, f"{how} {why}\n".encode())


def ring_on_signals() -> int:
    """Return a descriptor that can be read after a signal: of an end, or of the order to end."""
    bell, ring = os.pipe()
    os.set_blocking(ring, False)
    signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return bell


def watch(
    pid: int, limits: Mapping[str, int], options: dict[str, Any], stopped: list[bool], bell: int
) -> tuple[str, str]:
    """Wait for the kernel's end; end it when the submission takes too much.

    Returns
    -------
    tuple of (str, str)
        "died" if it was killed from outside, else "ended"; and why, in words.
    """
    why: str | None = None
    status: int | None = None
    pause = LOOK_EVERY
    while status is None:
        if options["confined"] and why is None and not stopped:
            why, much = excess(limits)
            pause = LOOK_CLOSELY if much and not options["group"] else LOOK_EVERY
        if why or stopped:
            (os.kill if options["confined"] else os.killpg)(pid, signal.SIGKILL)
        done, code = os.waitpid(pid, os.WNOHANG if not (why or stopped) else 0)
        if done:
            status = code
        else:
            # Not longer than needed: a class waits for this once a submission.
            if select.select([bell], [], [], pause)[0]:
                os.read(bell, 512)
    if not options["confined"]:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    if why or stopped:
        return "ended", why or "it was stopped"
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        # By the system, short of memory, or by a person: no process in it can do so.
        how = "died" if number == signal.SIGKILL else "ended"
        return how, f"the kernel was killed by signal {number}"
    return "ended", f"the kernel exited with code {os.WEXITSTATUS(status)}"


def excess(limits: Mapping[str, int]) -> tuple[str | None, bool]:
    """Say which shared limit is passed, or None; and whether much of the memory is in use."""
    processes, size, files = confine.usage()
    much = size > limits["memory"] / 3
    if len(processes) > limits["processes"]:
        return f"more than {limits['processes']} processes", much
    # Each has the kernel's own by being forked, and a pool's two pipes or three to each other one.
    inherited = len(processes) * (KERNELS_OWN + 3 * len(processes))
    if files - inherited > 4 * limits["open_files"]:
        return f"more than {4 * limits['open_files']:,} open files", much
    if size > limits["memory"] and confine.proportional(processes) > limits["memory"]:
        return out_of_memory(limits), much
    return None, much


def out_of_memory(limits: Mapping[str, int]) -> str:
    return f"out of memory: more than {limits['memory'] // 1024**2:,} MB in use"
