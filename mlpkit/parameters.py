"""θ as one vector with views of each W^ℓ and b^ℓ, and how its numbers start."""

import itertools

import numpy as np

from mlpkit.checks import check_choice


class Parameters:
    """θ = {W¹, b¹, …, W^{L+1}, b^{L+1}}, or a gradient in θ: one vector and views of it.

    Attributes
    ----------
    theta : numpy.ndarray of float, shape (P,)
        All numbers in one vector, so that an update is one line.
    W : list of numpy.ndarray
        W[ℓ-1] is W^ℓ, shape (out, in); W[L] is C of (6).
    b : list of numpy.ndarray
        b[ℓ-1] is b^ℓ, shape (out,).
    """

    def __init__(self, theta, widths):
        self.theta, self.widths = theta, tuple(widths)
        self.W, self.b = [], []
        start = 0
        for fan_in, fan_out in itertools.pairwise(widths):
            end = start + fan_out * fan_in
            self.W.append(theta[start:end].reshape(fan_out, fan_in))
            self.b.append(theta[end : end + fan_out])
            start = end + fan_out

    def empty_like(self):
        """Return parameters of the same shapes whose numbers are not yet set."""
        # Numbers that start on a cache line (64 bytes) are updated in a third of the time.
        size, itemsize = self.theta.size, self.theta.itemsize
        space = np.empty_like(self.theta, shape=size + 64 // itemsize)
        start = -space.ctypes.data % 64 // itemsize
        return Parameters(space[start : start + size], self.widths)


SCALES = {
    "he": lambda fan_in, fan_out: np.sqrt(2 / fan_in),
    "xavier": lambda fan_in, fan_out: np.sqrt(2 / (fan_in + fan_out)),
    "lecun": lambda fan_in, fan_out: np.sqrt(1 / fan_in),
}


def initial_theta(widths, scale, seed):
    """Return random weights and biases of 0 in one vector; arguments are those of `MLP`."""
    deviation = check_choice("scale", scale, SCALES)
    rng = np.random.default_rng(seed)
    parts = []
    for fan_in, fan_out in itertools.pairwise(widths):
        parts.append(deviation(fan_in, fan_out) * rng.standard_normal(fan_out * fan_in))
        parts.append(np.zeros(fan_out))
    return np.concatenate(parts)
