"""What the instruments count and measure is what the formulas for equal widths give."""

import numpy as np
import pytest

from mlpkit import costs, instruments, recomputation
from mlpkit.exercises import drawn

SIZES = drawn.sizes(np.random.default_rng(0), "N", "L", "d", "d_H", "K")


def widths_of(size):
    return [size["d"], *[size["d_H"]] * size["L"], size["K"]]


@pytest.mark.parametrize("size", SIZES)
def test_counts_of_a_step_are_those_of_the_formulas_where_widths_are_equal(size):
    widths = widths_of(size)
    step = instruments.counted_step(size["N"], widths)
    total = sum(map(sum, step.values()))
    assert total == instruments.counted_plain(size["N"], widths)
    assert total == costs.operations_counted(**size)
    size = dict(size)
    del size["N"]
    assert instruments.counted_parameters(widths) == costs.parameters_counted(**size)
    assert all(len(numbers) == size["L"] + 1 for numbers in step.values())


@pytest.mark.parametrize("widths", [[3, 5, 4, 2], [1, 1, 1], [2, 3, 3, 3, 2]])
def test_steps_differ_in_the_first_layer_alone(widths):
    plain, to_X, frozen = (
        instruments.counted_step(4, widths, step) for step in ("plain", "input", "frozen")
    )
    assert to_X["delta"] == [plain["forward"][0], *plain["delta"][1:]]
    assert frozen["weights"] == [0, *plain["weights"][1:]]
    assert plain["delta"][0] == 0
    assert all(to_X[name] == plain[name] for name in plain if name != "delta")
    assert all(frozen[name] == plain[name] for name in plain if name != "weights")


@pytest.mark.parametrize("L,k", [(1, 1), (3, 2), (5, 2), (5, 5), (4, 9)])
@pytest.mark.parametrize("hold", ["segment", "layer"])
def test_recomputing_is_that_of_the_formulas_where_widths_are_equal(L, k, hold):
    N, d, d_H, K = 3, 4, 5, 2
    widths, segment = [d, *[d_H] * L, K], hold == "segment"
    extra = recomputation.extra_multiply_adds(N, L, d, d_H, k, segment)
    counted = instruments.counted_recomputing(N, widths, k, hold)
    assert counted - instruments.counted_plain(N, widths) == extra
    stored = recomputation.stored_numbers(N, L, d_H, k, segment)
    assert instruments.measured_recomputing(N, widths, k, hold) == stored


@pytest.mark.parametrize(
    "function,arguments,says",
    [
        (instruments.counted_step, (2, [3, 2, 2], "none"), "step must be one of frozen, input, pl"),
        (
            instruments.counted_recomputing,
            (2, [3, 2, 2], 1, "all"),
            "hold must be one of layer, se",
        ),
        (instruments.measured_recomputing, (2, [3, 2, 2], 1, None), "hold must be one of layer, s"),
    ],
)
def test_bad_words_are_refused(function, arguments, says):
    with pytest.raises(ValueError, match=says):
        function(*arguments)
