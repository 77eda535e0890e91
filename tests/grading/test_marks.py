"""Points are plain floats within the cell's maximum, whatever a test ends in."""

import decimal
import fractions

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.grading.judging import credit as marks
from tests.grading import notebooks
from tests.grading.judging import judge


@pytest.mark.parametrize(
    "value, expected",
    [
        (None, 3.0),
        (0, 0.0),
        (1.5, 1.5),
        (3, 3.0),
        (np.float64(0.0), 0.0),
        (np.float32(1.5), 1.5),
        (np.int64(2), 2.0),
        (np.array(2.0), 2.0),
        (fractions.Fraction(3, 2), 1.5),
    ],
)
def test_a_number_earns_itself_and_nothing_earns_all(value, expected):
    points, notes = marks.credit(value, 3)
    assert points == expected
    assert type(points) is float
    assert notes == []


@pytest.mark.parametrize(
    "value, word",
    [
        (float("nan"), "NaN"),
        (np.float64("nan"), "NaN"),
        (-1.0, "negative"),
        (float("-inf"), "negative"),
        (np.datetime64("2026-01-01"), "datetime64"),
        ("2", "str"),
        (True, "bool"),
        (np.True_, "bool"),
        (1j, "complex"),
        ([1], "list"),
        (np.array([1.0]), "ndarray"),
        (decimal.Decimal("1"), "Decimal"),
    ],
)
def test_what_is_no_credit_earns_nothing_and_says_why(value, word):
    points, notes = marks.credit(value, 3)
    assert points == 0.0
    assert word in notes[0]


@pytest.mark.parametrize(
    "value",
    [3.5, 1e300, float("inf"), 10**400, fractions.Fraction(10**400, 3), np.longdouble("1e4000")],
    ids=["3.5", "1e300", "infinity", "whole number", "fraction", "long double"],
)
def test_too_much_is_cut_with_a_note(value):
    points, notes = marks.credit(value, 3)
    assert points == 3.0
    assert "was cut to 3 points" in notes[0]


@pytest.mark.parametrize(
    "value",
    [-(10**400), fractions.Fraction(-(10**400), 3), np.longdouble("-1e4000")],
    ids=["whole number", "fraction", "long double"],
)
def test_far_too_little_is_negative_as_less_is(value):
    points, notes = marks.credit(value, 3)
    assert points == 0.0
    assert "negative" in notes[0]


@given(st.floats() | st.integers(), st.floats(0, 1e6))
def test_points_stay_within_the_maximum(value, most):
    points, _ = marks.credit(value, most)
    assert 0.0 <= points <= most


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "ending, expected",
    [
        ("1.5", 1.5),
        ("1.5;", 2.0),
        ("x = 1.5", 2.0),
        ("print('well done')", 2.0),
        ("import warnings; warnings.warn('careful')", 2.0),
        ("import sys; print('careful', file=sys.stderr)", 2.0),
        ("np.float64(0.0)", 0.0),
        ("np.exp(np.float64(1000)); None", 2.0),
        ("float('nan')", 0.0),
        ("'all right'", 0.0),
        ("raise SystemExit", 0.0),
        ("sys.exit(0)", 0.0),
        ("%matplotlib inline\n1.0", 1.0),
        ("def broken(:", 0.0),
    ],
)
def test_the_last_value_of_a_test_cell_is_its_credit(ending, expected):
    course = notebooks.notebook(
        notebooks.locked("imports", notebooks.IMPORTS), notebooks.check("check", ending)
    )
    result = judge(notebooks.release(course), course)
    assert result.points == expected
    if expected == 2.0:
        assert result.grades[0].messages == []


@pytest.mark.sandbox
def test_what_nbgrader_reads_from_the_judged_notebook_are_the_same_points():
    from nbgrader.utils import determine_grade

    endings = ["None", "0", "0.1 + 0.2", "1.0", "2", "5", "-1", "float('nan')", "assert False"]
    cells = [notebooks.check(f"check{n}", text) for n, text in enumerate(endings)]
    course = notebooks.notebook(*cells)
    result = judge(notebooks.release(course), course)
    cells = notebooks.read(result.judged).cells
    assert [determine_grade(cell)[0] for cell in cells] == [g.points for g in result.grades]
    assert [g.points for g in result.grades] == [2, 0, 0.1 + 0.2, 1, 2, 2, 0, 0, 0]
