"""A function, d_H, and a network that is built or trained."""

import ipywidgets as widgets

from mlpkit.approximation import TARGETS, mean_square_bound, network_error
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.approximation import approximation_figure


def approximation():
    """Make the explorer of the error of a ReLU network against its number of units.

    Returns
    -------
    Explorer
        Controls: the function f*, d_H, built or trained, and for how many epochs.
    """
    controls = {
        "target": widgets.Dropdown(options=list(TARGETS), description="function f*"),
        "method": widgets.ToggleButtons(
            options=["trained", "built"],
            description="network",
            tooltips=["by stochastic gradient descent", "at equidistant knots"],
            style={"button_width": "80px"},
        ),
        "d_H": widgets.IntSlider(value=8, min=1, max=64, description="units d_H"),
        "epochs": widgets.IntSlider(
            value=40, min=1, max=60, description="epochs of training (trained only)"
        ),
    }
    return Explorer(approximation_figure, controls, _describe)


def _describe(target, method, d_H, epochs):
    error = network_error(target, d_H, method, epochs)[1]
    how = "built at equidistant knots" if method == "built" else f"trained for {epochs} epochs"
    bound = mean_square_bound(target, d_H)
    beside = (
        f"the built network's bound is {bound:.1e}"
        if bound == bound
        else "there is no such bound, as f* has no bounded second derivative"
    )
    return f"{target}, {d_H} ReLU units {how}: mean square error {error:.1e}; {beside}."
