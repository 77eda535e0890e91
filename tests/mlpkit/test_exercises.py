"""What a student is told by a test cell."""

import linecache

import numpy as np
import pytest

from mlpkit.exercises import call, check_all_close, check_close, check_tuple, graded


def students(source, **names):
    """Define a student's functions as a notebook's cell does, with their lines at hand."""
    namespace = {"np": np} | names
    linecache.cache["<students cell>"] = (len(source), None, source.splitlines(True), "")
    exec(compile(source, "<students cell>", "exec"), namespace)
    return namespace


ADDS = "def add(a, b):\n    total = a + b\n    return total\n"


@pytest.mark.parametrize(
    "source,arguments,line",
    [
        (ADDS, (np.ones(3), np.ones(4)), "your line 2, `total = a + b`: ValueError: operands"),
        ("def add(a, b):\n    return np.dot(a, b)\n", (np.ones(3), np.ones(4)), "your line 2, `r"),
        ("def one(a):\n    return a[9]\n\ndef add(a, b):\n    return one(a)\n", ([1], 2),
         "your line 2, `return a[9]`: IndexError"),
    ],
)  # fmt: skip
def test_a_failure_names_the_students_own_line(source, arguments, line):
    add = students(source)["add"]
    with pytest.raises(AssertionError) as caught:

        @graded(1, "1. Sums")
        def add_test(credit, rng):
            with credit.part(1, "two vectors"):
                call(add, *arguments)

    assert str(caught.value).startswith("1. Sums isn't right yet: 0 of 1 points so far\n- two")
    assert line in str(caught.value)


def test_in_a_notebook_the_message_stands_alone():
    with pytest.raises(AssertionError) as caught:

        @graded(1, "1. Sums")
        def add_test(credit, rng):
            with credit.part(1, "two vectors"):
                check_close("a + b", 2, 3)

    assert caught.value._render_traceback_() == str(caught.value).splitlines()
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("visible", [1, 2, 3])
def test_the_students_copy_says_what_is_still_open(visible, capsys):
    @graded(4, "1. Sums")
    def points(credit, rng):
        with credit.part(visible, "all that is seen"):
            assert rng.random() < 1

    assert points is None  # so that no number of points reads as the final one
    said = capsys.readouterr().out
    assert f"{visible} of {visible} points" in said
    assert f"hidden parts for {4 - visible} more" in said


@pytest.mark.parametrize("name", ["softmax", "np", "fresh"])
def test_a_missing_name_is_told_once_and_says_what_to_do(name):
    with pytest.raises(AssertionError) as caught:

        @graded(3, "1. Sums")
        def points(credit, rng):
            for number in range(3):
                with credit.part(1, f"part {number}"):
                    raise NameError(f"name '{name}' is not defined")

    lines = str(caught.value).splitlines()[1:]
    assert lines == [
        f"- part 0 (and 2 more parts): {name} is not defined: run the cells above, from the "
        "first one on"
    ]


@pytest.mark.parametrize("dtype,rtol", [(np.float32, 1e-10), (np.float16, 1e-6), (float, 1e-6)])
def test_too_little_precision_is_called_that(dtype, rtol):
    right = np.linspace(0.1, 0.9, 7) ** 2
    got = right.astype(dtype) * (1 + 3e-5 * (dtype is float))
    with pytest.raises(AssertionError, match=r"right to \d digits, but \d+ are asked for"):
        check_close("answer", got, right, rtol)


@pytest.mark.parametrize("factor", [1.01, 2, -1, np.nan])
def test_a_wrong_answer_is_not_called_imprecise(factor):
    right = np.linspace(0.1, 0.9, 7) ** 2
    with pytest.raises(AssertionError, match="which is wrong"):
        check_close("answer", right * factor, right)


@pytest.mark.parametrize(
    "got,right,tolerances,says",
    [
        (5, 6, {"rtol": 0}, "the number is 5, which is wrong"),
        (
            [8, 1_000_001],
            [8, 1_000_000],
            {"rtol": 0},
            r"entry \[1\] is 1000001, which is wrong \(1 of",
        ),
        ([0.1, 0.2], [0.3, 0.2], {"rtol": 0, "atol": 1e-9}, r"entry \[0\] is 0.1, which is wrong"),
        ([0.1, np.nan], [0.1, 0.2], {"rtol": 0, "atol": 1e-9}, r"entry \[1\] is nan, which is wro"),
        ([0.100001], [0.1], {"rtol": 0, "atol": 1e-9}, "right to 6 digits, but 9 are asked for"),
        ([100.0001], [100], {"rtol": 1e-9, "atol": 1e-9}, "right to 6 digits, but 9 are asked"),
        ([0.1001], [0.1], {"rtol": 1e-6}, "right to 3 digits, but 6 are asked for"),
        (
            [0.1, 0.0],
            [0.1, 1e-30],
            {"rtol": 1e-6, "atol": 0.0},
            r"entry \[1\] is 0, which is wrong",
        ),
    ],
)
def test_what_is_wrong_is_told_whatever_the_tolerance(got, right, tolerances, says):
    with pytest.raises(AssertionError, match=f"^x: {says}"):
        check_close("x", got, right, **tolerances)


@pytest.mark.parametrize(
    "got,words",
    [
        ([np.ones(2)], "expected 2 entries, got 1"),
        (np.float64(3), "expected a list, got float64"),
        (None, "got None; does the function return its result?"),
        ([np.ones(2), [3e-40, 1e-40]], r"δ, layer 2: entry \[1\]"),
        ([np.ones(2), [3e-40, 2e-40 * (1 + 1e-7)]], "δ, layer 2: right to 7 digits, but 9"),
        ([np.ones((2, 1)), np.ones(2)], r"δ, layer 1: expected shape \(2,\), got shape"),
    ],
)
def test_a_list_is_compared_layer_by_layer_however_small_its_numbers(got, words):
    right = [np.ones(2), np.array([3e-40, 2e-40])]
    check_all_close("δ", tuple(right), right)
    with pytest.raises(AssertionError, match=words):
        check_all_close("δ", got, right)


def test_what_every_entry_may_be_off_by_is_the_least_that_an_entry_may_be_off_by():
    right = [np.ones(2), np.array([3e-14, 0.0])]
    near = [np.ones(2), np.array([2.5e-14, -5e-15])]
    check_all_close("W", near, right, least=1e-14)
    for least in (0.0, 1e-16, 4e-15):
        with pytest.raises(AssertionError, match="W, layer 2"):
            check_all_close("W", near, right, least=least)


@pytest.mark.parametrize(
    "got,length,says",
    [
        (None, 2, r"expected a pair, got None; does the function return its result\?"),
        ((1, 2, 3), 2, "expected a pair, got 3 things"),
        ([1, 2], 3, "expected a triple, got 2 things"),
        (np.array(1), 2, "expected a pair, got ndarray"),
        ({"a": 1, "b": 2}, 2, "expected a pair, got dict"),
        ("ab", 2, "expected a pair, got str"),
    ],
)
def test_an_answer_of_another_length_is_told(got, length, says):
    with pytest.raises(AssertionError, match=f"^best: {says}$"):
        check_tuple("best", got, length)


@pytest.mark.parametrize("got", [(1, 2), [1, 2], np.array([1, 2]), np.ones((2, 3))])
def test_a_pair_may_be_a_tuple_a_list_or_an_array(got):
    assert check_tuple("best", got, 2) is got
