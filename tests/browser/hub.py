"""A JupyterHub on this machine: pip's jupyterhub, npm's proxy, a folder for each user."""

import contextlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.course import ROOT, SECONDS, stop_server

PROXY = "configurable-http-proxy@5"
HUB = """
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.args = ["--allow-root"]
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.Spawner.environment = {environment!r}
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.ConfigurableHTTPProxy.auth_token = {token!r}
c.ConfigurableHTTPProxy.command = [{proxy!r}]
"""


def settings_of_the_guide(exchange):
    """Return the guide's nbgrader_config.py for all users, with an exchange of the test's."""
    text = (ROOT / "solutions/with_a_hub.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert code.count("/srv/nbgrader/exchange") == 1
    return code.replace("/srv/nbgrader/exchange", str(exchange))


def install_proxy(folder):
    """Install npm's proxy into a folder; return its command."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm on this machine: JupyterHub's proxy comes from there")
    words = ["install", "--silent", "--no-fund", "--no-audit", "--prefix", str(folder), PROXY]
    subprocess.run([npm, *words], check=True, capture_output=True, text=True)
    return str(folder / "node_modules/.bin/configurable-http-proxy")


def free_ports(number):
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(number)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in taken]


@contextlib.contextmanager
def running_hub(folder, exchange, users):
    """Start a Hub with a home for each user; give its address and the folder of the homes."""
    if not Path(sys.prefix, "bin/jupyterhub").exists():
        pytest.skip("jupyterhub isn't installed: make thorough installs it")
    homes, shared, place = (folder / name for name in ("homes", "etc", "hub"))
    for path in (*(homes / user for user in users), shared, place):
        path.mkdir(parents=True)
    (shared / "nbgrader_config.py").write_text(settings_of_the_guide(exchange))
    environment = {
        "JUPYTER_CONFIG_PATH": str(shared),
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
    }
    ports = free_ports(3)
    config = place / "jupyterhub_config.py"
    config.write_text(
        HUB.format(
            homes=str(homes),
            environment=environment,
            ports=ports,
            token=secrets.token_hex(16),
            proxy=install_proxy(folder / "npm"),
        )
    )
    address = f"http://127.0.0.1:{ports[0]}"
    variables = os.environ | {"PATH": f"{sys.prefix}/bin{os.pathsep}{os.environ['PATH']}"}
    command = [f"{sys.prefix}/bin/jupyterhub", "--config", str(config)]
    with open(place / "hub.log", "w") as log:
        process = subprocess.Popen(
            command, cwd=place, env=variables, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(f"{address}/hub/health", process, place / "hub.log")
        yield address, homes
    finally:
        stop_server(process)


def wait_for(address, process, log):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, Path(log).read_text()[-3000:]
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=5).close()
            return
        time.sleep(0.3)
    raise TimeoutError(f"the Hub didn't answer in {SECONDS} seconds")
