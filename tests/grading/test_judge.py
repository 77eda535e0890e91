"""The judge on honest work: whose names are whose, what is told, and what the row holds."""

import json
import pickle
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell

from mlpkit.grading import Job, Limits, Result
from mlpkit.grading.judging.rows import refuse
from mlpkit.grading.judging.words import tell
from mlpkit.grading.room import sandbox
from mlpkit.grading.text.checks import checks, hidden_lines
from mlpkit.grading.text.names import plain_python
from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.workers.servers import judge_submission
from tests.grading import notebooks
from tests.grading.judging import judge, points

pytestmark = pytest.mark.sandbox

LINEAR = """\
def linear(X, W, b=0.0):
    ### BEGIN SOLUTION
    return X @ W.T + b
    ### END SOLUTION"""


def one(test, answer=None, extra=(), stub=LINEAR):
    """Judge one exercise with a test; give its grade."""
    cells = [
        notebooks.locked("imports", notebooks.IMPORTS),
        *extra,
        notebooks.solution("linear", stub),
        notebooks.check("check", test),
    ]
    course = notebooks.notebook(*cells)
    answer = "def linear(X, W, b=0.0):\n    return X @ W.T + b" if answer is None else answer
    return judge(notebooks.answered(course, linear=answer), course).grades[0]


def test_arrays_keywords_and_scalars_cross():
    grade = one(
        "X, W = np.ones((3, 2)), np.full((4, 2), 0.5)\n"
        "out = linear(X, W, b=2)\n"
        "assert isinstance(out, np.ndarray) and out.dtype == np.float64\n"
        "np.testing.assert_array_equal(out, np.full((3, 4), 3.0))"
    )
    assert grade.points == 2.0


@pytest.mark.parametrize(
    "value", ["None", "True", "3", "0.5", "'a'", "[1, (2, 'x')]", "{'a': [1]}"]
)
def test_plain_results_cross(value):
    answer = f"def linear(X, W):\n    return {value}"
    assert one(f"assert linear(1, 2) == {value}", answer).points == 2.0


@pytest.mark.parametrize(
    "answer,line",
    [
        ("def linear(X, W):\n    return X @ W", "your line 2, `return X @ W`"),
        (
            "def linear(X, W):\n    return part(X)\n\ndef part(X):\n    return X[9]",
            "line 5, `return X[9]`",
        ),
        (
            "import math\ndef linear(X, W):\n    return math.log(-1)",
            "line 3, `return math.log(-1)`",
        ),
    ],
)
def test_a_failure_names_the_students_own_line(answer, line):
    assert line in one("linear(1, 2)", answer).messages[0]


@pytest.mark.parametrize("line", ["text", [1], ["1", "text"], [1, 2], {"a": 1}, [None, "text"]])
def test_a_line_that_is_none_is_left_out(line):
    answer = (
        "import sys\nbridge = sys.modules['mlpkit_bridge']\n"
        f"bridge._line = lambda error: {line!r}\ndef linear(X, W):\n    return 1 / 0"
    )
    assert (
        one("linear(1, 2)", answer).messages[0]
        == "linear raised ZeroDivisionError: division by zero"
    )


def test_a_function_that_is_not_written_yet_is_told_in_plain_words():
    messages = one("linear(1, 2)", "def linear(X, W):\n    raise NotImplementedError").messages
    assert messages[0] == "linear raised NotImplementedError"


def test_mutating_an_argument_changes_nobodys_but_the_students():
    grade = one(
        "X = np.ones((2, 2))\nlinear(X, X)\nassert (X == 1).all()",
        "def linear(X, W):\n    X[:] = 7\n    W[:] = 8\n    return X",
    )
    assert grade.points == 2.0


def test_a_value_is_a_copy_for_each_use():
    grade = one(
        "weights[0] = 9\nassert weights == [1, 2]",
        "weights = [1, 2]\ndef linear(X, W): pass",
        stub="weights = None\n" + LINEAR,
    )
    assert grade.points == 2.0


def test_a_students_function_can_be_passed_to_another():
    answer = "def twice(f, x):\n    return f(f(x))\ndef linear(x):\n    return x + 1"
    assert one("assert twice(linear, 3) == 5", answer).points == 2.0


def test_a_librarys_function_can_be_passed():
    answer = "def linear(f, x):\n    return f(x)"
    assert (
        one("assert linear(np.tanh, 0.0) == 0\nassert linear(max, [1, 3]) == 3", answer).points == 2
    )


