"""What a test that runs outside finds there: the assignment's own modules, and Python's lines."""

import contextlib
import copy
import os
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from mlpkit.by_hand import BY_HAND
from mlpkit.grading import Limits
from mlpkit.grading.judging.words import explain
from mlpkit.grading.judging.working_folder import working_in
from mlpkit.grading.text.by_hand import by_hand
from mlpkit.grading.text.names import plain_python
from tests.grading import notebooks
from tests.grading.judging import judge, points, told
from tests.tiers import few

sandboxed = pytest.mark.sandbox
ANSWER = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
LAYOUTS = {
    "helper.py": ("import helper", "helper.same"),
    "gear/compare.py": ("from gear.compare import same", "same"),
    "tests/__init__.py": ("import tests as given", "given.same"),
}


def book(test, first="unused = 1"):
    return notebooks.notebook(
        notebooks.locked("first", first),
        notebooks.solution("square", ANSWER),
        notebooks.check("check", test),
    )


def answered(course, text):
    given = notebooks.release(course)
    given.cells[1].source = text
    return given


@sandboxed
@pytest.mark.parametrize("name", few(LAYOUTS, 1))
def test_a_test_imports_the_assignments_own_modules(name):
    statement, same = LAYOUTS[name]
    course = book(f"assert {same}(square(3), 9)", statement)
    files = {name: b"def same(a, b):\n    return a == b\n"}
    assert points(judge(course, course, files))["check"] == 2.0
    wrong = answered(course, "def square(x):\n    return 2 * x")
    assert points(judge(wrong, course, files))["check"] == 0.0


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_next_assignments_modules_are_others(name):
    before = dict(sys.modules)
    statement, same = LAYOUTS[name]
    for value in ("one", "two"):
        names = {}
        files = {name: f"same = {value!r}".encode()}
        with working_in(notebooks.job(b"", files=files)):
            exec(statement, names)
            assert eval(same, names) == value
    assert before.items() <= sys.modules.items()
    assert not {"helper", "gear", "gear.compare"} & set(sys.modules)


@pytest.mark.parametrize(
    ("code", "plain"),
    [
        ("%%capture said\nx = 1", "pass\nx = 1"),
        ("\n\n%%time\n%matplotlib inline\nx = 1", "\n\npass\npass\nx = 1"),
        ("%%timeit -n 1\nif x:\n    !ls", "pass\nif x:\n    pass"),
        ("%%bash\nls", ""),
        ("%%html\n<b>x</b>", ""),
    ],
)
def test_pythons_lines_below_a_cell_magic_stay(code, plain):
    assert plain_python(code).strip("\n") == plain.strip("\n")
    assert plain_python(code).count("\n\n") == plain.count("\n\n")


EARNS = {
    "%%bash\necho 9": 0.0,
    "%%capture\nassert square(3) == 9": 2.0,
    "%%time\nassert square(3) == 9": 2.0,
    "%%script python\nassert False": 0.0,
}


@sandboxed
@pytest.mark.parametrize("test", few(EARNS, 2))
def test_below_a_magic_nobody_earns_points_that_nothing_was_run_for(test):
    course, right = book(test), EARNS[test]
    assert points(judge(course, course))["check"] == right
    blank = judge(notebooks.release(course), course)
    assert points(blank)["check"] == 0.0
    assert right or "isn't run outside of the notebook" in told(blank)


@pytest.mark.parametrize(
    ("given", "stay"),
    [
        ("from sklearn.linear_model import LinearRegression", {"sklearn", "scipy"}),
        ("import sklearn", {"sklearn", "scipy"}),
        ("def f():\n    import sklearn.svm as svm", {"sklearn", "scipy"}),
        ("import torch", {"torch"}),
        ("import numpy as np, matplotlib.pyplot as plt", set()),
        ("import nosuch_package", set()),
    ],
)
def test_what_a_course_imports_keeps_what_it_needs_itself(given, stay):
    assert set(BY_HAND) - set(by_hand({}, [], [given])) == stay


@sandboxed
@pytest.mark.parametrize("attribute", few(["cache_info()", "execute('select 1')", "x"], 1))
def test_what_isnt_seen_of_a_function_is_said_in_words(attribute):
    course = book(f"assert square.{attribute}")
    said = told(judge(course, course))
    assert "can call square, and has not its" in said and "StudentFunction" not in said


LOOP = "while True:\n    pass"
SKIPPED = [
    notebooks.locked("long", LOOP),
    new_code_cell(LOOP),
    notebooks.locked("wrong", "del square"),
]


@sandboxed
@pytest.mark.parametrize("cell", few(SKIPPED, 1))
def test_a_cell_that_the_instructor_tags_so_is_not_run(cell):
    course = book("assert square(3) == 9")
    tagged = copy.deepcopy(cell)
    tagged.metadata["tags"] = ["skip-execution"]
    course.cells.insert(2, tagged)
    result = judge(course, course, cell_seconds=1.0)
    assert result.failure is None and points(result)["check"] == 2.0
    # A student's own tag means nothing: it would leave out a test.
    tagged_test = notebooks.release(course)
    for each in tagged_test.cells:
        each.metadata["tags"] = ["skip-execution"]
    assert points(judge(tagged_test, course))["check"] == 0.0


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (FileNotFoundError(2, "No file", "a.csv"), "FileNotFoundError: [Errno 2] No file"),
        (AssertionError("First case: the sign is wrong"), "First case: the sign is wrong"),
        (AssertionError("x: has to be a list\nof numbers"), "x: has to be a list\nof numbers"),
        (ValueError("[part a] is empty"), "ValueError: [part a] is empty"),
        (AssertionError("y: 1\n[1. 2.]"), "y: 1"),
        (AssertionError("\nNot equal to tolerance\nMismatched elements: 3\n x: array([1])"),
         "Not equal to tolerance"),
    ],
)  # fmt: skip
def test_a_messages_first_line_is_told_whatever_it_begins_with(error, told):
    said = explain(error, False, Limits()).text
    assert said == told or (said.startswith(told) and "array" not in said and "[1." not in said)


@pytest.mark.parametrize("leave", ["pass", "import os; os.chdir('/')", "raise ValueError"])
def test_afterwards_the_process_is_in_the_folder_in_which_it_was(leave):
    before, variables = Path.cwd(), dict(os.environ)
    job = notebooks.job(b"", files={"data.txt": b"1"}, variables={"COURSE_KEY": "a"})
    with contextlib.suppress(ValueError), working_in(job) as folder:
        assert Path.cwd() == folder.resolve() and os.environ["COURSE_KEY"] == "a"
        exec(leave, {})
    assert Path.cwd() == before and not folder.exists() and dict(os.environ) == variables
