"""Softmax, cross-entropy (7), squared error (2), and their gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mlpkit.gradcheck import numerical_gradient, relative_error
from mlpkit.losses import (
    SQUARED_ERROR,
    cross_entropy,
    cross_entropy_gradient,
    log_softmax,
    one_hot,
    softmax,
    squared_error,
)

scores = arrays(
    np.float64, st.tuples(st.integers(1, 6), st.integers(1, 5)), elements=st.floats(-9, 9)
)
seeds = st.integers(0, 2**32 - 1)


def labels(U, seed):
    return np.random.default_rng(seed).integers(0, U.shape[1], len(U))


@given(U=scores)
def test_softmax_is_the_quotient_of_exponentials(U):
    direct = np.exp(U) / np.exp(U).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(softmax(U), direct, rtol=1e-12)
    np.testing.assert_allclose(log_softmax(U), np.log(direct), atol=1e-12)


@given(U=scores, shift=st.floats(-1e3, 1e3))
def test_softmax_ignores_a_shift_of_all_scores(U, shift):
    np.testing.assert_allclose(softmax(U + shift), softmax(U), atol=1e-9)


def test_the_largest_scores_overflow_nothing():
    U = np.array([[1e308, -1e308, 0.0], [-1e308, -1e308, -1e308]])
    with np.errstate(over="ignore"):  # 1e308 − (−1e308) is −inf in the shift, and exp(−inf) is 0
        assert softmax(U).tolist() == [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]]
    assert cross_entropy([[0.0, 1e5]], [0]) == 1e5


@given(U=scores, seed=seeds)
def test_cross_entropy_is_the_mean_negative_log_probability(U, seed):
    y = labels(U, seed)
    by_row = [-np.log(softmax(U)[n, y[n]]) for n in range(len(U))]
    assert cross_entropy(U, y) == pytest.approx(np.mean(by_row), rel=1e-9, abs=1e-12)


@given(U=scores, seed=seeds)
def test_cross_entropy_gradient_is_the_central_difference(U, seed):
    y = labels(U, seed)
    numerical = numerical_gradient(lambda U: cross_entropy(U, y), U)
    np.testing.assert_allclose(cross_entropy_gradient(U, y), numerical, atol=1e-9)
    assert (
        np.abs(cross_entropy_gradient(U, y) - (softmax(U) - one_hot(y, U.shape[1])) / len(U)).max()
        < 1e-15
    )


@given(U=scores, seed=seeds)
def test_the_squared_errors_gradient_is_the_central_difference(U, seed):
    y = np.random.default_rng(seed).standard_normal(U.shape)
    numerical = numerical_gradient(lambda U: squared_error(U, y), U)
    _, gradient = SQUARED_ERROR.value_and_gradient(U, y)
    assert relative_error(gradient, numerical) < 1e-7


def test_squared_error_sums_over_outputs_and_averages_over_rows():
    assert squared_error([[1.0, 2.0], [0.0, 0.0]], [[0.0, 0.0], [0.0, 2.0]]) == (5 + 4) / 2


def test_one_hot_has_a_one_in_each_label_column():
    assert one_hot([2, 0], 3).tolist() == [[0, 0, 1], [1, 0, 0]]


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (softmax, ([1.0, 2.0],), r"U must have shape \(N, any\) with N >= 1, got \(2,\)"),
        (softmax, (np.zeros((0, 3)),), r"U must have shape .* got \(0, 3\)"),
        (softmax, ([[1.0], [1.0, 2.0]],), "U must be an array of numbers, got a ragged list"),
        (softmax, ([["a"]],), "U must hold real numbers, got dtype <U1"),
        (softmax, ([[1j]],), "U must hold real numbers, got dtype complex128"),
        (log_softmax, ([[0.0, np.nan]],), r"U must be finite, got nan at index \(0, 1\)"),
        (cross_entropy, ([[0.0, 1.0]], [2]), "y must hold integers in 0, …, 1, got 2 to 2"),
        (cross_entropy, ([[0.0, 1.0]], [-1]), "y must hold integers in 0, …, 1, got -1 to -1"),
        (cross_entropy, ([[0.0, 1.0]], [0.0]), "y must hold integers .* got dtype float64"),
        (cross_entropy, ([[0.0, 1.0]], [0, 1]), r"y must have shape \(1,\), got \(2,\)"),
        (squared_error, ([[0.0, 1.0]], [[0.0]]), r"y must have shape \(N, 2\).* got \(1, 1\)"),
        (squared_error, ([[0.0]], [[0.0], [1.0]]), r"y must have shape \(1, 1\), got \(2, 1\)"),
        (one_hot, ([3], 3), "y must hold integers in 0, …, 2, got 3 to 3"),
    ],
)
def test_bad_input_is_refused_by_name(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)
