"""From a test cell's last value to points: nbgrader's partial credit, without its surprises."""

import math
import numbers
import re

import numpy as np

NO_NUMBER = "no number of points"
# How NumPy shows a number of its own.
NUMPYS = re.compile(r"^(?:np\.\w+|array)\((.*?)(?:, dtype=\w+)?\)$")


def credit(value: object, max_points: float) -> tuple[float, list[str]]:
    """Give the points that a test's last value stands for.

    Parameters
    ----------
    value : object
        The value of the cell's last expression, or None when it has none.
    max_points : float

    Returns
    -------
    points : float
        In [0, max_points]. None earns all; a number in that range earns itself.
    notes : list of str
        Why it is less or other than the value.
    """
    max_points = float(max_points)
    if value is None:
        return max_points, []
    number = as_number(value)
    if number is None:
        kind = type(value).__name__
        return 0.0, [f"The test ended in a {kind}, which is {NO_NUMBER}: 0 points."]
    if math.isnan(number):
        return 0.0, ["The test's credit is NaN: 0 points."]
    if number < 0:
        return 0.0, [f"The test's credit is negative ({number:g}): 0 points."]
    if number > max_points:
        return max_points, [f"The test's credit of {number:g} was cut to {max_points:g} points."]
    return number, []


def credit_of_text(shown: str | None, max_points: float) -> tuple[float, list[str]]:
    """Give the points that a test's last value stands for, by how a notebook shows it.

    Parameters
    ----------
    shown : str or None
        None where nothing was shown.
    max_points : float

    Returns
    -------
    points : float
        What is no number earns all, as under nbgrader; but False earns nothing.
    notes : list of str
    """
    if shown is None:
        return credit(None, max_points)
    text = NUMPYS.sub(r"\1", shown.strip())
    if text in ("True", "False"):
        said = [] if text == "True" else ["The test ended in False: 0 points."]
        return (float(max_points) if text == "True" else 0.0), said
    try:
        return credit(float(text), max_points)
    except ValueError:
        return credit(None, max_points)


def as_number(value: object) -> float | None:
    """Give a real number as a plain float; None for anything else, True and False included."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        return None
    try:
        return float(value)
    except OverflowError:
        return -math.inf if value < 0 else math.inf
    except (ValueError, TypeError):
        return None
