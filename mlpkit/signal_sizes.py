"""How large H^ℓ and δ^ℓ are in each layer of a deep network before it is trained."""

from functools import lru_cache

import numpy as np

from mlpkit.checks import check_choice
from mlpkit.network import MLP

# The standard deviation of W: a scale of `MLP` times a number.
INITIALISATIONS = {
    "he": ("he", 1.0),
    "lecun": ("lecun", 1.0),
    "half of he": ("he", 0.5),
    "twice he": ("he", 2.0),
}


def deep_network(L, d_H, activation="relu", initialisation="he", seed=0, K=10):
    """Make a network whose input is as wide as its hidden layers, so that all W^ℓ are alike.

    Parameters
    ----------
    L, d_H, K : int
        Hidden layers, units in each (and inputs), outputs.
    activation : str
        σ.
    initialisation : str
        A name in `INITIALISATIONS`.
    seed : int or numpy.random.Generator
        Where the weights come from.

    Returns
    -------
    MLP

    Raises
    ------
    ValueError
        If a size is no integer >= 1, or a name is unknown.
    """
    scale, factor = check_choice("initialisation", initialisation, INITIALISATIONS)
    network = MLP(d_H, d_H, K, L=L, activation=activation, scale=scale, seed=seed)
    return network.with_theta(factor * network.theta)  # the biases are 0


def deltas(network, X, y):
    """Return δ^1, …, δ^L by (12), each (N, d_H): a row is ∂ρ/∂H^ℓ of that row's own loss.

    Parameters
    ----------
    network : MLP
        Where to differentiate.
    X, y
        A batch, as for `network.gradients`.
    """
    X, y = network.check_batch(X, y)
    activity, gradient = network.forward_checked(X), network.parameters.empty_like()
    dZ = len(X) * network.loss.value_and_gradient(activity.U, y)[1]
    deltas = []
    for layer in range(network.L, 0, -1):
        Z, H = activity.Z[layer - 1], activity.H[layer - 1]
        delta = network.layer_backward(layer, dZ, H, gradient)
        deltas.append(delta.copy())  # the next line writes over it
        dZ = network.activation_backward(delta, Z, H)
    return deltas[::-1]


def layer_sizes(network, N=16, seed=0):
    """Measure the root mean square of H^ℓ and of δ^ℓ, layer by layer.

    Parameters
    ----------
    network : MLP
        With cross-entropy.
    N : int
        Rows of standard normal inputs with random labels.
    seed : int
        Where they come from.

    Returns
    -------
    H, delta : numpy.ndarray of float64, shape (L,)
        Over the N rows and the d_H units.
    """
    rng = np.random.default_rng((seed, 1))  # not the stream that the weights came from
    X, y = rng.standard_normal((N, network.d)), rng.integers(0, network.K, N)
    return _rms(network.forward(X).H), _rms(deltas(network, X, y))


def predicted_factor(network):
    """Return by what one layer multiplies the size of H and of δ in the mean over W.

    √(g/2) for ReLU, which passes half of a symmetric Z on, and √g for the identity, where
    g = d_H Var(W); nan for a σ with a scale of its own.
    """
    g = network.d_H * np.mean(network.W[0] ** 2)
    passed = {"relu": 0.5, "identity": 1.0}.get(network.activation.name, np.nan)
    return float(np.sqrt(passed * g))


@lru_cache(maxsize=8)  # an explorer's picture and its words ask for the same numbers
def measured_sizes(L, d_H, activation, initialisation, seed):
    """Return H, delta of `layer_sizes` and the `predicted_factor` of one `deep_network`."""
    network = deep_network(L, d_H, activation, initialisation, seed)
    return *layer_sizes(network), predicted_factor(network)


def _rms(arrays):
    return np.array([np.sqrt(np.mean(array * array)) for array in arrays])
