"""Each σ, its σ′, and its behaviour at the ends of the floating-point range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.activations import ACTIVATIONS, Activation, get_activation, relu, sigmoid

LARGEST = float(np.finfo(np.float64).max)
each = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)


@each
@given(z=st.floats(-20, 20).filter(lambda z: abs(z) > 1e-3))
def test_derivative_is_the_central_difference(activation, z):
    h = 1e-6
    Z = np.array([z])
    numerical = (activation(Z + h) - activation(Z - h)) / (2 * h)
    assert activation.derivative(Z, activation(Z)) == pytest.approx(numerical, rel=1e-6, abs=1e-8)


@each
@given(z=st.floats(-LARGEST, LARGEST))
def test_any_finite_input_gives_a_finite_value_without_a_warning(activation, z):
    Z = np.array([z])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        H = activation(Z)
        assert np.isfinite(H).all()
        assert np.isfinite(activation.derivative(Z, H)).all()


@each
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_shape_and_dtype_are_kept(activation, dtype):
    Z = np.linspace(-1, 1, 6, dtype=dtype).reshape(2, 3)
    H = activation(Z)
    sigma_prime = activation.derivative(Z, H)
    assert H.shape == sigma_prime.shape == (2, 3)
    assert H.dtype == sigma_prime.dtype == dtype


def test_sigmoid_keeps_its_relative_accuracy_far_to_the_left():
    assert sigmoid(np.array([-700.0])) == pytest.approx(np.exp(-700.0), rel=1e-12)


def test_relu_has_slope_zero_at_its_kink():
    Z = np.zeros(1)
    assert relu.derivative(Z, relu(Z)) == 0


def test_an_activation_of_ones_own_is_passed_through():
    own = Activation("cube", lambda Z: Z**3, lambda Z, H: 3 * Z**2)
    assert get_activation(own) is own


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"activation must be one of identity, relu.*'softplus'"):
        get_activation("softplus")
