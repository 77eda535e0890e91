"""The explorer of approximation and the functions under it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit import approximation
from mlpkit.approximation import (
    TARGETS,
    built,
    mean_square_bound,
    mean_square_error,
    trained,
)
from mlpkit.explorers.approximation import approximation as explorer_of_approximation
from mlpkit.plots.approximation import approximation_figure


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=20, unique=True), st.integers(0, 99))
def test_the_interpolant_is_piecewise_linear_through_its_knots(places, seed):
    knots = np.sort(places) / 1000
    heights = np.random.default_rng(seed).normal(size=len(knots))
    function = {"x": knots, "y": heights}
    network = approximation.relu_interpolant(
        lambda x: np.interp(x, function["x"], function["y"]), knots
    )
    x = np.linspace(knots[0], knots[-1], 57)
    scale = np.abs(network.W[1]).max() + 1
    f = network.forward(x[:, None]).U[:, 0]
    np.testing.assert_allclose(f, np.interp(x, knots, heights), atol=1e-12 * scale)


@pytest.mark.parametrize("knots", [[0.0], [0.0, 0.0], [1.0, 0.0], [[0.0, 1.0]]])
def test_knots_that_do_not_increase_are_refused(knots):
    with pytest.raises(ValueError, match="knots must be two or more increasing numbers"):
        approximation.relu_interpolant(np.sin, knots)


@pytest.mark.parametrize("target", [name for name in TARGETS if TARGETS[name].curvature])
def test_the_stated_curvature_is_the_largest_second_derivative(target):
    x, h = np.linspace(-1, 1, 20_001), 1e-4
    f = TARGETS[target].function
    second = (f(x + h) - 2 * f(x) + f(x - h)) / h**2
    assert np.abs(second).max() == pytest.approx(TARGETS[target].curvature, rel=1e-4)


@pytest.mark.parametrize("target", [name for name in TARGETS if TARGETS[name].curvature])
@pytest.mark.parametrize("d_H", [1, 2, 5, 16, 63])
def test_the_built_network_keeps_within_its_bound(target, d_H):
    error = mean_square_error(built(TARGETS[target].function, d_H), TARGETS[target].function)
    assert error <= mean_square_bound(target, d_H)


def test_the_mean_square_error_of_a_constant_is_its_square():
    assert mean_square_error(built(np.zeros_like, 3), lambda x: 0 * x + 2) == pytest.approx(4)


def test_eight_units_make_the_triangle_wave():
    network = built(TARGETS["triangle wave"].function, 8)
    assert mean_square_error(network, TARGETS["triangle wave"].function) < 1e-25


@given(st.integers(1, 50))
def test_a_tooth_rises_from_minus_one_to_one_and_falls_back(teeth):
    edges = np.linspace(-1, 1, 2 * teeth + 1)[:-1]
    expected = np.tile([-1.0, 1.0], teeth)
    np.testing.assert_allclose(approximation.triangle_wave(edges, teeth), expected, atol=1e-12)


def test_training_lowers_the_error_and_repeats_itself():
    f = TARGETS["sine"].function
    early, late = (mean_square_error(trained(f, 8, epochs), f) for epochs in (1, 60))
    assert late < early / 10
    assert late == mean_square_error(trained(f, 8, 60), f)


def test_an_unknown_method_is_refused_by_name():
    with pytest.raises(ValueError, match="method must be one of built, trained"):
        approximation_figure(method="guessed")


CHANGES = {"target": "bell", "method": "built", "d_H": 9, "epochs": 20}


def built_explorer(d_H=4):
    explorer = explorer_of_approximation()
    explorer.move(method="built", d_H=d_H)
    return explorer


def drag_knot(explorer, number, x):
    place = explorer.figure.axes[0].transData.transform((x, 0)) / explorer.figure.bbox.size
    explorer.drag(number, place[0], 0.5)


@pytest.mark.parametrize("number, x, knots", [
    (0, -0.7, (-1, -0.7, 0, 0.5, 1)),
    (2, 0.3, (-1, -0.5, 0, 0.3, 1)),
    (1, 5.0, (-1, -0.5, 0.49, 0.5, 1)),  # no further than to its neighbour
    (1, -5.0, (-1, -0.5, -0.49, 0.5, 1)),
])  # fmt: skip
def test_a_knot_goes_where_it_is_dragged_and_the_network_passes_through_it(number, x, knots):
    explorer = built_explorer()
    drag_knot(explorer, number, x)
    assert explorer.values["knots"] == pytest.approx(knots, abs=1e-3)
    kinks = explorer.figure.parts["kinks"].get_xdata()[:, 0]
    np.testing.assert_allclose(kinks, explorer.values["knots"][:-1], atol=1e-12)
    assert "moved by hand" in explorer.words


@pytest.mark.parametrize("change", [{"d_H": 5}, {"target": "bell"}, {"method": "trained"}])
def test_another_network_has_equidistant_knots_again(change):
    explorer = built_explorer()
    drag_knot(explorer, 0, -0.7)
    explorer.move(**change)
    assert explorer.values["knots"] == ()


@pytest.mark.parametrize("d_H, handles", [(1, 0), (2, 1), (16, 15), (17, 0)])
def test_the_inner_knots_of_a_small_built_network_can_be_dragged(d_H, handles):
    explorer = built_explorer(d_H)
    assert len(explorer.frame["handles"]) == handles
    explorer.move(method="trained")
    assert explorer.frame["handles"] == []


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    explorer = explorer_of_approximation()
    del explorer.controls["knots"]  # it has no input
    assert set(explorer.controls) == set(CHANGES)
    move_each_control(explorer, CHANGES)


@pytest.mark.slow
def test_every_target_is_drawn_built_and_trained():
    explorer = explorer_of_approximation()
    for target in TARGETS:
        for method in ("built", "trained"):
            explorer.move(target=target, method=method)
            assert target in explorer.words
