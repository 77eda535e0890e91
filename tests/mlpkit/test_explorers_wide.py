"""The explorer of particles and the wide networks under it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpkit.explorers.wide import describe_particles, wide_explorer
from mlpkit.gradcheck import numerical_gradient, relative_error
from mlpkit.network import MLP
from mlpkit.plots.wide import particles
from mlpkit.wide import EVERY, STEPS, snapshots, wide_gradient, wide_output

CONTROLS = {"d_H": 16, "scaling": "NTK: 1/√d_H", "step": 40, "seed": 3}


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.sampled_from([0.5, 1.0]), st.integers(0, 10**6))
def test_a_wide_network_is_an_mlp_with_scaled_output_weights(d_H, N, exponent, seed):
    rng = np.random.default_rng(seed)
    theta, x, y = rng.normal(size=(d_H, 3)), rng.normal(size=N), rng.normal(size=N)
    network = MLP(1, d_H, 1, activation="tanh", loss="squared_error")
    network.W[0][:, 0], network.b[0][:], network.b[1][:] = theta[:, 1], theta[:, 2], 0
    network.W[1][0] = theta[:, 0] / d_H**exponent
    expected = network.forward(x[:, None]).U[:, 0]
    np.testing.assert_allclose(wide_output(theta, x, exponent), expected, rtol=1e-10, atol=1e-12)
    _, gradient = network.gradients(x[:, None], y[:, None])
    expected = [gradient.W[1][0] / d_H**exponent, gradient.W[0][:, 0], gradient.b[0]]
    actual = wide_gradient(theta, x, y, exponent)
    np.testing.assert_allclose(actual, np.transpose(expected), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("exponent", [0.5, 1.0])
def test_the_gradient_is_the_difference_quotient_for_many_networks_at_once(exponent):
    rng = np.random.default_rng(1)
    theta, x, y = rng.normal(size=(3, 4, 3)), rng.normal(size=(3, 2)), rng.normal(size=(3, 2))

    def total(theta):
        return np.sum(np.mean((wide_output(theta, x, exponent) - y) ** 2, axis=-1))

    numerical = numerical_gradient(total, theta)
    assert relative_error(wide_gradient(theta, x, y, exponent), numerical) < 1e-7


@pytest.mark.parametrize("exponent", [0.5, 1.0])
def test_training_lowers_the_loss(exponent):
    run = snapshots(64, exponent, 0)
    assert run.shape == (STEPS // EVERY + 1, 64, 3)
    x = np.linspace(-2, 2, 21)
    loss = np.mean((wide_output(run, x, exponent) - np.sin(1.5 * x)) ** 2, axis=-1)
    assert loss[-1] < 0.1 * loss[0]


def test_particles_move_less_the_wider_an_ntk_network_is():
    def moved(d_H, exponent):
        run = snapshots(d_H, exponent, 1)
        return np.sqrt(np.mean((run[-1] - run[0]) ** 2))

    assert moved(256, 0.5) < 0.4 * moved(16, 0.5)
    assert moved(256, 1.0) > 0.7 * moved(16, 1.0)


def test_the_picture_shows_the_particles_and_the_function():
    figure = particles(8, "NTK: 1/√d_H", 0)
    figure = particles(32, "mean field: 1/d_H", 100, figure=figure)
    run = snapshots(32, 1.0, 0)
    for name, theta in (("start", run[0]), ("now", run[100 // EVERY])):
        np.testing.assert_array_equal(figure.parts[name].get_xydata(), theta[:, [1, 0]])
    x, f = figure.parts["f_now"].get_data()
    np.testing.assert_allclose(f, wide_output(run[100 // EVERY], x))


def test_the_words_tell_how_far_the_particles_moved():
    assert "moved by 0.00" in describe_particles(8, "mean field: 1/d_H", 0)
    assert "moved by 0.00" not in describe_particles(8, "mean field: 1/d_H", STEPS)


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    explorer = wide_explorer()
    assert explorer.controls.keys() == CONTROLS.keys()
    move_each_control(explorer, CONTROLS)
