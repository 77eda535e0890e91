"""The official answers agree with independent ones over the whole range that the texts allow."""

import math
from fractions import Fraction

import numpy as np
import pytest

from mlpkit.exercises import drawn
from tests.assignments.harness import cell_of, load


def solution(assignment, *exercises):
    """Define the functions of an assignment's given cells and of these exercises' solutions."""
    notebook, namespace = load("solutions", assignment), {}
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name == "setup" or name.startswith("given") or name in exercises:
            exec(cell_of(notebook, name).source, namespace)
    return namespace


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def exact_log_softmax(row):
    """Sum the exponentials as fractions of integers: nothing overflows, nothing is rounded."""
    top = max(row)
    total = sum(Fraction(math.exp(float(u) - float(top))) for u in row)
    # log of a fraction, right also where it is 1 + tiny.
    return [float(u) - float(top) - math.log1p(float(total - 1)) for u in row]


def test_ps2_log_softmax_is_as_right_as_its_text_promises(rng):
    log_softmax = solution("ps2", "log_softmax")["log_softmax"]
    for U in [*drawn.scores(rng, 4, 3), 1e5 * rng.normal(size=(5, 4)), np.zeros((1, 1))]:
        right = np.array([exact_log_softmax(row) for row in U])
        for found in (log_softmax(U, 1), log_softmax(U, -1), log_softmax(U.T, 0).T):
            assert np.all(abs(found - right) <= 1e-10 * np.maximum(1, abs(right)))


def test_ps2_gradient_in_the_scores_is_that_of_the_loss_by_differences(rng):
    names = solution("ps2", "cross_entropy", "scores_gradient")
    loss, gradient = names["cross_entropy"], names["scores_gradient"]
    for size in drawn.sizes(rng, "N", "K"):
        for y in drawn.labels(rng, size["N"], size["K"]):
            U, weights = rng.normal(size=(size["N"], size["K"])), rng.uniform(0.2, 5, size["K"])
            for smoothing in (0.0, 0.3, 1.0):
                found = gradient(U, y, smoothing, weights)
                for at in np.ndindex(U.shape):
                    step = np.zeros(U.shape)
                    step[at] = 1e-5
                    up, down = (loss(U + s, y, smoothing, weights) for s in (step, -step))
                    assert abs((up - down) / 2e-5 - found[at]) < 1e-8


def test_ps2_gradients_are_those_of_the_penalised_loss_by_differences(rng):
    gradients = solution("ps2", "gradients")["gradients"]

    def loss(theta, X, y, penalty):
        U = np.tanh(X @ theta["W"].T + theta["b1"]) @ theta["C"].T + theta["b2"]
        rho = np.logaddexp.reduce(U, axis=1) - U[np.arange(len(y)), y]
        return rho.mean() + penalty / 2 * ((theta["W"] ** 2).sum() + (theta["C"] ** 2).sum())

    for size in drawn.sizes(rng, "N", "d", "d_H", "K"):
        N, d, d_H, K = size.values()
        shapes = {"W": (d_H, d), "b1": (d_H,), "C": (K, d_H), "b2": (K,)}
        theta = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        X, y = rng.normal(size=(N, d)), drawn.labels(rng, N, K)[-1]
        found = gradients(theta, X, y, 0.7)
        for name, value in theta.items():
            at = tuple(rng.integers(value.shape))
            step = np.zeros(value.shape)
            step[at] = 1e-5
            up, down = (loss(theta | {name: value + s}, X, y, 0.7) for s in (step, -step))
            assert abs((up - down) / 2e-5 - found[name][at]) < 1e-7
