"""Networks whose hidden layers differ in width and in σ, as blocks of units of one `MLP`.

What assignment 3 compares with. Its students write (9), (11) and (12) for such networks layer by
layer; here the package's network does it all at once, with zeros for the weights that aren't there.
"""

import itertools

import numpy as np

from mlpkit import signal_sizes
from mlpkit.activations import Activation
from mlpkit.exercises import drawn
from mlpkit.losses import cross_entropy_gradient, softmax
from mlpkit.network import MLP, Parameters


def activate(kind, Z):
    """Return σ(Z) of a kind: "tanh", "sigmoid", "softplus", or the a of the leaky ReLU max(z, az).

    An assignment has these two functions in a cell of its own: its answers can't call this one.
    """
    if kind == "tanh":
        return np.tanh(Z)
    if kind == "sigmoid":
        return np.exp(-np.logaddexp(0, -Z))
    if kind == "softplus":
        return np.logaddexp(0, Z)
    return np.where(Z > 0, Z, kind * Z)


def slope(kind, Z):
    """Return σ′(Z) of a kind."""
    if kind == "tanh":
        return 1 - np.tanh(Z) ** 2
    if kind == "sigmoid":
        return np.exp(-np.logaddexp(0, -Z) - np.logaddexp(0, Z))
    if kind == "softplus":
        return np.exp(-np.logaddexp(0, -Z))
    return np.where(Z > 0, 1.0, kind)


def random_parameters(rng, widths, size=1.0):
    """Draw lists W and b for widths d, d_1, …, d_L, K; weights have `size` times √(1/fan-in)."""
    pairs = list(itertools.pairwise(widths))
    W = [size * rng.normal(size=(out, below)) / np.sqrt(below) for below, out in pairs]
    return W, [0.5 * rng.normal(size=out) for _, out in pairs]


def answers(X, y, W, b, sigma):
    """Compute all quantities of a forward and a backward step.

    Parameters
    ----------
    X, y : numpy.ndarray, shapes (N, d) and (N,)
        A batch with labels.
    W, b : list of numpy.ndarray
        L + 1 weights (out, in) and biases (out,).
    sigma : list
        L kinds of σ, as for :func:`activate`.

    Returns
    -------
    dict
        Lists of L arrays "Z", "H" and "delta", where δ^ℓ is the gradient in H^ℓ of the *mean*
        loss; arrays "f" and "dU", (N, K); lists of L + 1 gradients "dW" and "db".
    """
    widths = [len(bias) for bias in b[:-1]]
    ends = np.cumsum(widths)
    blocks = [slice(end - width, end) for end, width in zip(ends, widths, strict=True)]
    sizes = [X.shape[1], *[sum(widths)] * len(widths), len(b[-1])]
    network = MLP(1, 1, sizes[-1], L=len(widths), activation=_mixed(sigma, blocks))
    P = sum(out * (below + 1) for below, out in itertools.pairwise(sizes))
    network.d, network.parameters = sizes[0], Parameters(np.zeros(P), sizes)
    places = list(zip([*blocks, slice(None)], [slice(None), *blocks], strict=True))
    for layer, place in enumerate(places):
        network.W[layer][place], network.b[layer][place[0]] = W[layer], b[layer]
    found, (_, gradient) = network.forward(X), network.gradients(X, y)
    delta = signal_sizes.deltas(network, X, y)
    return {
        "Z": [Z[:, block] for Z, block in zip(found.Z, blocks, strict=True)],
        "H": [H[:, block] for H, block in zip(found.H, blocks, strict=True)],
        "f": softmax(found.U),
        "dU": cross_entropy_gradient(found.U, y),
        "delta": [each[:, block] / len(X) for each, block in zip(delta, blocks, strict=True)],
        "dW": [dW[place] for dW, place in zip(gradient.W, places, strict=True)],
        "db": [db[place[0]] for db, place in zip(gradient.b, places, strict=True)],
    }


def trained(X, y, W, b, sigma, minibatches, alpha):
    """Take a step of gradient descent for each minibatch.

    Parameters
    ----------
    X, y, W, b, sigma
        As for :func:`answers`; W and b are where to start, and stay as they are.
    minibatches : list of list of int
        The rows of each step.
    alpha : float
        The learning rate.

    Returns
    -------
    W, b : list of numpy.ndarray
        The parameters after the last step.
    """
    for rows in minibatches:
        found = answers(X[rows], y[rows], W, b, sigma)
        W = [w - alpha * dw for w, dw in zip(W, found["dW"], strict=True)]
        b = [v - alpha * dv for v, dv in zip(b, found["db"], strict=True)]
    return W, b


def _mixed(sigma, blocks):
    """Make one σ of several: each block of units has its own."""
    parts = list(zip(sigma, blocks, strict=True))

    def in_blocks(function):
        return lambda Z, *_: np.hstack([function(kind, Z[:, block]) for kind, block in parts])

    return Activation("mixed", in_blocks(activate), in_blocks(slope))


def problem(rng, N, widths, sigma, y=None):
    """Draw a batch and a network; return (X, y, W, b, right), with right as by :func:`answers`."""
    W, b = random_parameters(rng, widths)
    X = rng.normal(size=(N, widths[0]))
    y = rng.integers(widths[-1], size=N) if y is None else y
    return X, y, W, b, answers(X, y, W, b, sigma)


def problems(rng, L):
    """Draw networks of L layers whose sizes are awkward.

    Widths as by `drawn.widths`; N is 1, d, K or another number, all sizes are equal once; labels
    miss a class in turn, the last one too; each kind of σ has each place in turn, the numbers 0 and
    1 among them.

    Yields
    ------
    words, sigma, problem
        The sizes for a message, the kinds of σ, and what :func:`problem` draws.
    """
    kinds = ["tanh", "sigmoid", "softplus", 0, 1, 0.25, round(float(rng.uniform(0.5, 0.9)), 2)]
    kinds = [kinds[place] for place in rng.permutation(len(kinds))]
    for number, widths in enumerate(drawn.widths(rng, L + 2)):
        N = (widths[-1], 1, widths[0], 8)[number % 4]
        N = widths[0] if len(set(widths)) == 1 else N  # all sizes equal
        several = drawn.labels(rng, N, widths[-1])
        sigma = [kinds[(number + layer) % len(kinds)] for layer in range(L)]
        words = f"N={N}, widths {widths}, σ {sigma}"
        yield words, sigma, problem(rng, N, widths, sigma, several[number % len(several)])


def saturated(rng):
    """Draw networks of three hidden layers, in which all units of one are far out or dead.

    The layer is the second or the third, so that δ comes through its slopes: tiny ones, of the
    sigmoid on both sides and of softplus on one, and ones that are exactly 0, of ReLU and tanh.

    Yields
    ------
    words, sigma, problem
        As by :func:`problems`.
    """
    for kind, shift in (
        ("sigmoid", 25),
        ("sigmoid", -25),
        ("softplus", -22),
        (0, -40),
        ("tanh", 40),
    ):
        layer = int(rng.integers(1, 3))
        sigma = ["tanh", 0.6, "softplus"]
        sigma[layer] = kind
        widths = [int(width) for width in rng.permutation([2, 3, 4, 5, 6])]
        X, y = rng.normal(size=(7, widths[0])), rng.integers(widths[-1], size=7)
        W, b = random_parameters(rng, widths)
        W[layer] *= 0.5
        b[layer] += shift
        words = f"σ {sigma}, with |Z^{layer + 1}| of about {abs(shift)}"
        yield words, sigma, (X, y, W, b, answers(X, y, W, b, sigma))
