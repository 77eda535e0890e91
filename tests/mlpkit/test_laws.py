"""Random numbers of the right distribution pass for every seed, those of others don't."""

import numpy as np
import pytest

from mlpkit.exercises.laws import check_no_drift, check_shuffled, check_uniform

N, COUNT, DRAWS = 600, 20, 5000


def swaps(rng, number):
    order = np.arange(N)
    for _ in range(number):
        pair = rng.integers(N, size=2)
        order[pair] = order[pair[::-1]]
    return order


def halves(rng):
    return [rng.permutation(N // 2), N // 2 + rng.permutation(N // 2)]


NO_SHUFFLES = {
    "as they are": lambda rng: np.arange(N),
    "begins at a random row": lambda rng: np.roll(np.arange(N), rng.integers(1, N)),
    "two change places": lambda rng: swaps(rng, 1),
    "as many swaps as rows": lambda rng: swaps(rng, N),
    "half by half": lambda rng: np.concatenate(halves(rng)),
    "one of each half in turn": lambda rng: np.transpose(halves(rng)).ravel(),
    "even ones first": lambda rng: np.concatenate([2 * rng.permutation(300), np.arange(1, N, 2)]),
    "batches shuffled": lambda rng: rng.permutation(np.arange(N).reshape(60, 10)).ravel(),
    "shuffled in batches": lambda rng: rng.permuted(np.arange(N).reshape(60, 10), axis=1).ravel(),
    "batches sorted": lambda rng: np.sort(rng.permutation(N).reshape(60, 10), axis=1).ravel(),
    "steps of one size": lambda rng: (np.arange(N) * 7 + rng.integers(N)) % N,
    "moved a little": lambda rng: np.argsort(np.arange(N) + rng.uniform(0, 100, size=N)),
}


def any_other(rng, rows=range(N)):
    order = np.arange(N)
    for row in rows:
        pair = [row, rng.integers(N)]
        order[pair] = order[pair[::-1]]
    return order


# Each shows too little in one order, and enough in several.
DRIFTS = {
    "each row with any other": any_other,
    "from the last to the first": lambda rng: any_other(rng, range(N)[::-1]),
    "the places of each row with any other": lambda rng: np.argsort(any_other(rng)),
}

NOT_UNIFORM = {
    "an epoch at a time": lambda rng: np.concatenate([rng.permutation(COUNT) for _ in range(250)]),
    "three epochs at a time": lambda rng: rng.permuted(
        np.tile(np.arange(DRAWS) % COUNT, 3).reshape(-1, 3 * COUNT), axis=1
    ).ravel(),
    "never twice running": lambda rng: np.cumsum(rng.integers(1, COUNT, size=DRAWS)) % COUNT,
    "each equally often": lambda rng: rng.permutation(np.arange(DRAWS) % COUNT),
    "never the last": lambda rng: rng.integers(COUNT - 1, size=DRAWS),
    "never the first": lambda rng: rng.integers(1, COUNT, size=DRAWS),
    "rounded": lambda rng: np.rint(rng.uniform(0, COUNT - 1, size=DRAWS)).astype(int),
    "each twice": lambda rng: np.repeat(rng.integers(COUNT, size=DRAWS // 2), 2),
    "in turn": lambda rng: np.arange(DRAWS) % COUNT,
    "not in the range": lambda rng: rng.integers(COUNT + 1, size=DRAWS),
}


def test_a_shuffle_passes_for_every_seed():
    for seed in range(300):
        check_shuffled("order", np.random.default_rng(seed).permutation(N))


def test_shuffles_do_not_drift_for_any_seed():
    for seed in range(100):
        rng = np.random.default_rng(seed)
        check_no_drift("orders", [rng.permutation(N) for _ in range(18)])


@pytest.mark.parametrize("name", DRIFTS)
def test_what_moves_rows_to_one_side_drifts_for_nearly_every_seed(name):
    caught = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        try:
            check_no_drift("orders", [DRIFTS[name](rng) for _ in range(18)])
        except AssertionError as error:
            caught += "to one side" in str(error)
    assert caught >= 19


@pytest.mark.parametrize("name", NO_SHUFFLES)
def test_what_is_no_shuffle_fails_for_every_seed(name):
    for seed in range(20):
        with pytest.raises(AssertionError, match=r"^order: "):
            check_shuffled("order", NO_SHUFFLES[name](np.random.default_rng(seed)))


NOT_UNIFORM_OF_MANY = {
    "those of a byte": lambda rng: rng.integers(256, size=1600),
    "each at most twice": lambda rng: rng.permutation(np.arange(1600) % 1200),
    "one half more often": lambda rng: rng.integers(1200, size=1600) // rng.integers(1, 3, 1600),
    "steps to a neighbour": lambda rng: np.cumsum(rng.integers(-1, 2, size=1600)) % 1200,
    "always the same": lambda rng: np.full(1600, rng.integers(1200)),
}


@pytest.mark.parametrize("draws,count", [(DRAWS, COUNT), (1600, 12), (1600, 40), (1600, 1200)])
def test_even_draws_pass_for_every_seed(draws, count):
    for seed in range(300):
        check_uniform("rows", np.random.default_rng(seed).integers(count, size=draws), count)


@pytest.mark.parametrize("name", NOT_UNIFORM_OF_MANY)
def test_what_is_not_drawn_evenly_from_many_fails_for_every_seed(name):
    for seed in range(20):
        with pytest.raises(AssertionError, match=r"^rows: "):
            check_uniform("rows", NOT_UNIFORM_OF_MANY[name](np.random.default_rng(seed)), 1200)


@pytest.mark.parametrize("name", NOT_UNIFORM)
def test_what_is_not_drawn_evenly_fails_for_every_seed(name):
    for seed in range(20):
        with pytest.raises(AssertionError, match=r"^rows: "):
            check_uniform("rows", NOT_UNIFORM[name](np.random.default_rng(seed)), COUNT)
