"""What is stored and held at most, and recomputation, which trades memory for operations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpkit import costs, memory, recomputation
from mlpkit.activations import ACTIVATIONS, Activation
from mlpkit.counting import watch
from mlpkit.losses import LOSSES
from mlpkit.network import MLP


def make(L, activation="tanh", loss="cross_entropy", N=64, d=9, d_H=20, K=4, dtype="float64"):
    network = MLP(d, d_H, K, L, activation=activation, loss=loss, scale="lecun", dtype=dtype)
    rng = np.random.default_rng(L)
    # Biases other than 0: a missing one must show.
    network.theta[:] += 0.1 * rng.standard_normal(network.theta.shape).astype(dtype)
    y = rng.integers(0, K, N) if loss == "cross_entropy" else rng.standard_normal((N, K))
    return network, rng.standard_normal((N, d)), y


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("L", range(1, 9))
def test_stored_numbers_are_those_of_the_counted_formula(L, dtype, activation):
    network, X, _ = make(L, activation, dtype=dtype)
    found = memory.stored(network, X)
    expected = costs.memory_counted(64, L, 9, 20, 4) - costs.parameters_counted(L, 9, 20, 4)
    assert found.numbers == expected == 2 * 64 * L * 20
    assert found.bytes == expected * np.dtype(dtype).itemsize


def test_the_identity_stores_half_as_H_is_Z():
    network, X, _ = make(3, "identity")
    assert memory.stored(network, X).numbers == 64 * 3 * 20


def test_peak_is_what_lived_at_one_time():
    def function():
        first = np.zeros(100_000)
        second = first + 1
        del first
        third = np.zeros(50_000)
        return second, third

    found = memory.peak(function)
    assert 0 <= found.numbers - 200_000 < 2_000
    assert memory.peak(function, np.float32).numbers == pytest.approx(400_000, abs=4_000)


def test_peak_of_plain_backpropagation_is_its_named_parts():
    N, d_H, K, L = 256, 100, 10, 4
    network, X, y = make(L, "tanh", N=N, d_H=d_H, K=K)
    found = memory.peak(lambda: network.gradients(X, y)).numbers
    # θ's gradient; all Z and H; U and ∂ρ/∂U; and in a hidden layer ∂ρ/∂Z of above, δ, H·H
    # and 1 − H·H.
    parts = network.theta.size + 2 * N * L * d_H + 2 * N * K + 4 * N * d_H
    assert found == pytest.approx(parts, rel=0.01)


@settings(deadline=None, max_examples=50)
@given(
    L=st.integers(1, 8),
    keep_every=st.integers(1, 9),
    hold=st.booleans(),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    loss=st.sampled_from(sorted(LOSSES)),
)
def test_recomputation_gives_the_same_bits_at_the_predicted_price(
    L, keep_every, hold, activation, loss
):
    network, X, y = make(L, activation, loss, N=3, d=4, d_H=3, K=2)
    rho, gradient = network.gradients(X, y)
    counter, watched = watch(network)
    again, recomputed = recomputation.gradients(watched, X, y, keep_every, hold)
    assert again == rho
    np.testing.assert_array_equal(np.asarray(recomputed.theta), gradient.theta)
    extra = recomputation.extra_multiply_adds(3, L, 4, 3, keep_every, hold)
    plain = costs.multiply_adds_counted(3, L, 4, 3, 2)
    assert counter.total("multiply_adds") == plain + extra


@pytest.mark.parametrize("hold", [True, False])
@pytest.mark.parametrize("keep_every", [1, 2, 3, 4, 6, 12])
def test_recomputation_holds_what_is_predicted(keep_every, hold):
    N, d_H = 256, 64
    network, X, y = make(12, "tanh", N=N, d_H=d_H)
    peak = memory.peak(lambda: recomputation.gradients(network, X, y, keep_every, hold)).numbers
    layers = (peak - network.theta.size) / (N * d_H)
    stored = recomputation.stored_numbers(N, 12, d_H, keep_every, hold) / (N * d_H)
    # On top: δ, σ′, and up to two arrays for a moment.
    assert stored + 2 < layers < stored + 4.3


def test_recomputation_can_have_the_printed_memory_of_15():
    for L in range(1, 9):
        needed = recomputation.stored_numbers(256, L, 100, keep_every=L, hold_segment=False)
        printed = costs.memory_as_printed(256, L, 784, 100, 10)
        assert needed == printed - costs.parameters_as_printed(L, 784, 100, 10)


def test_keeping_all_in_one_segment_is_plain_backpropagation():
    for L in range(1, 9):
        assert recomputation.extra_multiply_adds(5, L, 7, 3, keep_every=L) == 0
        assert recomputation.stored_numbers(5, L, 3, keep_every=L) == 2 * 5 * L * 3


def test_keep_every_is_checked():
    network, X, y = make(2)
    with pytest.raises(ValueError, match="keep_every must be an integer >= 1"):
        recomputation.gradients(network, X, y, 0)
    with pytest.raises(ValueError, match="keep_every must be an integer >= 1"):
        recomputation.times_computed(3, 0)


@settings(deadline=None, max_examples=50)
@given(
    N=st.integers(1, 9),
    L=st.integers(1, 8),
    d=st.integers(1, 6),
    d_H=st.integers(1, 6),
    K=st.integers(1, 4),
    activation=st.sampled_from(sorted(ACTIVATIONS)),
    loss=st.sampled_from(sorted(LOSSES)),
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_keeping_H_alone_gives_the_same_bits_by_the_same_arithmetic(
    N, L, d, d_H, K, activation, loss, dtype
):
    network, X, y = make(L, activation, loss, N, d, d_H, K, dtype)
    plain, watched = watch(network)
    rho, gradient = watched.gradients(X, y)
    without_Z, watched = watch(network)
    again, found = watched.gradients(X, y, keep_Z=False)
    assert again == rho
    np.testing.assert_array_equal(np.asarray(found.theta), np.asarray(gradient.theta))
    assert without_Z.by_phase() == plain.by_phase()
    assert without_Z.total("multiply_adds") == costs.multiply_adds_counted(N, L, d, d_H, K)


@settings(deadline=None, max_examples=30)
@given(
    N=st.integers(1, 200),
    L=st.integers(1, 8),
    d_H=st.integers(1, 50),
    activation=st.sampled_from(["relu", "tanh", "sigmoid"]),
    dtype=st.sampled_from(["float32", "float64"]),
)
def test_keeping_H_alone_stores_a_number_for_each_unit_and_sample(N, L, d_H, activation, dtype):
    network, X, _ = make(L, activation, N=N, d_H=d_H, dtype=dtype)
    found = memory.stored(network, X, keep_Z=False)
    counted = costs.memory_with_H_alone(N, L, 9, d_H, 4) - costs.parameters_counted(L, 9, d_H, 4)
    assert found.numbers == counted == N * L * d_H
    assert found.bytes == N * L * d_H * np.dtype(dtype).itemsize
    assert memory.stored(network, X).numbers == 2 * found.numbers


@pytest.mark.parametrize("L", [2, 4, 9])
def test_the_peak_falls_by_the_Z_that_are_not_kept(L):
    N, d_H = 256, 100
    network, X, y = make(L, "tanh", N=N, d_H=d_H)
    both = memory.peak(lambda: network.gradients(X, y)).numbers
    alone = memory.peak(lambda: network.gradients(X, y, keep_Z=False)).numbers
    assert both - alone == pytest.approx(N * L * d_H, rel=0.02)


def test_H_alone_at_two_layers_is_the_printed_memory_of_15_at_the_operations_of_13():
    for size in ((1, 2, 1, 1, 1), (5, 2, 7, 3, 2), (64, 2, 784, 100, 10)):
        stored = costs.memory_with_H_alone(*size) - costs.parameters_counted(*size[1:])
        printed = costs.memory_as_printed(*size) - costs.parameters_as_printed(*size[1:])
        assert stored == printed


@pytest.mark.parametrize("name", ["softplus", "swish", "bent"])
def test_a_derivative_that_needs_Z_is_refused_without_it_by_name(name):
    own = Activation(name, lambda Z: Z * Z, lambda Z, H: 2 * Z)
    network, X, y = make(2, own)
    with pytest.raises(ValueError, match=f"keep_Z must be True .* {name}"):
        network.gradients(X, y, keep_Z=False)
