"""Shift every seed of a process by $SEED_SHIFT; Python imports this if its folder is on PYTHONPATH.

All seeds of the course, `seed=` arguments and their defaults too, end in `np.random.default_rng` or
`torch.manual_seed`. So the process that runs a lecture and the processes that the lecture starts
shift alike.
"""

import os
import sys
from importlib.util import find_spec

import numpy as np

# Far from the seeds that stand in a lecture, such as those of range(20).
STEP = 1000


def shift(seed, offset):
    """Return a seed moved by an offset: a whole number, or each of several; others stay."""
    if isinstance(seed, list | tuple | range | np.ndarray):
        return [shift(part, offset) for part in seed]
    return int(seed) + offset if isinstance(seed, int | np.integer) else seed


def shifted(function):
    """Return what does as a function of a seed does, with another stream for each seed."""

    def of_another(seed=None):
        return function(shift(seed, STEP * int(os.environ["SEED_SHIFT"])))

    return of_another


class Torch:
    """Finds PyTorch where it is and shifts its seeds once it is imported, which takes seconds."""

    def find_spec(self, name, path=None, target=None):
        if name != "torch":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is not None:
            execute = spec.loader.exec_module

            def exec_module(module):
                execute(module)
                module.manual_seed = shifted(module.manual_seed)

            spec.loader.exec_module = exec_module
        return spec


if "SEED_SHIFT" in os.environ:
    np.random.default_rng = shifted(np.random.default_rng)
    sys.meta_path.insert(0, Torch())
