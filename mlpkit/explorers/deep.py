"""How large H^ℓ and δ^ℓ are in each layer of a deep network."""

import ipywidgets as widgets

from mlpkit.activations import ACTIVATIONS
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.deep import sizes_figure
from mlpkit.signal_sizes import INITIALISATIONS, measured_sizes


def deep_sizes():
    """Make the explorer of a network's sizes before it is trained.

    Returns
    -------
    Explorer
        Controls: depth L, width d_H, σ, the initialisation and its seed.
    """
    controls = {
        "L": widgets.IntSlider(value=20, min=1, max=30, description="depth L"),
        "d_H": widgets.SelectionSlider(
            value=50, options=(5, 10, 20, 50, 100), description="width d_H"
        ),
        "activation": widgets.Dropdown(options=list(ACTIVATIONS), description="σ"),
        "initialisation": widgets.Dropdown(
            options=list(INITIALISATIONS), description="initialisation"
        ),
        "seed": widgets.IntSlider(value=0, min=0, max=20, description="seed"),
    }
    return Explorer(sizes_figure, controls, _describe)


def _describe(L, d_H, activation, initialisation, seed):
    H, delta, _ = measured_sizes(L, d_H, activation, initialisation, seed)
    return (
        f"{L} layers of {d_H} {activation} units, {initialisation}, seed {seed}. Root mean square "
        f"of H from layer 1 to {L}: {H[0]:.1e} to {H[-1]:.1e}; "
        f"of δ from layer {L} back to 1: {delta[-1]:.1e} to {delta[0]:.1e}."
    )
