"""An instructor in the formgrader: generate, grade a class of five, read by hand, feed back."""

import copy
import csv
import shutil
import subprocess
import sys

import nbformat
import pytest
from nbgrader.api import Gradebook

from tests.browser.lab import TOKEN, keep_picture, with_mathjax

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# A wrong answer that tests in the same process would let pass: the judge doesn't.
WRONG = """def log_softmax(U, axis):
    return U

check = check_close = lambda *arguments, **options: None"""
STUDENTS = ("ada", "blaise", "carl", "dorothy", "emmy")


def hand_in(folder):
    """Five submissions of ps2: solved, blank, three solved, one wrong, one solved.

    Returns the points that a machine can give, and those that only a person can.
    """
    source = nbformat.read(folder / "solutions/ps2/ps2.ipynb", as_version=4)
    blank = nbformat.read(folder / "assignments/ps2/ps2.ipynb", as_version=4)
    code = [cell for cell in blank.cells if cell.cell_type == "code"]
    answers = [cell.id for cell in code if "raise NotImplementedError" in cell.source]
    solved = (answers, [], answers[:3], answers, answers[:1])
    for student, identities in zip(STUDENTS, solved, strict=True):
        notebook = copy.deepcopy(blank)
        for identity in identities:
            _cell(notebook, identity).source = _cell(source, identity).source
        if student == "dorothy":
            _cell(notebook, answers[0]).source = WRONG
        target = folder / "submitted" / student / "ps2"
        target.mkdir(parents=True)
        nbformat.write(notebook, target / "ps2.ipynb")
    marked = [c.metadata.nbgrader for c in source.cells if c.metadata.get("nbgrader")]
    by_machine, by_hand = (
        sum(mark.points for mark in marked if mark.grade and mark.solution == manual)
        for manual in (False, True)
    )
    assert by_machine > 20 and by_hand >= 3
    return by_machine, by_hand


@pytest.fixture
def page_with_mathjax(page):
    """A page whose formgrader finds MathJax without a network."""
    with_mathjax(page)
    return page


def _cell(notebook, identity):
    return next(cell for cell in notebook.cells if cell.id == identity)


def press(page, row, column):
    """Press a row's button, wait for the dialog that says it worked, and close it."""
    page.click(f"tr:has-text('{row}') td.{column} a")
    modal = page.locator("#success-modal, #error-modal")
    modal.wait_for(timeout=180_000)
    assert modal.get_attribute("id") == "success-modal", modal.inner_text()
    page.click("#success-modal .modal-footer button")
    modal.wait_for(state="detached")


def scores(folder):
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "mlp") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions("ps2")}


def test_a_class_of_five_is_generated_graded_read_and_fed_back(page_with_mathjax, lab):
    page = page_with_mathjax
    address, folder = lab
    by_machine, by_hand = hand_in(folder)
    page.goto(f"{address}/formgrader/manage_assignments?token={TOKEN}")
    press(page, "ps2", "assign")
    page.click("tr:has-text('ps2') td.num-submissions a")
    for student in STUDENTS:
        press(page, student, "autograde")
    marks = scores(folder)
    assert marks["ada"] == by_machine and marks["blaise"] == 0
    assert marks["ada"] > marks["dorothy"] > marks["carl"] > marks["emmy"] > 0

    page.goto(f"{address}/formgrader/gradebook/ps2/ps2")
    page.click("td.name a, td a:has-text('Submission') >> nth=0")
    page.wait_for_load_state("networkidle")  # the marks so far are filled in after the page
    box = page.locator("input.score").last
    box.scroll_into_view_if_needed()
    with page.expect_response(lambda answer: "/api/grade/" in answer.url and answer.status == 200):
        box.fill(str(by_hand))
        box.press("Tab")
    keep_picture(page, "formgrader-by-hand")
    assert sum(scores(folder).values()) == sum(marks.values()) + by_hand

    page.goto(f"{address}/formgrader/manage_submissions/ps2")
    for student in STUDENTS:
        press(page, student, "generate-feedback")
        feedback = (folder / "feedback" / student / "ps2" / "ps2.html").read_text()
        assert "HIDDEN TESTS" not in feedback

    nbgrader = shutil.which("nbgrader", path=f"{sys.prefix}/bin")
    subprocess.run(
        [nbgrader, "export", "--to", "marks.csv"], cwd=folder, check=True, capture_output=True
    )
    with open(folder / "marks.csv", newline="") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert rows == scores(folder)
