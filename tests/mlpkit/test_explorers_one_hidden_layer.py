"""The explorer of one hidden layer and the functions under it."""

import numpy as np
import pytest

from mlpkit.activations import ACTIVATIONS
from mlpkit.explorers.one_hidden_layer import one_hidden_layer
from mlpkit.network import MLP
from mlpkit.plots.one_hidden_layer import units_figure
from mlpkit.units import mean_square_difference, unit_parts


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_parts_of_the_units_add_up_to_the_network(activation):
    network = MLP(1, 5, 1, activation=activation, loss="squared_error", seed=1)
    network.theta[:] = np.random.default_rng(2).normal(size=network.theta.size)
    x = np.linspace(-3, 3, 50)
    parts = unit_parts(x, network.W[0][:, 0], network.b[0], network.W[1][0], activation)
    f = parts.sum(axis=1) + network.b[1]
    np.testing.assert_allclose(f, network.forward(x[:, None]).U[:, 0], rtol=1e-12)


def test_three_relu_units_make_the_tent_exactly():
    error = mean_square_difference([1, 1, 1], [1, 0, -1], [1, -2, 1], 0, "relu", "tent")
    assert error < 1e-28
    assert mean_square_difference([1, 1, 1], [1, 0, -1], [1, -1, 1], 0, "relu", "tent") > 0.01


def test_a_unit_without_weight_has_no_marker():
    figure = units_figure([0, 1], [1, 1], [1, 1], 0)
    places = [marker.get_xdata()[0] for _, marker in figure.parts["units"]]
    assert np.isnan(places[0]) and places[1] == -1


def test_an_unknown_target_is_refused_by_name():
    with pytest.raises(ValueError, match="target must be one of"):
        units_figure([1], [0], [1], 0, target="moon")


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    move_each_control(one_hidden_layer(), option=2)
