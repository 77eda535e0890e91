"""Central differences: an independent count of any gradient."""

import numpy as np

from mlpkit.checks import as_numbers, check_finite


def numerical_gradient(function, x, step=None):
    """Differentiate a scalar function by central differences.

    Parameters
    ----------
    function : callable
        Takes an array of the shape of `x`, returns a float.
    x : array_like of float
        Where to differentiate; computed in float64, and left as it is.
    step : float, optional
        Half the distance between the two evaluations of each entry. By default
        ε^(1/3) max(1, |x_i|): the truncation error O(step²) and the rounding error
        O(ε/step) are then of one size.

    Returns
    -------
    numpy.ndarray of float64, shape of x

    Raises
    ------
    ValueError
        If x isn't finite, or step isn't above 0.
    """
    x = np.array(check_finite("x", as_numbers("x", x)), dtype=np.float64)
    if step is not None and not step > 0:
        raise ValueError(f"step must be above 0, got {step!r}")
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        h = step or np.cbrt(np.finfo(np.float64).eps) * max(1.0, abs(kept))
        x[index] = kept + h
        above = function(x)
        x[index] = kept - h
        below = function(x)
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def relative_error(actual, expected):
    """Return ‖actual − expected‖ / ‖expected‖, a float; 0 where they are equal.

    Parameters
    ----------
    actual, expected : array_like of float, same shape

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    actual, expected = np.asarray(actual, float), np.asarray(expected, float)
    if actual.shape != expected.shape:
        raise ValueError(f"actual must have shape {expected.shape}, got {actual.shape}")
    difference, size = np.linalg.norm(actual - expected), np.linalg.norm(expected)
    if difference == 0:
        return 0.0
    return float(difference / size) if size else float("inf")


def check_gradients(network, X, y, step=None):
    """Return the relative error of `network.gradients` against central differences.

    Parameters
    ----------
    network : MLP
        In float64.
    X, y
        A batch, as for `network.gradients`.
    step : float, optional
        As for `numerical_gradient`.

    Returns
    -------
    float
        Below 1e-7 where backpropagation is right and no ReLU sits at its kink.
    """
    _, gradient = network.gradients(X, y)
    numerical = numerical_gradient(
        lambda theta: network.with_theta(theta).value(X, y), network.theta, step
    )
    return relative_error(gradient.theta, numerical)
