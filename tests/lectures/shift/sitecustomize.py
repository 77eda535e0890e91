"""Shift every seed of a process by $SEED_SHIFT; Python imports this if its folder is on PYTHONPATH.

All seeds of the course, `seed=` arguments and their defaults too, end in `np.random.default_rng`.
So the process that runs a lecture and the processes that the lecture starts shift alike.
"""

import os

import numpy as np

# Far from the seeds that stand in a lecture, such as those of range(20).
STEP = 1000
original = np.random.default_rng


def shift(seed, offset):
    """Return a seed moved by an offset: a whole number, or each of several; others stay."""
    if isinstance(seed, list | tuple | range | np.ndarray):
        return [shift(part, offset) for part in seed]
    return int(seed) + offset if isinstance(seed, int | np.integer) else seed


def default_rng(seed=None):
    """Do as NumPy's function of this name does, with another stream for each seed."""
    return original(shift(seed, STEP * int(os.environ["SEED_SHIFT"])))


if "SEED_SHIFT" in os.environ:
    np.random.default_rng = default_rng
