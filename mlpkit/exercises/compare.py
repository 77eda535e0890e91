"""Comparing an answer with the right one: messages say what is wrong, not what is right."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

# An answer this near to the right one was computed with too little precision.
NEARLY = 1e-3


def check(condition: object, message: str) -> None:
    """Raise an AssertionError with this message unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def check_tuple(name: str, got: object, length: int) -> tuple[Any, ...] | list[Any] | NDArray[Any]:
    """Return an answer that should be a pair, or have another length; say so if it hasn't.

    Parameters
    ----------
    name : str
        What is looked at, for the message.
    got : object
        The student's answer: a tuple, a list or an array.
    length : int

    Raises
    ------
    AssertionError
        With the type, or the length.
    """
    words = {1: "a list of one", 2: "a pair", 3: "a triple"}.get(length, f"{length} things")
    if not isinstance(got, (tuple, list)) and not (isinstance(got, np.ndarray) and got.ndim):
        what = "None; does the function return its result?" if got is None else type(got).__name__
        raise AssertionError(f"{name}: expected {words}, got {what}")
    if len(got) != length:
        raise AssertionError(f"{name}: expected {words}, got {len(got)} things")
    return got


def check_close(
    name: str, got: object, expected: ArrayLike, rtol: float = 1e-6, atol: float | None = None
) -> None:
    """Compare an answer with the right one and say what is wrong, not what is right.

    Parameters
    ----------
    name : str
        What is compared, for the message: "∂L/∂W".
    got : object
        The student's answer: numbers, or lists of them, or arrays.
    expected : array_like of float
        The right answer.
    rtol : float
        How far an entry may be off, relative to itself.
    atol : float, optional
        How far it may be off beside that; by default rtol·10⁻³ of the largest entry.

    Raises
    ------
    AssertionError
        With the shapes; or that the answer has too few right digits; or with the index of the
        first entry that differs.
    """
    right = np.asarray(expected, dtype=float)
    found = _as_numbers(name, got)
    if found.shape != right.shape:
        raise AssertionError(f"{name}: expected shape {right.shape}, got shape {found.shape}")
    slack = 1e-3 * rtol * float(np.abs(right).max(initial=0)) + 1e-15 if atol is None else atol
    wrong = ~_close(found, right, rtol, slack)
    if not wrong.any():
        return
    asked = rtol or atol or 0.0  # 0 where numbers are compared exactly
    if 0 < asked < NEARLY:
        # How many times as far off as it may be, at the worst entry.
        share = _off(found, right, rtol, slack)
        if share * asked <= NEARLY:
            kept, digits = (round(-np.log10(each)) for each in (share * asked, asked))
            raise AssertionError(
                f"{name}: right to {min(kept, digits - 1)} digits, but {digits} are asked for"
            )
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    where = f"entry {list(index)}" if index else "the number"
    raise AssertionError(
        f"{name}: {where} is {found[index]:{'.4g' if asked else '.16g'}}, which is wrong"
        + (f" ({np.sum(wrong)} of {wrong.size} entries are)" if index else "")
    )


def check_all_close(
    name: str,
    got: object,
    expected: list[NDArray[np.float64]],
    first: int = 1,
    least: float = 0.0,
) -> None:
    """Compare a list of arrays, one a layer, to nine digits, however small an array's numbers are.

    Parameters
    ----------
    name : str
        What is compared.
    got : object
        The student's list.
    expected : list of ndarray
        The right one.
    first : int
        The number of the first layer, for messages.
    least : float
        How far an entry may be off beside that.

    Raises
    ------
    AssertionError
        If it isn't a list, has another length, or an entry is wrong as by :func:`check_close`.
    """
    _check_returned(name, got)
    if not isinstance(got, list | tuple | np.ndarray):
        raise AssertionError(f"{name}: expected a list, got {type(got).__name__}")
    if len(got) != len(expected):
        raise AssertionError(f"{name}: expected {len(expected)} entries, got {len(got)}")
    for layer, (found, right) in enumerate(zip(got, expected, strict=True), start=first):
        tiny = 1e-12 * float(np.abs(right).max(initial=0)) + least
        check_close(f"{name}, layer {layer}", found, right, rtol=1e-9, atol=tiny)


def check_arrays(
    function: str,
    names: list[str],
    got: object,
    expected: Sequence[ArrayLike],
    rtol: float = 1e-10,
    atol: float | None = None,
) -> None:
    """Compare a list or tuple of answers, one by one, as `check_close` does.

    Parameters
    ----------
    function : str
        Whose answer it is, for the message.
    names : list of str
        What each array is called in messages.
    got : object
        The student's answer.
    expected : sequence of array_like of float
        The right arrays, as many as names.
    rtol, atol : float
        As in `check_close`.

    Raises
    ------
    AssertionError
        As `check_close`; or that it is no list, or has another length.
    """
    answers = check_tuple(function, got, len(expected))
    for name, found, right in zip(names, answers, expected, strict=True):
        check_close(name, found, right, rtol, atol)


def _close(
    found: NDArray[np.float64], right: NDArray[np.float64], rtol: float, atol: float
) -> NDArray[np.bool]:
    with np.errstate(invalid="ignore"):  # inf − inf: not close
        near: NDArray[np.bool] = np.abs(found - right) <= rtol * np.abs(right) + atol
    return near


def _off(found: NDArray[np.float64], right: NDArray[np.float64], rtol: float, atol: float) -> float:
    """Give the largest error, in units of how large it may be; infinite for what isn't finite."""
    with np.errstate(all="ignore"):
        shares = np.abs(found - right) / (rtol * np.abs(right) + atol)
    exact = found == right  # also where the error may be 0 only
    return float(np.nan_to_num(np.where(exact, 0, shares), nan=np.inf).max(initial=0))


def _check_returned(name: str, got: object) -> None:
    if got is None:
        raise AssertionError(f"{name}: got None; does the function return its result?")


def _as_numbers(name: str, got: object) -> NDArray[np.float64]:
    _check_returned(name, got)
    if isinstance(got, Real):  # a Fraction is a number too
        got = float(got)
    try:
        array = np.asarray(got)
    except (ValueError, TypeError):
        raise AssertionError(f"{name}: expected numbers, got a ragged list") from None
    if array.dtype.kind not in "buif":
        kind = type(got).__name__
        raise AssertionError(f"{name}: expected real numbers, got {kind} of dtype {array.dtype}")
    return array.astype(float)
