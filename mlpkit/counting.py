"""Count the arithmetic that NumPy code does, without a change to that code.

A `CountedArray` is an ndarray that asks its `Counter` to write down each operation; what
comes out is counted in turn. `arithmetic` has what is counted and what it counts for.

What is not seen, as NumPy lets nobody watch it: arithmetic on Python's own numbers once `float(…)`
or `.item()` has handed them out (`Counter.handed_out` says how many); and what is done with plain
arrays that have got the numbers. They get them through `np.asarray(…)`, `np.array(…)` (also of a
list of counted arrays that stands for an array: `np.exp([a, b])`), `np.nditer`, buffers (PyTorch,
BLAS called directly), and by being written to: `plain[:] = counted`, `out=plain`, and
`plain.dot(counted, out)`. `mlpkit.checks` uses `np.asarray`, so the checks of arguments are not
charged. Whatever else has no price raises.
"""

import collections
import linecache
import sys

import numpy as np

from mlpkit.activations import Activation
from mlpkit.counted_array import CountedArray
from mlpkit.network import MLP
from mlpkit.training import update

Entry = collections.namedtuple("Entry", "phase line kind")


class Counter:
    """What was counted, by phase, line of code and kind.

    Parameters
    ----------
    phases : dict of function to str, optional
        The caller's names for Python functions. An operation belongs to the innermost of them
        that is running, and to "elsewhere" if none is.

    Attributes
    ----------
    counts : collections.Counter of Entry to int
        How many operations, for each (phase, line, kind); line is the line of code of the named
        function, empty elsewhere.
    handed_out : int
        How many numbers became Python numbers.

    Raises
    ------
    ValueError
        If a phase is no Python function.
    """

    def __init__(self, phases=None):
        for function in phases or {}:
            if not hasattr(function, "__code__"):
                raise ValueError(f"phases must name Python functions, got {function!r}")
        self._phases = {function.__code__: name for function, name in (phases or {}).items()}
        self.counts, self.handed_out = collections.Counter(), 0

    def array(self, values):
        """Return values as a `CountedArray` that shares their memory."""
        array = np.asarray(values).view(CountedArray)
        array.counter = self
        return array

    def total(self, kind=None, phase=None):
        """Return the number of operations of one kind and one phase; None stands for all."""
        return sum(
            number
            for entry, number in self.counts.items()
            if kind in (None, entry.kind) and phase in (None, entry.phase)
        )

    def by_phase(self):
        """Return {phase: {kind: number}} of what occurred."""
        table = collections.defaultdict(collections.Counter)
        for entry, number in self.counts.items():
            table[entry.phase][entry.kind] += number
        return {phase: dict(kinds) for phase, kinds in table.items()}

    def add(self, kind, number):
        """Write down operations of the code that is running."""
        frame = sys._getframe(1)
        while frame is not None and frame.f_code not in self._phases:
            frame = frame.f_back
        phase, line = "elsewhere", ""
        if frame is not None:
            phase = self._phases[frame.f_code]
            line = linecache.getline(frame.f_code.co_filename, frame.f_lineno).strip()
        if number:
            self.counts[Entry(phase, line, kind)] += int(number)


def watch(network):
    """Return a counter and the same network under its eyes.

    Parameters
    ----------
    network : MLP
        Left as it is.

    Returns
    -------
    Counter
        With the phases "forward", "activation" (σ), "loss", "backward", "derivative" (σ′) and
        "update".
    MLP
        With counted parameters, so that all that touches them is counted, also in `sgd`.
    """
    phases = {
        MLP.layer_forward: "forward",
        Activation.__call__: "activation",
        network.loss.value_and_gradient: "loss",
        MLP.layer_backward: "backward",
        MLP.activation_backward: "backward",
        network.activation.derivative: "derivative",
        update: "update",
    }
    counter = Counter(phases)
    return counter, network.with_theta(counter.array(network.theta))
