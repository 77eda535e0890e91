"""Where student code runs: a bubblewrap sandbox with a zygote inside that forks kernels.

`bubblewrap <https://github.com/containers/bubblewrap>`_ makes the room: no network, a read-only
system, nothing of the course. The zygote stays alive in it and forks one kernel at a time into
namespaces of its own, with an empty home. Works as root (each kernel then becomes a user that
exists nowhere else) and without any right (all of it inside a user namespace).
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
from pathlib import Path

import mlpkit
from mlpkit.grading.job import Limits

INSIDE = Path(__file__).parent / "inside"
SCRIPTS = (
    "zygote.py",
    "bridge.py",
    "bridge_names.py",
    "wire.py",
    "confine.py",
    "by_hand.py",
    "seccomp.py",
)
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
UNSANDBOXED = (
    "WARNING: --unsandboxed: student code runs with your own rights; it can read solutions and "
    "the gradebook, write any file of yours and use the network."
)


class SandboxMissing(RuntimeError):
    """There is no working bubblewrap here; the message says in two lines what to do."""


class SandboxError(RuntimeError):
    """The sandbox itself failed, not the submission."""


@functools.cache
def check_bubblewrap():
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


@functools.cache
def warn_unsandboxed():
    """Print the warning, once a process."""
    print(UNSANDBOXED, file=sys.stderr)


def is_root():
    """Tell whether each kernel can get a user of its own."""
    return sys.platform == "linux" and os.geteuid() == 0


def _namespaces():
    shared = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    shared += ["--unshare-cgroup-try", "--die-with-parent", "--new-session"]
    if not is_root():
        shared += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    return shared + [word for right in RIGHTS for word in ("--cap-add", right)]


def python_folders():
    """List what Python needs besides /usr: its prefixes and every folder of packages."""
    folders = [sys.prefix, sys.base_prefix, sys.exec_prefix]
    folders += [p for p in sys.path if Path(p).name in ("site-packages", "dist-packages")]
    # A venv's python is a chain of links that all have to resolve inside.
    folders.append(str(Path(os.path.realpath(sys.executable)).parent.parent))
    return [p for p in dict.fromkeys(folders) if os.path.isdir(p) and p not in ("/", "/usr")]


def bubblewrap_command(sockets):
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
    for name in SCRIPTS:
        command += ["--ro-bind", str(INSIDE / name), f"/run/judge/{name}"]
    for folder in ("/home/student", "/tmp", "/run/space", "/run/kernel"):
        command += ["--dir", folder]
    command += ["--bind", sockets, "/run/kernels", *_fonts(), *hidden()]
    # Whoever owns these could leave something behind for the next submission.
    for folder in (f"{package}/grading", "/dev", *hidden()[1:], "/"):
        command += ["--remount-ro", folder]
    for name, value in environment().items():
        command += ["--setenv", name, value]
    return [*command, "--chdir", "/", "--"]


def writable_folders():
    """List what each kernel gets empty and writable: not /tmp where Python itself lies in it."""
    needed = [*python_folders(), str(Path(mlpkit.__file__).parent)]
    folders = ("/home/student", "/tmp", "/dev/shm")
    return [f for f in folders if not any(each.startswith(f + "/") for each in needed)]


def hidden():
    """Cover the course's folder where it lies in something that Python needs."""
    here = os.getcwd()
    inside = [f for f in ("/usr", *python_folders()) if here.startswith(f + "/")]
    return ["--tmpfs", here] if inside and not sys.prefix.startswith(here + "/") else []


def _fonts():
    """Hand matplotlib its list of fonts, which takes seconds to make."""
    try:
        import matplotlib
    except ImportError:
        return []
    lists = Path(matplotlib.get_cachedir() or "/nowhere").glob("fontlist-*.json")
    binds = []
    for path in lists:
        binds += ["--ro-bind", str(path), f"/run/matplotlib/{path.name}"]
    return binds


