"""What the test cells of the assignments share: fresh numbers, careful calls, partial credit."""

import contextlib
import copy
import io
import os
import warnings
from pathlib import Path

import numpy as np

from mlpkit.by_hand import BY_HAND, without


def fresh_rng():
    """Return a generator of numbers that nobody has seen; MLPKIT_SEED repeats a run."""
    seed = os.environ.get("MLPKIT_SEED")
    return np.random.default_rng(None if seed is None else int(seed))


def call(function, *arguments, **options):
    """Call a student's function: on copies, without its warnings, and by hand.

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
    """
    arguments, options = copy.deepcopy((arguments, options))
    with contextlib.ExitStack() as stack:
        # nbgrader takes all points where anything stands on stderr, a RuntimeWarning too.
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        stack.enter_context(np.errstate(all="ignore"))
        stack.enter_context(contextlib.redirect_stderr(io.StringIO()))
        stack.enter_context(without(BY_HAND, getattr(function, "__globals__", None)))
        return function(*arguments, **options)


def check(condition, message):
    """Raise an AssertionError with this message unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def check_close(name, got, expected, rtol=1e-6):
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
        How far an entry may be off, relative to itself; beside it rtol·10⁻³ of the largest.

    Raises
    ------
    AssertionError
        With the shapes, or with the index of the first entry that differs.
    """
    expected = np.asarray(expected, dtype=float)
    got = _as_numbers(name, got)
    if got.shape != expected.shape:
        raise AssertionError(f"{name}: expected shape {expected.shape}, got shape {got.shape}")
    scale = np.abs(expected).max(initial=0)
    right = np.abs(got - expected) <= rtol * (np.abs(expected) + 1e-3 * scale) + 1e-15
    if not right.all():
        index = tuple(int(i) for i in np.argwhere(~right)[0])
        where = f"entry {list(index)}" if index else "the number"
        raise AssertionError(
            f"{name}: {where} is {got[index]:.4g}, which is wrong"
            + (f" ({np.sum(~right)} of {right.size} entries are)" if index else "")
        )


def _as_numbers(name, got):
    if got is None:
        raise AssertionError(f"{name}: got None; does the function return its result?")
    try:
        array = np.asarray(got)
    except (ValueError, TypeError):
        raise AssertionError(f"{name}: expected numbers, got a ragged list") from None
    if array.dtype.kind not in "buif":
        kind = type(got).__name__
        raise AssertionError(f"{name}: expected real numbers, got {kind} of dtype {array.dtype}")
    return array.astype(float)


class Credit:
    """Points for an answer in parts.

        credit = Credit(4)
        with credit.part(3, "log_softmax of a matrix"):
            check_close("log_softmax(U, axis=1)", call(log_softmax, U, 1), expected)
        with credit.hidden(1, "large scores"):
            …
        credit.total()

    Parameters
    ----------
    points : float
        Those of the test cell. The parts' points add up to them.
    """

    def __init__(self, points):
        self.points, self.earned, self.seen = points, 0.0, 0.0
        self.graded, self.messages = False, []

    @contextlib.contextmanager
    def part(self, points, name):
        """Give these points if nothing in the block raises; else keep the message."""
        self.seen += points
        try:
            yield
        except Exception as error:
            kind, text = type(error).__name__, str(error)
            said = isinstance(error, AssertionError) or kind in text
            self.messages.append(": ".join(filter(None, (name, "" if said else kind, text))))
        else:
            self.earned += points

    def hidden(self, points, name):
        """Open a part that only stands between the marks of hidden tests."""
        self.graded = True
        return self.part(points, name)

    def total(self):
        """Return the points earned, a plain float, and print what was wrong.

        Raises
        ------
        AssertionError
            With all messages, if nothing was right; and, where there are no hidden parts, as
            in the student's copy, if anything was wrong: Validate shows errors, and not prints.
        """
        messages = "\n".join(f"- {message}" for message in self.messages)
        if self.messages and not (self.graded and self.earned):
            raise AssertionError(f"this isn't right yet\n{messages}")
        if messages:
            print(messages)
        return min(float(self.points), float(self.points * self.earned / self.seen))


def ready_to_hand_in(path, exercises):
    """Print what is still missing in a notebook, as it is saved.

    Parameters
    ----------
    path : str
        The notebook's file name, in this folder.
    exercises : list of str
        The ids of the cells to write an answer in.
    """
    if not Path(path).exists():
        print(f"{path} is not in this folder: save the notebook under its own name.")
        return
    missing = _missing(Path(path), exercises)
    for line in missing:
        print(f"- {line}")
    if not missing:
        print(f"{path} is ready to hand in: {len(exercises)} answers, all there.")
    else:
        print(f"{path}, as last saved, is not ready. It can be handed in; what is missing gets 0.")


def _missing(path, exercises):
    import nbformat  # here, as only notebooks call it

    cells = {}
    for cell in nbformat.read(path, as_version=4).cells:
        identity = cell.metadata.get("nbgrader", {}).get("grade_id")
        cells.setdefault(identity, []).append(cell)
    missing = []
    for name in exercises:
        found = cells.get(name, [])
        if len(found) != 1:
            missing.append(f"{name}: there are {len(found)} cells of this name, not one")
        elif _is_blank(found[0].source):
            missing.append(f"{name}: not answered yet")
    return missing


def _is_blank(source):
    # A line of its own: an answer may well speak of the stub.
    stub = any(line.strip().startswith("raise NotImplementedError") for line in source.splitlines())
    return stub or source.strip() in ("", "YOUR ANSWER HERE")
