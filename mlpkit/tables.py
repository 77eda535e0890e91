"""Columns of numbers printed under each other, so that a notebook needs no format specifications.

Numbers are rounded to a few significant digits, which come out the same on every machine.
"""

from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

from mlpkit.checks import check_positive_integer

PLAIN = (1e-4, 1e7)  # a float between them is written without a power of ten
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def table(columns: Mapping[str, Sequence[Any]], digits: int | Mapping[str, int] = 3) -> None:
    """Print columns under their names; `table_text` has the arguments and what is raised."""
    print(table_text(columns, digits))


def table_text(columns: Mapping[str, Sequence[Any]], digits: int | Mapping[str, int] = 3) -> str:
    """Return columns as text, one line a row, under a line of names.

    Parameters
    ----------
    columns : mapping of str to sequence
        Name and cells of each column, all of one length: integers (thousands get commas), floats
        (significant digits), booleans (yes or no), text, None (an empty cell).
    digits : int or mapping of str to int
        Significant digits of a float, of all columns or by column name (3 where it has none).

    Returns
    -------
    str
        Columns of text stand left, of numbers right. No spaces at the end of a line.

    Raises
    ------
    ValueError
        If there is no column, their lengths differ, or digits is no integer >= 1.
    """
    columns = {str(name): list(cells) for name, cells in columns.items()}
    if not columns:
        raise ValueError("columns must have at least one column, got none")
    lengths = {name: len(cells) for name, cells in columns.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"columns must be equally long, got {lengths}")
    finished = []
    for name, cells in columns.items():
        number = digits.get(name, 3) if isinstance(digits, Mapping) else digits
        check_positive_integer("digits", number)
        finished.append(_aligned(name, cells, number))
    return "\n".join("  ".join(row).rstrip() for row in zip(*finished, strict=True))


def number_text(value: Any, digits: int = 3) -> str:
    """Return one cell as `table` writes it."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return f"{int(value):,}"
    if isinstance(value, float | np.floating):
        return _float_text(float(value), digits)
    return str(value)


def fixed_text(value: float, digits: int = 2) -> str:
    """Return a number of so many digits after the point, as prose has it: "−0.50"."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")


def prose_text(value: float, digits: int = 2) -> str:
    """Return a number as prose has it, of so many significant digits: "0.0068", "−3.1·10⁻⁹"."""
    factor, _, power = number_text(float(value), digits).partition("e")
    return factor.replace("-", "−") + (f"·10{str(int(power)).translate(RAISED)}" if power else "")


def _float_text(value: float, digits: int) -> str:
    if not np.isfinite(value):
        return str(value)
    if value == 0:
        return "0"  # also for −0.0
    scientific = f"{value:.{digits - 1}e}"
    rounded, power = float(scientific), int(scientific.split("e")[1])
    if not PLAIN[0] <= abs(rounded) < PLAIN[1]:
        return scientific
    return f"{rounded:,.{max(digits - 1 - power, 0)}f}"


def _aligned(name: str, cells: list[Any], digits: int) -> list[str]:
    texts = [name, *(number_text(cell, digits) for cell in cells)]
    width = max(len(text) for text in texts)
    right = any(isinstance(cell, Real | np.bool_) for cell in cells)
    return [text.rjust(width) if right else text.ljust(width) for text in texts]
