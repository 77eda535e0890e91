"""How large H^ℓ and δ^ℓ are in each layer of a deep network."""

from mlpkit.activations import ACTIVATIONS
from mlpkit.explorers.controls import Story, choice, slider, steps
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.deep import sizes_figure
from mlpkit.signal_sizes import INITIALISATIONS, measured_sizes
from mlpkit.tables import prose_text


def deep_sizes():
    """Make the explorer of a network's sizes before it is trained.

    Returns
    -------
    Explorer
        Controls: depth L, width d_H, σ, the initialisation and its seed.
    """
    controls = {
        "L": slider("depth L", 1, 30, 20),
        "d_H": steps("width d_H", (5, 10, 20, 50, 100), 50),
        "activation": choice("σ", ACTIVATIONS),
        "initialisation": choice("initialisation", INITIALISATIONS),
        "seed": slider("seed", 0, 20, 0),
    }
    story = Story("L", seconds=0.4, beside={"initialisation": tuple(INITIALISATIONS)})
    return Explorer("Sizes in a deep network", sizes_figure, _describe, controls, story=story)


def _describe(L, d_H, activation, initialisation, seed):
    H, delta, _ = measured_sizes(L, d_H, activation, initialisation, seed)
    return (
        f"{L} layers of {d_H} {activation} units, {initialisation}, seed {seed}. Root mean square "
        f"of H from layer 1 to {L}: {prose_text(H[0])} to {prose_text(H[-1])}; "
        f"of δ from layer {L} back to 1: {prose_text(delta[-1])} to {prose_text(delta[0])}."
    )
