"""Printed tables: aligned, rounded, the same on every machine; and slopes of power laws."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.slopes import log_slope
from mlpkit.tables import fixed_text, number_text, prose_text, table, table_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1234567, "1,234,567"), (np.int64(-1000), "-1,000"), (10**30, f"{10**30:,}"),
        (0.5, "0.500"), (12.0, "12.0"), (123.4, "123"), (1234.5, "1,230"), (-0.0, "0"), (0.0, "0"),
        (0.00012345, "0.000123"), (0.000012345, "1.23e-05"), (1.5e7, "1.50e+07"),
        (9.996, "10.0"), (99999999.0, "1.00e+08"), (0.00009999, "0.000100"),
        (np.float32(0.1), "0.100"), (float("nan"), "nan"), (-float("inf"), "-inf"),
        (True, "yes"), (np.bool_(False), "no"), (None, ""), ("relu", "relu"),
        (Fraction(1, 3), "1/3"),
    ],
)  # fmt: skip
def test_a_cell_is_written_as_promised(value, text):
    assert number_text(value) == text


@given(st.floats(-1e300, 1e300), st.integers(1, 9))
def test_a_float_is_written_to_its_significant_digits(value, digits):
    written = float(number_text(value, digits).replace(",", ""))
    assert written == pytest.approx(value, rel=0.51 * 10.0 ** (1 - digits), abs=0)


@given(st.floats(1e-3, 1e5), st.integers(1, 5), st.sampled_from([1 + 1e-15, 1 - 1e-15]))
def test_the_last_bits_of_a_float_are_not_seen_but_at_a_tie(value, digits, factor):
    one, other = (float(f"{v:.{digits - 1}e}") for v in (value, value * factor))
    if one == other:
        assert number_text(value, digits) == number_text(value * factor, digits)


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(-0.5, 2, "−0.50"), (-0.004, 2, "0.00"), (np.float32(-12.34), 1, "−12.3"), (2, 0, "2")],
)
def test_prose_has_digits_after_the_point_a_minus_and_none_before_a_zero(value, digits, text):
    assert fixed_text(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0068, "0.0068"), (-1.7, "−1.7"), (-3.14e-9, "−3.1·10⁻⁹"), (2e12, "2.0·10¹²"), (0, "0")],
)
def test_prose_has_powers_of_ten_as_such(value, text):
    assert prose_text(value) == text


def test_numbers_stand_right_text_left_and_the_names_above_them(capsys):
    table({"": ["built", "trained"], "units": [8, 1024], "error": [0.25, 1.0], "ok": [True, False]})
    assert capsys.readouterr().out.splitlines() == [
        "         units  error   ok",
        "built        8  0.250  yes",
        "trained  1,024   1.00   no",
    ]


@given(
    st.dictionaries(
        st.text("abσ¹ ", max_size=6),
        st.lists(st.one_of(st.integers(), st.floats(), st.booleans(), st.none()), min_size=3,
                 max_size=3),
        min_size=1, max_size=5,
    )
)  # fmt: skip
def test_every_line_has_its_columns_at_the_same_places(columns):
    lines = table_text(columns).split("\n")
    assert len(lines) == 4
    assert not any(line.endswith(" ") for line in lines)
    start = 0
    for name, cells in columns.items():
        texts = [name, *map(number_text, cells)]
        width = max(map(len, texts))
        for line, text in zip(lines, texts, strict=True):
            assert line[start : start + width].strip() == text.strip()
        start += width + 2


def test_digits_may_be_given_by_column():
    text = table_text({"a": [1 / 3], "b": [1 / 3], "c": [1 / 3]}, digits={"a": 1, "b": 5})
    assert text.split("\n")[1].split() == ["0.3", "0.33333", "0.333"]


@pytest.mark.parametrize(
    ("columns", "digits", "message"),
    [
        ({}, 3, "at least one column"),
        ({"a": [1, 2], "b": [1]}, 3, "equally long, got {'a': 2, 'b': 1}"),
        ({"a": [1.0]}, 0, "digits must be an integer >= 1, got 0"),
        ({"a": [1.0]}, {"a": 2.5}, "digits must be an integer >= 1, got 2.5"),
    ],
)
def test_a_table_that_cannot_be_is_refused_by_name(columns, digits, message):
    with pytest.raises(ValueError, match=message):
        table_text(columns, digits)


@given(
    st.floats(-5, 5), st.floats(0.01, 100), st.lists(st.integers(1, 10**4), min_size=2, unique=True)
)
def test_the_slope_of_a_power_law_is_its_exponent(power, factor, x):
    x = np.array(x, float)
    assert log_slope(x, factor * x**power) == pytest.approx(power, abs=1e-8)


def test_the_slope_is_that_of_least_squares():
    rng = np.random.default_rng(0)
    for M in (2, 3, 7, 30):
        x, y = rng.uniform(0.1, 9, (2, M))
        assert log_slope(x, y) == pytest.approx(np.polyfit(np.log(x), np.log(y), 1)[0])


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([1, 2], [1], "one shape"),
        ([1], [1], "M >= 2"),
        ([1, 0], [1, 1], "x must be finite and above 0"),
        ([1, 2], [1, -1], "y must be finite and above 0"),
        ([1, 2], [1, np.nan], "y must be finite and above 0"),
        ([3, 3], [1, 2], "two different numbers"),
    ],
)
def test_a_slope_that_cannot_be_is_refused_by_name(x, y, message):
    with pytest.raises(ValueError, match=message):
        log_slope(x, y)
