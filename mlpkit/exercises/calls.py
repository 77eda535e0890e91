"""Calling a student's function, and finding the student's own line when it fails."""

import contextlib
import copy
import io
import linecache
import os
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

from mlpkit.by_hand import BY_HAND, without
from mlpkit.plain_state import kept_random, plain_state


def fresh_rng() -> np.random.Generator:
    """Return a generator of numbers that nobody has seen; MLPKIT_SEED repeats a run."""
    seed = os.environ.get("MLPKIT_SEED")
    return np.random.default_rng(None if seed is None else int(seed))


def call(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a student's function: on copies, in a plain state, without warnings, and by hand.

    Parameters
    ----------
    function : callable
        While it runs, the packages of `BY_HAND` can neither be imported nor be reached
        through the globals of the notebook.
    arguments, options
        Plain data. The function gets copies, so that it can't change what it is compared with.

    Returns
    -------
    object
        What the function returns.

    Raises
    ------
    Exception
        Whatever the function raises; its attribute `students_line` is a pair (number, text) of
        the function's own line at which it failed, where there is one.
    """
    arguments, options = copy.deepcopy((arguments, options))
    namespace = getattr(function, "__globals__", None)
    with contextlib.ExitStack() as stack:
        # What stands for a function of another process finds a plain state there.
        if not getattr(type(function), "is_student_function", False):
            stack.enter_context(kept_random())
            stack.enter_context(plain_state())
        # nbgrader takes all points where anything stands on stderr, a RuntimeWarning too.
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        stack.enter_context(without(BY_HAND, namespace))
        try:
            return function(*arguments, **options)
        except Exception as error:
            if namespace is not None:
                error.students_line = _last_line(error.__traceback__, namespace)  # type: ignore[attr-defined]
            raise


def _last_line(
    traceback: TracebackType | None, namespace: dict[str, Any]
) -> tuple[int, str] | None:
    """Find the last line that stands in the notebook and not in a library."""
    found = None
    while traceback is not None:
        if traceback.tb_frame.f_globals is namespace:
            code, number = traceback.tb_frame.f_code, traceback.tb_lineno
            found = number, linecache.getline(code.co_filename, number).strip()
        traceback = traceback.tb_next
    return found