@pytest.mark.parametrize("error", ["ValueError", "TypeError", "KeyError", "NotImplementedError"])
def test_pythons_own_exceptions_keep_their_type(error):
    test = f"try:\n    linear(1, 2)\n    ok = False\nexcept {error}:\n    ok = True\nassert ok"
    assert one(test, f"def linear(X, W):\n    raise {error}('no')").points == 2.0
    assert one(test, "def linear(X, W):\n    raise RuntimeError('no')").points == 0.0


def test_tests_see_the_state_reached_so_far():
    course = notebooks.notebook(
        notebooks.solution("one", "step = 1"),
        notebooks.check("check1", "assert step == 1"),
        notebooks.solution("two", "step = 2"),
        notebooks.check("check2", "assert step == 2"),
    )
    submission = notebooks.answered(course, one="step = 1", two="step = step + 1")
    assert judge(submission, course).points == 4.0


def test_names_of_locked_cells_are_the_instructors():
    helper = notebooks.locked("helper", "def check(x):\n    assert x == 1, 'not one'")
    cheat = "def linear(X, W):\n    return 2\ndef check(x): pass"
    grade = one("check(linear(0, 0))", cheat, extra=[helper])
    assert grade.points == 0.0
    assert grade.messages[0] == "not one"


def test_a_helper_of_the_instructors_may_call_the_students_function():
    helper = notebooks.locked("helper", "def check():\n    assert linear(2, 3) == 5")
    assert one("check()", "def linear(X, W):\n    return X + W", extra=[helper]).points == 2.0


def test_imports_of_plain_cells_are_known_to_tests():
    course = notebooks.notebook(
        new_code_cell("import numpy as np\nfrom math import pi"),
        notebooks.solution("linear", "def linear(x):\n    return x"),
        notebooks.check("check", "assert np.allclose(linear(pi), np.pi)"),
    )
    answer = "def linear(x):\n    return x"
    assert judge(notebooks.answered(course, linear=answer), course).points == 2.0


def test_a_builtins_name_is_the_builtin_unless_it_is_the_exercise():
    assert one("assert sum([1, 2]) == 3", "def sum(x): return 0\ndef linear(): pass").points == 2.0
    assert one(
        "assert max([1, 2]) == 'mine'", "def max(x): return 'mine'", stub="def max(x): ..."
    ).points


def test_a_missing_function_is_said_to_be_missing():
    assert "'linear' is not defined" in one("linear(1, 2)", "x = 1").messages[0]


@pytest.mark.parametrize(
    "answer, words",
    [
        ("def linear(X, W): return object()", "not plain data"),
        ("def linear(X, W): return {1, 2}", "not plain data"),
        ("def linear(X, W): return lambda: 1", "not plain data"),
        ("class linear: pass", "neither a function nor plain data"),
        ("linear = open('/dev/null')", "neither a function nor plain data"),
        ("def linear(X, W): return 1 / 0", "ZeroDivisionError: division by zero"),
        ("def linear(X): return X", "TypeError"),
        ("import numpy as linear", "neither a function nor plain data"),
    ],
)
def test_what_can_not_be_judged_is_said_in_words(answer, words):
    grade = one("assert linear(1, 2) == 3", answer)
    assert grade.points == 0.0
    assert words in grade.messages[0]


def test_the_last_calls_shapes_are_told():
    grade = one(
        "assert linear(np.ones((3, 2)), W=[1, 2]).shape == (3, 3), 'wrong shape'",
        "def linear(X, W):\n    return X",
    )
    assert grade.messages == [
        "wrong shape",
        "The last call was linear(array (3, 2) float64, W: list of 2) → array (3, 2) float64.",
    ]


def test_warnings_and_prints_cost_nothing():
    answer = (
        "import warnings, sys\n"
        "def linear(X, W):\n"
        "    warnings.warn('careful'); print('x', file=sys.stderr); print('y')\n"
        "    return np.exp(1000.0)"
    )
    assert one("assert linear(1, 2) == np.inf", answer).points == 2.0


def test_data_files_are_there_for_both_sides():
    course = notebooks.notebook(
        notebooks.locked("setup", "truth = open('data/x.txt').read()"),
        notebooks.solution("linear", "def linear():\n    pass"),
        notebooks.check("check", "assert linear() == truth"),
    )
    answer = "def linear():\n    return open('data/x.txt').read()"
    submission = notebooks.answered(course, linear=answer)
    assert judge(submission, course, files={"data/x.txt": b"42"}).points == 2.0


def test_written_answers_wait_for_a_person_unless_there_is_none():
    assert points(judge(notebooks.answered(words="Because.")))["words"] is None
    assert points(judge(notebooks.answered()))["words"] == 0.0


