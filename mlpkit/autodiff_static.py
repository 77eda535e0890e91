"""The operations of `autodiff` by define-and-run: describe a graph once, compile it, run it often.

A `Symbol` has no value. An operation on it computes nothing and only adds a node; numbers come
when the compiled function is called. So Python's `if` and `while` see no numbers either: they act
once, while the graph is described, and a choice by value must be a node itself (`where`).
"""

import itertools

import numpy as np

from mlpkit.autodiff import backward, trace
from mlpkit.checks import as_numbers
from mlpkit.expression import Expression
from mlpkit.operations import Operation

WHERE = Operation(
    "where",
    np.where,
    (None, lambda g, out, c, a, b: np.where(c, g, 0), lambda g, out, c, a, b: np.where(c, 0, g)),
)


class Symbol(Expression):
    """A node of a graph that has not run: a placeholder, a constant or an operation.

    Parameters
    ----------
    name : str
        Of a placeholder: shown in messages and where the graph is drawn.
    """

    _numbers = itertools.count()

    def __init__(self, name="", operation=None, parents=(), constant=None):
        self.name, self.operation, self.parents = name, operation, parents
        self.constant = constant
        self.number = next(self._numbers)

    @staticmethod
    def _apply(operation, *arguments):
        return Symbol("", operation, tuple(_as_symbol(argument) for argument in arguments))

    def __bool__(self):
        raise TypeError("a Symbol has no value before the graph runs: use where(), not if or while")


def _as_symbol(argument):
    if isinstance(argument, Symbol):
        return argument
    # A Python number stays one: it takes the other side's dtype when the graph runs.
    plain = isinstance(argument, int | float)
    return Symbol(constant=argument if plain else np.array(as_numbers("constant", argument)))


def where(condition, a, b):
    """Choose a where condition holds and b elsewhere, when the graph runs; both are computed.

    Parameters
    ----------
    condition, a, b : Symbol or array_like
        Of shapes that broadcast together; at least one is a Symbol.
    """
    return Symbol._apply(WHERE, condition, a, b)


def compile_graph(output, inputs, wrt=()):
    """Turn a graph into a function: sort it once, compute its constant parts once.

    Parameters
    ----------
    output : Symbol
        What the function returns.
    inputs : sequence of Symbol
        Its arguments, in order; every placeholder that output depends on.
    wrt : sequence of Symbol
        The inputs with respect to which to differentiate; output must then be a scalar.

    Returns
    -------
    callable
        run(*arrays) returns the value, or (value, list of gradients) with wrt. Its attribute
        `steps` is the list of operations that a call carries out.

    Raises
    ------
    ValueError
        If a placeholder is missing from inputs; from run if the arrays don't fit.
    """
    nodes, inputs, wrt = trace(output), tuple(inputs), tuple(wrt)
    missing = [n.name for n in nodes if not n.parents and n.constant is None and n not in inputs]
    if missing:
        raise ValueError(f"inputs must hold every placeholder, {', '.join(missing)} is missing")
    known = _constants(nodes, inputs)
    steps = [node for node in nodes if node not in known and node not in inputs]

    def run(*arrays):
        if len(arrays) != len(inputs):
            raise ValueError(f"arrays must be {len(inputs)} for the graph, got {len(arrays)}")
        values = dict(known)
        for node, array in zip(inputs, arrays, strict=True):
            values[node] = as_numbers(node.name, array)
        for node in steps:
            values[node] = node.operation(*(values[parent] for parent in node.parents))
        if not wrt:
            return values[output]
        if values[output].shape != ():
            raise ValueError(f"output must have shape (), got {values[output].shape}")
        return values[output], backward(nodes, values, wrt)

    run.steps = steps
    return run


def _constants(nodes, inputs):
    known = {node: node.constant for node in nodes if node.constant is not None}
    for node in nodes:
        if node.parents and node not in inputs and all(p in known for p in node.parents):
            known[node] = node.operation(*(known[p] for p in node.parents))
    return known
