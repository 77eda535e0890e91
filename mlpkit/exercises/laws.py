"""Whether random numbers follow the distribution that a text asks for.

Each bound lies so far out that numbers of the right distribution fail less than once in a billion
runs; a wrong distribution fails in every run, as the samples are large.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mlpkit.exercises.compare import check

# Normal numbers lie further out than this once in 10¹¹ times.
FAR = 6.8


def check_shuffled(name: str, order: ArrayLike) -> None:
    """Check that an order of 0, …, N − 1 was drawn from all orders alike.

    It looks at what orders that aren't so have in common: rows that stay near their place, steps
    of one size, runs that rise, blocks that stay together.

    Parameters
    ----------
    name : str
        What is looked at, for the message.
    order : array_like of int, shape (N,)
        A permutation; N from about 300 on.

    Raises
    ------
    AssertionError
        That says in which way the order isn't random.
    """
    rows = np.asarray(order, dtype=int)
    N, places = len(rows), np.arange(len(rows))
    check(abs(np.corrcoef(places, rows)[0, 1]) < FAR / np.sqrt(N), f"{name}: not shuffled enough")
    check(np.sum(rows == places) < 20, f"{name}: many rows stay in their place")
    steps = np.bincount(np.diff(rows) % N, minlength=N)
    check(steps.max() < 20, f"{name}: many rows follow each other in the same distance")
    rises = np.sum(np.diff(rows) > 0)
    far = FAR * np.sqrt((N + 1) / 12)
    check(abs(rises - (N - 1) / 2) < far, f"{name}: the rows rise (or fall) too often")
    for early in _groupings(places):
        for alike in _groupings(rows):
            check(_independent(early, alike), f"{name}: which rows come early is no chance")


def _groupings(numbers: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Put numbers from 0 on into groups: the sixths, odd and even, the rests of 3."""
    return [numbers * 6 // len(numbers), numbers % 2, numbers % 3]


def _independent(first: NDArray[np.int64], second: NDArray[np.int64]) -> bool:
    """Whether two groupings of the same things have nothing to do with each other."""
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1)
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    freedom = (table.shape[0] - 1) * (table.shape[1] - 1)
    return _deviation(((table - expected) ** 2 / expected).sum(), freedom) < FAR


def _deviation(chi_squared: float, freedom: int) -> float:
    """Give χ² in standard deviations: its cube root is nearly normal (Wilson, Hilferty 1931)."""
    variance = 2 / (9 * freedom)
    return float(((chi_squared / freedom) ** (1 / 3) - (1 - variance)) / np.sqrt(variance))


def check_uniform(name: str, drawn: ArrayLike, count: int) -> None:
    """Check that integers were drawn evenly from 0, …, count − 1, each for itself.

    Parameters
    ----------
    name : str
        What is looked at, for the message.
    drawn : array_like of int, shape (N,)
        In the order in which they were drawn; N from about 10 count² on.
    count : int
        From 12 on: with fewer, evenness that is no chance can't be told from chance.

    Raises
    ------
    AssertionError
        That says in which way the numbers aren't as asked.
    """
    rows = np.asarray(drawn, dtype=int)
    check(((rows >= 0) & (rows < count)).all(), f"{name}: expected integers from 0 to {count - 1}")
    check(
        _even(rows, count), f"{name}: some are drawn more often than others, or all just as often"
    )
    for lag in (1, 2, count - 1, count):
        pairs = rows[lag:] * count + rows[:-lag]
        check(_even(pairs, count**2), f"{name}: a draw depends on the draws before it")


def _even(values: NDArray[np.int64], count: int) -> bool:
    seen = np.bincount(values, minlength=count)
    expected = len(values) / count
    # Too even is no chance either: each equally often, and shuffled.
    return abs(_deviation(((seen - expected) ** 2).sum() / expected, count - 1)) < FAR
