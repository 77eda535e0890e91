"""A network (1) with one input and one output as the sum of its units' parts."""

import numpy as np

from mlpkit.activations import get_activation
from mlpkit.checks import check_choice

GRID = np.linspace(-2, 2, 401)

# What a network may be asked to follow by hand; three ReLU units make the tent exactly.
TARGETS = {
    "none": lambda x: np.full_like(x, np.nan),
    "tent": lambda x: np.maximum(1 - np.abs(x), 0),
    "absolute value": np.abs,
    "wave": lambda x: np.cos(np.pi * x / 2),
}


def unit_parts(x, W, b1, C, activation):
    """Return what each unit adds to f of (1) for one input and one output: C_i σ(W_i x + b¹_i).

    Parameters
    ----------
    x : array_like of float, shape (N,)
        Inputs, d = 1.
    W, b1, C : array_like of float, shape (d_H,)
        One number a unit, as d = K = 1.
    activation : str or Activation
        σ.

    Returns
    -------
    numpy.ndarray of float64, shape (N, d_H)
        One column a unit; f is their sum plus b².

    Raises
    ------
    ValueError
        If the activation is unknown.
    """
    Z = np.asarray(x, float)[:, None] * np.asarray(W, float) + np.asarray(b1, float)
    return get_activation(activation)(Z) * np.asarray(C, float)


def mean_square_difference(W, b1, C, b2, activation, target):
    """Return the mean of (f* − f)² over a grid of −2 ≤ x ≤ 2, a float; nan for target "none".

    W, b1, C and the activation are those of `unit_parts`, b2 is b², target a name in `TARGETS`.
    """
    f = unit_parts(GRID, W, b1, C, activation).sum(axis=1) + b2
    return float(np.mean((check_choice("target", target, TARGETS)(GRID) - f) ** 2))
