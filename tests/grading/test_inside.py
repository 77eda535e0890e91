"""Tests that run inside see what nbgrader's see, and reach no further than the sandbox does."""

from pathlib import Path

import pytest
from traitlets.config import Config

from mlpkit.grading.cli import _row
from mlpkit.grading.course.release import release
from mlpkit.grading.course.sources import as_set
from mlpkit.grading.job import Job, Limits
from mlpkit.grading.workers.servers import judge_submission
from tests.grading import notebooks, usual
from tests.grading.judging import QUICK, points
from tests.tiers import few

pytestmark = pytest.mark.sandbox
INSIDE = "# tests: inside\n"


def judged(book, submission=None, files=None):
    source = notebooks.content(book)
    handed_in = notebooks.content(submission or book)
    about = ("ada", "ps1", "sheet", handed_in, source, release(source))
    return judge_submission(Job(*about, files=files or {}, limits=Limits(**QUICK)))


def all_inside(book):
    book.metadata["mlpkit"] = {"tests": "inside"}
    return book


def test_right_answers_to_each_usual_kind_of_test_earn_all_inside_and_none_nothing():
    book = all_inside(usual.assignment())
    right = judged(book, files=usual.FILES)
    wrong = [grade.grade_id for grade in right.grades if grade.points < grade.max_points]
    assert wrong == [] and right.failure is None
    assert "tests inside, which can be seen and fooled" in _row(right)
    blank = judged(book, notebooks.release(book), usual.FILES)
    assert blank.points == 0.0
    assert all(grade.messages for grade in blank.grades)


@pytest.mark.parametrize(
    ("about", "earned"),
    [({"tests": "inside"}, 2.0), ({}, 0.0), ({"tests": "inside", "by_hand": ["scipy"]}, 0.0)],
)
def test_with_all_tests_inside_nothing_is_taken_away_but_what_the_notebook_names(about, earned):
    book = square("assert square(2) == 4")
    book.metadata["mlpkit"] = about
    by_scipy = "def square(x):\n    from scipy.special import comb\n    return int(comb(x, 1)) * x"
    assert points(judged(book, wrong(book, by_scipy)))["check"] == earned


def square(*lines):
    """Give a notebook of one exercise, whose test has these lines, run inside."""
    answer = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
    test = notebooks.check("check", INSIDE + "\n".join(lines))
    return notebooks.notebook(
        notebooks.solution("square", answer), test, notebooks.check("next", "assert True")
    )


DOCTESTS = [
    ("import doctest", "assert doctest.testmod().failed == 0 and doctest.testmod().attempted"),
    (
        "import doctest",
        "for found in doctest.DocTestFinder().find(square, globs=globals()):",
        "    assert doctest.DocTestRunner(verbose=False).run(found).failed == 0",
    ),
    (
        "from doctest import run_docstring_examples as examples",
        "import contextlib, io",
        "with contextlib.redirect_stdout(io.StringIO()) as said:",
        "    examples(square, globals())",
        "assert said.getvalue() == ''",
    ),
]


@pytest.mark.parametrize("lines", few(DOCTESTS, 1))
def test_examples_in_a_docstring_run_as_in_a_notebook(lines):
    book = square(*lines)
    examples = "def square(x):\n    '''\n    >>> square(3)\n    {}\n    '''\n    return x * x"
    assert points(judged(book, wrong(book, examples.format(9))))["check"] == 2.0
    assert points(judged(book, wrong(book, examples.format(8))))["check"] == 0.0


HIDDEN = ("### BEGIN HIDDEN TESTS", "assert square(7) == 49, 'not for all'", "### END HIDDEN TESTS")


def wrong(book, text):
    given = notebooks.release(book)
    given.cells[0].source = text
    return given


def test_of_a_hidden_part_inside_only_the_instructors_words_are_shown():
    book = square("assert square(2) == 4", *HIDDEN)
    assert points(judged(book))["check"] == 2.0
    result = judged(book, wrong(book, "def square(x):\n    print(x)\n    return 4"))
    told = result.grades[0]
    assert told.points == 0.0 and told.hidden and told.messages == ["Hidden check: not for all"]
    page = result.judged.decode()
    assert "square(7)" not in page and "49" not in page
    seen = judged(book, wrong(book, "def square(x):\n    return 5")).grades[0]
    assert not seen.hidden and seen.messages == [
        "AssertionError (line 2 of the test, `assert square(2) == 4`)"
    ]


@pytest.mark.parametrize(
    ("last", "earned"),
    [
        ("0.5", 0.5), ("np.float64(1.5)", 1.5), ("float('nan')", 0.0), ("-1.0", 0.0), ("7", 2.0),
        ("'done'", 2.0), ("square(2) == 4", 2.0), ("square(2) == 5", 0.0), ("print('x')", 2.0),
    ],
)  # fmt: skip
def test_a_last_value_inside_is_the_credit_that_it_is_under_nbgrader_or_none(last, earned):
    assert points(judged(square("import numpy as np", last)))["check"] == earned


ESCAPES = {
    "the class": "import os\nos._exit(3)",
    "the network": "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9', timeout=1)",
    "the course": f"open({__file__!r}).read()",
    "time": "while True: pass",
}


@pytest.mark.parametrize("what", few(ESCAPES, 2))
def test_a_test_inside_reaches_no_further_than_a_students_cell(what):
    body = "".join(f"    {line}\n" for line in ESCAPES[what].splitlines())
    book = square("assert square(2) == 4")
    result = judged(book, wrong(book, f"def square(x):\n{body}    return x * x"))
    assert points(result)["check"] == 0.0 and result.grades[0].messages
    assert (result.failure is not None) == (what == "the class")


def test_a_notebook_can_have_tests_on_both_sides():
    book = square("square.seen = True", "assert square(3) == 9")
    book.cells.insert(2, notebooks.check("outside", "assert square(4) == 16"))
    fooled = wrong(book, "class Yes:\n    __eq__ = lambda *_: True\nsquare = lambda x: Yes()")
    assert points(judged(book)) == {"check": 2.0, "outside": 2.0, "next": 2.0}
    result = judged(book, fooled)
    assert points(result) == {"check": 2.0, "outside": 0.0, "next": 2.0}


def test_the_course_says_where_tests_run_and_a_cell_may_say_otherwise():
    book = usual.assignment()
    content = notebooks.content(book)
    assert as_set(content, Config(), Path(), "outside", {}) == content
    assert b'"tests": "inside"' in as_set(content, Config(), Path(), "inside", {})
    book = all_inside(square("assert square(2) == 4"))
    book.cells[1].source = "# Tests: outside\nassert square(2) == 4"
    assert [grade.inside for grade in judged(book).grades] == [False, True]
