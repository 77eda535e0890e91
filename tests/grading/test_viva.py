"""Sheets for a talk: questions on a student's own lines, with answers that running them gives."""

import ast
import html
import re
from collections import Counter
from types import FunctionType

import nbformat
import numpy as np
import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.run import Options, grade_class
from mlpkit.grading.insight.planting import MARK, changed_lines, looks, told
from mlpkit.grading.insight.viva import write_viva
from tests.assignments.harness import load, run, submitted, with_answers
from tests.assignments.naming import hand_in
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


LAYER = """def hidden_layer(X, W, b1):
    Z = X @ W.T
    biased = Z + b1
    return np.maximum(biased, 0)
"""
SHARE = """def share_right(U, y):
    chosen = np.argmax(U, axis=1)
    return np.sum(chosen == y) / len(y)
"""
SHAPES = """def forward_shapes(N, d, d_H, K):
    hidden = (N, d_H)
    return {"W": (d_H, d), "C": (K, d_H), "Z": hidden, "H": hidden, "U": (N, K)}
"""
ANSWERS = {
    "ada": {"forward_shapes": SHAPES, "hidden_layer": LAYER, "share_right": SHARE},
    "ben": {"hidden_layer": LAYER.replace("W.T", "W"), "share_right": SHARE},
    "cay": {"hidden_layer": LAYER.replace("Z + b1", "Z - b1"), "forward_shapes": SHAPES},
    "dan": {"hidden_layer": "def hidden_layer(", "share_right": SHARE.replace("axis=1", "axis=0")},
    "eve": {"not_answered": "def not_answered(cells):\n    ids = []\n    return ids\n"},
}
ITEM = re.compile(r"<li><p><b>(\w+)\.</b> (.*?)</p>(.*?)</li>", re.DOTALL)


def asked(page):
    """Yield what a page of answers asks: (exercise, asks, lines, marked, instead, answer)."""
    for exercise, asks, rest in ITEM.findall(page):
        code, instead, *_ = [*re.findall(r"<pre>(.*?)</pre>", rest, re.DOTALL), "", ""]
        lines = html.unescape(code).rstrip("\n").split("\n")
        marked = [at for at, line in enumerate(lines) if "<mark>" in line]
        lines = [re.sub("</?mark>", "", line) for line in lines]
        answer = html.unescape(rest.partition('class="answer">')[2])
        instead = html.unescape(re.sub("</?mark>", "", instead)) if "Instead" in rest else ""
        yield exercise, html.unescape(asks), lines, marked, instead, answer


def shape_by_hand(lines, at, name, given):
    """Return the shape of a name behind a line, of the answer called with arrays of ones."""
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    changed = [*lines[: at + 1], f"{indent}return np.shape({name})", *lines[at + 1 :]]
    scope = {"np": np}
    exec("\n".join(changed), scope)
    function = next(each for each in scope.values() if isinstance(each, FunctionType))
    return function(**{name: np.ones(shape, int) for name, shape in given})


@pytest.mark.sandbox
@pytest.mark.slow
def test_every_answer_of_the_instructors_sheet_is_what_another_run_gives(tmp_path):
    source, people = load("solutions", "ps0"), {}
    for student, answers in ANSWERS.items():
        people[student] = nbformat.writes(submitted("ps0", answers)).encode(), {}
    course = hand_in(tmp_path, "ps0", people)
    grade_class(course, "ps0", Options(workers=2, preflight=False))
    page, *_ = write_viva(course, "ps0", tmp_path / "viva")
    kinds = Counter()
    for exercise, asks, lines, marked, instead, answer in asked(page.read_text("utf-8")):
        text = "\n".join(lines)
        if found := re.search(r"(\w+) has the shape (\(.*?\))\.", answer):
            given = re.findall(r"(\w+) of shape (\([\d, ]*\))", asks)
            given = [(name, ast.literal_eval(shape)) for name, shape in given]
            assert shape_by_hand(lines, marked[0], found[1], given) == ast.literal_eval(found[2])
            kinds["shape"] += 1
        elif found := re.search(r"([\d.]+) points become ([\d.]+)\.", answer):
            changed = [*lines]
            changed[marked[0]] = lines[marked[0]].replace(lines[marked[0]].strip(), instead)
            for code, points in ((text, found[1]), ("\n".join(changed), found[2])):
                book = with_answers(source, {exercise: code})
                assert run(book, 3, exercise).points[f"{exercise}_test"] == float(points)
            kinds["change"] += 1
        else:
            said = re.search("“(.*?)(:|”)", asks)[1]
            messages = run(with_answers(source, {exercise: text}), 3, exercise).messages
            assert said in messages[f"{exercise}_test"]
            kinds["check"] += 1
    assert kinds["shape"] >= 2 and kinds["change"] >= 4 and kinds["check"] >= 3, kinds
