"""The explorer of the landscape and what is under it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpkit.explorers.landscape import describe_landscape, landscape_explorer
from mlpkit.gradcheck import numerical_gradient, relative_error
from mlpkit.landscape import X_PAIR, Y_PAIR, descend, unit_gradient, unit_loss
from mlpkit.network import MLP
from mlpkit.plots.landscape import landscape

PLATEAU = (Y_PAIR[1] - Y_PAIR[0]) ** 2 / 4
STUCK = dict(W=0.5, b1=-1.5, c=1.0, b2=0.0, learning_rate=0.1, steps=200, train_all=True)
number = st.floats(-3, 3, allow_nan=False)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_the_unit_is_the_network_with_one_unit(N, seed):
    rng = np.random.default_rng(seed)
    x, y, (c, W, b1, b2) = rng.normal(size=N), rng.normal(size=N), rng.normal(size=4)
    network = MLP(1, 1, 1, activation="relu", loss="squared_error")
    network = network.with_theta(np.array([W, b1, c, b2]))
    loss, gradient = network.gradients(x[:, None], y[:, None])
    assert unit_loss((c, W, b1, b2), x, y) == pytest.approx(loss, rel=1e-12)
    dW, db1, dc, db2 = gradient.theta
    np.testing.assert_allclose(unit_gradient((c, W, b1, b2), x, y), [dc, dW, db1, db2], atol=1e-12)


def test_the_gradient_is_the_difference_quotient():
    theta = np.random.default_rng(1).normal(size=(20, 4))
    for row in theta:
        numerical = numerical_gradient(unit_loss, row)
        assert relative_error(unit_gradient(row), numerical) < 1e-7
    np.testing.assert_allclose(unit_gradient(theta)[3], unit_gradient(theta[3]))


@settings(max_examples=50, deadline=None)
@given(number, number, st.floats(0.01, 3), number)
def test_nothing_is_below_the_plateau_in_the_dead_region(c, W, depth, b2):
    b1 = np.min(-W * X_PAIR) - depth
    assert unit_loss((c, W, b1, b2)) >= PLATEAU - 1e-12
    assert unit_loss((c, W, b1, Y_PAIR.mean())) == PLATEAU
    assert not unit_gradient((c, W, b1, Y_PAIR.mean())).any()


def test_only_what_moves_is_trained():
    path = descend((1, 1, 0.2, 0.5), 0.1, 5, (0, 1, 1, 0))
    assert path.shape == (6, 4)
    assert (path[:, [0, 3]] == [1, 0.5]).all()
    assert (path[1:, 1:3] != path[:-1, 1:3]).all()


def test_a_path_that_leaves_the_picture_ends():
    path = descend((30, 30, 30, 0), 1.0, 100)
    assert len(path) < 100
    assert "too long" in describe_landscape(30, 30, 30, 0, 1.0, 100, True)


def test_the_picture_shows_the_path_and_its_loss():
    figure = landscape(**STUCK)
    figure = landscape(**STUCK | {"b1": 0.5, "steps": 50}, figure=figure)
    path = descend((1.0, 0.5, 0.5, 0.0), 0.1, 50)
    np.testing.assert_array_equal(figure.parts["path"].get_xydata(), path[:, 1:3])
    np.testing.assert_allclose(10 ** figure.parts["loss"].get_ydata(), unit_loss(path))


def test_the_words_tell_the_dead_region_from_the_global_minimum():
    assert "dead region" in describe_landscape(**STUCK)
    assert "a global minimum" in describe_landscape(**STUCK | {"b1": 0.5})


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    values = {"learning_rate": 0.02, "steps": 20, "train_all": False}
    move_each_control(landscape_explorer(), values)


@pytest.mark.parametrize("W, b1", [(-1.2, 0.7), (2.5, -2.5), (0.0, 0.1)])
def test_the_start_goes_where_it_is_dragged(W, b1):
    explorer = landscape_explorer()
    x, y = explorer.figure.axes[0].transData.transform((W, b1)) / explorer.figure.bbox.size
    svg = explorer.svg
    explorer.drag(0, x, 1 - y)  # a page counts from the top
    assert (explorer.values["W"], explorer.values["b1"]) == (W, b1)
    assert explorer.svg != svg
    handle = explorer.frame["handles"][0]
    assert (handle["x"], handle["y"]) == pytest.approx((x, 1 - y), abs=1e-6)


def test_a_start_dragged_off_the_map_stays_on_its_sliders():
    explorer = landscape_explorer()
    explorer.drag(0, 3.0, -2.0)
    assert (explorer.values["W"], explorer.values["b1"]) == (2.5, 2.5)


def test_an_arrow_key_moves_the_start_by_one_step_of_its_sliders():
    explorer = landscape_explorer()
    handle = explorer.frame["handles"][0]
    explorer.drag(0, handle["x"] + handle["step"][0], handle["y"] - handle["step"][1])
    assert (explorer.values["W"], explorer.values["b1"]) == (0.6, -0.1)
