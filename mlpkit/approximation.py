"""Networks of ReLU units for a function of one variable: built at knots, or trained."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from mlpkit.checks import check_choice, check_positive_integer
from mlpkit.network import MLP
from mlpkit.training import sgd

LOW, HIGH = -1.0, 1.0


@dataclass(frozen=True)
class Target:
    """A continuous function f* on [−1, 1].

    Attributes
    ----------
    function : callable
        Of an array, element by element.
    curvature : float or None
        The maximum of |f*″|; None where f* has no bounded second derivative.
    """

    function: Callable
    curvature: float | None


def triangle_wave(x, teeth):
    """Return a wave of `teeth` teeth on [−1, 1]: from −1 up to 1 and back, 2·teeth pieces."""
    phase = (np.asarray(x, float) - LOW) * teeth / (HIGH - LOW) % 1
    return 1 - 4 * np.abs(phase - 0.5)


TARGETS = {
    "sine": Target(lambda x: np.sin(np.pi * x), np.pi**2),
    "bell": Target(lambda x: 1 / (1 + 25 * x**2), 50.0),
    "square root": Target(lambda x: np.sqrt(np.abs(x)), None),
    "triangle wave": Target(lambda x: triangle_wave(x, 4), None),
}


def get_target(target):
    """Return a `Target` by its name, or raise a ValueError that lists the names."""
    return check_choice("target", target, TARGETS)


def relu_interpolant(function, knots):
    """Build the ReLU network (1) that passes through (x, function(x)) at each knot.

    Between two knots it is a straight line: unit i has W = 1, b¹ = −knot i, and as C the change
    of slope at that knot. Left of the first knot it is constant, right of the last it goes on.

    Parameters
    ----------
    function : callable
        Of an array of float, element by element.
    knots : array_like of float, shape (d_H + 1,)
        In increasing order, at least two.

    Returns
    -------
    MLP
        One input, d_H units, one output.

    Raises
    ------
    ValueError
        If there are fewer than two knots, or they don't increase.
    """
    knots = np.asarray(knots, float)
    if knots.ndim != 1 or len(knots) < 2 or not (np.diff(knots) > 0).all():
        raise ValueError(f"knots must be two or more increasing numbers, got {knots!r}")
    heights = function(knots)
    slopes = np.diff(heights) / np.diff(knots)
    network = MLP(1, len(knots) - 1, 1, activation="relu", loss="squared_error")
    network.W[0][:], network.b[0][:] = 1, -knots[:-1]
    network.W[1][:], network.b[1][:] = np.diff(slopes, prepend=0), heights[0]
    return network


def built(function, d_H):
    """Return `relu_interpolant` at d_H + 1 equidistant knots on [−1, 1]."""
    return relu_interpolant(
        function, np.linspace(LOW, HIGH, check_positive_integer("d_H", d_H) + 1)
    )


def trained(function, d_H, epochs=200, seed=0):
    """Train a ReLU network by SGD on 256 noise-free samples, X uniform on [−1, 1].

    Parameters
    ----------
    function : callable
        f*, of an array of float, element by element.
    d_H, epochs : int
        Number of units; passes through the data, 16 samples a step.
    seed : int
        Of the samples, of the start and of the samples' order.

    Returns
    -------
    MLP

    Raises
    ------
    ValueError
        If d_H or epochs is no integer >= 1.
    """
    rng = np.random.default_rng(seed)
    X = rng.uniform(LOW, HIGH, size=(256, 1))
    start = MLP(1, d_H, 1, activation="relu", loss="squared_error", seed=rng)
    # With biases of 0 all kinks would start at x = 0.
    start.b[0][:] = -start.W[0][:, 0] * rng.uniform(LOW, HIGH, size=d_H)
    # The largest stable rate falls like 1/d_H, as d_H units add up.
    first = min(0.1, 1 / d_H)
    rate = {"learning_rate": lambda step: first / (1 + step / 2000), "batch_size": 16}
    network, _ = sgd(start, X, function(X), epochs=epochs, seed=rng, progress=False, **rate)
    return network


def mean_square_error(network, function, points=4000):
    """Return E[(f*(X) − f(X))²] for X uniform on [−1, 1], by the midpoint rule.

    Parameters
    ----------
    network : MLP
        One input, one output.
    function : callable
        f*.
    points : int
        Number of midpoints.
    """
    x = midpoints(points)
    return float(np.mean((function(x) - network.forward(x).U) ** 2))


@lru_cache(maxsize=1024)
def network_error(target, d_H, method, epochs, knots=()):
    """Return a network built or trained for a named target, and its mean square error.

    Parameters
    ----------
    target : str
        f*: a name in `TARGETS`.
    d_H : int
        Number of ReLU units.
    method : str
        "built" at equidistant knots or "trained" by SGD.
    epochs : int
        Passes through the training data; a built network needs none.
    knots : tuple of float, optional
        Where a built network's are, d_H + 1 of them in increasing order.

    Returns
    -------
    MLP, float

    Raises
    ------
    ValueError
        If a name is unknown, or a number is no integer >= 1.
    """
    function = get_target(target).function
    make = {
        "built": lambda: relu_interpolant(function, knots) if knots else built(function, d_H),
        "trained": lambda: trained(function, d_H, epochs),
    }
    network = check_choice("method", method, make)()
    return network, mean_square_error(network, function, 2000)


def mean_square_bound(target, d_H):
    """Return (max|f*″| h²/8)² with h = 2/d_H, a bound on the built network's mean square error.

    It is nan where f* has no bounded second derivative; `d_H` may be an array.
    """
    curvature = get_target(target).curvature
    h = (HIGH - LOW) / np.asarray(d_H, float)
    return ((np.nan if curvature is None else curvature) * h**2 / 8) ** 2


def midpoints(points):
    """Return the midpoints of `points` equal parts of [−1, 1], shape (points, 1)."""
    return (LOW + (HIGH - LOW) * (np.arange(points) + 0.5) / points)[:, None]
