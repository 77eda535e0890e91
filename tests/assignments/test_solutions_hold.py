"""The official answers agree with independent ones over the whole range that the texts allow."""

import itertools
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from mlpkit import costs, instruments, lifetimes, mixed_network, wide
from mlpkit.autodiff import Variable, gradients
from mlpkit.exercises import by_tape, drawn, laws, programs
from mlpkit.exercises.weights import Weights, check_weights
from mlpkit.gradcheck import numerical_gradient
from mlpkit.network import MLP
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


def test_ps3_forward_is_right_sample_by_sample_and_for_scores_far_apart(rng):
    forward = solution("ps3", "forward")["forward"]
    for L in (1, 3):
        for words, sigma, (X, _, W, b, _) in mixed_network.problems(rng, L):
            Z, H, f = forward(X, W, b, sigma)
            for n, below in enumerate(X):
                for layer, kind in enumerate(sigma):
                    z = [
                        math.fsum(row * below) + c
                        for row, c in zip(W[layer], b[layer], strict=True)
                    ]
                    below = mixed_network.activate(kind, np.array(z))
                    assert np.allclose(Z[layer][n], z, rtol=1e-12, atol=1e-14), words
                    assert np.allclose(H[layer][n], below, rtol=1e-12, atol=1e-14), words
                U = [math.fsum(row * below) + c for row, c in zip(W[-1], b[-1], strict=True)]
                assert np.allclose(f[n], np.exp(exact_log_softmax(U)), atol=1e-12), words
    for U in [*drawn.scores(rng, 4, 3), 1e5 * rng.uniform(-1, 1, size=(4, 5))]:
        found = forward(np.eye(4), [np.eye(4), U.T], [np.zeros(4), np.zeros(U.shape[1])], [1])
        right = np.exp([exact_log_softmax(row) for row in U])
        assert np.all(abs(found[2] - right) <= 1e-10)


def test_ps3_recursion_and_gradients_are_those_of_the_mean_loss_by_differences(rng):
    names = solution("ps3", "forward", "delta_recursion", "all_gradients")

    def loss(X, y, W, b, sigma):
        f = names["forward"](X, W, b, sigma)[2]
        return -np.mean(np.log(f[np.arange(len(y)), y]))

    for L in (1, 3):
        for words, sigma, (X, y, W, b, _) in mixed_network.problems(rng, L):
            Z, H, f = names["forward"](X, W, b, sigma)
            dU = (f - np.eye(f.shape[1])[y]) / len(X)
            delta = names["delta_recursion"](Z, W, sigma, dU)
            dW, db = names["all_gradients"](X, y, Z, H, f, delta, sigma)
            for each, parameters in ((dW, W), (db, b)):
                for gradient, value in zip(each, parameters, strict=True):
                    at = tuple(rng.integers(value.shape))
                    kept, found = value[at], []
                    for step in (1e-5, -1e-5):
                        value[at] = kept + step
                        found.append(loss(X, y, W, b, sigma))
                    value[at] = kept
                    assert abs((found[0] - found[1]) / 2e-5 - gradient[at]) < 1e-7, words


def test_ps3_initial_weights_have_the_law_that_the_text_asks_for():
    initial_weights = solution("ps3", "initial_weights")["initial_weights"]
    widths, slopes, calls = [1, 3000, 2, 3000, 3, 3000], [0, 1, 0.3, 0.5], []
    for seed in (0, 1, 2**31, 2**32 - 1, 5, 6, 7, 8, 9):
        W, b = initial_weights(widths, slopes, seed)
        assert all((each == 0).all() for each in b)
        # E max(z, az)² is (1 + a²)/2 of E z² by symmetry: half of z is multiplied by a.
        passed = [*((1 + a * a) / 2 for a in slopes), 1]
        each = zip(W, passed, widths, strict=False)
        calls.append([Weights("W", M, 1 / share / n) for M, share, n in each])
    check_weights(calls)
    kurtosis = np.mean(W[1] ** 4) / np.mean(W[1] ** 2) ** 2
    assert 2.7 < kurtosis < 3.3


