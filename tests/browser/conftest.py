"""A JupyterLab server on a copy of the course, and a browser that notices every error."""

import contextlib
import os
import shutil

import pytest

from tests.course import ROOT, copy_course, environment, start_server, stop_server

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


@contextlib.contextmanager
def new_page(browser):
    """Give a page and the list of its console errors."""
    page, errors = browser.new_page(viewport={"width": 1400, "height": 1000}), []
    page.set_default_timeout(60_000)
    page.on("console", lambda said: errors.append(said.text) if is_error(said) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page, errors
    finally:
        page.close()


@contextlib.contextmanager
def watched(page, errors, name):
    """Fail on a console error; keep the page's last picture in artefacts/."""
    yield page
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name.replace('/', '_')}.png")
    found = errors.copy()
    errors.clear()  # a page may serve several tests: none is blamed for another's
    assert not found, found


@pytest.fixture
def page(browser, request):
    """A page of its own for a test."""
    with new_page(browser) as opened, watched(*opened, request.node.name) as page:
        yield page


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """The address and the folder of a running JupyterLab on a copy of the course."""
    folder = copy_course(tmp_path_factory.mktemp("course"))
    command = ["make", "lab", f"ARGS=--IdentityProvider.token={TOKEN}"]
    with open(folder / "lab.log", "w") as log:
        process, address = start_server(command, folder, environment(folder), log)
        yield address, folder
        stop_server(process)
