"""Inputs drawn to be awkward, so that no test depends on what its author thought of.

Each function draws a list of problems that together meet what answers are often wrong for: sizes
of 1, equal sizes, labels that miss a class, scores that overflow.
"""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Labels = NDArray[np.int64]


def sizes(rng: np.random.Generator, *names: str, largest: int = 7) -> list[dict[str, int]]:
    """Draw sizes: all different, each 1 in turn, each two equal in turn, all equal, all 1.

    The last are the first again: with other numbers of the same shapes an answer that remembers
    results by the shapes of its arguments is wrong.

    Parameters
    ----------
    rng : numpy.random.Generator
    names : str
        What the sizes are called: "N", "d", "K".
    largest : int
        The largest size; there must be a different one from 2 on for each name.

    Returns
    -------
    list of dict of str to int

    Raises
    ------
    ValueError
        If there are fewer sizes than names.
    """
    if largest - 1 < len(names):
        raise ValueError(f"largest must be at least {len(names) + 1}, got {largest}")

    def different() -> dict[str, int]:
        drawn = rng.permutation(np.arange(2, largest + 1))[: len(names)]
        return dict(zip(names, drawn.tolist(), strict=True))

    found = [different()]
    found += [different() | {name: 1} for name in names]
    for first, second in combinations(names, 2):
        pair = different()
        found.append(pair | {second: pair[first]})
    found.append(dict.fromkeys(names, int(rng.integers(2, largest + 1))))
    return [*found, dict.fromkeys(names, 1), found[0]]


def widths(rng: np.random.Generator, layers: int, largest: int = 7) -> list[list[int]]:
    """Draw the widths of a network's layers, its input and output with them.

    All different; each 1 in turn; each two neighbours equal in turn; first equal to last; all
    equal; all 1.

    Parameters
    ----------
    rng : numpy.random.Generator
    layers : int
        How many widths, at least 2.
    largest : int
        As in :func:`sizes`.

    Returns
    -------
    list of list of int
    """
    places = [str(place) for place in range(layers)]
    drawn = sizes(rng, *places, largest=max(largest, layers + 1))[:-1]
    single, pairs = drawn[: layers + 1], drawn[layers + 1 : -2]
    near = [
        problem
        for problem, (first, second) in zip(pairs, combinations(range(layers), 2), strict=True)
        if second - first in (1, layers - 1)
    ]
    return [list(problem.values()) for problem in [*single, *near, *drawn[-2:]]]


def labels(rng: np.random.Generator, N: int, K: int) -> list[Labels]:
    """Draw labels: any; without the largest class; without class 0; one class only.

    Parameters
    ----------
    rng : numpy.random.Generator
    N, K : int
        How many labels, and classes.

    Returns
    -------
    list of integer arrays of shape (N,)
        With K = 1 all labels are 0.
    """
    found = [rng.integers(K, size=N), np.full(N, rng.integers(K))]
    if K > 1:
        found += [rng.integers(K - 1, size=N), rng.integers(1, K, size=N)]
    return found


def scores(rng: np.random.Generator, N: int, K: int) -> list[Numbers]:
    """Draw scores before a softmax: small, far apart between rows or in a row, all far out, equal.

    Parameters
    ----------
    rng : numpy.random.Generator
    N, K : int
        Rows (samples) and columns (classes).

    Returns
    -------
    list of arrays of shape (N, K)
        One number taken off all rows, or another number than its maximum off a row, makes the
        exponentials overflow or vanish in one of them.
    """
    small = rng.normal(size=(N, K))
    levels = 5000.0 * rng.permutation(np.arange(N) - N // 2)[:, None]
    # Each class once far below all others, and once far above.
    apart = [small + 3000.0 * sign * row for row in np.eye(K) for sign in (-1, 1)]
    return [small, small + levels, *apart, small + 20_000, small - 20_000, np.zeros((N, K))]


def forms(array: Numbers) -> Iterator[tuple[str, Any]]:
    """Give the same numbers in other forms: lists, read-only, not contiguous.

    Parameters
    ----------
    array : ndarray

    Yields
    ------
    name, value
        What form it is, for the message, and the numbers in it.
    """
    yield "lists", array.tolist()
    fixed = array.copy()
    fixed.flags.writeable = False
    yield "an array that can't be written to", fixed
    spread = np.zeros((*array.shape, 2), dtype=array.dtype)
    spread[..., 0] = array
    yield "an array with gaps between its numbers", spread[..., 0]


def in_words(problem: dict[str, int]) -> str:
    """Write sizes for a message: "N=1, d=4"."""
    return ", ".join(f"{name}={size}" for name, size in problem.items())