def test_ps3_momentum_sums_past_gradients_as_fractions_do(rng):
    momentum = solution("ps3", "momentum")["momentum"]
    for T, mu in ((1, 0), (5, 0), (7, 0.5), (9, 0.99)):
        theta = {"A": rng.normal(size=(2, 3)), "c": np.array([0.0, -1.0])}
        rates = [float(rate) for rate in rng.uniform(0.001, 0.05, size=T)]
        path = momentum(theta, rates, mu)
        for name, stiff in (("A", [0.2, 2.0, 20.0] * 2), ("c", [5.0] * 2)):
            for entry, s in enumerate(stiff):
                t = Fraction(float(theta[name].flat[entry]))
                gradients = []
                for step, rate in enumerate(rates):
                    gradients.append(Fraction(s) * t)
                    powers = [Fraction(mu) ** (step - k) for k in range(step + 1)]
                    t -= Fraction(rate) * sum(p * g for p, g in zip(powers, gradients, strict=True))
                    assert abs(path[step][name].flat[entry] - float(t)) < 1e-12
        assert len(path) == T


def exact_norm(gradients):
    total = sum(Fraction(float(v)) ** 2 for g in gradients for v in g.flat)
    shift = 2 ** max(0, 600 - (total.numerator.bit_length() - total.denominator.bit_length()))
    return Fraction(math.isqrt(int(total * shift * shift)), shift)


@pytest.mark.parametrize("exponents", [(-100, -100), (-100, 200), (199, 200), (-3, 3), (150, 200)])
def test_ps3_clipping_is_right_from_the_smallest_entries_to_the_largest(rng, exponents):
    clip_gradients = solution("ps3", "clip_gradients")["clip_gradients"]
    for shapes in ([(1,)], [(3, 2), (2,)], [(2, 2, 2), (1,), (4,)]):
        size = [10.0 ** rng.uniform(*exponents, size=shape) for shape in shapes]
        gradients = [s * rng.choice([-1, 0, 1], size=s.shape) for s in size]
        gradients[-1][0] = -(10.0 ** exponents[1])
        for limit in (1e-100, 1.0, 1e100):
            clipped, norm = clip_gradients(gradients, limit)
            right = exact_norm(gradients)
            assert abs(Fraction(float(norm)) / right - 1) < Fraction(1, 10**12)
            factor = min(Fraction(1), Fraction(limit) / right)
            for found, g in zip(clipped, gradients, strict=True):
                for v, old in zip(found.flat, g.flat, strict=True):
                    expected = Fraction(float(old)) * factor
                    slack = abs(expected) / 10**12 + Fraction(1, 10**320)
                    assert abs(Fraction(float(v)) - expected) <= slack


@pytest.mark.parametrize("exponent", [-100, -50, 0, 50, 99])
def test_ps3_diagnosis_is_right_for_any_scale_by_exact_means_of_squares(rng, exponent):
    names = solution("ps3", "vanishing_layer")

    def square(A):
        return sum(Fraction(float(v)) ** 2 for v in A.flat) / A.size

    seen = set()
    for trial in range(60):
        L, N = int(rng.integers(1, 6)), int(rng.integers(1, 4))
        sizes = rng.uniform(0.3, 1, size=L) * 10.0 ** -rng.uniform(0, 0.6, size=L).cumsum()[::-1]
        shapes = [(N, int(rng.integers(1, 4))) for _ in range(L)]
        delta = [
            10.0**exponent * s * rng.uniform(1, 9, size=n)
            for s, n in zip(sizes, shapes, strict=True)
        ]
        Z = [rng.normal(size=shape) + 1 for shape in shapes]
        sigma = [["tanh", "sigmoid", 0.1, 1, 0][rng.integers(5)] for _ in range(L)]
        through = [d * names["slope"](s, z) for d, s, z in zip(delta, sigma, Z, strict=True)]
        for m in range(L - 1, 0, -1):
            if not through[m].any():
                delta[:m] = [0 * d for d in delta[:m]]
                break
        share = float(rng.uniform(0.05, 0.9))
        right, slopes = (0, "none"), Fraction(1)
        for m in range(L - 1, 0, -1):
            quotient = square(delta[m - 1]) / square(delta[-1])
            slopes *= square(through[m]) / square(delta[m])
            if quotient < Fraction(share) ** 2:
                right = (m, "slopes" if slopes == 0 or slopes**2 < quotient else "weights")
                break
        assert names["vanishing_layer"](delta, Z, sigma, share) == right, trial
        seen.add(right[1])
    assert seen == {"none", "slopes", "weights"}


