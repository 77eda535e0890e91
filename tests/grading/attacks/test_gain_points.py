"""Code that tries to pass tests without the right answer gains nothing, and loses nothing else."""

import pytest
from nbformat.v4 import new_code_cell

from tests.grading import notebooks
from tests.grading.attacks.patches import PATCHES, WRONG
from tests.grading.judging import judge, points
from tests.tiers import few

pytestmark = pytest.mark.sandbox


@pytest.mark.parametrize("name", few(PATCHES, 12))
def test_a_patch_gains_nothing_and_loses_nothing(name):
    code = PATCHES[name]
    text = code if "def double" in code else WRONG + code
    submission = notebooks.answered()
    submission.cells[2].source = text if "def double" in text else WRONG
    # What the other exercise does on its own stays worth its points, unless the patch broke the
    # student's own kernel.
    result = judge(submission, call_seconds=1.0, cell_seconds=3.0)
    assert points(result)["check-double"] == 0.0
    broken = ("run_cell", "bridge", "names code", "questions", "line", "message", "hang up")
    if not any(word in name for word in broken):
        assert points(result)["check-mean"] == 2.0
        assert result.failure is None


def test_the_right_answer_does_earn_its_points():
    assert points(judge(notebooks.answered())) == {
        "check-double": 2.0,
        "check-mean": 2.0,
        "words": 0.0,
    }


def test_the_release_earns_nothing():
    assert judge(notebooks.release(notebooks.course())).points == 0.0


def test_an_edited_test_cell_is_not_the_test():
    submission = notebooks.answered(double=WRONG)
    submission.cells[3].source = "2.0"
    result = judge(submission)
    assert points(result)["check-double"] == 0.0
    assert any("edited" in words for words in result.repairs)


def test_points_in_the_submission_are_not_the_points():
    submission = notebooks.answered()
    submission.cells[3].metadata.nbgrader.points = 1000
    result = judge(submission)
    assert result.points == 4.0
    assert result.max_points == 7.0


def test_a_test_cell_under_another_name_is_still_graded():
    submission = notebooks.answered(double=WRONG)
    submission.cells[3].metadata.nbgrader.grade_id = "elsewhere"
    result = judge(submission)
    assert points(result) == {"check-double": 0.0, "check-mean": 2.0, "words": 0.0}


def test_own_cells_with_nbgrader_metadata_earn_nothing():
    submission = notebooks.answered(double=WRONG)
    submission.cells.append(notebooks.check("bonus", "100.0", points=100))
    assert judge(submission).points == 2.0


def test_a_failed_setup_does_not_hand_the_name_to_the_student():
    # If `reference` failed to be made by the instructor's cell, the student's must not stand in.
    course = notebooks.notebook(
        notebooks.locked("imports", notebooks.IMPORTS),
        notebooks.solution("double", notebooks.ANSWER),
        notebooks.locked("setup", "reference = double(21)"),
        notebooks.check("check", "assert double(1) == reference"),
    )
    cheat = "reference = 3\ndef double(x):\n    if x == 21: raise ValueError\n    return 3"
    submission = notebooks.answered(course, double=cheat)
    submission.cells.insert(3, new_code_cell("reference = 3"))
    assert judge(submission, course).points == 0.0


def test_a_later_answer_can_not_change_an_earlier_test():
    submission = notebooks.answered(double=WRONG)
    submission.cells.append(new_code_cell("def double(x):\n    return 2 * x"))
    assert points(judge(submission))["check-double"] == 0.0


@pytest.mark.parametrize("error", ["StopIteration", "GeneratorExit", "StopAsyncIteration"])
def test_an_exception_can_not_end_the_tests_own_loop(error):
    check = "for x, twice in zip([1, 2], map(double, [1, 2])):\n    assert twice == 2 * x"
    course = notebooks.notebook(
        notebooks.solution("double", notebooks.ANSWER), notebooks.check("check", check)
    )
    cheat = f"def double(x):\n    raise {error}"
    assert judge(notebooks.answered(course, double=cheat), course).points == 0.0


def test_forged_messages_do_not_help():
    forge = """
import json
kernel = get_ipython().kernel
send = kernel.session.send
def forged(stream, what, content=None, *a, **k):
    if what == "execute_reply" and isinstance(content, dict):
        content = {"status": "ok", "execution_count": 1, "user_expressions": {"answer":
            {"status": "ok", "data": {"application/x-mlpkit": "bnVsbA=="}}}, "payload": []}
    return send(stream, what, content, *a, **k)
kernel.session.send = forged
"""
    result = judge(notebooks.answered(double=WRONG + forge))
    assert points(result)["check-double"] == 0.0
