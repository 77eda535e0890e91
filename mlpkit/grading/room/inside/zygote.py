"""A process that has the imports done and forks kernels, one at a time, each confined anew.

    python zygote.py DESCRIPTOR OPTIONS

DESCRIPTOR is a socket to the judge; each message is one JSON object. OPTIONS is JSON:
``confined`` (we are inside bubblewrap and hold the rights to go further), ``user`` (there is a
user to become), ``preload`` (modules), ``private`` (folders to put empty ones over). The tree of
a submission: zygote → supervisor (mounts, watches memory and processes) → kernel, which is
process 1 of its own namespace, so that its end ends every process of the submission.
"""

import contextlib
import importlib
import importlib.util
import json
import os
import random
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
SOCKETS, HOME = "/run/kernels", "/home/student"
LOOK_EVERY = 0.05
KERNEL = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "matplotlib_inline")


def load(name, file):
    """Import a file under a name of ours, without its folder on the path."""
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def preload(modules):
    """Import what kernels will want; what fails here fails later, in the student's cell."""
    # ipykernel loads its debugger with every kernel, half a second of it; it does without.
    sys.modules.setdefault("debugpy", None)
    for name in (*KERNEL, *modules):
        try:
            importlib.import_module(name)
        except Exception:
            continue
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].get_configdir()
        sys.modules["matplotlib"].get_cachedir()


class Kernel:
    """The supervisor's process as the zygote sees it."""

    def __init__(self, pid, news):
        self.pid, self.news, self.kernel = pid, news, None
        self.listens, self.ended = False, None

    def look(self, wait=0):
        """Take in what the supervisor has written: the kernel's pid, then why it ended."""
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
                self.ended = rest or "the kernel ended"
        return self.ended

    def start(self):
        """Wait until the kernel listens, so that nobody has to ask it twice."""
        if self.look(wait=60) or not self.listens:
            raise RuntimeError(self.ended or "the kernel did not start")
        return self

    def signal(self, number):
        self.look()
        if self.kernel and self.ended is None:
            os.kill(self.kernel, number)

    def end(self):
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


def serve(control, options):
    """Answer the judge's requests until it hangs up."""
    kernel = None
    send(control, {"ready": True})
    while True:
        try:
            message, descriptors, _, _ = socket.recv_fds(control, 65536, 1)
        except InterruptedError:
            continue
        if not message:
            break
        request = json.loads(message)
        answer = {"number": request["number"]}
        try:
            if request["do"] == "spawn":
                if kernel:
                    kernel.end()
                kernel = spawn(control, descriptors[0], options)
                kernel.start()
            elif request["do"] == "look":
                answer["ended"] = kernel.look() if kernel else "no kernel was started"
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


def send(control, message):
    control.send(json.dumps(message).encode())


def spawn(control, descriptor, options):
    """Fork a supervisor, which forks a kernel."""
    with os.fdopen(os.dup(descriptor), "rb") as file:
        file.seek(0)
        request = json.load(file)
    read, write = os.pipe()
    pid = os.fork()
    if pid:
        os.close(write)
        return Kernel(pid, os.fdopen(read, "rb", buffering=0))
    os.close(read)
    os.close(descriptor)
    control.close()
    code = 1
    try:
        supervise(request, options, write)
        code = 0
    except BaseException as error:
        words = f"the sandbox could not be set up ({type(error).__name__}: {error})"
        os.write(write, f"ended {words}\n".replace("\n", " ").encode() + b"\n")
    finally:
        os._exit(code)


def supervise(request, options, news):
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
        home, sockets = tempfile.mkdtemp(prefix="mlpkit-"), request["sockets"]
    bound_read, bound_write = os.pipe()
    go_read, go_write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            for descriptor in (news, bound_read, go_write):
                os.close(descriptor)
            be_kernel(request, options, user, home, sockets, (bound_write, go_read))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    os.close(bound_write)
    os.close(go_read)
    os.write(news, f"kernel {pid}\n".encode())
    stopped, bell = [], ring_on_signals()
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(True))
    # The kernel's sockets exist now: it needs the way to them no more.
    if os.read(bound_read, 1):
        if options["confined"]:
            confine.unmount("/run/kernel")
        os.write(news, b"listens\n")
        os.write(go_write, b".")
    why = watch(pid, request["limits"], options, stopped, bell)
    if not options["confined"]:
        shutil.rmtree(home, ignore_errors=True)
    os.write(news, f"ended {why}\n".encode())