def environment():
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
        # Each thread's arena reserves address space, of which there is a limited amount.
        "MALLOC_ARENA_MAX": "2",
    }


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

    def __init__(self, preload=(), unsandboxed=False):
        if not unsandboxed:
            check_bubblewrap()
        self.preload, self.unsandboxed = tuple(preload), unsandboxed
        self.process = None

    def start(self):
        """Start the zygote and wait for its imports."""
        # Unix sockets have names of at most 107 bytes: /tmp, whatever TMPDIR says.
        self.sockets = tempfile.mkdtemp(prefix="mlpkit-", dir="/tmp")
        os.chmod(self.sockets, 0o711)
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = {
            "confined": not self.unsandboxed,
            "user": is_root() and not self.unsandboxed,
            "preload": list(self.preload),
            "private": writable_folders(),
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
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if os.environ.get("MLPKIT_DEBUG") else subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self.owner = os.getpid()
        if not self._receive(120).get("ready"):
            raise SandboxError("the sandbox did not start")

    def alive(self):
        """Tell whether the zygote can be asked; a forked judge can't wait for it, and asks."""
        if self.process is None or self.owner != os.getpid():
            return self.process is not None
        return self.process.poll() is None

    def spawn(self, connection, limits=None, files=None, by_hand=()):
        """Start a kernel; a former one is ended first.

        Parameters
        ----------
        connection : dict
            Jupyter's connection information, transport ``ipc``.
        limits : Limits, optional
        files : dict of str to bytes, optional
            For the kernel's working folder.
        by_hand : sequence of str
            Modules that it can't import.

        Returns
        -------
        str
            The ``ip`` under which the judge finds the kernel's sockets.
        """
        if not self.alive():
            self.start()
        number = next(self.number)
        # A user of its own, so that processes are counted, and signals sent, within it alone.
        user = 1_000_000_000 + (os.getpid() % 4_194_304) * 256 + number % 256
        folder = self.folder(f"{os.getpid()}-{number}", user)
        request = {
            "id": os.path.basename(folder),
            "sockets": folder,
            "user": user,
            "connection": {k: _plain(v) for k, v in connection.items()},
            "limits": vars(limits or Limits()),
            "files": {k: base64.b64encode(v).decode() for k, v in (files or {}).items()},
            "by_hand": list(by_hand),
        }
        with tempfile.TemporaryFile() as file:
            file.write(json.dumps(request).encode())
            file.flush()
            # Longer than the zygote itself waits, on however busy a machine.
            self.ask({"do": "spawn"}, descriptors=[file.fileno()], timeout=90)
        return f"{folder}/s"

    def folder(self, name, user):
        """Make the folder for one kernel's sockets and remove those of former kernels."""
        for old in os.listdir(self.sockets):
            shutil.rmtree(os.path.join(self.sockets, old), ignore_errors=True)
        path = os.path.join(self.sockets, name)
        os.mkdir(path, 0o700)
        if is_root() and not self.unsandboxed:
            os.chown(path, user, user)
        return path

    def ended(self):
        """Say why the kernel ended, or None while it runs."""
        if not self.alive():
            return "the sandbox ended"
        return self.ask({"do": "look"}).get("ended")

    def interrupt(self):
        """Send the kernel what Ctrl-C sends."""
        self.ask({"do": "signal", "signal": int(signal.SIGINT)})

    def end(self):
        """End the kernel and every process that it started; the zygote stays."""
        if self.alive():
            self.ask({"do": "end"})

    def close(self):
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
        shutil.rmtree(self.sockets, ignore_errors=True)

    def ask(self, request, descriptors=(), timeout=30):
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

    def _receive(self, timeout):
        self.control.settimeout(timeout)
        message = self.control.recv(65536)
        if not message:
            raise SandboxError("the sandbox ended")
        return json.loads(message)


def _plain(value):
    return value.decode() if isinstance(value, bytes) else value
