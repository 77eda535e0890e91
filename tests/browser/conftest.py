"""A JupyterLab server on a copy of the course, and a browser that notices every error."""

import os

import pytest

from tests.browser.lab import CHROMIUM, FLAGS, TOKEN, new_page, watched
from tests.course import copy_course, environment, start_server, stop_server


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
