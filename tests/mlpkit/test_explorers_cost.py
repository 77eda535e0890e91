"""The explorer of cost and the figures under it."""

import pytest

from mlpkit import costs
from mlpkit.costs import memory_by_holder, work_by_layer
from mlpkit.counting import watch
from mlpkit.explorers.cost import cost
from mlpkit.network import MLP
from mlpkit.plots.cost import cost_figure

SIZE = (4, 3, 7, 5, 2)


def test_work_by_layer_adds_up_to_the_counted_multiply_adds():
    for size in (SIZE, (1, 1, 1, 1, 1), (9, 1, 4, 6, 3)):
        work = work_by_layer(*size)
        assert sum(map(sum, work.values())) == costs.multiply_adds_counted(*size)
        assert sum(work["forward"]) == forward_count(size)


def forward_count(size):
    N, L, d, d_H, K = size
    counter, network = watch(MLP(d, d_H, K, L))
    network.forward([[1.0] * d] * N)
    return counter.total("multiply_adds")


def test_memory_by_holder_contains_what_memory_counted_counts():
    holders = memory_by_holder(*SIZE)
    assert holders["θ"] + holders["Z, H"] == costs.memory_counted(*SIZE)


def test_the_bars_are_as_long_as_the_numbers():
    figure = cost_figure(*SIZE)
    widths = [bar.get_width() for bar in figure.parts["printed"][0]]
    assert widths == [
        costs.operations_as_printed(*SIZE),
        costs.parameters_as_printed(*SIZE[1:]),
        costs.memory_as_printed(*SIZE),
    ]
    assert [bar.get_width() for bar in figure.parts["counted"][0]] == [
        costs.operations_counted(*SIZE),
        costs.parameters_counted(*SIZE[1:]),
        costs.memory_counted(*SIZE),
    ]
    assert [text.get_text() for text in figure.parts["δ"][1]] == [" 0", " 200", " 40"]


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    move_each_control(cost(), by=2)
