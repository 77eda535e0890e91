"""A JupyterLab server on a copy of the course, and a browser that notices every error."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARTEFACTS = ROOT / "artefacts"
TOKEN = "student"
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# MathJax 2 asks for an empty font by design, and names two that only its hidden MathML would use.
MATHJAX_FONTS = ("about:blank", "MathJax_Script-Regular.otf", "MathJax_AMS-Regular.otf")
# Without the background flags Chromium asks its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium. CI must have it; elsewhere its tests are skipped, saying why."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium isn't installed, and CI never skips the browser's tests")
        pytest.skip("no Chromium on this machine: install chromium to run the browser's tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def is_error(said):
    """Whether a console message is an error of ours, and none that MathJax makes on purpose."""
    where = said.text + str(said.location)
    return said.type == "error" and not any(font in where for font in MATHJAX_FONTS)


@pytest.fixture
def page(browser, request):
    """A page on which a console error fails the test; its last picture is kept in artefacts/."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    page.set_default_timeout(60_000)
    errors = []
    page.on("console", lambda said: errors.append(said.text) if is_error(said) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    ARTEFACTS.mkdir(exist_ok=True)
    name = request.node.name.replace("/", "_")
    page.screenshot(path=ARTEFACTS / f"{name}.png")
    page.close()
    assert not errors, errors


def copy_course(folder):
    """Copy what git knows of the course, times included, so that make finds nothing to do."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def start_lab(folder, log):
    """Start JupyterLab as `make lab` does, and return (process, address)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = f"--no-browser --port {port} --IdentityProvider.token={TOKEN} --allow-root"
    command = ["make", f"VENV={sys.prefix}", "lab", f"ARGS={arguments}"]
    environment = {
        **os.environ,
        "JUPYTER_CONFIG_DIR": str(folder / ".jupyter"),
        "TQDM_DISABLE": "1",
    }
    process = subprocess.Popen(
        command,
        cwd=folder,
        stdout=log,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=5).close()
            return process, address
        except OSError:
            assert process.poll() is None, "make lab ended before its server answered"
            assert time.monotonic() < deadline, "make lab's server didn't answer within a minute"
            time.sleep(0.3)


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """The address and the folder of a running JupyterLab on a copy of the course."""
    import signal

    folder = copy_course(tmp_path_factory.mktemp("course"))
    with open(folder / "lab.log", "w") as log:
        process, address = start_lab(folder, log)
        try:
            yield address, folder
        finally:
            os.killpg(process.pid, signal.SIGINT)
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=30)
