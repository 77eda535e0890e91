"""The official answers agree with independent ones over the whole range that the texts allow."""

import itertools
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from mlpkit.exercises import drawn, laws
from mlpkit.gradcheck import numerical_gradient
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


def drawn_theta(rng, d, d_H, K):
    shapes = {"W": (d_H, d), "b1": (d_H,), "C": (K, d_H), "b2": (K,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def exact_softplus(z):
    """Take the logarithm with fifty digits: nothing overflows, nothing is rounded."""
    with localcontext(prec=50, Emax=10**9, Emin=-(10**9)):
        return float((1 + Decimal(float(z)).exp()).ln())


def test_ps1_forward_is_right_for_units_of_any_size(rng):
    forward = solution("ps1", "forward")["forward"]
    one = {"W": np.ones((1, 1)), "b1": np.zeros(1), "C": np.ones((1, 1)), "b2": np.zeros(1)}
    Z = np.concatenate([rng.normal(size=40) * scale for scale in (1, 10, 40, 1000, 1e5)] + [[0]])
    right = np.array([exact_softplus(z) for z in Z])
    for found in forward(one, Z[:, None], "softplus", 0.0):
        assert np.all(abs(found[:, 0] - right) <= 1e-14 * np.maximum(1, abs(right)))
    for a in (0, 0.3, 1, 5):
        right = [z if z >= 0 else a * z for z in Z]
        for found in forward(one, Z[:, None], "leaky_relu", a):
            assert np.array_equal(found[:, 0], right)


def test_ps1_forward_adds_up_units_and_inputs_for_all_sizes(rng):
    forward = solution("ps1", "forward")["forward"]
    for size in drawn.sizes(rng, "N", "d", "d_H", "K"):
        theta, X = (
            drawn_theta(rng, *list(size.values())[1:]),
            rng.normal(size=(size["N"], size["d"])),
        )
        H, f = forward(theta, X, "softplus", 0.0)
        for n, i in np.ndindex(H.shape):
            z = math.fsum([*theta["W"][i] * X[n], theta["b1"][i]])
            assert abs(H[n, i] - exact_softplus(z)) < 1e-13
        for n, k in np.ndindex(f.shape):
            assert abs(f[n, k] - math.fsum([*theta["C"][k] * H[n], theta["b2"][k]])) < 1e-13


@pytest.mark.parametrize(
    "p,first,second", [(0.5, (0, 4), (1, 2)), (0.9, (3, 3), (0, 10)), (0.2, (0, 0), (5, 6))]
)
def test_ps1_squared_standard_error_is_the_variance_of_the_risk_on_average(p, first, second):
    # Two samples a stratum, each one of two losses, equally likely: all sixteen data sets.
    risk_with_error = solution("ps1", "risk_with_error")["risk_with_error"]

    def stratum(p, losses):
        return p, np.zeros((2, 1)), np.sqrt(losses)[:, None]

    found = [
        risk_with_error([stratum(p, sample[:2]), stratum(1 - p, sample[2:])])
        for sample in itertools.product(first, first, second, second)
    ]
    risks, errors = np.transpose(found)
    assert abs(risks.mean() - (p * np.mean(first) + (1 - p) * np.mean(second))) < 1e-12
    assert abs(np.mean(errors**2) - risks.var()) < 1e-12


def test_ps1_loss_gradient_is_that_of_the_loss_by_differences_and_by_hand(rng):
    names = solution("ps1", "loss_gradient")
    gradient, loss = names["loss_gradient"], names["weighted_loss"]
    text = {"W": [[0.5]], "b1": [0], "C": [[4]], "b2": [3 - math.pi]}
    text = {name: np.array(value) for name, value in text.items()}
    given = np.array([2.0]), np.array([1.0]), np.array([[1.5]])  # the numbers of its text
    assert abs(loss(text, *given) - 6) < 1e-12
    assert abs(gradient(text, *given)["W"].item() - 24) < 1e-12
    for size in drawn.sizes(rng, "d", "d_H", "K"):
        theta, K = drawn_theta(rng, **size), size["K"]
        given = rng.normal(size=size["d"]), rng.normal(size=K), rng.normal(size=(K, K))
        found = gradient(theta, *given)
        for name, value in theta.items():
            slopes = numerical_gradient(lambda v: loss({**theta, name: v}, *given), value)  # noqa: B023
            assert np.allclose(found[name], slopes, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("steps", [1, 2, 9, 2000])
@pytest.mark.parametrize("first_rate,decay", [(0.2, 0), (0.01, 1e-3), (3.0, 1e4), (1e-9, 1)])
def test_ps1_sgd_on_one_sample_is_a_product_of_factors(rng, steps, first_rate, decay):
    decreasing_sgd = solution("ps1", "decreasing_sgd")["decreasing_sgd"]
    theta = {"C": rng.normal(size=(2, 1)), "b2": rng.normal(size=2)}
    found = decreasing_sgd(theta, np.zeros((1, 1)), np.zeros((1, 2)), steps, first_rate, decay, 0)
    rates = first_rate / (1 + decay * np.arange(steps))
    left = np.cumprod(1 - 2 * rates)  # h = 0 and y = 0: only b2 moves, by 2 b2 a step
    for state, factor in zip(found[:2], (left[-1], left.mean()), strict=True):
        assert np.allclose(state["b2"], factor * theta["b2"], rtol=1e-11, atol=1e-300)
        assert np.allclose(state["C"], theta["C"], rtol=1e-12)


def test_ps1_sgd_draws_rows_evenly_whatever_the_seed():
    decreasing_sgd = solution("ps1", "decreasing_sgd")["decreasing_sgd"]
    for seed in (0, 1, 2, 10**9):
        theta = {"C": np.zeros((1, 1)), "b2": np.zeros(1)}
        data = np.zeros((40, 1)), np.zeros((40, 1))
        laws.check_uniform("rows", decreasing_sgd(theta, *data, 1600, 0.1, 0, seed)[2], 40)


def in_fractions(theta, x):
    """Evaluate a ReLU network of one input exactly for these parameters."""
    x, K = Fraction(float(x)), len(theta["b2"])
    units = zip(theta["W"][:, 0].tolist(), theta["b1"].tolist(), strict=True)
    H = [max(Fraction(w) * x + Fraction(b), 0) for w, b in units]
    weights = theta["C"].tolist()
    return [
        float(
            sum(Fraction(c) * h for c, h in zip(weights[k], H, strict=True))
            + Fraction(float(theta["b2"][k]))
        )
        for k in range(K)
    ]


@pytest.mark.parametrize("n,gap", [(2, 200), (3, 0.1), (12, 0.1), (40, 5)])
@pytest.mark.parametrize("sign", [1, -1])
def test_ps1_built_network_is_the_curve_through_the_points(rng, n, gap, sign):
    build_network = solution("ps1", "build_network")["build_network"]
    knots = -100 + np.cumsum(gap * np.append(0, rng.uniform(0.99, 1, size=n - 1)))
    values = rng.normal(size=(n, 2))
    values[-1] = values[0]
    weights = sign * rng.permutation(np.geomspace(0.1, 10, n))
    order = rng.permutation(n)
    theta = build_network(knots[order], values[order], weights)
    for x in (-1000, -101, *knots, *(knots[1:] + knots[:-1]) / 2, 101, 1000):
        right = [np.interp(x, knots, column) for column in values.T]
        assert np.allclose(in_fractions(theta, x), right, rtol=0, atol=1e-10 * abs(values).max())


@pytest.mark.parametrize("r", [1e-6, 0.3, 1000.0])
def test_ps1_largest_bias_is_safe_and_no_larger_one_is(rng, r):
    stuck_minimum = solution("ps1", "stuck_minimum")["stuck_minimum"]
    for size in drawn.sizes(rng, "N", "d", "d_H"):
        X, W = rng.normal(size=(size["N"], size["d"])), rng.normal(size=(size["d_H"], size["d"]))
        b1 = stuck_minimum(X, np.zeros((size["N"], 1)), W, r)["b1"]
        rows = np.c_[X, np.ones(len(X))]
        for unit in np.c_[W, b1]:
            # What moves a unit's sum for a sample fastest is the sample's own direction.
            moves = r * rows / np.linalg.norm(rows, axis=1, keepdims=True)
            moved = unit + np.concatenate([moves, r * rng.normal(size=(50, len(unit)))])
            inside = np.linalg.norm(moved - unit, axis=1) <= r * (1 + 1e-9)
            highest = (moved[inside] @ rows.T).max()
            assert abs(highest) < 1e-9 * max(1, r)  # on the edge of being on, and not beyond it


def test_ps1_stuck_minimum_has_the_lowest_loss_of_all_constants(rng):
    stuck_minimum = solution("ps1", "stuck_minimum")["stuck_minimum"]
    for size in drawn.sizes(rng, "N", "d", "d_H", "K"):
        N, d, d_H, K = size.values()
        X, Y, W = rng.normal(size=(N, d)), rng.normal(size=(N, K)), rng.normal(size=(d_H, d))
        found = stuck_minimum(X, Y, W, 0.1)
        H = np.maximum(X @ W.T + found["b1"], 0)
        f = H @ rng.normal(size=(d_H, K)) + found["b2"]
        assert abs(found["loss"] - np.mean([np.dot(e, e) for e in f - Y])) < 1e-12
        for _ in range(5):
            other = found["b2"] + rng.normal(size=K)
            assert np.mean(np.sum((other - Y) ** 2, axis=1)) > found["loss"]


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
