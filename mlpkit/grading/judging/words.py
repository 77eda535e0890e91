"""What a student is told of a failed test: the instructor's words, and nothing that is hidden."""

import re
import traceback
from collections.abc import Mapping, Sequence

from mlpkit.grading.job import Limits
from mlpkit.grading.judging import proxy
from mlpkit.grading.judging.execution import OutOfTime
from mlpkit.grading.room.kernel import KernelEnded
from mlpkit.grading.text import clean
from mlpkit.grading.text.checks import Check

MESSAGE, ITEMS = 2000, 50
HIDDEN, LAST_CALL = "Hidden check: ", "The last call was "
# Where NumPy's comparisons begin to print values.
VALUES = ("Mismatched elements", "First ", "ACTUAL:", "DESIRED:", "x:", "y:", "Max absolute", "[")


def explain(error: BaseException, hidden: bool, limits: Limits) -> str:
    """Say what went wrong, for the student; of a hidden part, nothing that it holds.

    Parameters
    ----------
    error : BaseException
    hidden : bool
        It happened in a hidden part.
    limits : Limits
    """
    if isinstance(error, OutOfTime):
        return f"The test took longer than {limits.cell_seconds:g} seconds."
    if isinstance(error, KernelEnded):
        return f"The submission's kernel had ended: {error}."
    if isinstance(error, proxy.StudentError):
        return HIDDEN + error.without_words if hidden else str(error)
    if hidden:
        return HIDDEN + (_instructors_words(error) or "the result is not right")
    if isinstance(error, AssertionError):
        return _without_arrays(error) or "The result is not right."
    return f"{type(error).__name__}: {_without_arrays(error)}"


def _instructors_words(error: BaseException) -> str:
    """Give the message that an instructor wrote, nothing that a library made of the values."""
    if not isinstance(error, AssertionError):
        return str(error) if isinstance(error, NameError) else ""
    frames = traceback.extract_tb(error.__traceback__)
    if frames and frames[-1].filename.startswith("<"):
        return str(error)
    library = frames[-1].filename.replace("\\", "/") if frames else ""
    return _without_arrays(error) if "numpy/testing/" in library else ""


def _without_arrays(error: BaseException) -> str:
    """Give an error's words, each item of a list up to where arrays begin."""
    try:
        parts = re.split(r"^(?=- )", str(error).strip(), flags=re.MULTILINE)
    except Exception:
        return ""
    return "\n".join(filter(None, map(_up_to_arrays, parts)))


def _up_to_arrays(text: str) -> str:
    lines = text.strip().splitlines()
    cut = [at for at, line in enumerate(lines) if line.lstrip().startswith(VALUES)]
    return "\n".join(lines[: cut[0]] if cut else lines)


def items(text: str) -> list[str]:
    """Split a list, of which each item starts with "- ", into its items; what leads it goes."""
    parts = re.split(r"^- ", text, flags=re.MULTILINE)[1:]
    return [part.strip() for part in parts]


def tell(
    things: Sequence[str], checks: Sequence[Check], calls: Mapping[int, str]
) -> tuple[list[str], bool]:
    """Give each thing that a test says is wrong as a message.

    Parameters
    ----------
    things : list of str
    checks : list of Check
        Of the test's cell: they say of what part a thing is, and of which call.
    calls : dict of int to str
        The last call by line of that cell, in words, in the calls' order.

    Returns
    -------
    messages : list of str
    hidden : bool
        Whether one of them is of a hidden part.
    """
    messages: list[str] = []
    any_hidden = False
    for thing in things[:ITEMS]:
        fits = [check for check in checks if check.in_message(thing)]
        fits.sort(key=lambda check: not thing.startswith(check.parts[0]))
        hidden = bool(fits) and fits[0].hidden
        any_hidden |= hidden
        messages.append((HIDDEN if hidden else "") + clean.text(thing, MESSAGE))
        inside = range(fits[0].first, fits[0].last + 1) if fits else ()
        messages += [last_call(call) for line, call in calls.items() if line in inside][-1:]
    return messages, any_hidden


def last_call(call: str) -> str:
    """Say which call failed."""
    return clean.text(f"{LAST_CALL}{call}.", MESSAGE)
