"""A step whose arrays are thrown away after their last use makes the gradient."""

import itertools

import numpy as np
import pytest

from mlpkit import instruments, lifetimes
from mlpkit.exercises import drawn


def some_networks():
    rng = np.random.default_rng(0)
    for L in (1, 2, 4):
        for widths in drawn.widths(rng, L + 2):
            yield int(rng.integers(1, 6)), widths, rng.choice(["Z", "H"], size=L).tolist()


def test_lines_make_the_gradient_of_the_package_and_arrays_of_their_sizes():
    for N, widths, needs in some_networks():
        lines, arrays = lifetimes._lines(N, widths, needs)
        X, network = arrays["H0"], instruments.network_of(widths, "tanh")
        y = np.random.default_rng(1)
        assert np.array_equal(y.normal(size=X.shape), X)
        for name, line in lines:
            arrays[name] = line(arrays)
            assert arrays[name].size == lifetimes.size_of(name, N, widths)
        gradient = network.gradients(X, y.integers(widths[-1], size=N))[1]
        for layer, pair in enumerate(zip(gradient.W, gradient.b, strict=True), start=1):
            for kind, right in zip(("dW", "db"), pair, strict=True):
                assert np.allclose(arrays[f"{kind}{layer}"], right, atol=1e-14)


def test_no_array_can_be_thrown_away_a_line_earlier():
    for N, widths, needs in some_networks():
        lines, given = lifetimes._lines(N, widths, needs)
        let_go = dict(lifetimes.lifetimes(needs))
        for name, line in lines:
            for each in let_go[name]:
                before = {made: np.ones((1, 1)) for made, _ in lines if made != each}
                with pytest.raises(KeyError, match=each):
                    line(before | given)
        thrown = sorted(itertools.chain(*let_go.values()))
        kept = {name for name, _ in lines} - set(thrown)
        assert len(thrown) == len(set(thrown))
        assert all(name.startswith(("dW", "db")) for name in kept)


def test_most_is_the_same_by_real_arrays_and_by_their_sizes():
    for N, widths, needs in some_networks():
        most, names = lifetimes.most_alive(N, widths, needs)
        by_size = lifetimes.most_of(N, widths, needs)
        assert (most, sorted(names)) == (by_size[0], sorted(by_size[1]))
        assert most == sum(lifetimes.size_of(name, N, widths) for name in names)


@pytest.mark.parametrize("needs", [["Z", "z"], ["σ"], [1]])
def test_what_a_layer_can_need_is_said(needs):
    with pytest.raises(ValueError, match='needs must hold "Z" and "H" only, got'):
        lifetimes.lifetimes(needs)