@pytest.mark.parametrize("steps,alpha", [(1, 2.0), (3, 1e-3), (60, 0.3)])
def test_ps3_training_is_that_of_the_package_s_tape(rng, steps, alpha):
    train = solution("ps3", "train")["train"]
    through = {"tanh": Variable.tanh, "sigmoid": Variable.sigmoid, 0: Variable.relu}
    deep = [2, 3, 3, 2, 3], ["sigmoid", "tanh", 0]
    for widths, sigma in (([3, 4, 2], [0]), ([1, 1, 1], ["tanh"]), deep):
        X, y, W, b, _ = mixed_network.problem(rng, 7, widths, sigma)
        W[0] *= 0
        minibatches = [rng.integers(7, size=rng.integers(1, 5)).tolist() for _ in range(steps)]
        theta = [array.copy() for array in (*W, *b)]
        for rows in minibatches:
            variables = [Variable(array) for array in theta]
            H = Variable(X[rows])
            for V, c, kind in zip(variables, variables[len(W) :], sigma, strict=False):
                H = through[kind](H @ V.T + c)
            U = H @ variables[len(W) - 1].T + variables[-1]
            rho = by_tape.OPERATIONS["cross_entropy"](U, y[rows])
            found = gradients(rho, variables)
            theta = [array - alpha * slope for array, slope in zip(theta, found, strict=True)]
        answer = train(X, y, list(W), list(b), sigma, minibatches, alpha)
        for got, right in zip([*answer[0], *answer[1]], theta, strict=True):
            assert np.allclose(got, right, rtol=1e-11, atol=1e-13 * abs(right).max())


def multiplied(step, N, widths):
    """Multiply number by number through one step, and count by phase and layer."""
    layers = range(1, len(widths))
    tally = {
        name: [0 for _ in layers] for name in ("forward", "weights", "delta", "slopes", "loss")
    }

    def product(phase, layer, rows, inner, columns):
        for _ in np.ndindex(rows, columns, inner):
            tally[phase][layer - 1] += 1

    for layer in layers:
        product("forward", layer, N, widths[layer - 1], widths[layer])
    for _ in np.ndindex(N, widths[-1], 2):  # by the softmax's sum and by N
        tally["loss"][-1] += 1
    for layer in reversed(layers):
        if layer < layers[-1]:
            for _ in np.ndindex(N, widths[layer]):
                tally["slopes"][layer - 1] += 1
        if layer > 1 or step != "frozen":
            product("weights", layer, widths[layer], N, widths[layer - 1])
        if layer > 1 or step == "input":
            product("delta", layer, N, widths[layer], widths[layer - 1])
    return tally


def some_widths(rng):
    return [*drawn.widths(rng, 3), *drawn.widths(rng, 4), rng.integers(1, 4, size=9).tolist()]


def test_ps4_operations_are_those_that_are_done(rng):
    operations = solution("ps4", "operations")["operations"]
    for widths in some_widths(rng):
        for N in (1, 3, widths[-1]):
            assert operations(N, widths) == multiplied("plain", N, widths)


def test_ps4_widening_is_the_largest_within_the_budget(rng):
    parameters = solution("ps4", "parameters")["parameters"]

    def size(widths, m):
        w = [widths[0], *(m * width for width in widths[1:-1]), widths[-1]]
        return sum(a * b for a, b in itertools.pairwise(w)) + sum(w[1:])

    for widths in some_widths(rng):
        assert size(widths, 2) == instruments.counted_parameters(
            [widths[0], *(2 * width for width in widths[1:-1]), widths[-1]]
        )
        sizes = [0, *(size(widths, m) for m in range(1, 5))]
        for budget in range(sizes[-1]):
            m = sum(each <= budget for each in sizes[1:])
            assert parameters(widths, budget) == (sizes[1], m, sizes[m])
    for m in (1_099_999, 1_100_000):
        for widths in ([1, 1, 1], [2, 7, 3], [900, 1, 900]):
            just = size(widths, m)
            assert parameters(widths, just) == (size(widths, 1), m, just)
            assert parameters(widths, just - 1)[1] == m - 1


