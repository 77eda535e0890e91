"""What is drawn for the exercises' tests is as awkward as it promises, for every seed."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.exercises import drawn

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(1, 5))
def test_sizes_are_1_and_equal_in_turn_and_once_all_different(seed, count):
    names = "NdKHL"[:count]
    found = drawn.sizes(np.random.default_rng(seed), *names)
    for name in names:
        assert any(p[name] == 1 and all(p[o] > 1 for o in names if o != name) for p in found)
    for a, b in combinations(names, 2):
        assert any(p[a] == p[b] > 1 for p in found)
    assert any(len(set(p.values())) == count and min(p.values()) > 1 for p in found)
    assert {1} in [set(p.values()) for p in found]
    assert all(1 <= size <= 7 for p in found for size in p.values())
    assert found[-1] == found[0]


@given(seeds, st.integers(2, 6))
def test_widths_have_equal_neighbours_and_equal_ends(seed, layers):
    found = drawn.widths(np.random.default_rng(seed), layers)
    assert all(len(each) == layers for each in found)
    for place in range(layers - 1):
        assert any(each[place] == each[place + 1] > 1 for each in found)
    assert any(each[0] == each[-1] > 1 for each in found)
    assert any(len(set(each)) == layers for each in found)
    for place in range(layers):
        assert any(each[place] == 1 and min(each[:place] + each[place + 1 :]) > 1 for each in found)


@given(seeds, st.integers(1, 6), st.integers(2, 6))
def test_labels_once_miss_the_largest_class_and_once_the_first(seed, N, K):
    found = drawn.labels(np.random.default_rng(seed), N, K)
    assert all(y.shape == (N,) and y.min() >= 0 and y.max() < K for y in found)
    assert any(y.max() < K - 1 for y in found)
    assert any(y.min() > 0 for y in found)


@pytest.mark.parametrize(
    "shift",
    {
        "none": lambda U: 0 * U,
        "the whole array's maximum": lambda U: U.max(),
        "the mean of the row": lambda U: U.mean(axis=1, keepdims=True),
        "the first class": lambda U: U[:, :1],
        "the minimum of the row": lambda U: U.min(axis=1, keepdims=True),
    }.items(),
    ids=lambda pair: pair[0],
)
def test_scores_show_every_softmax_that_is_shifted_wrongly(shift):
    for seed in range(20):
        for N, K in ((2, 2), (3, 4), (5, 3)):
            wrong = 0
            for U in drawn.scores(np.random.default_rng(seed), N, K):
                with np.errstate(all="ignore"):
                    f = np.exp(U - shift[1](U))
                    wrong += not np.allclose((f / f.sum(axis=1, keepdims=True)).sum(axis=1), 1)
            assert wrong, (seed, N, K)


@given(seeds, st.lists(st.integers(1, 4), min_size=0, max_size=3))
def test_forms_hold_the_same_numbers(seed, shape):
    array = np.random.default_rng(seed).normal(size=shape)
    found = dict(drawn.forms(array))
    assert len(found) == 3
    assert all(np.array_equal(value, array) for value in found.values())
    assert isinstance(found["lists"], list | float)
    with pytest.raises(ValueError):
        found["an array that can't be written to"][...] = 0


def test_too_few_sizes_are_refused():
    with pytest.raises(ValueError, match="largest must be at least 4, got 3"):
        drawn.sizes(np.random.default_rng(0), "N", "d", "K", largest=3)
