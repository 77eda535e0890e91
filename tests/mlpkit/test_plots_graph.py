"""Graphs as pictures: every node and edge is there, and no two boxes lie on each other."""

import itertools

import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch

from mlpkit.autodiff import Variable, trace
from mlpkit.autodiff_static import Symbol
from mlpkit.plots import graph


def network():
    W, b = Variable(np.ones((5, 4)), "W"), Variable(np.zeros(5), "b")
    H = (Variable(np.ones((3, 4)), "X") @ W.T + b).relu()
    shifted = H - H.max(axis=1, keepdims=True)
    return (shifted.exp().sum(axis=1).log() - shifted[:, 0]).mean(), [W, b]


def boxes(figure):
    return {text.get_text(): text for text in figure.axes[0].texts}


def arrows(figure):
    return [patch for patch in figure.axes[0].patches if isinstance(patch, FancyArrowPatch)]


@pytest.mark.parametrize("downwards", [False, True])
def test_the_tape_is_drawn_with_every_node_and_edge_and_without_overlap(downwards):
    output, inputs = network()
    figure = graph.tape(output, inputs, downwards=downwards, width=9, height=8)
    nodes = trace(output)
    texts = figure.axes[0].texts
    assert len(texts) == len(nodes)
    assert len(arrows(figure)) == sum(len(node.parents) for node in nodes)
    assert {"W\n(5, 4)", "b\n(5,)", "X\n(3, 4)", "relu\n(3, 5)", "mean"} <= set(boxes(figure))
    figure.draw_without_rendering()
    extents = [text.get_window_extent() for text in texts]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(extents, 2))


def test_what_is_differentiated_in_looks_different_from_other_data():
    output, inputs = network()
    drawn = boxes(graph.tape(output, inputs))
    parameter, data = (drawn[name].get_bbox_patch() for name in ("W\n(5, 4)", "X\n(3, 4)"))
    assert parameter.get_linewidth() > data.get_linewidth()
    assert type(parameter.get_boxstyle()) is not type(data.get_boxstyle())


def test_each_node_stands_right_of_all_it_is_made_of():
    figure = graph.draw_graph(
        list("abcd"), ["data"] * 3 + ["output"], [(0, 1), (1, 2), (0, 2), (2, 3), (0, 3)]
    )
    x = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    assert x["a"] < x["b"] < x["c"] < x["d"]


def test_a_graph_that_has_not_run_is_drawn_as_well():
    x = Symbol("x")
    drawn = boxes(graph.tape((x * 2 + np.ones(3)).tanh().sum(), [x]))
    assert set(drawn) == {"x", "2", "×", "array", "+", "tanh", "sum"}


@pytest.mark.frameworks
def test_the_graph_of_pytorch_names_its_leaves():
    torch = pytest.importorskip("torch")
    linear = torch.nn.Linear(4, 2)
    out = torch.nn.functional.cross_entropy(linear(torch.ones(3, 4)), torch.zeros(3, dtype=int))
    drawn = boxes(graph.grad_fn(out, {linear.weight: "W", linear.bias: "b"}))
    assert {"W\n(2, 4)", "b\n(2,)", "Addmm", "LogSoftmax", "NllLoss"} <= set(drawn)
    with pytest.raises(ValueError, match="grad_fn"):
        graph.grad_fn(torch.ones(2))


def test_bad_graphs_are_refused():
    with pytest.raises(ValueError, match="circle"):
        graph.draw_graph(["a", "b"], ["data", "data"], [(0, 1), (1, 0)])
    with pytest.raises(ValueError, match="kinds"):
        graph.draw_graph(["a"], ["nothing"], [])
