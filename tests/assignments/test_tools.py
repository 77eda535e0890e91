"""What the assignments' test cells share: careful calls, messages, and credit."""

import math
import os
import sys
import warnings
from fractions import Fraction

import nbformat
import numpy as np
import pytest

import mlpkit.losses
from mlpkit import losses
from mlpkit.exercises import Credit, call, check, check_close, fresh_rng, ready_to_hand_in
from mlpkit.losses import softmax
from tests.assignments.harness import NAMES, exercises, load


def test_call_passes_copies():
    def spoil(X):
        X[:] = 0
        return X

    X = np.ones(3)
    call(spoil, X)
    assert X.tolist() == [1, 1, 1]


def test_call_silences_warnings_and_stderr(capsys):
    def noisy(x):
        warnings.warn("careful", stacklevel=1)
        print("oops", file=sys.stderr)
        return np.exp(x)

    assert call(noisy, np.array([1e5])) == [np.inf]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    "function",
    [
        lambda U: softmax(U),
        lambda U: losses.softmax(U),
        lambda U: mlpkit.losses.softmax(U),
        lambda U: __import__("mlpkit.losses", fromlist=["softmax"]).softmax(U),
        lambda U: __import__("sklearn"),
        lambda U: __import__("torch"),
        lambda U: __import__("scipy.special"),
    ],
)
def test_call_makes_packages_unavailable_and_puts_them_back(function):
    before = {name for name in sys.modules if name.startswith("mlpkit")}
    with pytest.raises(ImportError, match="written by hand"):
        call(function, np.zeros((1, 2)))
    assert before <= set(sys.modules)
    assert softmax(np.zeros((1, 2))).tolist() == [[0.5, 0.5]]


@pytest.mark.parametrize(
    "got,message",
    [
        (None, "got None"),
        ([1, 2], r"expected shape \(3,\), got shape \(2,\)"),
        ([[1, 2, 3]], r"got shape \(1, 3\)"),
        ([1, 7, 3], r"entry \[1\] is 7, which is wrong \(1 of 3 entries are\)"),
        ([1, math.nan, 3], r"entry \[1\] is nan"),
        ([1, [2], 3], "ragged"),
        ("text", "expected real numbers, got str"),
        ([1j, 2, 3], "expected real numbers"),
        (["1", "2", "3"], "expected real numbers"),
    ],
)
def test_check_close_says_what_is_wrong(got, message):
    with pytest.raises(AssertionError, match=f"^answer: .*{message}"):
        check_close("answer", got, [1.0, 2.0, 3.0])


def test_check_close_takes_lists_and_other_dtypes():
    check_close("answer", [1, 2, 3], np.array([1.0, 2.0, 3.0]))
    check_close("answer", np.float32([0.1, 2.0, 3.0]), [0.1, 2.0, 3.0])
    check_close("number", np.float64(2), 2)
    check_close("number", Fraction(1, 3), 1 / 3)
    check_close("number", True, 1)


def half(hidden, right):
    credit = Credit(4)
    with credit.part(1, "visible"):
        check(True, "")
    with (credit.hidden if hidden else credit.part)(3, "other"):
        check(right, "wrong")
    return credit.total()


def test_credit_is_a_plain_float_and_names_what_failed(capsys):
    assert half(hidden=True, right=True) == 4.0
    earned = half(hidden=True, right=False)
    assert type(earned) is float
    assert earned == 1.0
    assert "- other: wrong" in capsys.readouterr().out


def test_credit_without_hidden_parts_raises_where_anything_is_wrong():
    with pytest.raises(AssertionError, match="- other: wrong"):
        half(hidden=False, right=False)


def test_credit_raises_where_nothing_is_right():
    credit = Credit(4)
    with credit.hidden(4, "all"):
        raise NotImplementedError
    with pytest.raises(AssertionError, match="- all: NotImplementedError"):
        credit.total()


def test_the_kind_of_an_error_is_named_once():
    credit = Credit(2)
    for words in ("softmax raised ValueError: no", "no"):
        with credit.hidden(1, "all"):
            raise ValueError(words)
    with pytest.raises(AssertionError) as caught:
        credit.total()
    messages = "- all: softmax raised ValueError: no\n- all: ValueError: no"
    assert str(caught.value).endswith(messages)


def test_fresh_numbers_repeat_with_a_seed_only(monkeypatch):
    monkeypatch.setenv("MLPKIT_SEED", "3")
    assert fresh_rng().random() == fresh_rng().random()
    monkeypatch.delenv("MLPKIT_SEED")
    assert fresh_rng().random() != fresh_rng().random()
    assert "MLPKIT_SEED" not in os.environ


@pytest.mark.parametrize("name", NAMES)
def test_ready_to_hand_in_says_what_is_missing(name, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answers = exercises(load("solutions", name))
    ready_to_hand_in(f"{name}.ipynb", answers)
    assert "is not in this folder" in capsys.readouterr().out
    blank = "not answered yet" if answers else "0 answers"
    for kind, expected in (("assignments", blank), ("solutions", "is ready")):
        nbformat.write(load(kind, name), f"{name}.ipynb")
        ready_to_hand_in(f"{name}.ipynb", answers)
        assert expected in capsys.readouterr().out