def ring_on_signals():
    """Return a descriptor that can be read after a signal: of an end, or of the order to end."""
    bell, ring = os.pipe()
    os.set_blocking(ring, False)
    signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return bell


def watch(pid, limits, options, stopped, bell):
    """Wait for the kernel's end; end it when the submission takes too much.

    Returns
    -------
    str
        Why it ended, in words.
    """
    why, status = None, None
    while status is None:
        if options["confined"] and why is None and not stopped:
            why = excess(limits)
        if why or stopped:
            (os.kill if options["confined"] else os.killpg)(pid, signal.SIGKILL)
        done, code = os.waitpid(pid, os.WNOHANG if not (why or stopped) else 0)
        if done:
            status = code
        else:
            # Not longer than needed: a class waits for this once a submission.
            if select.select([bell], [], [], LOOK_EVERY)[0]:
                os.read(bell, 512)
    if not options["confined"]:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
    if why or stopped:
        return why or "it was stopped"
    if os.WIFSIGNALED(status):
        return f"the kernel was killed by signal {os.WTERMSIG(status)}"
    return f"the kernel exited with code {os.WEXITSTATUS(status)}"


def excess(limits):
    """Say which shared limit is passed, or None."""
    processes, size, files = confine.usage()
    if len(processes) > limits["processes"]:
        return f"more than {limits['processes']} processes"
    if files > 4 * limits["open_files"]:
        return f"more than {4 * limits['open_files']:,} open files"
    if size > limits["memory"] and confine.proportional(processes) > limits["memory"]:
        return f"out of memory: more than {limits['memory'] // 1024**2:,} MB in use"
    return None


def be_kernel(request, options, user, home, sockets, steps):
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
    os.environ.update(HOME=home, PWD=home)
    seed_again()
    if request["by_hand"]:
        by_hand.forbid(request["by_hand"])
    connection = dict(request["connection"], ip=f"{sockets}/s")
    file = os.path.join(tempfile.gettempdir() if options["confined"] else home, ".connection")
    with open(file, "w") as target:
        json.dump(connection, target)
    run_kernel(file, steps)


def write_files(home, files):
    import base64

    for name, content in files.items():
        path = os.path.join(home, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(content))


def seed_again():
    """Forks share their random states: start each kernel from the system's own."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None and "numpy.random" in sys.modules:
        numpy.random.seed()


def run_kernel(file, steps):
    from ipykernel.kernelapp import IPKernelApp

    bound, go = steps
    sys.argv = ["kernel"]
    app = IPKernelApp.instance()
    app.initialize(["-f", file, "--HistoryManager.hist_file=:memory:", "--log-level=50"])
    app.shell.user_ns.pop("__file__", None)
    if "matplotlib.pyplot" in sys.modules:
        # It was imported before there was a shell whose cells show its figures.
        app.shell.enable_matplotlib("inline")
    os.unlink(file)
    os.write(bound, b".")
    os.read(go, 1)
    os.close(bound)
    os.close(go)
    app.start()
    os._exit(0)


if __name__ == "__main__":
    descriptor, options = int(sys.argv[1]), json.loads(sys.argv[2])
    sys.path[0] = ""
    os.environ.pop("JPY_PARENT_PID", None)
    confine = load("mlpkit_confine", f"{HERE}/confine.py")
    by_hand = load("mlpkit_by_hand", f"{HERE}/by_hand.py")
    seccomp = load("mlpkit_seccomp", f"{HERE}/seccomp.py")
    load("mlpkit_wire", f"{HERE}/wire.py")
    load("mlpkit_bridge_names", f"{HERE}/bridge_names.py")
    load("mlpkit_bridge", f"{HERE}/bridge.py")
    with socket.socket(fileno=descriptor) as control:
        preload(options["preload"])
        serve(control, options)
