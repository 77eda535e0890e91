"""Central differences find a right gradient right and a wrong one wrong."""

import numpy as np
import pytest

from mlpkit.gradcheck import check_gradients, numerical_gradient, relative_error
from mlpkit.network import MLP


def test_the_gradient_of_a_known_function_comes_out():
    x = np.array([[0.5, -1.5], [2.0, 100.0]])
    error = relative_error(numerical_gradient(lambda x: np.sum(x**3) / 3, x), x**2)
    assert error < 1e-9


def test_the_point_is_left_as_it_was():
    x = np.array([1.0, 2.0])
    numerical_gradient(lambda x: float(x @ x), x)
    assert x.tolist() == [1, 2]


@pytest.mark.parametrize("planted", ["sign", "missing bias", "scaled", "transposed"])
def test_a_planted_mistake_is_found(planted, monkeypatch):
    network = MLP(4, 4, 4, activation="tanh", seed=3)
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((3, 4)), rng.integers(0, 4, 3)
    right = network.gradients

    def wrong(X, y):
        rho, gradient = right(X, y)
        if planted == "sign":
            gradient.W[0] *= -1
        elif planted == "missing bias":
            gradient.b[0] *= 0
        elif planted == "scaled":
            gradient.theta *= len(X)
        else:
            gradient.W[0][:] = gradient.W[0].T.copy()
        return rho, gradient

    assert check_gradients(network, X, y) < 1e-7
    monkeypatch.setattr(network, "gradients", wrong)
    assert check_gradients(network, X, y) > 1e-2


def test_two_zero_arrays_agree_and_shapes_must_match():
    assert relative_error([0.0], [0.0]) == 0
    assert relative_error([1.0], [0.0]) == np.inf
    with pytest.raises(ValueError, match=r"actual must have shape \(2,\), got \(1,\)"):
        relative_error([1.0], [1.0, 2.0])


@pytest.mark.parametrize(
    ("x", "step", "message"),
    [
        ([np.nan], None, "x must be finite"),
        ([1.0], 0.0, "step must be above 0, got 0.0"),
        ([1.0], -1e-5, "step must be above 0, got -1e-05"),
    ],
)
def test_bad_input_is_refused_by_name(x, step, message):
    with pytest.raises(ValueError, match=message):
        numerical_gradient(lambda x: 0.0, x, step)
