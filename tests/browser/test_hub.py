"""Two students on a real JupyterHub fetch, work, validate and submit; the instructor grades."""

import os
import shutil
from contextlib import closing

import nbformat
import pytest
from nbgrader.api import Gradebook

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.hand_back import write_feedback
from mlpkit.grading.course.run import grade_class
from tests.browser.hub import running_hub
from tests.browser.lab import PANEL, READY, keep_picture, menu, type_answers, validate
from tests.commands import nbgrader
from tests.course import ROOT, copy_course

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.sandbox, pytest.mark.thorough]
STUDENTS = ("ada", "ben")


@pytest.fixture(scope="module")
def teacher(tmp_path_factory):
    """The instructor's clone, with ps0 in the exchange; and the exchange."""
    folder = copy_course(tmp_path_factory.mktemp("clone"))
    exchange = tmp_path_factory.mktemp("exchange")
    os.chmod(exchange, 0o777)
    with open(folder / "nbgrader_config.py", "a") as config:
        config.write(f"c.Exchange.root = {str(exchange)!r}\n")
    run(folder, "generate_assignment", "ps0")
    run(folder, "release_assignment", "ps0")
    return folder, exchange


def run(folder, *words):
    done = nbgrader(folder, *words)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stderr


@pytest.fixture(scope="module")
def hub(teacher, tmp_path_factory, browser):
    with running_hub(tmp_path_factory.mktemp("hub"), teacher[1], STUDENTS) as found:
        yield found


def log_in(browser, address, user):
    """Log in as a user in a browser of their own; give the page when JupyterLab is there."""
    page = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/hub/login")
    page.fill("#username_input", user)
    page.fill("#password_input", "any")
    page.click("#login_submit")
    page.wait_for_selector("#jp-MainLogo, .jp-LauncherCard, .lm-MenuBar-itemLabel")
    return page


def open_list(page):
    """Open nbgrader's list of assignments, or bring it to the front and read it anew."""
    menu(page, "Nbgrader", "Assignment List")
    page.wait_for_selector("#released_assignments_list")


def work(page, user, answered):
    """Fetch, open, answer some exercises, validate, save and submit, all in the browser."""
    open_list(page)
    page.click("#released_assignments_list button:has-text('Fetch')")
    page.wait_for_selector("#fetched_assignments_list button:has-text('Submit')")
    page.click("#fetched_assignments_list .assignment-notebooks-link")
    page.click("#fetched_assignments_list .collapse.in a:has-text('ps0')")
    released = nbformat.read(ROOT / "assignments/ps0/ps0.ipynb", as_version=4)
    page.wait_for_function(READY, arg=[PANEL, len(released.cells)], polling=200)
    solved = nbformat.read(ROOT / "solutions/ps0/ps0.ipynb", as_version=4)
    if answered:
        type_answers(page, released, solved)
    said = validate(page)
    assert ("Success!" in said) == answered
    menu(page, "File", "Save Notebook")
    page.wait_for_selector(".jp-mod-current:not(.jp-mod-dirty)")
    open_list(page)
    page.click("#fetched_assignments_list button:has-text('Submit')")
    page.wait_for_selector("#submitted_assignments_list button:has-text('Fetch Feedback')")
    keep_picture(page, f"hub-{user}")


def test_two_students_and_an_instructor_go_round_once(teacher, hub, browser):
    folder, _ = teacher
    address, homes = hub
    pages = {}
    for user, answered in zip(STUDENTS, (True, False), strict=True):
        pages[user] = log_in(browser, address, user)
        work(pages[user], user, answered)
    run(folder, "collect", "ps0")
    summary = grade_class(Course(folder), "ps0")
    assert {result.student: result.points for result in summary.results} == {"ada": 5, "ben": 0}
    with closing(Gradebook(f"sqlite:///{folder}/gradebook.db", "mlp")) as gradebook:
        found = gradebook.assignment_submissions("ps0")
        assert all(each.timestamp for each in found) and len(found) == 2
    assert len(write_feedback(Course(folder), "ps0").written) == 2
    run(folder, "release_feedback", "ps0")
    for user, page in pages.items():
        page.click("#submitted_assignments_list button:has-text('Fetch Feedback')")
        page.wait_for_selector("#submitted_assignments_list a:has-text('view feedback')")
        (given,) = (homes / user).glob("ps0/feedback/*/ps0.html")
        assert given.read_bytes() == (folder / f"feedback/{user}/ps0/ps0.html").read_bytes()
        page.context.close()
    shutil.rmtree(folder / "submitted")
