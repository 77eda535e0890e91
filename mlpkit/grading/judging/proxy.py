"""The student's functions, as the tests see them: calls go into the sandbox, data comes back."""

import builtins
import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NoReturn, Protocol

import numpy as np

from mlpkit.grading.room.inside import wire
from mlpkit.grading.room.kernel import Kernel, TooSlow
from mlpkit.grading.text import clean

# Not StopIteration and its like: they would end a test's own loop, and so pass it.
KNOWN = (
    "ValueError TypeError IndexError KeyError NotImplementedError ZeroDivisionError RuntimeError "
    "ArithmeticError OverflowError FloatingPointError AttributeError NameError LookupError "
    "AssertionError ImportError ModuleNotFoundError RecursionError MemoryError OSError"
)
SMALL, WORDS, STRINGS = 10, 2000, 1000
NUMBERS = (int, float, complex, np.number)
# NumPy makes the name anew each time, which takes longer than all else that is said of a value.
dtype_name = functools.lru_cache(maxsize=64)(str)


class StudentError(Exception):
    """Something of the student's failed; the message is for the student.

    Parameters
    ----------
    message : str
    without_words : str, optional
        The same without any word that the submission chose: what a hidden check may show, since
        a function could put the arguments of a hidden call into its message.
    """

    def __init__(self, message: str, without_words: str | None = None) -> None:
        super().__init__(message)
        self.without_words = message if without_words is None else without_words


def _mirror(kind: type[Exception]) -> type[StudentError]:
    return type(kind.__name__, (StudentError, kind), {"__module__": "builtins"})


MIRRORS = {name: _mirror(getattr(builtins, name)) for name in KNOWN.split()}
# KeyError shows its message quoted.
MIRRORS["KeyError"].__str__ = Exception.__str__  # type: ignore[method-assign]  # no class of ours


class Caller(Protocol):
    """What a student's function asks to be called: the bench."""

    def call(self, name: str, positional: Sequence[Any], keyword: Mapping[str, Any]) -> Any:
        """Call the function of this name in the sandbox."""

    def quiet(self, error: StudentError) -> StudentError:
        """Keep the submission's own words back where they could tell of a hidden test."""


class StudentFunction:
    """Stands in the tests' process for a function that lives in the sandbox.

    Parameters
    ----------
    name : str
        The function's name in the student's kernel.
    bench : Bench
        Does the call and keeps the account.
    """

    is_student_function = True

    def __init__(self, name: str, bench: Caller) -> None:
        self.__name__ = self.__qualname__ = name
        self.__doc__ = None  # not this class's: a test would take it for the student's
        self.__bench = bench

    def __call__(self, *positional: Any, **keyword: Any) -> Any:
        return self.__bench.call(self.__name__, positional, keyword)

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(
            f"a test outside of the notebook can call {self.__name__}, and has not its {name!r}"
        )

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


def call(kernel: Kernel, name: str, positional: Sequence[Any], keyword: Mapping[str, Any]) -> Any:
    """Call a student's function and check what comes back.

    Raises
    ------
    StudentError
        With the exception's name if it is one of Python's own, and a message in words.
    KernelEnded
    """
    try:
        answer = kernel.call(name, positional, keyword)
    except wire.WireError as error:
        told = f"{name} can't be called or its result can't be read"
        raise StudentError(f"{told}: {error}", told) from None
    except TooSlow as error:
        raise StudentError(f"{name} was stopped: {error}") from None
    if "value" in answer:
        return answer["value"]
    if "unsendable" in answer:
        told = f"{name} returns a value that is not plain data"
        raise StudentError(f"{name}'s result can't be read: {answer['unsendable']}", told)
    failed = answer.get("error")
    if not isinstance(failed, dict):
        raise StudentError(f"{name} failed")
    kind = failed.get("type")
    kind = kind if isinstance(kind, str) and kind in MIRRORS else "an exception"
    words = failed.get("message")
    words = clean.line(words, WORDS)
    words = f": {words}" if words else ""
    told = f"{name} raised {kind}"
    # Nobody need look up the line that says that nothing is written yet.
    where = "" if kind == "NotImplementedError" else _at(failed.get("line"))
    raise MIRRORS.get(kind, StudentError)(told + words + where, told)


def _at(line: object) -> str:
    """Say at which of the student's lines a call failed, as far as that is a line at all."""
    match line:
        case [int() as number, str() as text]:
            text = clean.line(text, WORDS)
            return f" (your line {number}" + (f", `{text}`)" if text else ")")
    return ""


def shape(value: object, known: Collection[int] | None = None) -> str:
    """Say what a value is, never what it holds: ``array (4, 3) float64``, ``list of 2``.

    Parameters
    ----------
    value : plain data
    known : set of int, optional
        Show only these sizes and small ones, and ``?`` for others: a function could tell by the
        size of its result what it was called with.
    """
    axes = value.ndim if isinstance(value, np.ndarray) else 1

    def size(number: int) -> str:
        shown = known is None or number in known or (number <= SMALL and axes <= 3)
        return str(number) if shown else "?"

    if isinstance(value, np.ndarray):
        sizes = ", ".join(map(size, value.shape)) + ("," if value.ndim == 1 else "")
        return f"array ({sizes}) {dtype_name(value.dtype)}"
    if isinstance(value, list | tuple | dict):
        return f"{type(value).__name__} of {size(len(value))}"
    return "None" if value is None else type(value).__name__


def sizes(values: Iterable[object]) -> set[int]:
    """Give the sizes that occur in arguments, with 0 and 1, which tell nothing."""
    found, waiting = {0, 1}, list[object](values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, np.ndarray):
            found |= set(value.shape)
        elif isinstance(value, list | tuple | dict):
            found.add(len(value))
            waiting += value.values() if isinstance(value, dict) else value
    return found


def strings(value: object) -> set[str]:
    """Give the strings in what came back, of which a function could have chosen each."""
    found, waiting = set[str](), [value]
    while waiting and len(found) < STRINGS:
        value = waiting.pop()
        if isinstance(value, str):
            found |= {value} if value else set()
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, (list, tuple)):
            waiting += [each for each in value if not isinstance(each, NUMBERS)]
    return found


def signature(name: str, positional: Sequence[object], keyword: Mapping[str, object]) -> str:
    """Write a call with the shapes of its arguments."""
    parts = [shape(value) for value in positional]
    parts += [f"{key}: {shape(value)}" for key, value in keyword.items()]
    return f"{name}({', '.join(parts)})"