def test_each_submission_starts_with_its_own_random_state():
    course = notebooks.notebook(
        notebooks.locked("setup", "import numpy as np, random"),
        notebooks.solution("linear", "def linear():\n    pass"),
    )
    answer = "print(np.random.rand(), random.random())"
    submission = notebooks.answered(course, linear=answer)
    printed = {judge(submission, course).judged for _ in range(2)}
    assert len(printed) == 2


def test_the_sources_own_solutions_earn_everything():
    course = notebooks.course()
    result = judge(course, course)
    assert [g.points for g in result.grades] == [2.0, 2.0, None]
    assert result.repairs == []


def test_a_row_survives_pickle_and_json():
    result = judge(notebooks.answered())
    assert pickle.loads(pickle.dumps(result)) == result
    assert Result.from_json(json.loads(json.dumps(result.to_json()))) == result
    job = Job("a", "b", "c", b"\xff", b"", b"\1", {"x": b"\0"}, Limits(cell_seconds=1))
    assert Job.from_json(json.loads(json.dumps(job.to_json()))) == job


def test_a_refused_submission_has_all_its_rows():
    job = notebooks.job(b"junk")
    result = refuse(job, "the worker was lost")
    assert [g.grade_id for g in result.grades] == ["check-double", "check-mean", "words"]
    assert result.points == 0.0
    assert notebooks.read(result.judged)


def test_a_broken_instructors_notebook_is_the_callers_error():
    with pytest.raises(ValueError, match="instructor"):
        judge_submission(Job("a", "b", "c", b"{}", b"junk", b"junk"))
    twice = notebooks.course()
    twice.cells.append(notebooks.check("check-double", "pass"))
    twice.cells[-1].id = "again"
    with pytest.raises(ValueError, match="two cells named 'check-double'"):
        read_plan(*[notebooks.content(twice)] * 2)


def test_unsandboxed_is_warned_of_and_recorded(capfd):
    sandbox.warn_unsandboxed.cache_clear()
    job = replace(notebooks.job(notebooks.answered()), unsandboxed=True)
    result = judge_submission(job)
    assert result.sandbox == "none"
    assert result.points == 4.0
    assert "WARNING" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ('f"{goal:.0%} of the images"', "93% of the images"),
        ('f"{goal} images of {n}"', "0.93 images of 9"),
        ('"other images"', "other images"),
        ('f"size {n}"', "size 9"),
    ],
)
def test_a_part_is_known_by_its_title_also_where_that_begins_with_a_value(title, number):
    source = (
        'def reach(goal):\n    check(ok, f"{says}; this part asks for {goal:.0%} and no less")\n'
        'with credit.part(1, "seen"):\n    reach(0.9)\n### BEGIN HIDDEN TESTS\n'
        f"with credit.hidden(1, {title}):\n    reach(goal)\n### END HIDDEN TESTS\n"
    )
    found = checks(source, hidden_lines(source))
    words = "accuracy 3%; this part asks for 93% and no less"
    told = tell([f"seen: {words}", f"{number}: {words}"], found, {})
    assert [each.hidden for each in told] == [False, True]


def test_hidden_lines_are_found():
    assert hidden_lines("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc") == [(2, 4)]
    assert hidden_lines("a") == []


def test_magics_keep_their_lines():
    text = plain_python("%matplotlib inline\nx = 1\n!ls\nif x:\n    %time y = 2")
    assert [line.strip() for line in text.splitlines()] == [
        "pass",
        "x = 1",
        "pass",
        "if x:",
        "pass",
    ]


WIDE = {
    "array": "def linear(X, W):\n    import numpy as np\n    return np.ones(X)",
    "list": "def linear(X, W):\n    return ['x' * 1000] * (X // 100)",
    "text": "def linear(X, W):\n    return 'x' * (10 * X)",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("answer", WIDE.values(), ids=WIDE.keys())
def test_how_much_a_function_may_return_is_what_the_limits_say(answer):
    """Raised, more than by default passes (32 MB); lowered, less."""
    course = notebooks.notebook(
        notebooks.solution("linear", LINEAR),
        notebooks.check("check", "assert len(linear(3_600_000, 0)) > 30_000"),
    )
    submission = notebooks.answered(course, linear=answer)
    wide = {"result": 96 * 1024**2, "call_seconds": 30.0, "cell_seconds": 60.0}
    assert judge(submission, course, **wide).grades[0].points == 2.0
    grade = judge(submission, course, **(wide | {"result": 24 * 1024**2})).grades[0]
    assert grade.points == 0.0
    assert "larger than" in grade.messages[0]
