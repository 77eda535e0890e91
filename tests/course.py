"""A copy of the course to work in, and its JupyterLab server: started, waited for and stopped.

    python -m tests.course make lab

runs such a command as long as its server takes to answer, and is an error if it never does.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SECONDS = 120


def copy_course(folder):
    """Copy what git knows of the course, or would, to a folder that make has nothing to do in."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    # Older than any environment: the copy must never be installed into the one in use.
    for name in ("pyproject.toml", "constraints.txt"):
        os.utime(folder / name, (0, 0))
    return folder


def environment(folder):
    """The variables under which commands run in a copy: this environment, the copy's package."""
    if not Path(sys.prefix, "test.stamp").exists():
        pytest.skip("make didn't make this environment, and would install into it")
    settings = folder / ".jupyter"
    settings.mkdir(exist_ok=True)
    server = {"ServerApp": {"open_browser": False, "allow_root": True}}
    (settings / "jupyter_server_config.json").write_text(json.dumps(server))
    # Saved by the clock, after two minutes, a notebook would at times be closed without a question.
    manager = settings / "lab/user-settings/@jupyterlab/docmanager-extension"
    manager.mkdir(parents=True, exist_ok=True)
    (manager / "plugin.jupyterlab-settings").write_text(json.dumps({"autosave": False}))
    return os.environ | {
        "VENV": sys.prefix,
        "PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(folder),
        "JUPYTER_CONFIG_DIR": str(settings),
        "JUPYTER_DATA_DIR": str(settings / "data"),
        "JUPYTER_RUNTIME_DIR": str(settings / "runtime"),
        "TQDM_DISABLE": "1",
    }


def start_server(command, folder, variables, log):
    """Start a command that serves, in a session of its own; return (process, its answer)."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    before = time.monotonic()
    runtime = Path(variables["JUPYTER_RUNTIME_DIR"])
    while time.monotonic() < before + SECONDS:
        if process.poll() is not None:
            raise RuntimeError(f"{command} ended with {process.returncode} before it answered")
        for file in runtime.glob("jpserver-*.json"):
            if address := _answers(file):
                return process, address
        time.sleep(0.2)
    stop_server(process)
    raise TimeoutError(f"{command} didn't answer in {SECONDS} seconds")


def _answers(file):
    try:
        said = json.loads(file.read_text())
        address = f"http://127.0.0.1:{said['port']}"
        urllib.request.urlopen(f"{address}/api", timeout=5).close()
    except (OSError, ValueError):
        return None
    return address


def stop_server(process):
    """Stop a server, and what it was started through."""
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=60)
    except subprocess.TimeoutExpired:  # kernels on a busy machine take their time
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


if __name__ == "__main__":
    with open("server.log", "w+") as log:
        try:
            running, _ = start_server(sys.argv[1:], ".", os.environ, log)
        except (RuntimeError, TimeoutError) as error:
            log.seek(0)
            sys.exit(f"{error}\n{log.read()[-3000:]}")
        stop_server(running)
