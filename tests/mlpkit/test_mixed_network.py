"""A network with a width and a σ for each layer has the gradients that differences give."""

import numpy as np
import pytest

from mlpkit import mixed_network
from mlpkit.gradcheck import numerical_gradient


def loss(X, y, W, b, sigma):
    """Write (9) and (7) as plainly as can be, sample by sample."""
    total = 0.0
    for x, label in zip(X, y, strict=True):
        for layer, kind in enumerate(sigma):
            x = mixed_network.activate(kind, W[layer] @ x + b[layer])
        U = W[-1] @ x + b[-1]
        total += np.log(np.exp(U).sum()) - U[label]
    return total / len(y)


@pytest.mark.parametrize("L", [1, 2, 4])
def test_gradients_are_those_of_the_mean_loss_by_differences(L):
    for words, sigma, (X, y, W, b, right) in mixed_network.problems(np.random.default_rng(L), L):
        for layer in range(L + 1):
            for parameters, gradient in ((W, right["dW"]), (b, right["db"])):

                def moved(value, parameters=parameters, layer=layer, rest=(X, y, W, b, sigma)):
                    kept, parameters[layer] = parameters[layer], value
                    found = loss(*rest)
                    parameters[layer] = kept
                    return found

                by_differences = numerical_gradient(moved, parameters[layer])
                assert np.allclose(gradient[layer], by_differences, atol=1e-8), words


@pytest.mark.parametrize("L", [1, 2])
def test_training_goes_down_by_differences_one_minibatch_after_the_other(L):
    for words, sigma, (X, y, W, b, _) in mixed_network.problems(np.random.default_rng(L), L):
        first, second = [0, len(X) - 1, 0], [len(X) // 2]
        start = [array.copy() for array in (*W, *b)]
        middle = mixed_network.trained(X, y, W, b, sigma, [first], 0.1)
        moved = [*middle[0], *middle[1]]
        for array, before, after in zip((*W, *b), start, moved, strict=True):
            assert np.array_equal(array, before), words

            def changed(value, array=array, given=(X[first], y[first], W, b, sigma)):
                kept = array.copy()
                array[...] = value
                found = loss(*given)
                array[...] = kept
                return found

            slopes = numerical_gradient(changed, array)
            assert np.allclose(after, before - 0.1 * slopes, atol=1e-9), words
        both = mixed_network.trained(X, y, W, b, sigma, [first, second], 0.1)
        after = mixed_network.trained(X, y, *middle, sigma, [second], 0.1)
        for one, other in zip([*both[0], *both[1]], [*after[0], *after[1]], strict=True):
            assert np.array_equal(one, other), words


@pytest.mark.parametrize("kind", ["tanh", "sigmoid", "softplus", 0, 0.3, 1])
def test_slope_is_the_derivative(kind):
    Z = np.array([-30.0, -2.0, -0.1, 0.2, 3.0, 30.0])
    up, down = (mixed_network.activate(kind, Z + step) for step in (1e-6, -1e-6))
    assert np.allclose(mixed_network.slope(kind, Z), (up - down) / 2e-6, atol=1e-8)


def test_delta_times_the_slopes_is_the_gradient_in_the_bias():
    for _, sigma, (_, _, W, _, right) in mixed_network.problems(np.random.default_rng(0), 3):
        for layer, kind in enumerate(sigma):
            D = right["delta"][layer] * mixed_network.slope(kind, right["Z"][layer])
            assert np.allclose(D.sum(axis=0), right["db"][layer], atol=1e-14)
        assert np.allclose(right["delta"][-1], right["dU"] @ W[-1], atol=1e-14)


def test_drawn_networks_meet_each_kind_and_miss_classes():
    for seed in range(20):
        drawn = list(mixed_network.problems(np.random.default_rng(seed), 3))
        kinds = {str(kind) for _, sigma, _ in drawn for kind in sigma}
        assert {"tanh", "sigmoid", "softplus", "0", "1", "0.25"} < kinds
        assert {1} < {len(X) for *_, (X, *_) in drawn}
        shapes = [
            {len(X), *np.ravel([matrix.shape for matrix in W])} for *_, (X, _, W, *_) in drawn
        ]
        assert any(len(sizes) == 1 and sizes != {1} for sizes in shapes)
        missing = [W[-1].shape[0] - 1 not in y for *_, (_, y, W, *_) in drawn if len(W[-1]) > 1]
        assert any(missing)


def test_saturated_networks_have_one_layer_of_tiny_slopes_or_of_none():
    for seed in range(20):
        for words, sigma, (*_, right) in mixed_network.saturated(np.random.default_rng(seed)):
            largest = [
                np.max(mixed_network.slope(kind, Z))
                for kind, Z in zip(sigma, right["Z"], strict=True)
            ]
            layer = int(np.argmin(largest))
            assert layer > 0 and largest[layer] < 1e-7 < 1e-3 < np.sort(largest)[1], words
            assert (largest[layer] == 0) == (sigma[layer] in (0, "tanh")), words
            for below in right["delta"][:layer]:
                assert np.any(below) == (largest[layer] > 0), words
