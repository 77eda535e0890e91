"""Wide networks as clouds of particles (c, W, b), in the mean-field and the NTK scaling."""

from functools import lru_cache

import numpy as np

SCALINGS = {"mean field: 1/d_H": 1.0, "NTK: 1/√d_H": 0.5}
X_TRAIN = np.linspace(-2, 2, 21)
STEPS, EVERY = 300, 10  # of the explorer's training, and between its snapshots


def target(x):
    """Return f*(x) = sin(1.5 x), the function that the wide networks learn."""
    return np.sin(1.5 * x)


def wide_output(theta, x, exponent=1.0):
    """Return f(x) = d_H^(−exponent) Σ_i c_i tanh(W_i x + b_i).

    Parameters
    ----------
    theta : numpy.ndarray of float, shape (..., d_H, 3)
        (c, W, b) of each unit; the axes before the last two are so many networks.
    x : numpy.ndarray of float, shape (..., N)
        Inputs of each network, or (N,) for all.
    exponent : float
        1 for the mean-field scaling, 1/2 for NTK.

    Returns
    -------
    numpy.ndarray of float, shape (..., N)
    """
    c, _, H = _forward(theta, x)
    return np.einsum("...i,...in->...n", c, H) / c.shape[-1] ** exponent


def wide_gradient(theta, x, y, exponent=1.0):
    """Return the gradient in theta, (..., d_H, 3), of the mean of (f(x) − y)² over the N samples.

    Parameters
    ----------
    theta, x, exponent
        As for `wide_output`.
    y : numpy.ndarray of float, shape (..., N)
        Targets.

    Returns
    -------
    numpy.ndarray of float, shape (..., d_H, 3)
        Derivatives in c, W and b of each unit.
    """
    c, x, H = _forward(theta, x)
    scale = c.shape[-1] ** exponent
    f = np.einsum("...i,...in->...n", c, H) / scale
    dU = (2 / x.shape[-1] / scale * (f - y))[..., None, :]
    dZ = dU * c[..., None] * (1 - H * H)  # δ ⊙ σ′(Z), (8)
    gradient = np.empty(np.broadcast_shapes(theta.shape, (*dZ.shape[:-1], 3)))
    np.sum(dU * H, axis=-1, out=gradient[..., 0])
    np.sum(dZ * x, axis=-1, out=gradient[..., 1])
    np.sum(dZ, axis=-1, out=gradient[..., 2])
    return gradient


def _forward(theta, x):
    c, W, b = np.moveaxis(theta, -1, 0)
    x = np.asarray(x)[..., None, :]
    return c, x, np.tanh(W[..., None] * x + b[..., None])


@lru_cache(maxsize=128)
def snapshots(d_H, exponent, seed):
    """Train a wide network on `X_TRAIN` and return it at every tenth step.

    The learning rate is 0.2 d_H^(2·exponent − 1): then f moves at the same speed at any width.

    Returns
    -------
    numpy.ndarray of float, shape (STEPS / EVERY + 1, d_H, 3)
    """
    theta = np.random.default_rng(seed).normal(size=(d_H, 3))
    rate, y, kept = 0.2 * d_H ** (2 * exponent - 1), target(X_TRAIN), []
    for step in range(STEPS + 1):
        if step % EVERY == 0:
            kept.append(theta)
        theta = theta - rate * wide_gradient(theta, X_TRAIN, y, exponent)
    return np.array(kept)
