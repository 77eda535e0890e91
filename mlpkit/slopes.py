"""How fast one quantity grows with another: the slope of a line on logarithmic axes."""

import numpy as np
from numpy.typing import ArrayLike


def log_slope(x: ArrayLike, y: ArrayLike) -> float:
    """Return p of the power law y = a·x^p that fits best: the slope of log y against log x.

    Parameters
    ----------
    x, y : array_like of float, shape (M,)
        Above 0, at least two, not all x equal. With two points it is the slope between them.

    Returns
    -------
    float
        By least squares.

    Raises
    ------
    ValueError
        If the shapes differ, there are fewer than two points, all x are equal, or a number is
        not above 0.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.ndim != 1 or x.shape != y.shape or len(x) < 2:
        raise ValueError(f"x and y must have one shape (M,), M >= 2, got {x.shape} and {y.shape}")
    for name, values in (("x", x), ("y", y)):
        if not (np.isfinite(values).all() and (values > 0).all()):
            raise ValueError(f"{name} must be finite and above 0, got {values}")
    if np.ptp(x) == 0:
        raise ValueError(f"x must hold two different numbers, got {x}")
    log_x, log_y = np.log(x) - np.log(x).mean(), np.log(y) - np.log(y).mean()
    return float(log_x @ log_y / (log_x @ log_x))
