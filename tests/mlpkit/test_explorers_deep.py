"""The explorer of sizes in a deep network and the functions under it."""

import numpy as np
import pytest

from mlpkit.activations import ACTIVATIONS
from mlpkit.explorers.deep import deep_sizes
from mlpkit.gradcheck import numerical_gradient, relative_error
from mlpkit.losses import cross_entropy
from mlpkit.plots.deep import sizes_figure
from mlpkit.signal_sizes import (
    INITIALISATIONS,
    deep_network,
    deltas,
    layer_sizes,
    predicted_factor,
)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_delta_is_the_derivative_of_each_rows_loss_in_its_hidden_layer(activation, layer):
    network = deep_network(3, 5, activation, seed=1, K=4)
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((2, 5)), rng.integers(0, 4, 2)

    def sum_of_losses(H):
        for W in network.W[layer:-1]:
            H = network.activation(H @ W.T)
        return len(X) * cross_entropy(H @ network.W[-1].T, y)

    expected = numerical_gradient(sum_of_losses, network.forward(X).H[layer - 1])
    assert relative_error(deltas(network, X, y)[layer - 1], expected) < 1e-7


def test_delta_of_one_layer_agrees_with_backpropagation():
    network = deep_network(1, 6, "identity", K=3)
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((8, 6)), rng.integers(0, 3, 8)
    _, gradient = network.gradients(X, y)
    np.testing.assert_allclose(deltas(network, X, y)[0].mean(axis=0), gradient.b[0], rtol=1e-12)


@pytest.mark.parametrize("initialisation", INITIALISATIONS)
@pytest.mark.parametrize("activation", ["relu", "identity"])
def test_sizes_grow_or_shrink_by_the_predicted_factor_on_average(initialisation, activation):
    L, ratios = 10, []
    for seed in range(20):
        network = deep_network(L, 100, activation, initialisation, seed)
        H, delta = layer_sizes(network)
        factor = predicted_factor(network) ** (L - 1)
        ratios.append([(H[-1] / H[0] / factor) ** 2, (delta[0] / delta[-1] / factor) ** 2])
    np.testing.assert_allclose(np.mean(ratios, axis=0), 1, atol=0.2)


def test_inputs_and_weights_are_independent_even_with_equal_seeds():
    sizes = [layer_sizes(deep_network(1, 400, seed=seed), seed=seed)[0][0] for seed in range(5)]
    np.testing.assert_allclose(sizes, 1, atol=0.06)


def test_the_factor_is_one_for_he_with_relu_and_for_lecun_with_the_identity():
    assert predicted_factor(deep_network(2, 200, "relu", "he")) == pytest.approx(1, abs=0.02)
    assert predicted_factor(deep_network(2, 200, "relu", "lecun")) == pytest.approx(
        np.sqrt(0.5), abs=0.02
    )
    assert predicted_factor(deep_network(2, 200, "identity", "lecun")) == pytest.approx(1, abs=0.02)
    assert np.isnan(predicted_factor(deep_network(2, 200, "tanh", "lecun")))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("initialisation", INITIALISATIONS)
def test_every_size_is_inside_the_axes(activation, initialisation):
    figure = sizes_figure(40, 20, activation, initialisation)
    for axis in figure.axes:
        sizes = figure.parts[axis][0].get_ydata()
        low, high = axis.get_ylim()
        assert np.isfinite(sizes).all() and low < sizes.min() and sizes.max() < high


def test_a_network_whose_units_are_all_dead_is_drawn_with_gaps():
    seed = next(s for s in range(50) if layer_sizes(deep_network(20, 2, seed=s))[0][-1] == 0)
    figure = sizes_figure(20, 2, seed=seed)
    assert np.isnan(figure.parts[figure.axes[0]][0].get_ydata()[-1])


def test_an_unknown_initialisation_is_refused_by_name():
    with pytest.raises(ValueError, match="initialisation must be one of half of he, he, lecun"):
        deep_network(2, 3, initialisation="zero")


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    move_each_control(deep_sizes(), option=2, by=1)
