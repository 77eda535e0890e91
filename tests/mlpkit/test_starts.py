"""What is said of all starts of a network is what they give when each is made, and steps."""

import itertools
import math

import numpy as np
import pytest

from mlpkit.exercises import starts
from mlpkit.wide import wide_gradient, wide_output


def by_networks(units, p, x, y, d_H, beta, alpha):
    """Make each network that can be drawn, in one array, and let it take the step."""
    choices = np.array(list(itertools.product(range(len(p)), repeat=d_H)))
    chances, theta = p[choices].prod(axis=1), units[choices]
    f = wide_output(theta, np.array([x]), beta)[:, 0]
    step = alpha * d_H ** (2 * beta - 1) * wide_gradient(theta, np.array([x]), [[y]], beta)
    mean = chances @ f
    return mean, chances @ (f - mean) ** 2, math.sqrt(chances @ np.sum(step[:, 0] ** 2, axis=1))


def drawn(rng, m):
    p = (1 + rng.multinomial(64 - m, np.ones(m) / m)) / 64
    return rng.normal(size=(m, 3)), p, *rng.normal(size=2)


@pytest.mark.parametrize("d_H", [1, 2, 3, 4, 5, 6])
@pytest.mark.parametrize("beta", [0.5, 0.8, 1.0])
def test_every_start_is_counted_with_its_probability(d_H, beta):
    rng = np.random.default_rng(d_H)
    for m in (1, 2, 4):
        given = *drawn(rng, m), d_H, beta, 0.7
        assert np.allclose(starts.wide(*given), by_networks(*given), rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize(
    "beta,var_power,moved_power", [(0.5, 0, -0.5), (0.75, -0.5, -0.25), (1, -1, 0)]
)
def test_wide_networks_in_pairs_go_as_the_lecture_says(beta, var_power, moved_power):
    units, p, x, y = drawn(np.random.default_rng(0), 3)
    units, p = np.concatenate([units, units * [-1, 1, 1]]), np.concatenate([p, p]) / 2
    first, second, limit = (
        np.array(starts.wide(units, p, x, y, d_H, beta, 0.3)) for d_H in (10**9, 10**12, math.inf)
    )
    assert first[0] == second[0] == limit[0] == 0
    assert np.allclose(second[1:] / first[1:], [1000.0**var_power, 1000.0**moved_power], rtol=1e-6)
    expected = np.where(np.array([var_power, moved_power]) == 0, second[1:], 0)
    assert np.allclose(limit[1:], expected, rtol=1e-6, atol=1e-13)
