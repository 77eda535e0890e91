"""The network (9) and its gradients, against a sample-by-sample reading of the lecture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.activations import ACTIVATIONS
from mlpkit.gradcheck import check_gradients
from mlpkit.losses import one_hot, softmax
from mlpkit.network import MLP

sizes = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 5), st.integers(1, 4))
activations = st.sampled_from(sorted(ACTIVATIONS))
seeds = st.integers(0, 2**16)


def make(size, activation="tanh", seed=0, **options):
    d, d_H, K, L = size
    network = MLP(d, d_H, K, L, activation=activation, scale="lecun", seed=seed, **options)
    rng = np.random.default_rng(seed)
    # Biases other than 0: a missing one must show.
    return network.with_theta(network.theta + 0.3 * rng.standard_normal(network.theta.shape))


def batch(network, N, seed=0):
    rng = np.random.default_rng(seed + 1)
    X = rng.standard_normal((N, network.d))
    if network.loss.name == "cross_entropy":
        return X, rng.integers(0, network.K, N)
    return X, rng.standard_normal((N, network.K))


def one_sample_gradients(network, x, y):
    """Equations (9), (11), (8) and (12) for one column vector, as the lecture writes them."""
    sigma, W, b, L = network.activation, network.W, network.b, network.L
    Z, H = {}, {0: x}
    for layer in range(1, L + 1):
        Z[layer] = W[layer - 1] @ H[layer - 1] + b[layer - 1]
        H[layer] = sigma(Z[layer])
    U = W[L] @ H[L] + b[L]
    f = softmax(U[None])[0]
    error = -(one_hot([y], network.K)[0] - f)
    dW, db = {L + 1: np.outer(error, H[L])}, {L + 1: error}
    delta = W[L].T @ error
    for layer in range(L, 0, -1):
        local = delta * sigma.derivative(Z[layer], H[layer])
        dW[layer], db[layer] = np.outer(local, H[layer - 1]), local
        delta = W[layer - 1].T @ local
    return np.concatenate([np.append(dW[n].ravel(), db[n]) for n in range(1, L + 2)])


@given(size=sizes, activation=activations, N=st.integers(1, 5), seed=seeds)
def test_batch_gradient_is_the_mean_of_the_lectures_sample_gradients(size, activation, N, seed):
    network = make(size, activation, seed)
    X, y = batch(network, N, seed)
    mean = np.mean([one_sample_gradients(network, x, k) for x, k in zip(X, y, strict=True)], axis=0)
    np.testing.assert_allclose(network.gradients(X, y)[1].theta, mean, atol=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "identity", "relu"])
@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("L", [1, 2, 4])
def test_gradients_are_the_central_differences_to_1e_minus_7(activation, loss, L):
    network = make((4, 5, 3, L), activation, seed=L, loss=loss)
    assert check_gradients(network, *batch(network, 3, seed=L)) < 1e-7


@given(size=sizes, seed=seeds)
def test_shapes_are_those_of_the_table(size, seed):
    network, (d, d_H, K, L) = make(size, seed=seed), size
    assert [W.shape for W in network.W] == [(d_H, d)] + [(d_H, d_H)] * (L - 1) + [(K, d_H)]
    assert [b.shape for b in network.b] == [(d_H,)] * L + [(K,)]
    activity = network.forward(np.zeros((3, d)))
    assert {Z.shape for Z in activity.Z} == {H.shape for H in activity.H} == {(3, d_H)}
    assert len(activity.Z) == len(activity.H) == L
    assert activity.U.shape == (3, K)


@given(sizes, activations, st.integers(1, 5), seeds)
def test_a_layers_public_steps_are_those_of_the_lecture(size, activation, N, seed):
    network = make(size, activation, seed)
    X, y = batch(network, N, seed)
    activity, below, gradient = network.forward(X), X, network.parameters.empty_like()
    for layer in range(network.L):
        Z = network.layer_forward(layer, below)
        np.testing.assert_array_equal(Z, activity.Z[layer])
        np.testing.assert_allclose(Z, below @ network.W[layer].T + network.b[layer])
        below = network.activation(Z)
    np.testing.assert_array_equal(network.layer_forward(network.L, below), activity.U)
    dZ = (softmax(activity.U) - one_hot(y, network.K)) / N
    for layer in range(network.L, 0, -1):
        Z, H = activity.Z[layer - 1], activity.H[layer - 1]
        delta = network.layer_backward(layer, dZ, H, gradient)
        np.testing.assert_allclose(delta, dZ @ network.W[layer])
        expected = delta * network.activation.derivative(Z, H)
        dZ = network.activation_backward(delta, Z, H)
        assert dZ is delta
        np.testing.assert_array_equal(dZ, expected)
    assert network.layer_backward(0, dZ, X, gradient) is None
    np.testing.assert_allclose(gradient.theta, network.gradients(X, y)[1].theta, atol=1e-14)


@given(sizes, activations, st.integers(1, 5), seeds)
def test_a_forward_step_that_keeps_H_alone_computes_the_same(size, activation, N, seed):
    network = make(size, activation, seed)
    X, _ = batch(network, N, seed)
    both, alone = network.forward(X), network.forward(X, keep_Z=False)
    assert alone.Z == [None] * network.L
    for one, other in zip(both.H, alone.H, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(both.U, alone.U)


def test_the_loss_of_gradients_is_the_value():
    network = make((3, 4, 2, 2))
    X, y = batch(network, 5)
    assert network.gradients(X, y)[0] == network.value(X, y)


def test_float32_stays_float32_and_agrees_with_float64():
    network = make((6, 8, 4, 2))
    X, y = batch(network, 7)
    small = network.with_theta(network.theta.astype(np.float32))
    gradient = small.gradients(X, y)[1].theta
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(gradient, network.gradients(X, y)[1].theta, atol=1e-5)


def test_weights_and_biases_are_views_of_theta():
    network = MLP(2, 3, 2)
    network.theta[:] = 7
    assert all((part == 7).all() for part in (*network.W, *network.b))


@pytest.mark.parametrize(
    ("scale", "variance"), [("he", 2 / 400), ("xavier", 2 / 600), ("lecun", 1 / 400)]
)
def test_initial_weights_have_the_variance_their_name_promises(scale, variance):
    W = MLP(400, 200, 2, scale=scale, seed=1).W[0]
    assert W.var() == pytest.approx(variance, rel=0.05)


def test_gradients_leave_their_arguments_as_they_were():
    network = make((3, 4, 2, 2))
    X, y = batch(network, 5)
    before = X.copy(), y.copy(), network.theta.copy()
    network.gradients(X, y)
    for kept, now in zip(before, (X, y, network.theta), strict=True):
        np.testing.assert_array_equal(kept, now)


def test_probabilities_are_the_softmax_of_the_scores():
    network = make((3, 4, 2, 1))
    X, _ = batch(network, 5)
    np.testing.assert_array_equal(network.probabilities(X), softmax(network.forward(X).U))
    assert (network.predict(X) == network.probabilities(X).argmax(axis=1)).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"d": 0}, "d must be an integer >= 1, got 0"),
        ({"d_H": 2.5}, "d_H must be an integer >= 1, got 2.5"),
        ({"K": True}, "K must be an integer >= 1, got True"),
        ({"L": "3"}, "L must be an integer >= 1, got '3'"),
        ({"activation": "swish"}, "activation must be one of"),
        ({"loss": "hinge"}, "loss must be one of cross_entropy, squared_error, got 'hinge'"),
        ({"scale": 1}, "scale must be one of he, lecun, xavier, got 1"),
        ({"dtype": int}, "dtype must be a float type"),
    ],
)
def test_a_network_that_cannot_be_is_refused_by_name(options, message):
    with pytest.raises(ValueError, match=message):
        MLP(**({"d": 2, "d_H": 3, "K": 2} | options))


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.zeros((2, 3)), [0, 1], r"X must have shape \(N, 2\) with N >= 1, got \(2, 3\)"),
        (np.zeros(2), [0], r"X must have shape \(N, 2\) with N >= 1, got \(2,\)"),
        (np.zeros((0, 2)), [], r"X must have shape \(N, 2\) with N >= 1, got \(0, 2\)"),
        ([[0, np.inf]], [0], r"X must be finite, got inf at index \(0, 1\) of shape \(1, 2\)"),
        (np.zeros((2, 2)), [0], r"y must have shape \(2,\), got \(1,\)"),
        (np.zeros((2, 2)), [0, [1]], "y must be a list of labels, got a ragged list"),
        (np.zeros((1, 2)), [2], "y must hold integers in 0, …, 1, got 2 to 2"),
    ],
)
def test_a_batch_that_does_not_fit_is_refused_by_name(X, y, message):
    with pytest.raises(ValueError, match=message):
        MLP(2, 3, 2).gradients(X, y)


def test_probabilities_of_a_regression_network_are_refused():
    with pytest.raises(ValueError, match="loss must be cross_entropy"):
        MLP(2, 3, 1, loss="squared_error").probabilities([[0.0, 0.0]])


def test_a_theta_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"theta must have shape \(17,\), got \(3,\)"):
        MLP(2, 3, 2).with_theta(np.zeros(3))
