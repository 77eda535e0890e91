"""What one step of a real network costs, for hidden layers of any widths: counted, not calculated.

Multiplications are counted by arrays that write down what is done with them (`counting`), one for
a multiply-add or a division; what is stored is measured by the arrays that are still alive. Here
is no formula for a cost. Numbers play no part: each network and batch is a random one.
"""

import itertools
import weakref

import numpy as np

from mlpkit import recomputation
from mlpkit.activations import Activation
from mlpkit.checks import check_choice
from mlpkit.counting import Counter, watch
from mlpkit.network import MLP, Parameters

# Whether ∂ρ/∂X is computed, and whether ∂ρ/∂W¹ is.
STEPS = {"plain": (False, True), "input": (True, True), "frozen": (False, False)}


def network_of(widths, activation="relu"):
    """Make a network with random parameters.

    Parameters
    ----------
    widths : list of int
        d, d_1, …, d_L, K: of the input, the L >= 1 hidden layers and the output.
    activation : str or Activation

    Returns
    -------
    MLP
        Its attribute d_H means nothing.
    """
    rng, arrays = np.random.default_rng(0), []
    for fan_in, fan_out in itertools.pairwise(widths):
        arrays += [rng.normal(size=(fan_out, fan_in)), rng.normal(size=fan_out)]
    theta = np.concatenate([array.ravel() for array in arrays])
    network = MLP(widths[0], 1, widths[-1], L=len(widths) - 2, activation=activation)
    network.parameters = Parameters(theta, widths)
    return network


def counted_parameters(widths):
    """Return how many numbers the θ of a network of these widths has."""
    return network_of(widths).theta.size


def counted_step(N, widths, step="plain"):
    """Go forward and back once, and count the multiplications by phase and layer.

    Parameters
    ----------
    N : int
        Samples.
    widths : list of int
        As for :func:`network_of`.
    step : str
        "plain"; "input", which goes on to ∂ρ/∂X; or "frozen", without ∂ρ/∂W¹.

    Returns
    -------
    dict of str to list of int
        Under "forward", "weights", "delta", "slopes" and "loss" the multiplications of layers
        1, …, L + 1.

    Raises
    ------
    ValueError
        If the step is another.
    """
    to_X, trains_W1 = check_choice("step", step, STEPS)
    network, (X, y) = network_of(widths), _batch(N, widths)
    L, loss = network.L, network.loss.value_and_gradient
    phases = {_forward: "forward", _weights: "weights", _delta: "delta"}
    phases |= {_slopes: "slopes", loss: "loss"}
    counters = [Counter(phases) for _ in range(L + 1)]
    Z, H = [], [X]
    for layer, counter in enumerate(counters):
        Z.append(np.asarray(_forward(counter.array(H[-1]), network.W[layer], network.b[layer])))
        H.append(np.maximum(Z[-1], 0))
    dZ = loss(counters[L].array(Z[L]), y)[1]
    right = network.gradients(X, y)[1].W
    for layer in range(L, -1, -1):
        dZ = counters[layer].array(np.asarray(dZ))
        if layer or trains_W1:
            assert np.allclose(np.asarray(_weights(dZ, H[layer])), right[layer])
        if layer or to_X:
            delta = _delta(dZ, network.W[layer])
        if layer:
            dZ = _slopes(counters[layer - 1].array(np.asarray(delta)), Z[layer - 1])
    return {name: [_multiplications(each, name) for each in counters] for name in phases.values()}


def counted_plain(N, widths):
    """Let the package differentiate as it does; return its multiplications."""
    counter, network = watch(network_of(widths))
    network.gradients(*_batch(N, widths))
    return _multiplications(counter)


def counted_recomputing(N, widths, k, hold):
    """Differentiate with every k-th layer kept; return the multiplications.

    Parameters
    ----------
    N, widths
        As for :func:`counted_step`.
    k : int
    hold : str
        "segment" or "layer": what is held while a segment is gone back through.
    """
    counter, network = watch(network_of(widths))
    recomputation.gradients(network, *_batch(N, widths), k, _holds_segment(hold))
    return _multiplications(counter)


def measured_recomputing(N, widths, k, hold):
    """Do the same; return the most numbers of Z and H that are alive where σ′ is taken."""
    born, alive = [], []

    def sigma(Z):
        H = np.maximum(Z, 0)
        born.extend([weakref.ref(Z), weakref.ref(H)])
        return H

    def slope(Z, H):
        arrays = [reference() for reference in born]
        alive.append(sum(array.size for array in arrays if array is not None))
        return (Z > 0).astype(float)

    network = network_of(widths, Activation("observed", sigma, slope))
    recomputation.gradients(network, *_batch(N, widths), k, _holds_segment(hold))
    return max(alive)


def _holds_segment(hold):
    return check_choice("hold", hold, {"segment": True, "layer": False})


def _batch(N, widths):
    rng = np.random.default_rng(1)
    return rng.normal(size=(N, widths[0])), rng.integers(widths[-1], size=N)


def _forward(below, W, b):
    return below @ W.T + b


def _weights(dZ, below):
    return dZ.T @ below


def _delta(dZ, W):
    return dZ @ W


def _slopes(delta, Z):
    return delta * (Z > 0)


def _multiplications(counter, phase=None):
    return counter.total("multiply_adds", phase) + counter.total("multiplications", phase)
