"""Reverse-mode differentiation of NumPy code by define-by-run.

An operation on a `Variable` runs at once and leaves a new `Variable` that remembers the operation,
what it was applied to and what came out: that is the tape. `gradients` walks back along it.
`operations` has the rule of each operation; `autodiff_static` has the other way, which describes
first and runs later.
"""

import itertools

import numpy as np

from mlpkit.checks import as_numbers
from mlpkit.expression import Expression
from mlpkit.operations import sum_to


class Variable(Expression):
    """An array, and what it was made of; `Expression` lists what can be done with it.

    Parameters
    ----------
    value : array_like of float, any shape
        Copied, and read-only from then on: a later change can't reach a graph already made.
    name : str
        Shown where the graph is drawn.

    Raises
    ------
    ValueError
        If value doesn't hold real numbers.
    """

    _numbers = itertools.count()

    def __init__(self, value, name="", operation=None, parents=()):
        self.value = value if parents else np.array(as_numbers("value", value))
        self.value.flags.writeable = False
        self.name, self.operation, self.parents = name, operation, parents
        self.number = next(self._numbers)  # parents are made first: a topological order

    @property
    def shape(self):
        """The shape of the value."""
        return self.value.shape

    def __bool__(self):
        return bool(self.value)

    @staticmethod
    def _apply(operation, *arguments):
        dtype = next(a.value.dtype for a in arguments if isinstance(a, Variable))
        parents = tuple(_as_variable(argument, dtype) for argument in arguments)
        return Variable(operation(*(p.value for p in parents)), "", operation, parents)


def _as_variable(argument, dtype):
    if isinstance(argument, Variable):
        return argument
    # A Python number takes the other side's dtype, as in NumPy.
    return Variable(np.asarray(argument, dtype if isinstance(argument, int | float) else None))


def trace(output):
    """Return all that output was made of, each value once and after its parents, output last.

    Parameters
    ----------
    output : Variable, or Symbol of `autodiff_static`

    Returns
    -------
    list
        In the order in which they were made, which is a topological order.
    """
    found, waiting = {output}, [output]
    while waiting:
        new = set(waiting.pop().parents) - found
        found |= new
        waiting.extend(new)
    return sorted(found, key=lambda node: node.number)


def backward(nodes, values, inputs):
    """Walk back from the last of `nodes` and return its gradient with respect to each input.

    Parameters
    ----------
    nodes : list of Variable or Symbol
        As `trace` returns them.
    values : dict of node to numpy.ndarray
        The numbers of all nodes and inputs.
    inputs : sequence of Variable or Symbol

    Returns
    -------
    list of numpy.ndarray
    """
    reached = set(inputs)
    for node in nodes:
        if reached.intersection(node.parents):
            reached.add(node)
    total = {nodes[-1]: np.ones_like(values[nodes[-1]])}
    for node in reversed(nodes):
        if node not in reached or node not in total or not node.parents:
            continue
        g, of = total[node], [values[parent] for parent in node.parents]
        for parent, pullback in zip(node.parents, node.operation.pullbacks, strict=True):
            if parent in reached and pullback:
                part = sum_to(pullback(g, values[node], *of), np.shape(values[parent]))
                total[parent] = total[parent] + part if parent in total else part
    return [np.array(total[i]) if i in total else np.zeros_like(values[i]) for i in inputs]


def gradients(output, inputs):
    """Differentiate a scalar with respect to any variables by one walk back along the tape.

    Nothing is accumulated in the graph, so it may be walked again, for other inputs too.

    Parameters
    ----------
    output : Variable, shape ()
        What is differentiated.
    inputs : sequence of Variable
        With respect to what: any values on the way to output, or output itself. One that output
        isn't made of has gradient 0.

    Returns
    -------
    list of numpy.ndarray
        ∂output/∂input, of the shape of each input.

    Raises
    ------
    ValueError
        If output is no scalar, or an input is no Variable.
    """
    for node in (output, *inputs):
        if not isinstance(node, Variable):
            raise ValueError(f"output and inputs must be Variables, got {type(node).__name__}")
    if output.shape != ():
        raise ValueError(f"output must have shape (), got {output.shape}")
    nodes = trace(output)
    return backward(nodes, {node: node.value for node in (*nodes, *inputs)}, inputs)
