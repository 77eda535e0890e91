"""What the zygote's children do to themselves: mounts, limits, and giving up every right.

Linux only; the calls that Python 3.11 lacks are made through libc.
"""

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence

NEW_MOUNTS, NEW_UTS, NEW_IPC = 0x00020000, 0x04000000, 0x08000000
NEW_PIDS, NEW_NETWORK, NEW_CGROUPS = 0x20000000, 0x40000000, 0x02000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC, REMOUNT, BIND = 1, 2, 4, 8, 32, 4096
DETACH = 2
# Of <linux/prctl.h> and <linux/capability.h>.
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
LINUX_CAPABILITY_VERSION_3 = 0x20080522
LAST_CAPABILITY = 63


def _libc(name: str, *arguments: object) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    if function(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def unshare() -> None:
    """Leave the zygote's namespaces; the next child is process 1 of its own."""
    _libc("unshare", NEW_MOUNTS | NEW_PIDS | NEW_IPC | NEW_NETWORK | NEW_UTS)


def join(group: Sequence[int]) -> None:
    """Enter a group of cgroups v2 by the files of it that the judge has opened, and let go of them.

    Parameters
    ----------
    group : list of int
        Descriptors of its ``cgroup.procs`` and ``memory.events``; or none, without a group.
    """
    if group:
        os.write(group[0], b"0")
        with contextlib.suppress(OSError):  # without a sandbox there may be no right to it
            _libc("unshare", NEW_CGROUPS)  # whose paths begin at this group
    for descriptor in group:
        os.close(descriptor)


def exhausted(group: Sequence[int]) -> int:
    """Count how often a group was out of memory, by its own bound."""
    counts = os.pread(group[1], 4096, 0).decode().split() if group else []
    return int(dict(zip(counts[::2], counts[1::2], strict=True)).get("oom", 0))


def mount(
    source: str, target: str, kind: str | None = None, flags: int = 0, data: str | None = None
) -> None:
    """Mount; ``kind`` None binds ``source`` at ``target``."""
    if kind is None:
        flags |= BIND
    text = [None if word is None else word.encode() for word in (source, target, kind)]
    _libc("mount", *text, ctypes.c_ulong(flags), None if data is None else data.encode())


def unmount(target: str) -> None:
    """Take a mount away at once; what is open in it stays usable."""
    _libc("umount2", target.encode(), DETACH)


def private_space(places: Sequence[str], size: int, user: int) -> None:
    """Put one small, empty, writable file system behind several folders.

    Parameters
    ----------
    places : list of str
        Existing folders; each becomes an empty one, all sharing ``size`` bytes.
    size : int
    user : int
        Who owns them.
    """
    stage = "/run/space"
    mount("none", stage, "tmpfs", NO_SUID | NO_DEVICES, f"size={size},nr_inodes=20000,mode=0755")
    for number, place in enumerate(places):
        part = f"{stage}/{number}"
        os.mkdir(part, 0o700)
        os.chown(part, user, user)
        mount(part, place)
    unmount(stage)


def hide(path: str) -> None:
    """Put nothing where a file or folder was."""
    if os.path.isdir(path):
        mount("none", path, "tmpfs", READ_ONLY | NO_SUID | NO_DEVICES, "size=4096,mode=0755")
    else:
        mount("/dev/null", path)


def read_only(path: str) -> None:
    """Forbid writing below a mount."""
    flags = REMOUNT | BIND | READ_ONLY | NO_SUID | NO_DEVICES
    _libc("mount", b"none", path.encode(), None, ctypes.c_ulong(flags), None)


def fresh_proc() -> None:
    """Show this process's own namespace in /proc; where that is forbidden, an empty folder."""
    try:
        mount("proc", "/proc", "proc", NO_SUID | NO_DEVICES | NO_EXEC)
    except OSError:
        mount("none", "/proc", "tmpfs", READ_ONLY | NO_SUID | NO_DEVICES, "size=4096")


def limit(limits: Mapping[str, float]) -> None:
    """Set what this process and its children may use, each.

    Parameters
    ----------
    limits : dict
        Fields of :class:`mlpkit.grading.job.Limits`. Memory counts from what is in use now.
    """
    bounds = {
        resource.RLIMIT_AS: address_space() + limits["memory"],
        resource.RLIMIT_FSIZE: limits["disk"],
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        getattr(resource, "RLIMIT_MSGQUEUE", resource.RLIMIT_CORE): 0,
    }
    for what, bound in bounds.items():
        hard = resource.getrlimit(what)[1]
        bound = int(bound) if hard == resource.RLIM_INFINITY else min(int(bound), hard)
        # Some systems (macOS) take no bound on the address space.
        try:
            resource.setrlimit(what, (bound, bound))
        except (ValueError, OSError):
            continue


def address_space() -> int:
    """Give the bytes that this process has reserved."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 1024**3


def renounce(user: int | None) -> None:
    """Become ``user`` (None: stay) and drop every capability for good."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(LAST_CAPABILITY + 1):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = (ctypes.c_uint32 * 2)(LINUX_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _libc("capset", header, nothing)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Ask the system to kill this process when its parent ends; after any change of user."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def usage() -> tuple[list[str], int, int]:
    """List the processes in /proc, and sum their resident memory and open files.

    Returns
    -------
    tuple of (list of str, int, int)
        Processes, bytes (shared pages counted for each), files.
    """
    page = resource.getpagesize()
    processes, size, files = list[str](), 0, 0
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/statm") as file:
                    size += int(file.read().split()[1]) * page
                files += len(os.listdir(f"/proc/{name}/fd"))
            except (OSError, ValueError, IndexError):
                continue
            processes.append(name)
    return processes, size, files


def proportional(processes: Iterable[str]) -> int:
    """Sum the memory of processes, each shared page divided among those that share it."""
    total = 0
    for name in processes:
        try:
            with open(f"/proc/{name}/smaps_rollup") as file:
                line = next(line for line in file if line.startswith("Pss:"))
            total += int(line.split()[1]) * 1024
        except (OSError, StopIteration, ValueError):
            continue
    return total
