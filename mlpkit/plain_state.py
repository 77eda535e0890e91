"""What a program leaves set for all that follows: put back as it was, while a function is called.

Imported in a notebook by the test cells' functions, and loaded in the sandbox that judges: a
student's settings mean the same in both.
"""

import contextlib
import os
import random
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass
class Start:
    """How things were at the start."""

    folder: str
    recursion: int
    printing: dict[str, Any] | None


def _now() -> Start:
    numpy = sys.modules.get("numpy")
    printing = None if numpy is None else numpy.get_printoptions()
    return Start(os.getcwd(), sys.getrecursionlimit(), printing)


START = _now()


def remember() -> None:
    """Take how things are now for how they are at the start."""
    vars(START).update(vars(_now()))


@contextlib.contextmanager
def kept_random() -> Iterator[None]:
    """Give the states of random numbers back afterwards, as they were before the block."""
    with contextlib.ExitStack() as stack:
        stack.callback(random.setstate, random.getstate())
        numpy_random = sys.modules.get("numpy.random")
        if numpy_random is not None:
            stack.callback(numpy_random.set_state, numpy_random.get_state())
        yield


@contextlib.contextmanager
def plain_state() -> Iterator[None]:
    """Set state anew, and give it back afterwards, but for random numbers: see `kept_random`.

    The working folder and the limit of recursion are those of the start; random states are drawn
    anew; NumPy prints as by default and, like Python, warns of nothing.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.callback(sys.setrecursionlimit, sys.getrecursionlimit())
        sys.setrecursionlimit(START.recursion)
        _in_the_folder(stack)
        random.seed()
        if "decimal" in sys.modules:
            decimal = sys.modules["decimal"]
            stack.enter_context(decimal.localcontext(decimal.DefaultContext))
        numpy = sys.modules.get("numpy")
        if numpy is not None:
            _plain_numpy(numpy, stack)
        yield


def _in_the_folder(stack: contextlib.ExitStack) -> None:
    try:
        here = os.getcwd()
        if here != START.folder:
            stack.callback(os.chdir, here)
    except OSError:  # it was removed
        here = ""
    if here != START.folder:
        os.chdir(START.folder)


def _plain_numpy(numpy: Any, stack: contextlib.ExitStack) -> None:
    stack.enter_context(numpy.errstate(all="ignore", call=None))
    if START.printing is not None:
        stack.enter_context(numpy.printoptions(**START.printing))
    if "numpy.random" in sys.modules:
        # From Python's, seeded anew: to ask the system again takes as long as all the rest.
        numpy.random.seed(random.getrandbits(32))
