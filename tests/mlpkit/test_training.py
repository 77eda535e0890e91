"""The lecture's algorithm, against a plain loop, and on data it must learn."""

import numpy as np
import pytest

from mlpkit.datasets import load_digits
from mlpkit.network import MLP
from mlpkit.training import accuracy, sgd


def data(N=7, d=3, K=2):
    rng = np.random.default_rng(5)
    return rng.standard_normal((N, d)), rng.integers(0, K, N)


@pytest.mark.parametrize("batch_size", [1, 3, 7, 100])
def test_sgd_takes_the_steps_of_a_plain_loop(batch_size):
    X, y = data()
    start = MLP(3, 4, 2, L=2, seed=1)
    trained, history = sgd(start, X, y, learning_rate=0.2, epochs=2, batch_size=batch_size, seed=9)
    plain, rng = start.with_theta(start.theta.copy()), np.random.default_rng(9)
    losses = []
    for _ in range(2):
        order, sum_of_losses = rng.permutation(7), 0.0
        for first in range(0, 7, batch_size):
            rows = order[first : first + batch_size]
            rho, gradient = plain.gradients(X[rows], y[rows])
            plain = plain.with_theta(plain.theta - 0.2 * gradient.theta)
            sum_of_losses += rho * len(rows)
        losses.append(sum_of_losses / 7)
    np.testing.assert_allclose(trained.theta, plain.theta, rtol=1e-12)
    assert history["loss"] == pytest.approx(losses, rel=1e-12)


def test_every_row_is_used_once_an_epoch():
    used = []

    X, y = data(N=10)
    network = MLP(3, 4, 2)
    inner = network.gradients_checked
    network.gradients_checked = lambda X, y, out: used.extend(X[:, 0]) or inner(X, y, out)
    sgd(network, X, y, learning_rate=0.1, epochs=2, batch_size=4)
    assert sorted(used[:10]) == sorted(used[10:]) == sorted(X[:, 0])
    assert used[:10] != used[10:]


def test_the_given_network_is_left_as_it_is():
    X, y = data()
    network = MLP(3, 4, 2)
    before = network.theta.copy()
    sgd(network, X, y, learning_rate=0.5)
    np.testing.assert_array_equal(network.theta, before)


def test_the_same_seed_gives_the_same_network_and_another_gives_another():
    X, y = data()
    first, second, other = (
        sgd(MLP(3, 4, 2), X, y, learning_rate=0.1, seed=seed)[0].theta for seed in (1, 1, 2)
    )
    assert (first == second).all()
    assert (first != other).any()


def test_a_schedule_is_asked_for_each_step():
    asked = []
    X, y = data()
    sgd(
        MLP(3, 4, 2),
        X,
        y,
        learning_rate=lambda step: asked.append(step) or 0.1,
        epochs=2,
        batch_size=3,
    )
    assert asked == [0, 1, 2, 3, 4, 5]


def test_the_digits_are_learnt_to_96_percent_on_rows_not_trained_on():
    digits = load_digits()
    network, history = sgd(
        MLP(64, 64, 10),
        digits.X_train,
        digits.y_train,
        learning_rate=0.1,
        epochs=30,
        batch_size=16,
        test=(digits.X_test, digits.y_test),
    )
    assert history["test_accuracy"][-1] == accuracy(network, digits.X_test, digits.y_test) >= 0.96
    assert history["loss"][-1] < 0.1 * history["loss"][0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"learning_rate": 0}, "learning_rate must be finite and above 0, got 0"),
        ({"learning_rate": "fast"}, "learning_rate must be finite and above 0, got 'fast'"),
        ({"learning_rate": float("nan")}, "learning_rate must be finite and above 0, got nan"),
        ({"epochs": 0}, "epochs must be an integer >= 1, got 0"),
        ({"batch_size": 1.5}, "batch_size must be an integer >= 1, got 1.5"),
        ({"test": (np.zeros((1, 2)), [0])}, r"X must have shape \(N, 3\)"),
    ],
)
def test_bad_settings_are_refused_by_name(options, message):
    X, y = data()
    with pytest.raises(ValueError, match=message):
        sgd(MLP(3, 4, 2), X, y, **({"learning_rate": 0.1} | options))
