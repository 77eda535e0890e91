"""The explorer of backpropagation and the steps under it."""

import numpy as np
import pytest

from mlpkit import backpropagation_steps as steps_module
from mlpkit.backpropagation_steps import backpropagation_steps
from mlpkit.explorers.backpropagation import backpropagation
from mlpkit.network import MLP
from mlpkit.plots.backpropagation_steps import step_figure


def _network(activation):
    network = MLP(2, 4, 3, activation=activation)
    for target, source in zip(network.W, (steps_module.W, steps_module.C), strict=True):
        target[:] = source
    for target, source in zip(network.b, (steps_module.b1, steps_module.b2), strict=True):
        target[:] = source[:, 0]
    return network


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "identity"])
@pytest.mark.parametrize("y", [0, 1, 2])
def test_the_steps_compute_what_the_network_computes(activation, y):
    x, network = np.array([1.3, -0.4]), _network(activation)
    values = {step.name: step.values for step in backpropagation_steps(x, y, activation)}
    activity = network.forward(x[None])
    rho, gradient = network.gradients(x[None], [y])
    expected = {
        "Z": activity.Z[0].T,
        "H": activity.H[0].T,
        "U": activity.U.T,
        "f": network.probabilities(x[None]).T,
        "ρ": [[rho]],
        "∂ρ/∂W": gradient.W[0],
        "∂ρ/∂b¹": gradient.b[0][:, None],
        "∂ρ/∂C": gradient.W[1],
        "∂ρ/∂b²": gradient.b[1][:, None],
    }
    for name, array in expected.items():
        np.testing.assert_allclose(values[name], array, rtol=1e-12, atol=1e-15, err_msg=name)


def test_every_derivative_has_the_shape_of_what_it_belongs_to():
    shapes = {step.name: step.values.shape for step in backpropagation_steps((1, 2), 0)}
    assert shapes["∂ρ/∂W"] == (4, 2) and shapes["∂ρ/∂C"] == (3, 4)
    assert shapes["∂ρ/∂U"] == shapes["U"] and shapes["δ = ∂ρ/∂H"] == shapes["H"]


@pytest.mark.slow
def test_each_step_has_a_picture_of_its_own_that_equals_the_one_drawn_afresh():
    from mlpkit.plots.svg import to_svg

    figure, seen = None, []
    for step in range(12):
        figure = step_figure(step, (1.0, 0.5), 0, figure=figure)
        assert to_svg(figure) == to_svg(step_figure(step, (1.0, 0.5), 0))
        seen.append(to_svg(figure))
    assert len(set(seen)) == 12


@pytest.mark.parametrize("step", [-1, 12])
def test_a_step_that_does_not_exist_is_refused(step):
    with pytest.raises(ValueError, match="step must be"):
        step_figure(step, (1.0, 0.5), 0)


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    move_each_control(backpropagation(), by=1, base={"step": 7})
