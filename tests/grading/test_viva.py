"""Sheets for a talk: questions on a student's own lines, with answers that running them gives."""

import ast
import re

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.insight.planting import MARK, changed_lines, looks, told
from mlpkit.grading.insight.viva import write_viva
from tests.grading import notebooks
from tests.grading.attacks.injections import Page
from tests.grading.course_factory import grade, make_course

CODE = '''import numpy as np

def double(x):
    """Return twice x."""
    # two
    two = 1 + 1  # of them
    y = (two *
         x)
    if two > 3:
        y = y - 1
    return y + 0

total = 3 + 4
'''


def test_a_changed_line_is_one_simple_line_of_a_function_and_all_else_stays():
    found = changed_lines("test", "cell", CODE, "")
    assert {plant.line for plant in found} == {5, 10}
    for plant in found:
        before, after = CODE.splitlines(), plant.changed.splitlines()
        assert [at for at in range(len(before)) if before[at] != after[at]] == [plant.line]
        assert after[plant.line].startswith("    ") and plant.new == after[plant.line].strip()
        ast.parse(plant.changed)
    assert "two = 1 - 1" in {plant.new for plant in found}


@pytest.mark.parametrize(
    "code", ["", "def f(:", "\0", "x = 1", "def f(x): return x + 1", "(" * 3000]
)
def test_what_has_no_such_line_is_left_alone(code):
    assert changed_lines("test", "cell", code, "") == looks("test", "cell", code, "") == []


def test_lines_that_were_given_are_not_asked_about():
    given = "def double(x):\n    two = 1 + 1  # of them\n    raise NotImplementedError"
    assert {plant.line for plant in changed_lines("test", "cell", CODE, given)} == {10}
    assert looks("test", "cell", CODE, given) == []


def test_a_look_says_what_names_hold_behind_the_line():
    (look,) = looks("test", "cell", "def f(x, n):\n    y = [*x, n]\n    return y", "")
    assert (look.name, look.function, look.arguments) == ("y", "f", ("x", "n"))
    scope = {}
    exec(look.changed, scope)
    with pytest.raises(RuntimeError) as error:
        scope["f"]([1], 2)
    assert told(["other", f"f raised {error.value}"]) == {"x": "list", "n": "int", "y": "list"}


@pytest.mark.parametrize(
    "message",
    [
        "no look", f"{MARK} {{", f"{MARK} {{'a': __import__('os')}}", f"{MARK} {{'a': 1}}",
        f"{MARK} {{1: 'int'}}", f"{MARK} {{'a': ('x',)}}", f"{MARK} {{" + "[" * 3000 + "}",
    ],
)  # fmt: skip
def test_what_a_student_says_in_its_place_is_not_believed(message):
    assert told([message]) == {}
    assert told([message, f"{MARK} {{'a': (2, 3)}}"]) == {"a": (2, 3)}


RIGHT = {
    "double": "def double(x):\n    two = np.full(x.shape if hasattr(x, 'shape') else (), 2.0)\n"
    "    return two * x",
    "mean_square": "def mean_square(x):\n    squares = x**2\n    return float(squares.mean())",
}
CLASS = {
    "ada": notebooks.answered(**RIGHT, words="It is so because all of the samples count the same."),
    "ben": notebooks.answered(double=RIGHT["double"] + " + 1", mean_square=RIGHT["mean_square"]),
    "cay": notebooks.release(notebooks.course()),
    "dan": b"no notebook",
    "eve": notebooks.answered(
        double=f"def double(x):\n    <b> = 1\n    raise ValueError(\"{MARK} {{'x': (9, 9)}}\")",
        mean_square="def mean_square(x):\n    square = x**2 # <script>alert(1)</script>\n"
        "    return float(square.mean())",
    ),
}


@pytest.mark.sandbox
def test_each_student_is_asked_on_lines_of_their_own_and_answers_come_from_running_them(
    tmp_path, capsys
):
    course = make_course(tmp_path, CLASS)
    grade(course)
    answers, sheets, *each = write_viva(course, "ps1", tmp_path / "viva")
    assert [path.stem for path in each] == sorted(CLASS)
    pages = {path.stem: path.read_text("utf-8") for path in (answers, sheets, *each)}
    for name, page in pages.items():
        assert Page(page).found == [], name
        assert "<b> =" not in page
        if name != "answers":
            assert not any(secret in page for secret in notebooks.SECRETS), name
            assert "points become" not in page and "has the shape" not in page
    assert pages["ada"].count("<li>") == 3 and pages["cay"].count("<li>") == 0
    assert "It is so because all of the samples" in pages["ada"]
    assert "The test says" in pages["ben"]
    assert "There is nothing to ask about" in pages["cay"] and "nothing to ask" in pages["dan"]

    ada = pages["answers"].partition("ada</h2>")[2].partition("<h2")[0]
    assert re.search(r"(two has the shape \(3, 2\)|squares has the shape \(2,\))", ada)
    assert "2 points become 0" in ada
    (line,) = re.findall(r"<p>Instead:</p>\s*<pre><mark>(.*?)</mark>", ada)
    assert line not in "\n".join(RIGHT.values())
    again = write_viva(course, "ps1", tmp_path / "again", frozenset({"ada"}))
    assert again[2].read_text("utf-8") == pages["ada"]

    assert main(["--course", str(tmp_path), "viva", "ps1", "--student", "nobody"]) == 1
    assert "No judged work of nobody" in capsys.readouterr().err
