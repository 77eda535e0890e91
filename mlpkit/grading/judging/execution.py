"""Run an instructor's code: for how long, and where what it prints goes."""

import ast
import contextlib
import functools
import io
import signal
import sys
import warnings
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from mlpkit.grading.text.names import commands, of_another_language, plain_python

PRINTED = 100_000


class OutOfTime(BaseException):
    """The test itself took too long; no test's ``except Exception`` catches it."""


def execute(
    code: str, file: str, names: dict[str, Any], seconds: float, printed: "Printed | None" = None
) -> object:
    """Run code in a namespace.

    Parameters
    ----------
    code, file : str
        A cell's source, and the name under which its lines appear in a traceback.
    names : dict
    seconds : float
    printed : Printed, optional
        Takes what it prints.

    Returns
    -------
    object
        The value of its last expression, None without one.

    Raises
    ------
    BaseException
        Whatever the code raises; OutOfTime after ``seconds``.
    """
    body, last = compiled(code, file)
    with _time(seconds), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with contextlib.redirect_stdout(printed or _Sink()), contextlib.redirect_stderr(_Sink()):
            exec(body, names)
            if last is not None:
                return eval(last, names)
    return None


@functools.lru_cache(maxsize=256)
def compiled(code: str, file: str) -> tuple[CodeType, CodeType | None]:
    """Compile a cell, and apart its last expression; what a server has compiled, its forks have.

    Raises
    ------
    SyntaxError
    NotImplementedError
        If it is for another program, such as a shell: nothing of it would be run.
    """
    if of_another_language(code):
        raise NotImplementedError(f"{commands(code)[0]} isn't run outside of the notebook")
    tree = ast.parse(plain_python(code), file)
    last, ending = None, tree.body[-1] if tree.body else None
    if isinstance(ending, ast.Expr) and not _silenced(code):
        tree.body.pop()
        last = compile(ast.Expression(ending.value), file, "eval")
    return compile(tree, file, "exec"), last


@contextlib.contextmanager
def _time(seconds: float) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    # Again and again: a bare `except` in a test may swallow the first.
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


class _Sink(io.TextIOBase):
    """Takes what tests print: it costs nothing, and is shown to nobody."""

    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


class Printed(_Sink):
    """Keeps what the visible part of a test prints, and not what a hidden part does."""

    def __init__(self, in_hidden_part: Callable[[], bool]) -> None:
        self.in_hidden_part, self.left = in_hidden_part, PRINTED
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        if self.left > 0 and not self.in_hidden_part():
            self.parts.append(text[: self.left])
            self.left -= len(text)
        return len(text)

    def text(self) -> str:
        """Give it all."""
        return "".join(self.parts)


def _silenced(code: str) -> bool:
    """Whether the last line ends in a semicolon, which hides its value."""
    lines = [line for line in code.splitlines() if line.split("#")[0].strip()]
    return bool(lines) and lines[-1].split("#")[0].rstrip().endswith(";")


def close_figures() -> None:
    """Forget what tests drew."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