@pytest.mark.parametrize("step", ["plain", "input", "frozen"])
def test_ps4_correction_is_the_difference_and_vanishes_where_it_says(rng, step):
    correction = solution("ps4", "correction")["correction"]

    def right(N, L, d, d_H, K):
        tally = multiplied(step, N, [d, *[d_H] * L, K])
        return sum(map(sum, tally.values())) - costs.operations_as_printed(N, L, d, d_H, K)

    for size in drawn.sizes(rng, "N", "L", "d", "d_H", "K"):
        difference, vanishes = correction(**size, step=step)
        assert difference == right(**size)
        zeros = [d for d in range(1, 3 * size["d_H"]) if right(**size | {"d": d}) == 0]
        assert [vanishes] == (zeros or [0])
    d_H = 600_000
    if step == "plain":
        expected = costs.operations_difference(9, 1, 5, d_H, 2), 2 * d_H
        assert correction(9, 1, 5, d_H, 2, step) == expected


def test_ps4_memory_keeps_Z_just_where_one_h_has_two_slopes():
    memory = solution("ps4", "memory")["memory"]
    z = np.linspace(-9, 9, 18001)
    s = 1 / (1 + np.exp(-z))
    pairs = {
        "tanh": (np.tanh(z), 1 - np.tanh(z) ** 2),
        "sigmoid": (s, s * (1 - s)),
        "softplus": (np.log1p(np.exp(z)), s),
        "relu": (np.maximum(z, 0), (z > 0).astype(float)),
        "swish": (z * s, s + z * s * (1 - s)),
        "sine": (np.sin(z), np.cos(z)),
    }
    for kind, (h, slope) in pairs.items():
        order = np.lexsort((slope, h))
        near = np.diff(h[order]) < 1e-6
        two_slopes = bool(np.any(near & (abs(np.diff(slope[order])) > 0.01)))
        by_layer, found = memory(5, [2, 3, 1], [kind], 100, 4)
        assert by_layer == [15 * (1 + two_slopes)], kind
        assert found == 4 * (100 + by_layer[0])


@pytest.mark.parametrize("hold", ["segment", "layer"])
def test_ps4_recomputing_costs_what_is_counted_and_measured(rng, hold):
    recompute = solution("ps4", "recompute")["recompute"]
    for L in range(1, 7):
        for k in (*range(1, L + 2), 50):
            N, widths = int(rng.integers(1, 4)), rng.integers(1, 6, size=L + 2).tolist()
            plain, given = instruments.counted_plain(N, widths), (N, widths, k, hold)
            found = recompute(*given, plain)
            assert found == (
                instruments.counted_recomputing(*given),
                instruments.measured_recomputing(*given),
            )


def test_ps4_best_k_is_one_that_no_other_is_better_than(rng):
    best_k = solution("ps4", "best_k")["best_k"]
    for L in (1, 2, 3, 5, 9):
        for _ in range(40):
            operations, stored = rng.integers(1, 4, size=(2, L)).tolist()
            N, P, itemsize = map(int, rng.integers(1, 9, size=3))
            needs = [itemsize * (P + P + N * numbers) for numbers in stored]
            for budget in {0, *needs, *(need - 1 for need in needs)}:
                k, needed = best_k(operations, stored, N, P, itemsize, budget)
                fits = [i for i in range(L) if needs[i] <= budget]
                assert needed == (needs[k - 1] if fits else 0) <= budget
                for i in fits:
                    other, best = ((operations[j], stored[j], j) for j in (i, k - 1))
                    assert best <= other
                assert bool(k) == bool(fits)


@pytest.mark.parametrize("N", [1, 4, 90])
def test_ps4_most_at_once_is_what_a_real_step_holds(rng, N):
    most_at_once = solution("ps4", "most_at_once")["most_at_once"]
    for widths in some_widths(rng):
        needs = rng.choice(["Z", "H"], size=len(widths) - 2).tolist()
        for each in (needs, ["Z"] * len(needs), ["H"] * len(needs)):
            most, names = lifetimes.most_alive(N, widths, each)
            found = most_at_once(N, widths, each)
            assert found[0] == most
            assert sorted(found[1]) == sorted(names)


def computed_with_two_arrays(L, place):
    """Play 7 (b) with H^place kept beside the H at work; count how often layers are computed."""
    times = [0] * (L + 1)
    for layer in range(1, place + 1):  # on the way up H^place is put aside
        times[layer] += 1
    for top in range(L, 0, -1):
        start = place if top >= place else 0
        for layer in range(start + 1, top + 1):
            times[layer] += 1
    return times[1:]


