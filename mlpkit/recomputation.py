"""Backpropagation that keeps every k-th layer and computes the others again.

It gives the gradient of `MLP.gradients` to the last bit, in less memory and more operations.
The layers fall into segments of k; kept is H of each segment's last layer, below which all can be
computed again. Two ways to go back through a segment:

- hold it: compute the segment once more and hold its Z and H until it is done (Chen, Xu, Zhang
  and Guestrin 2016, "Training deep nets with sublinear memory cost"; k ≈ √(L/2) needs least);
- don't: for each layer start again at the segment's input and hold one Z and one H. With k = L
  that is the 2·N·d_H of (15), for any L.
"""

from mlpkit.checks import check_positive_integer


def gradients(network, X, y, keep_every, hold_segment=True):
    """Differentiate the mean loss over the batch by backpropagation with recomputation.

    Parameters
    ----------
    network : MLP
        Any.
    X : array_like of float, shape (N, d)
        One sample a row.
    y : array_like, shape (N,) of int, or (N, K) of float for the squared error
        Labels or targets.
    keep_every : int
        k: the outputs of layers k, 2k, … are kept.
    hold_segment : bool
        Whether a segment of k layers is held while it is gone back through.

    Returns
    -------
    float, Parameters
        What `network.gradients` returns.

    Raises
    ------
    ValueError
        As `network.gradients`, and if keep_every is no integer >= 1.
    """
    X, y = network.check_batch(X, y)
    gradient = network.parameters.empty_like()
    segments = _segments(network.L, keep_every)
    inputs = [X]  # of each segment
    for start, end in segments[:-1]:
        inputs.append(_run(network, inputs[-1], start, end, hold=False)[-1][1])
    rho = dZ = None
    for start, end in reversed(segments):
        source, held = inputs.pop(), []
        for layer in range(end, start, -1):
            if not held:
                held = _run(network, source, start, layer, hold_segment)
            Z, H = held.pop()
            if layer == network.L:
                U = network.layer_forward(layer, H)
                rho, dZ = network.loss.value_and_gradient(U, y)  # ∂ρ/∂U, (11)
                del U
            delta = network.layer_backward(layer, dZ, H, gradient)
            dZ = network.activation_backward(delta, Z, H)
            del Z, H
    network.layer_backward(0, dZ, X, gradient)
    return rho, gradient


def _run(network, below, start, end, hold):
    """Return [(Z, H), …] of the layers after `start` up to `end`, only the last unless hold."""
    held = []
    for layer in range(start, end):
        Z = network.layer_forward(layer, below)
        below = network.activation(Z)
        if not hold:
            held.clear()
        held.append((Z, below))
    return held


def times_computed(L, keep_every, hold_segment=True):
    """Return how often each of the L hidden layers is computed, a list; 1 is plain.

    Parameters
    ----------
    L, keep_every : int
        Hidden layers; distance of the kept ones.
    hold_segment : bool
        As for `gradients`.
    """
    times = []
    for start, end in _segments(L, keep_every):
        first = 0 if end == L else 1  # the last segment's first run is held already
        times += [first + (1 if hold_segment else end - layer) for layer in range(start, end)]
    return times


def extra_multiply_adds(N, L, d, d_H, keep_every, hold_segment=True):
    """Return the multiply-adds beyond those of plain backpropagation; sizes as in `costs`."""
    first, *others = times_computed(L, keep_every, hold_segment)
    return N * ((first - 1) * d * d_H + sum(n - 1 for n in others) * d_H**2)


def stored_numbers(N, L, d_H, keep_every, hold_segment=True):
    """Return the most numbers of Z and H that are stored for the backward step at one time.

    With keep_every >= L and hold_segment it is plain backpropagation's 2·N·L·d_H; without
    hold_segment it is the printed 2·N·d_H of (15).
    """
    most = 0
    for kept, (start, end) in enumerate(_segments(L, keep_every)):
        held = end - start if hold_segment else 1
        most = max(most, kept + 2 * held)  # kept is H alone, held is Z and H
    return N * d_H * most


def _segments(L, keep_every):
    L, k = check_positive_integer("L", L), check_positive_integer("keep_every", keep_every)
    return [(start, min(start + k, L)) for start in range(0, L, k)]
