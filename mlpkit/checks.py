"""Bad input is refused by name: which argument, what was expected, what came."""

import numpy as np


def check_matrix(name, value, columns=None):
    """Check a batch of rows: a finite, non-empty matrix of numbers.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : array_like, shape (N, columns)
        What the caller passed.
    columns : int, optional
        How many columns it must have.

    Returns
    -------
    numpy.ndarray, shape (N, columns)
        The same array; integers and booleans become float64.

    Raises
    ------
    ValueError
        If it is no matrix, is empty, has other columns, or holds NaN or infinity.
    """
    expected = f"(N, {'any' if columns is None else columns}) with N >= 1"
    array = as_numbers(name, value)
    if array.ndim != 2 or array.size == 0 or columns not in (None, array.shape[1]):
        raise ValueError(f"{name} must have shape {expected}, got {array.shape}")
    return check_finite(name, array)


def as_numbers(name, value):
    """Return `value` as an array of real floats, a subclass of ndarray kept as it is.

    Raises
    ------
    ValueError
        If it is ragged, or holds anything but real numbers.
    """
    try:
        array = np.asanyarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be an array of numbers, got a ragged list") from error
    if array.dtype.kind not in "buif":
        raise ValueError(f"{name} must hold real numbers, got dtype {array.dtype}")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def check_finite(name, array):
    """Return `array`, or raise a ValueError that says where it isn't finite."""
    values = np.asarray(array)
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(np.vdot(values, values)):  # half the time, and no array of bools
            return array
    finite = np.isfinite(values)
    if not finite.all():
        where = tuple(int(i) for i in np.argwhere(~finite)[0])
        found = f"{float(array[where])} at index {where} of shape {array.shape}"
        raise ValueError(f"{name} must be finite, got {found}")
    return array


def check_labels(name, value, N, K):
    """Check one class label a row: N integers in 0, …, K − 1.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : array_like of int, shape (N,)
        What the caller passed.
    N, K : int
        Number of rows and of classes.

    Returns
    -------
    numpy.ndarray of int, shape (N,)

    Raises
    ------
    ValueError
        If the shape is another, or a label is no integer in 0, …, K − 1.
    """
    try:
        labels = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must be a list of labels, got a ragged list") from error
    if labels.shape != (N,):
        raise ValueError(f"{name} must have shape ({N},), got {labels.shape}")
    if labels.dtype.kind not in "ui":
        raise ValueError(f"{name} must hold integers in 0, …, {K - 1}, got dtype {labels.dtype}")
    if labels.size and not (labels.min() >= 0 and labels.max() < K):
        raise ValueError(
            f"{name} must hold integers in 0, …, {K - 1}, got {labels.min()} to {labels.max()}"
        )
    return labels


def check_positive_integer(name, value):
    """Return `value` as an int >= 1, or raise a ValueError that names it."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 1:
        raise ValueError(f"{name} must be an integer >= 1, got {value!r}")
    return int(value)


def check_choice(name, value, choices):
    """Return `choices[value]`, or raise a ValueError that lists the choices."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(sorted(choices))}, got {value!r}")
    return choices[value]
