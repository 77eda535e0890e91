"""The walls of the room: a command of bubblewrap, and what can be seen inside.

`bubblewrap <https://github.com/containers/bubblewrap>`_ makes no network, a read-only system and
nothing of the course. Works as root (each kernel then becomes a user that exists nowhere else)
and without any right (all of it inside a user namespace).
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mlpkit

INSIDE = Path(__file__).parent / "inside"
# Where this process was started, which may be gone by the time that a room is made.
try:
    STARTED_IN = os.getcwd()
except FileNotFoundError:
    STARTED_IN = "/"
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")
RIGHTS = [
    "CAP_SYS_ADMIN",
    "CAP_SETUID",
    "CAP_SETGID",
    "CAP_SETPCAP",
    "CAP_CHOWN",
    "CAP_DAC_OVERRIDE",
    "CAP_FOWNER",
    "CAP_KILL",
    "CAP_SYS_RESOURCE",
    "CAP_SYS_PTRACE",
]
MISSING = (
    "Submissions run in a sandbox made by bubblewrap, {why}; "
    "install it, on Debian or Ubuntu: sudo apt-get install bubblewrap\n"
    "Or accept that student code runs with your own rights: --unsandboxed"
)


class SandboxMissing(RuntimeError):
    """There is no working bubblewrap here; the message says in two lines what to do."""


@functools.cache
def check_bubblewrap() -> None:
    """Run bubblewrap once.

    Raises
    ------
    SandboxMissing
        If it isn't installed, or can't make a sandbox on this machine.
    """
    if sys.platform != "linux" or not shutil.which("bwrap"):
        raise SandboxMissing(MISSING.format(why="which is not installed here"))
    command = ["bwrap", *_namespaces(), "--ro-bind", "/", "/", "--proc", "/proc", "true"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    if done.returncode:
        why = f"which fails here ({done.stderr.strip().splitlines()[-1:] or done.returncode})"
        raise SandboxMissing(MISSING.format(why=why))


def is_root() -> bool:
    """Tell whether each kernel can get a user of its own."""
    return sys.platform == "linux" and os.geteuid() == 0


def _namespaces() -> list[str]:
    shared = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    shared += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    if not is_root():
        shared += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    return shared + [word for right in RIGHTS for word in ("--cap-add", right)]


def python_folders() -> list[str]:
    """List what Python needs besides /usr: its prefixes and every folder of packages."""
    folders = [sys.prefix, sys.base_prefix, sys.exec_prefix]
    folders += [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    # A venv's python is a chain of links that all have to resolve inside.
    folders.append(str(Path(os.path.realpath(sys.executable)).parent.parent))
    return [p for p in dict.fromkeys(folders) if os.path.isdir(p) and p not in ("/", "/usr")]


def bubblewrap_command(sockets: str) -> list[str]:
    """Write the command that makes the room.

    Parameters
    ----------
    sockets : str
        The one folder shared with the judge, for kernels' sockets; no kernel can reach it.

    Returns
    -------
    list of str
        To be followed by what to run.
    """
    package = str(Path(mlpkit.__file__).parent)
    command = ["bwrap", *_namespaces(), "--clearenv"]
    # Parents that bubblewrap makes by itself are closed to other users.
    parents = [Path(package).parent, *(Path(folder).parent for folder in python_folders())]
    for folder in (*parents, "/etc", "/run/judge", "/run/matplotlib"):
        command += ["--dir", str(folder)]
    for folder in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        else:
            command += ["--ro-bind-try", folder, folder]
    for name in ETC:
        command += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    command += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/run/matplotlib"]
    for folder in sorted(python_folders()):
        command += ["--ro-bind", folder, folder]
    # The kit, but not the part that grades; and never the course's folder around it.
    command += ["--ro-bind", package, package, "--tmpfs", f"{package}/grading"]
    # One module of the kit is needed where the kit itself can't be imported.
    for script in (*sorted(INSIDE.glob("[!_]*.py")), Path(package, "plain_state.py")):
        command += ["--ro-bind", str(script), f"/run/judge/{script.name}"]
    for folder in ("/home/student", "/tmp", "/run/space", "/run/kernel"):
        command += ["--dir", folder]
    command += ["--bind", sockets, "/run/kernels", *_fonts(), *hidden()]
    # Whoever owns these could leave something behind for the next submission.
    for folder in (f"{package}/grading", "/dev", *hidden()[1:], "/"):
        command += ["--remount-ro", folder]
    for name, value in environment().items():
        command += ["--setenv", name, value]
    return [*command, "--chdir", "/", "--"]


def writable_folders() -> list[str]:
    """List what each kernel gets empty and writable: not /tmp where Python itself lies in it."""
    needed = [*python_folders(), str(Path(mlpkit.__file__).parent)]
    folders = ("/home/student", "/tmp", "/dev/shm")
    return [f for f in folders if not any(each.startswith(f + "/") for each in needed)]


def hidden() -> list[str]:
    """Cover the course's folder where it lies in something that Python needs."""
    here = STARTED_IN
    inside = [f for f in ("/usr", *python_folders()) if here.startswith(f + "/")]
    return ["--tmpfs", here] if inside and not sys.prefix.startswith(here + "/") else []


def _fonts() -> list[str]:
    """Hand matplotlib its list of fonts, which takes seconds to make."""
    try:
        import matplotlib
    except ImportError:
        return []
    lists = Path(matplotlib.get_cachedir() or "/nowhere").glob("fontlist-*.json")
    binds: list[str] = []
    for path in lists:
        binds += ["--ro-bind", str(path), f"/run/matplotlib/{path.name}"]
    return binds


def environment() -> dict[str, str]:
    """Give the whole environment of student code: nothing of the instructor's."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": "/home/student",
        "USER": "student",
        "LOGNAME": "student",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "dumb",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/run/matplotlib",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
        # As nbgrader tells what it runs.
        "NBGRADER_EXECUTION": "autograde",
        # Each thread's arena reserves address space, of which there is a limited amount.
        "MALLOC_ARENA_MAX": "2",
    }
