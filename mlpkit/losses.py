"""The lecture's two losses with their gradients: squared error (2) and cross-entropy (7).

Each loss is the mean over the N rows of a batch; each gradient is of that mean.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mlpkit.checks import check_choice, check_labels, check_matrix


def one_hot(y, K):
    """Encode labels as the rows e(y) of (11).

    Parameters
    ----------
    y : array_like of int, shape (N,)
        Labels in 0, …, K − 1.
    K : int
        Number of classes.

    Returns
    -------
    numpy.ndarray of float64, shape (N, K)
        1 in column y of each row, 0 elsewhere.

    Raises
    ------
    ValueError
        If a label is no integer in 0, …, K − 1.
    """
    y = check_labels("y", y, np.size(y), K)
    e = np.zeros((len(y), K))
    e[np.arange(len(y)), y] = 1
    return e


def softmax(U):
    """Turn scores into probabilities, F_softmax of (6), row by row.

    Parameters
    ----------
    U : array_like of float, shape (N, K)
        Scores. No finite ones give NaN or infinity.

    Returns
    -------
    numpy.ndarray of float, shape (N, K)
        Non-negative, each row summing to 1.

    Raises
    ------
    ValueError
        If U is no finite matrix.
    """
    _, exponentials, total = _exponentials(check_matrix("U", U))
    return exponentials / total


def log_softmax(U):
    """Return log F_softmax(U), shape (N, K): no log of 0 is ever taken.

    It is finite unless two scores of a row differ by more than the largest float. Parameters and
    exceptions are those of `softmax`.
    """
    shifted, _, total = _exponentials(check_matrix("U", U))
    return shifted - np.log(total)


def cross_entropy(U, y):
    """Return the mean of ρ(F_softmax(U), y) = −log F_softmax(U)_y, equation (7).

    Parameters
    ----------
    U : array_like of float, shape (N, K)
        Scores before the softmax.
    y : array_like of int, shape (N,)
        Labels in 0, …, K − 1.

    Returns
    -------
    float
        In nats.

    Raises
    ------
    ValueError
        If U is no finite matrix, or y no labels for its rows.
    """
    return _checked(CROSS_ENTROPY, U, y)[0]


def cross_entropy_gradient(U, y):
    """Return ∂L/∂U = −(e(y) − F_softmax(U)) / N, (N, K): (11) for the mean of N rows.

    Parameters and exceptions are those of `cross_entropy`.
    """
    return _checked(CROSS_ENTROPY, U, y)[1]


def squared_error(U, y):
    """Return the mean of ‖y − U‖² over the rows, the empirical form of (2).

    Parameters
    ----------
    U, y : array_like of float, shape (N, K)
        The network's output and the target.

    Returns
    -------
    float
        In the target's units, squared.

    Raises
    ------
    ValueError
        If U or y is no finite matrix, or their shapes differ.
    """
    return _checked(SQUARED_ERROR, U, y)[0]


def _exponentials(U):
    # Shift invariance: taking off the row's maximum changes no probability and bounds exp by 1.
    shifted = U - U.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    return shifted, exponentials, exponentials.sum(axis=1, keepdims=True)


def _cross_entropy(U, y):
    N = len(y)
    rows = np.arange(N)
    shifted, f, total = _exponentials(U)
    rho = np.log(total[:, 0]) - shifted[rows, y]
    f /= total
    f[rows, y] -= 1
    f /= N
    return float(rho.sum()) / N, f


def _squared_error(U, y):
    N = len(y)
    difference = U - y
    return float((difference * difference).sum()) / N, (2 / N) * difference


def _check_targets(y, shape):
    y = check_matrix("y", y, shape[1])
    if y.shape != shape:
        raise ValueError(f"y must have shape {shape}, got {y.shape}")
    return y


def _checked(loss, U, y):
    U = check_matrix("U", U)
    return loss.value_and_gradient(U, loss.check(y, U.shape))


@dataclass(frozen=True)
class Loss:
    """A loss as a network uses it.

    Attributes
    ----------
    name : str
        Its name in `LOSSES`.
    value_and_gradient : callable
        Of (U, y): the mean over the batch, a float, and its gradient in U, shape (N, K).
        It checks nothing: a training loop checks its data once, not at each step.
    check : callable
        check(y, (N, K)) returns the targets as an array, or raises ValueError.
    """

    name: str
    value_and_gradient: Callable
    check: Callable


CROSS_ENTROPY = Loss("cross_entropy", _cross_entropy, lambda y, shape: check_labels("y", y, *shape))
SQUARED_ERROR = Loss("squared_error", _squared_error, _check_targets)
LOSSES = {loss.name: loss for loss in (CROSS_ENTROPY, SQUARED_ERROR)}


def get_loss(loss):
    """Return a `Loss` by its name, or raise a ValueError that lists the names."""
    return check_choice("loss", loss, LOSSES)
