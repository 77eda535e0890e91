"""The loss of one hidden ReLU unit over its four parameters, (5), and gradient descent on it."""

from functools import lru_cache

import numpy as np

# The two samples of the example below (5): they fit in a figure, and all its numbers are round.
X_PAIR, Y_PAIR = np.array([-1.0, 1.0]), np.array([0.0, 2.0])


def unit_loss(theta, x=X_PAIR, y=Y_PAIR):
    """Return the mean of the squared errors of the single ReLU unit (5) over its samples.

    Parameters
    ----------
    theta : array_like of float, shape (..., 4)
        (c, W, b¹, b²) in the last axis; the axes before it are so many networks.
    x, y : numpy.ndarray of float, shape (N,)
        The samples, one number each.

    Returns
    -------
    numpy.ndarray of float, shape (...)
    """
    c, W, b1, b2 = np.moveaxis(np.asarray(theta, float), -1, 0)[..., None]
    return np.mean((c * np.maximum(W * x + b1, 0) + b2 - y) ** 2, axis=-1)


def unit_gradient(theta, x=X_PAIR, y=Y_PAIR):
    """Return the gradient of `unit_loss`, (..., 4); arguments are those of `unit_loss`."""
    c, W, b1, b2 = np.moveaxis(np.asarray(theta, float), -1, 0)[..., None]
    Z = W * x + b1
    H = np.maximum(Z, 0)
    dU = 2 * (c * H + b2 - y) / len(x)
    dZ = c * dU * (Z > 0)  # δ ⊙ σ′(Z), (8)
    return np.stack([(dU * H).sum(-1), (dZ * x).sum(-1), dZ.sum(-1), dU.sum(-1)], axis=-1)


def descend(start, learning_rate, steps, moving=(1, 1, 1, 1)):
    """Run gradient descent on `unit_loss` from one start.

    Parameters
    ----------
    start : array_like of float, shape (4,)
        (c, W, b¹, b²).
    learning_rate : float
    steps : int
    moving : sequence of 0 or 1
        Which of the four parameters are trained.

    Returns
    -------
    numpy.ndarray of float, shape (at most steps + 1, 4)
        The path; it ends early where it has left every scale of the picture.
    """
    start, moving = (tuple(map(float, numbers)) for numbers in (start, moving))
    return _descend(start, float(learning_rate), int(steps), moving)


@lru_cache(maxsize=8)  # an explorer asks for the picture, and again for the words
def _descend(start, learning_rate, steps, moving):
    path = [np.array(start)]
    for _ in range(steps):
        path.append(path[-1] - learning_rate * np.multiply(moving, unit_gradient(path[-1])))
        if not np.abs(path[-1]).max() < 1e3:
            break
    path = np.array(path)
    path.setflags(write=False)
    return path
