"""Stochastic gradient descent: the lecture's algorithm, one sample or one minibatch a step."""

import os
from numbers import Real

import numpy as np

from mlpkit.checks import check_positive_integer


def sgd(
    network,
    X,
    y,
    *,
    learning_rate,
    epochs=1,
    batch_size=1,
    seed=0,
    test=None,
    progress=True,
):
    """Train a network by θ ← θ − α ∂L/∂θ on one minibatch after the other.

    Each epoch goes through all rows once, in a new random order; the last minibatch is
    smaller where batch_size doesn't divide N.

    Parameters
    ----------
    network : MLP
        Where to start. It is left as it is.
    X : array_like of float, shape (N, d)
        One sample a row.
    y : array_like, shape (N,) of int, or (N, K) of float for the squared error
        Labels or targets.
    learning_rate : float or callable
        α, or a function of the step's number 0, 1, 2, … that returns it.
    epochs, batch_size : int
        Passes through the data, and rows a step (1 is the lecture's algorithm).
    seed : int or numpy.random.Generator
        Where the order of the rows comes from.
    test : tuple (X_test, y_test), optional
        After each epoch the share of right answers on these rows is recorded.
    progress : bool
        Show a progress bar where somebody watches.

    Returns
    -------
    MLP
        The trained network.
    dict of list
        "loss": the mean over each epoch's steps; with `test` also "test_accuracy".

    Raises
    ------
    ValueError
        If the data doesn't fit the network, or a number is out of its range.
    """
    X, y = network.check_batch(X, y)
    test = None if test is None else network.check_batch(*test)
    epochs = check_positive_integer("epochs", epochs)
    batch_size = check_positive_integer("batch_size", batch_size)
    schedule = _schedule(learning_rate)
    rng = np.random.default_rng(seed)
    theta = network.parameters.empty_like().theta
    theta[:] = network.theta
    network = network.with_theta(theta)
    history = {"loss": []} if test is None else {"loss": [], "test_accuracy": []}
    step = 0
    for _ in _bar(range(epochs), progress):
        loss, step = _epoch(network, X, y, rng.permutation(len(X)), batch_size, schedule, step)
        history["loss"].append(loss)
        if test is not None:
            history["test_accuracy"].append(accuracy(network, *test))
    return network, history


def accuracy(network, X, y):
    """Return the share of rows, a float in [0, 1], whose highest score is the label's."""
    return float(np.mean(network.predict(X) == network.check_batch(X, y)[1]))


def update(theta, gradient, learning_rate):
    """Take one step θ ← θ − α ∂L/∂θ in place, in two vectors (P,); the gradient becomes α ∂L/∂θ."""
    gradient *= learning_rate
    theta -= gradient


def _epoch(network, X, y, order, batch_size, schedule, step):
    gradient = network.parameters.empty_like()
    theta, total = network.theta, 0.0
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        rho, _ = network.gradients_checked(X[rows], y[rows], gradient)
        update(theta, gradient.theta, schedule(step))
        total += rho * len(rows)
        step += 1
    return total / len(X), step


def _schedule(learning_rate):
    if callable(learning_rate):
        return learning_rate
    if not isinstance(learning_rate, Real) or not 0 < learning_rate < np.inf:
        raise ValueError(f"learning_rate must be finite and above 0, got {learning_rate!r}")
    return lambda step: learning_rate


def _bar(epochs, progress):
    if not progress or os.environ.get("TQDM_DISABLE"):
        return epochs
    from tqdm.auto import tqdm  # imported when shown: it costs as much as the rest of mlpkit

    return tqdm(epochs, unit="epoch", leave=False, disable=None)
