"""The explorer of cost and the figures under it."""

import itertools

import pytest

from mlpkit import costs
from mlpkit.costs import memory_by_holder, work_by_layer
from mlpkit.counting import watch
from mlpkit.explorers.cost import cost
from mlpkit.network import MLP
from mlpkit.plots.cost import cost_figure, recomputation_figure

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


CROWDS = {
    "in a column": [(1, 17, 1.32), (2, 11, 1.3), (3, 10, 1.32), (4, 11, 1.26), (6, 13, 1.26)],
    "in a row": [(k, 10, 1.3 + 0.03 * k) for k in range(5)],
    "in a corner": [("H alone", 16, 1.0), (1, 16.5, 1.02), (2, 16, 1.05)],
}


@pytest.mark.parametrize("name", CROWDS)
def test_labels_of_crowded_points_keep_apart(name):
    far = [(16, 2, 3.5), ("Z and H", 32, 1.0)]
    figure = recomputation_figure({"a": CROWDS[name], "b": far}, printed=2)
    figure.canvas.draw()
    boxes = [text.get_window_extent() for text in figure.axes[0].texts]
    pairs = list(itertools.combinations(boxes, 2))
    assert len(pairs) > 5 and not [pair for pair in pairs if pair[0].overlaps(pair[1])]
