"""What a call came to is written alike for one mistake in two people's code, and for others not."""

import numpy as np
import pytest

from mlpkit.grading.judging.outcomes import carries, only_zeros, plain, token

RNG = np.random.default_rng(0)
X = RNG.normal(size=(5, 3))


def of(value):
    return {"value": value}


def against(right, *answers):
    return [token(of(answer), of(right)) for answer in answers]


@pytest.mark.parametrize(
    "right,answer",
    [
        (X, X.tolist()),
        (X, X * (1 + 1e-13)),
        (2.5, np.float64(2.5)),
        ((X, X[0]), [X, X[0].tolist()]),
        ({"W": X, "b": 0.0}, {"b": 0.0, "W": X}),
        (np.zeros(3), np.full(3, 1e-17)),
        ([("W", (0, 1)), ("b", (2,))], [("b", (2,)), ("W", (0, 1))]),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_what_differs_by_rounding_form_or_order_of_found_things_is_right(right, answer):
    assert against(right, answer) == ["="]


@pytest.mark.parametrize(
    "one,other",
    [
        (lambda x: x.mean(0), lambda x: x.sum(0) / len(x)),
        (lambda x: x.std(axis=1), lambda x: np.sqrt(x.var(axis=1))),
        (lambda x: 3 * x, lambda x: x + x + x),
        (lambda x: np.log(np.exp(x).sum()), lambda x: np.logaddexp.reduce(x.ravel())),
    ],
)
@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_one_mistake_written_in_two_ways_is_written_alike(one, other, scale):
    right = scale * X.sum(axis=0)
    first, second = against(right, scale * one(X), scale * other(X))
    assert first == second != "="
    assert carries(first)


def test_other_mistakes_are_written_otherwise():
    wrong = [2 * X, X + 1, X.T, X[:, ::-1], X**2, -X, X.sum(), np.where(X > 0, X, np.nan),
             np.where(X > 0, X, np.inf), np.where(X > 0, X, -np.inf), X * (1 + 1e-6)]  # fmt: skip
    assert len(set(against(X, *wrong))) == len(wrong)


@pytest.mark.parametrize(
    "answer", [{"error": {"type": "ValueError", "message": "no"}}, {"slow": True}, of(None),
               {"unsendable": "a generator"}],
)  # fmt: skip
def test_a_failure_or_a_missing_value_tells_of_no_wrong_value(answer):
    assert not carries(token(answer, of(X)))


@pytest.mark.parametrize(
    "right,got,zeros",
    [
        (2.5, 0.0, True),
        (2.5, 1e-17, True),
        (2.5, -3e-11, True),
        (2.5, 0.1, False),
        (X, np.zeros((5, 3)), True),
        (X, np.zeros(3), True),
        (X, np.where(X > 0, X, 0), False),
        ({"b": 1.0, "loss": 2.0}, {"b": 1.0, "loss": 0.0}, True),
        ({"b": 1.0, "loss": 2.0}, {"b": 3.0, "loss": 0.0}, False),
        ((X, X[0]), [X, 0 * X[0]], True),
        ((X, X[0]), [2 * X, 0 * X[0]], False),
        (["a"], ["b"], False),
    ],
)
def test_a_result_that_is_wrong_by_being_zero_tells_little(right, got, zeros):
    assert only_zeros(got, right) == zeros


def test_an_error_is_known_by_its_kind_and_numbers_and_not_by_its_words():
    def error(kind, words):
        return token({"error": {"type": kind, "message": words}}, of(X))

    assert error("ValueError", "shapes (3,) and (4,)") == error("ValueError", "(3,) with (4,)")
    assert error("ValueError", "shapes (3,) and (4,)") != error("ValueError", "shapes (4,) (3,)")
    assert error("ValueError", "no") != error("TypeError", "no")
    assert error("Mine<script>", "x").startswith("!exception")


def test_sizes_of_another_type_are_another_answer():
    right = {"W": (4, 3)}
    tokens = against(right, {"W": [4, 3]}, {"W": (4.0, 3.0)}, {"W": (3, 4)}, {"V": (4, 3)}, {})
    assert len({*tokens, "="}) == 6


@pytest.mark.parametrize("value", [0.5, 0.25, 0.125, 1 / 3, 0.1, 7.0, 1e-3, 2.5e5])
def test_numbers_that_people_write_fall_on_no_border(value):
    for moved in (1 - 1e-15, 1 + 1e-15):
        one, other = np.array([value, 1.0]), np.array([value * moved, 1.0])
        assert token(of(one), of(np.zeros(2))) == token(of(other), of(np.zeros(2)))
        assert plain(one) == plain(other)
