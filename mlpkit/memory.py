"""How much memory code really holds, through tracemalloc, to which NumPy reports its arrays."""

import contextlib
import tracemalloc
from dataclasses import dataclass

import numpy as np

_DOMAIN = np.lib.tracemalloc_domain


@dataclass(frozen=True)
class Memory:
    """An amount of memory.

    Attributes
    ----------
    bytes : int
        As tracemalloc has it.
    numbers : int
        The same in numbers of the dtype, rounded.
    """

    bytes: int
    numbers: int


def stored(network, X, keep_Z=True):
    """Measure what the forward step stores for the backward step: Z and H of every layer.

    Parameters
    ----------
    network : MLP
        Its parameters were there before and are not in the result; nor are X and the scores U.
    X : array_like of float, shape (N, d)
        One sample a row.
    keep_Z : bool
        As for `network.forward`: False measures H alone.

    Returns
    -------
    Memory
        Of arrays only.

    Raises
    ------
    ValueError
        If X is no finite matrix of d columns.
    """
    X, _ = network.check_batch(X)
    with _tracing():
        before = _held_by_arrays()
        activity = network.forward_checked(X, keep_Z)
        activity.U = None
        return _memory(_held_by_arrays() - before, X.dtype)


def peak(function, dtype=np.float64):
    """Measure the most memory that a call holds at one time, beyond what was there before.

    Parameters
    ----------
    function : callable
        Called once, without arguments. Its result counts as long as it lives.
    dtype : numpy dtype
        Of the numbers to count in.

    Returns
    -------
    Memory
        Of arrays and of Python's own objects (a few kB).
    """
    with _tracing():
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        function()
        return _memory(tracemalloc.get_traced_memory()[1] - before, dtype)


@contextlib.contextmanager
def _tracing():
    ours = not tracemalloc.is_tracing()
    if ours:
        tracemalloc.start()
    try:
        yield
    finally:
        if ours:
            tracemalloc.stop()


def _held_by_arrays():
    filters = [tracemalloc.DomainFilter(inclusive=True, domain=_DOMAIN)]
    return sum(trace.size for trace in tracemalloc.take_snapshot().filter_traces(filters).traces)


def _memory(size, dtype):
    return Memory(size, round(size / np.dtype(dtype).itemsize))
