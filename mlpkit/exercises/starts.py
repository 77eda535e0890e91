"""All starts of a network whose units are drawn from a list: gone through one by one, exactly.

What is asked of a sum over d_H independent units is a polynomial in d_H, of degree 2 at the most.
So the starts of networks of 1, 2 and 3 units tell it for every d_H, in fractions: nothing is lost
where terms cancel, however large d_H is.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from mlpkit.wide import wide_gradient, wide_output

# Where powers of d_H below 1 are next to nothing, and those of it squared are still numbers.
NEARLY_INFINITE = 10**300
FINE = 2**80


def wide(
    units: NDArray[np.float64],
    p: NDArray[np.float64],
    x: float,
    y: float,
    d_H: float,
    beta: float,
    alpha: float,
) -> tuple[float, float, float]:
    """Give the mean and the variance of f over all starts, and how far a unit moves in a step.

    Parameters
    ----------
    units : ndarray, shape (m, 3)
        Rows (c, W, b) that units are drawn from.
    p : ndarray, shape (m,)
        Their probabilities, whose sum must be 1 without rounding.
    x, y : float
        The sample.
    d_H : int or inf
        Units of the network.
    beta : float
        The output is a sum divided by d_H^beta.
    alpha : float
        The step's learning rate is alpha d_H^(2 beta − 1).

    Returns
    -------
    mean, variance, moved : float
        The last is a root mean square. For an infinite d_H what is below 10⁻¹³ stands for 0.
    """
    width = NEARLY_INFINITE if math.isinf(d_H) else int(d_H)
    each = *_one_unit(units, x), _whole(p, 2**30)
    rows = [_sums(*each, number) for number in (1, 2, 3)]
    S, S_squared, g, S_g, S_squared_g = (_at(width, *values) for values in zip(*rows, strict=True))
    scale, D = Fraction(float(width) ** -beta), float(width)
    error = scale**2 * S_squared_g - 2 * scale * Fraction(y) * S_g + Fraction(y) ** 2 * g
    moved = 2 * alpha * D ** (beta - 1) * math.sqrt(error)
    return float(scale * S), float(scale**2 * (S_squared - S**2)), moved


def _one_unit(units: NDArray[np.float64], x: float) -> tuple[list[int], list[int]]:
    """Give each unit's output and the square of its gradient, by the package's network of one."""
    alone, inputs = units[:, None, :], np.array([x])
    output = wide_output(alone, inputs)
    slopes = wide_gradient(alone, inputs, output - 0.5)[:, 0]  # 2 (f − y) = 1
    return _whole(output[:, 0], FINE), _whole(np.sum(slopes**2, axis=1), FINE)


def _whole(values: NDArray[np.float64], scale: int) -> list[int]:
    """Write numbers as whole multiples of 1/scale: they are added and multiplied exactly."""
    return [int(Fraction(value) * scale) for value in values.tolist()]


def _sums(
    output: list[int], gradient: list[int], chances: list[int], number: int
) -> tuple[Fraction, ...]:
    """Give the means over all starts of so many units: of S, S², g₁, S g₁ and S² g₁."""
    totals = [0] * 5
    for start in itertools.product(range(len(chances)), repeat=number):
        chance = math.prod(chances[k] for k in start)
        S, g = sum(output[k] for k in start), gradient[start[0]]
        for place, value in enumerate((S, S * S, g, S * g, S * S * g)):
            totals[place] += chance * value
    all_chances = sum(chances) ** number
    powers = (1, 2, 1, 2, 3)
    return tuple(
        Fraction(total, all_chances * FINE**power)
        for total, power in zip(totals, powers, strict=True)
    )


def _at(width: int, one: Fraction, two: Fraction, three: Fraction) -> Fraction:
    """Evaluate the polynomial of degree 2 that has these values at 1, 2 and 3."""
    steps, bend = width - 1, three - 2 * two + one
    return one + steps * (two - one) + Fraction(steps * (steps - 1), 2) * bend
