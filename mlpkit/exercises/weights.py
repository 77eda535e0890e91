"""Whether matrices hold independent random numbers around 0 of the variances that are asked for.

Which distribution they have is left open: each statistic is measured in standard deviations that
are estimated from the numbers themselves, and lies beyond the bound less than once in a billion
runs for normal, uniform and Laplace numbers alike.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpkit.exercises.compare import check
from mlpkit.exercises.laws import FAR

# Statistics that are all this small, in standard deviations, were made so.
TOO_GOOD = 0.02
# How large E[w⁴] may be for numbers of variance 1, and how much more for 300,000 of them: Laplace
# numbers have 6, Student's of five degrees of freedom 9. Larger numbers than FURTHEST count as it,
# or one alone could decide: that takes Student's down to 7.5.
FOURTH_MOMENT, FOURTH_MARGIN, FURTHEST = 6.0, 0.6, 15.0
# How often one number may occur: in single precision some do by chance.
AGAIN, DIFFERENT = 8, 0.97

Numbers = NDArray[np.float64]


@dataclass
class Weights:
    """A matrix to look at: its name for messages, its numbers, and the variance asked for.

    One side is long, from about 3,000 on, and the other at most a few.
    """

    name: str
    numbers: Numbers
    variance: float

    @property
    def lines(self) -> Numbers:
        """The numbers along the long side, of variance 1 if all is right."""
        scaled: Numbers = self.numbers / np.sqrt(self.variance)
        return scaled if scaled.shape[0] < scaled.shape[1] else scaled.T


def check_weights(calls: list[list[Weights]]) -> None:
    """Check that all numbers are independent, symmetric around 0 and of the variances asked for.

    Parameters
    ----------
    calls : list of list of Weights
        Of each call the matrices of its layers; at least six in all, with long sides of one
        length. 300,000 numbers in all show a variance that is 2.5 % off.

    Raises
    ------
    AssertionError
        That says in which way which matrix isn't as asked.
    """
    several = [each for layers in calls for each in layers]
    for each in several:
        check_variance(each)
        _check_symmetric(each)
    pooled = np.concatenate([each.lines.ravel() for each in several])
    name = "all layers together"
    check(abs(_spread(pooled)) < FAR, f"{name}: the mean square is {np.mean(pooled**2):.3f} times")
    check(abs(_mean(pooled)) < FAR, f"{name}: the mean isn't 0")
    fourth = np.mean(np.minimum(np.abs(pooled), FURTHEST) ** 4)
    words = f"{name}: E[w⁴] is {fourth:.1f} times (E[w²])², more than {FOURTH_MOMENT:.0f}"
    check(fourth < FOURTH_MOMENT + FOURTH_MARGIN, words)
    _check_chance([each.lines for each in several])
    for layers in calls:
        _check_independent(np.vstack([each.lines for each in layers]))
    _check_different(name, pooled)


def _mean(numbers: Numbers) -> float:
    """Give the mean in standard deviations of what it should be by chance around 0."""
    spread = float(numbers.std())
    return float(numbers.mean()) / (spread or 1.0) * float(np.sqrt(numbers.size))


def _spread(numbers: Numbers) -> float:
    """Give the mean square likewise, around 1."""
    return _mean(numbers**2 - 1)


def check_variance(each: Weights) -> None:
    """Check the variance of a matrix, of each of its lines, and of each half of them."""
    for line in (each.lines.ravel(), *each.lines):
        for part in (line, *np.array_split(line, 2)):
            ratio = np.mean(part**2)
            words = f"{each.name}: the layer multiplies the mean square by {ratio:.2f}"
            check(abs(_spread(part)) < FAR, words)


def check_no_frame(name: str, matrix: Numbers) -> None:
    """Refuse rows, or columns, that are all of one length or all at right angles.

    Parameters
    ----------
    name : str
        The matrix's, for the message.
    matrix : ndarray
        With at least four rows and four columns.
    """
    for lines, what in ((matrix, "rows"), (matrix.T, "columns")):
        products = lines @ lines.T / np.mean(lines**2) / lines.shape[1]
        words = f"{name}: all {what} are of one length, which is no chance"
        check(np.ptp(np.diag(products)) > 1e-6, words)
        words = f"{name}: all {what} are at right angles, which is no chance"
        check(np.abs(np.triu(products, k=1)).max() > 1e-6, words)


def _check_symmetric(each: Weights) -> None:
    numbers = each.lines.ravel()
    check(abs(_mean(numbers)) < FAR, f"{each.name}: the mean isn't 0")
    for share in (0.0, 0.5, 0.9, 0.99):
        outside = numbers[np.abs(numbers) >= np.quantile(np.abs(numbers), share)]
        balance = np.sign(outside).sum() / np.sqrt(outside.size)
        check(abs(balance) < FAR, f"{each.name}: the numbers aren't symmetric around 0")


def _check_chance(several: list[Numbers]) -> None:
    """Refuse means and mean squares that are always exactly right: such numbers are dependent."""
    for statistic, what in ((_mean, "mean"), (_spread, "mean square")):
        matrices = [abs(statistic(lines.ravel())) for lines in several]
        lines = [abs(statistic(line)) for lines in several for line in lines]
        for values in (matrices, lines):
            words = f"W: the {what} is always exactly right, which is no chance"
            check(max(values) > TOO_GOOD, words)


def _check_independent(lines: Numbers) -> None:
    """Look for numbers, or sizes of numbers, that go together."""
    half = lines.shape[1] // 2
    for values in (lines, np.abs(lines)):
        centred = values - values.mean(axis=1, keepdims=True)
        unit = centred / (centred.std(axis=1, keepdims=True) + 1e-300)
        between = (unit @ unit.T)[np.triu_indices(len(unit), k=1)]
        check(_by_chance(between, unit), "W: two rows or columns have to do with each other")
        along = [(unit[:, :-shift], unit[:, shift:]) for shift in (1, 2, 3, half)]
        along.append((unit[:, :half], unit[:, : -half - 1 : -1]))
        for first, second in along:
            within = np.sum(first * second, axis=1)
            words = "W: the numbers of a row or column have to do with each other"
            check(_by_chance(within, first), words)


def _by_chance(products: Numbers, summed: Numbers) -> bool:
    """Whether sums of products of numbers of deviation 1 are as large as by chance."""
    return bool((np.abs(products) < FAR * np.sqrt(summed.shape[1])).all())


def _check_different(name: str, numbers: Numbers) -> None:
    """Refuse numbers that occur again, with either sign and in whatever place."""
    rounded = np.round(np.abs(numbers), 10)  # scaled otherwise in another layer
    _, counts = np.unique(rounded, return_counts=True)
    words = f"{name}: many numbers occur more than once, or once with each sign"
    check(len(counts) > DIFFERENT * numbers.size and counts.max() <= AGAIN, words)