@pytest.mark.parametrize("L", range(1, 9))
def test_ps4_sums_of_the_written_exercise_are_those_of_its_algorithms(L):
    N, d, d_H = 3, 5, 4
    work = [N * d * d_H, *[N * d_H * d_H] * (L - 1)]
    from_X = [L - layer for layer in range(L)]
    extra = sum((n - 1) * each for n, each in zip(from_X, work, strict=True))
    assert extra == N * ((L - 1) * d * d_H + (L - 1) * (L - 2) // 2 * d_H**2)
    assert extra + instruments.counted_plain(N, [d, *[d_H] * L, 2]) == (
        instruments.counted_recomputing(N, [d, *[d_H] * L, 2], L, "layer")
    )
    for c in range(1, L + 1):
        times = computed_with_two_arrays(L, c)
        extra = sum((n - 1) * each for n, each in zip(times, work, strict=True))
        assert extra == N * (
            (c - 1) * d * d_H + ((c - 1) * (c - 2) + (L - c) * (L - c - 1)) // 2 * d_H**2
        )


def differences(rho, arrays, h=1e-5):
    """Differentiate a number in each entry of some arrays, which it is a function of."""
    found = [np.zeros(np.shape(array)) for array in arrays]
    for array, slope in zip(arrays, found, strict=True):
        for at in np.ndindex(array.shape):
            kept, sides = array[at], []
            for step in (h, -h):
                array[at] = kept + step
                sides.append(rho())
            array[at] = kept
            slope[at] = (sides[0] - sides[1]) / (2 * h)
    return found


def test_ps5_order_has_each_value_after_what_it_is_made_of(rng):
    order_of = solution("ps5", "topological_order")["topological_order"]
    graphs = [{"0": []}, {"0": []} | {f"{k + 1}": [f"{k}"] * 2 for k in range(19_999)}]
    graphs.append({f"{k}": [f"{m}" for m in range(k)] for k in range(440)})  # 96,580 names
    for K in rng.integers(1, 40, size=60):
        drawn_graph = {f"{k}": rng.integers(k, size=rng.integers(5) * (k > 0)) for k in range(K)}
        graphs.append({k: [f"{m}" for m in inputs] for k, inputs in drawn_graph.items()})
    for graph in graphs:
        for output in {"0", f"{len(graph) - 1}", f"{len(graph) // 2}"}:
            order, below, waiting = order_of(graph, output), {output}, [output]
            while waiting:
                new = set(graph[waiting.pop()]) - below
                below |= new
                waiting.extend(new)
            assert sorted(order) == sorted(below)
            place = {name: number for number, name in enumerate(order)}
            assert all(place[m] < place[name] for name in order for m in graph[name])


def test_ps5_shares_of_sum_and_product_are_those_by_differences(rng):
    names = solution("ps5", "broadcast_rule")
    rule, compute = names["broadcast_rule"], names["compute"]
    for _ in range(150):
        whole = rng.integers(1, 4, size=rng.integers(5))
        shapes = [np.where(rng.random(len(whole)) < 0.4, 1, whole) for _ in range(2)]
        shapes = [tuple(shape[rng.integers(len(whole) + 1) :]) for shape in shapes]
        a, b = (np.array(rng.normal(size=shape)) for shape in shapes)
        g = np.array(rng.normal(size=np.broadcast_shapes(*shapes)))
        for operation in ("+", "×"):

            def total(operation=operation, a=a, b=b, g=g):
                return np.sum(g * compute(operation, [a, b]))

            right = differences(total, [a, b], 0.5)
            for found, share in zip(rule(operation, a, b, g), right, strict=True):
                assert np.shape(found) == np.shape(share)
                assert np.allclose(found, share, rtol=1e-10, atol=1e-12)


def test_ps5_shares_of_products_relu_and_cross_entropy_are_those_by_differences(rng):
    names = solution("ps5", "rule")
    rule, compute = names["rule"], names["compute"]

    def compare(operation, values, g, differentiated):
        right = differences(lambda: np.sum(g * compute(operation, values)), differentiated)
        for found, share in zip(rule(operation, values, g), right, strict=True):
            assert np.shape(found) == np.shape(share)
            assert np.allclose(found, share, rtol=0, atol=1e-9)

    for size in drawn.sizes(rng, *"Snkm", largest=5):
        S, n, k, m = size.values()
        for left in ((n, k), (S, n, k)):
            for right in ((k, m), (S, k, m)):
                values = [rng.normal(size=left), rng.normal(size=right)]
                compare("@", values, rng.normal(size=(values[0] @ values[1]).shape), values)
        Z = np.array(rng.normal(size=(n, k)[: S % 3]))
        compare("relu", [Z], rng.normal(size=Z.shape), [Z])
        for y in drawn.labels(rng, n, k):
            U = rng.normal(size=(n, k))
            compare("cross_entropy", [U, y], float(rng.normal()), [U])


def test_ps5_share_of_large_scores_is_as_right_as_its_text_promises(rng):
    rule = solution("ps5", "rule")["rule"]
    for U in [*drawn.scores(rng, 4, 3), 4e4 * rng.normal(size=(5, 4)).clip(-2, 2)]:
        y = rng.integers(U.shape[1], size=len(U))
        f = np.exp([exact_log_softmax(row) for row in U])
        right = (f - np.eye(U.shape[1])[y]) / len(y)
        assert np.all(abs(rule("cross_entropy", [U, y], -3.0)[0] + 3 * right) <= 3e-9)


def test_ps5_walk_back_solves_the_chain_rule_s_linear_equations(rng):
    walk_back = solution("ps5", "walk_back")["walk_back"]
    for count in (1, 2, *rng.integers(3, 20, size=40), 2000):
        lengths = rng.integers(1, 4 if count < 100 else 2, size=count)
        output = int(rng.integers(count))
        lengths[output], ends, tape = 1, [], []
        for k, length in enumerate(lengths):
            inputs = [int(i) for i in rng.integers(k, size=rng.integers(4) if k else 0)]
            shapes = [(length, lengths[i]) for i in inputs]
            jacobians = [0.5 * rng.normal(size=s) * (rng.random(s) < 0.8) for s in shapes]
            tape.append({"value": np.zeros(length), "inputs": inputs, "jacobians": jacobians})
        ends = np.cumsum(lengths)
        places = [slice(end - length, end) for end, length in zip(ends, lengths, strict=True)]
        local, start = np.eye(ends[-1]), np.zeros(ends[-1])
        start[places[output]] = 1
        for place, node in zip(places, tape, strict=True):
            for i, jacobian in zip(node["inputs"], node["jacobians"], strict=True):
                local[place, places[i]] -= jacobian
        right = np.linalg.solve(local.T, start)
        found = walk_back(tape, output)
        assert [np.shape(bar) for bar in found] == [(length,) for length in lengths]
        assert np.allclose(np.concatenate(found), right, rtol=1e-10, atol=1e-12 * abs(right).max())


def test_ps5_step_is_that_by_differences_for_programs_of_all_kinds(rng):
    names = solution("ps5", "training_step")
    step, compute = names["training_step"], names["compute"]
    for _ in range(60):
        program, theta, data = programs.drawn_program(rng)

        def rho(program=program, theta=theta, data=data):
            made = {**theta, **data}
            for name, operation, inputs in program:
                made[name] = compute(operation, [made[i] for i in inputs])
            return made[program[-1][0]]

        found, new = step(program, theta, data, 0.1)
        assert np.shape(found) == ()
        assert abs(found - rho()) < 1e-12
        right = differences(rho, list(theta.values()))
        for (name, value), slope in zip(theta.items(), right, strict=True):
            assert np.shape(new[name]) == value.shape
            assert np.allclose((value - new[name]) / 0.1, slope, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("line", [["v", "w"], ["v", "v"]])
def test_ps5_step_of_two_vectors_and_of_two_losses(line, rng):
    step = solution("ps5", "training_step")["training_step"]
    program = [("b", "+", line), ("U", "+", ["X", "b"]), ("l", "cross_entropy", ["U", "y"])]
    program += [("m", "cross_entropy", ["X", "y"]), ("rho", "+", ["l", "m"])]
    for N in (1, 3, 5):
        X, y = rng.normal(size=(N, 3)), rng.integers(3, size=N)
        theta = {"v": rng.normal(size=3), "w": rng.normal(size=3)}
        new = step(program, theta, {"X": X, "y": y}, 2.0)[1]
        f = np.exp([exact_log_softmax(row) for row in X + theta[line[0]] + theta[line[1]]])
        right = (f - np.eye(3)[y]).mean(axis=0)
        assert np.allclose((theta["v"] - new["v"]) / 2, right * (1 + (line[1] == "v")))
        assert np.allclose((theta["w"] - new["w"]) / 2, right * (line[1] == "w"))


def test_ps5_step_of_the_lecture_s_network_is_that_of_8(rng):
    names = solution("ps5", "training_step")
    for size in drawn.sizes(rng, "N", "d", "d_H", "K"):
        N, d, d_H, K = size.values()
        network = MLP(d, d_H, K, seed=3)
        network.b[0][:] = rng.normal(size=d_H)
        X, y = rng.normal(size=(N, d)), rng.integers(K, size=N)
        arrays = (network.W[0], network.b[0], network.W[1], network.b[1])
        theta = dict(zip(("W", "b1", "C", "b2"), arrays, strict=True))
        rho, right = network.gradients(X, y)
        found, new = names["training_step"](names["NETWORK"], theta, {"X": X, "y": y}, 0.5)
        assert abs(found - rho) < 1e-12
        steps = (right.W[0], right.b[0], right.W[1], right.b[1])
        for name, gradient in zip(theta, steps, strict=True):
            assert np.allclose(theta[name] - 0.5 * gradient, new[name], rtol=1e-12, atol=1e-14)


def test_ps5_loop_gradient_is_that_of_the_package_s_tape(rng):
    loop_gradient = solution("ps5", "loop_gradient")["loop_gradient"]
    for n, factor, limit in (
        (1, 0.9, 0.1),
        (4, 0.9, 0.01),
        (20, 0.9, 0.5),
        (3, 1.0, 0.03),
        (2, 0, 1),
    ):
        for x in (rng.normal(size=n), np.zeros(n)):
            W, c = factor * np.linalg.qr(rng.normal(size=(n, n)))[0], rng.normal(size=n)
            h = X = Variable(x)
            V, turns = Variable(W), 0
            while np.linalg.norm(h.value) > limit:
                h, turns = V @ h.tanh(), turns + 1
            right = turns, *gradients((h * Variable(c)).sum(), [X, V])
            for found in (loop_gradient(x, W, c, limit), by_tape.loop(x, W, c, limit)):
                for each, expected in zip(found, right, strict=True):
                    assert np.shape(each) == np.shape(expected)
                    assert np.allclose(each, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("beta", [0.5, 0.7, 1.0])
def test_ps5_wide_network_is_what_all_its_starts_are(rng, beta):
    wide_network = solution("ps5", "wide_network")["wide_network"]
    for m, d_H in ((1, 1), (1, 4), (2, 2), (3, 5), (4, 3)):
        units, p = rng.normal(size=(m, 3)), rng.dirichlet(np.ones(m))
        x, y, alpha = rng.normal(size=3) ** 2
        starts = np.array(list(itertools.product(range(m), repeat=d_H)))
        chances, theta, at = p[starts].prod(axis=1), units[starts], np.array([x])
        f = wide.wide_output(theta, at, beta)[:, 0]
        step = alpha * d_H ** (2 * beta - 1) * wide.wide_gradient(theta, at, [[y]], beta)
        mean = chances @ f
        right = mean, chances @ (f - mean) ** 2, np.sqrt(chances @ (step[:, 0] ** 2).sum(axis=1))
        found = wide_network(units, p, x, y, d_H, beta, alpha)
        assert np.allclose(found, right, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("beta", [0.5, 0.55, 0.8, 0.95, 1.0])
def test_ps5_limits_are_what_ever_wider_networks_come_near_to(rng, beta):
    wide_network = solution("ps5", "wide_network")["wide_network"]
    units, p = rng.normal(size=(3, 3)), rng.dirichlet(np.ones(3))
    given = np.concatenate([units, units * [-1, 1, 1]]), np.concatenate([p, p]) / 2, 0.7, -1.3
    limit = np.array(wide_network(*given, math.inf, beta, 0.4))
    far = [
        np.abs(wide_network(*given, d_H, beta, 0.4) - limit)[1:] for d_H in (10**3, 10**6, 10**9)
    ]
    for widths_apart in (far[0] / 1.2 - far[1], far[1] / 1.2 - far[2]):
        assert np.all(widths_apart >= -1e-9)
    assert limit[0] == 0
    assert np.all(far[2] < 0.6 * np.maximum(far[0], 1e-6))
