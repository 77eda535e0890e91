"""Whether random numbers follow the distribution that a text asks for.

Each bound lies so far out that numbers of the right distribution fail less than once in a billion
runs; a wrong distribution fails in every run, as the samples are large.
"""

from collections.abc import Iterable

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


def check_no_drift(name: str, orders: Iterable[ArrayLike]) -> None:
    """Check that rows move forward as often as back, in all orders together.

    One order shows too little of it: where each row in turn changes places with any other row, and
    not with those that are left, a twentieth more rows end on one side of their place.

    Parameters
    ----------
    name : str
    orders : iterable of array_like of int, each of shape (N,)
        Permutations; 14 of 600 rows suffice.

    Raises
    ------
    AssertionError
    """
    excess, variance = 0.0, 0.0
    for order in orders:
        rows = np.asarray(order, dtype=int)
        N = len(rows)
        excess += np.sum(rows > np.arange(N)) - (N - 1) / 2
        variance += (N + 1) / 12
    check(abs(excess) < FAR * np.sqrt(variance), f"{name}: rows move to one side too often")


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
        In the order in which they were drawn; N from 1,500 on.
    count : int
        From 12 on: with fewer, evenness that is no chance can't be told from chance. Where there
        are many for N, neighbours are counted together.

    Raises
    ------
    AssertionError
        That says in which way the numbers aren't as asked.
    """
    rows = np.asarray(drawn, dtype=int)
    check(((rows >= 0) & (rows < count)).all(), f"{name}: expected integers from 0 to {count - 1}")
    for groups in {min(count, len(rows) // 5), min(count, 12)}:
        even = _even(*_grouped(rows, count, groups))
        check(even, f"{name}: some are drawn more often than others, or all just as often")
    check(_scattered(rows, count), f"{name}: all are drawn about as often in each stretch")
    groups = min(count, int(np.sqrt(len(rows) / 10)))
    ids, shares = _grouped(rows, count, groups)
    for lag in (1, 2, count - 1, count):
        if lag < len(rows) // 2:
            pairs = ids[lag:] * groups + ids[:-lag]
            repeats, expected = np.sum(rows[lag:] == rows[:-lag]), (len(rows) - lag) / count
            usual = abs(repeats - expected) < 8 * np.sqrt(expected) + 8
            alone = _even(pairs, np.outer(shares, shares).ravel()) and usual
            check(alone, f"{name}: a draw depends on the draws before it")


def _grouped(
    rows: NDArray[np.int64], count: int, groups: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Put neighbours into one group; return each row's group, and the groups' shares."""
    sizes = np.bincount(np.arange(count) * groups // count, minlength=groups)
    return rows * groups // count, sizes / count


def _even(values: NDArray[np.int64], shares: NDArray[np.float64]) -> bool:
    seen, expected = np.bincount(values, minlength=len(shares)), len(values) * shares
    # Too even is no chance either: each equally often, and shuffled.
    chi_squared = float(((seen - expected) ** 2 / expected).sum())
    return abs(_deviation(chi_squared, len(shares) - 1)) < FAR


def _scattered(rows: NDArray[np.int64], count: int) -> bool:
    """Whether numbers of one to five rounds are spread by chance, and no round is like another."""
    for rounds in range(1, 6):
        length = rounds * count
        stretches = rows[: len(rows) // length * length].reshape(-1, length)
        if len(stretches) < 5:
            break
        number = np.arange(len(stretches))[:, None] * count
        seen = np.bincount((number + stretches).ravel(), minlength=stretches.size // rounds)
        freedom = len(stretches) * (count - 1)
        if _deviation(((seen - rounds) ** 2 / rounds).sum(), freedom) < -FAR:
            return False
    return True
