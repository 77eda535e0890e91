"""Where tests run: the instructor's code in this process, the student's functions by proxy."""

import ast
import builtins
import contextlib
import io
import signal
import sys
import time
import traceback
import warnings
from dataclasses import dataclass, field

from mlpkit.grading import clean, marks, proxy, source
from mlpkit.grading.inside import wire
from mlpkit.grading.kernel import KernelEnded, TooSlow

MESSAGE = 2000


@dataclass
class Verdict:
    """What a test cell earned, and why not more."""

    points: float
    messages: list = field(default_factory=list)
    hidden: bool = False
    seconds: float = 0.0


class OutOfTime(BaseException):
    """The test itself took too long; no test's ``except Exception`` catches it."""


class Namespace(dict):
    """The tests' names; what they lack is looked up by the bench."""

    def __init__(self, bench):
        super().__init__(__name__="__main__", __builtins__=builtins)
        self.__bench = bench

    def __missing__(self, name):
        return self.__bench.look_up(name)


class Bench:
    """Runs locked cells and tests, in the notebook's order, at the state reached so far.

    Parameters
    ----------
    kernel : Kernel
        The student's side.
    notebook : Source
        Says which names are the student's.
    limits : Limits
    """

    def __init__(self, kernel, notebook, limits):
        self.kernel, self.limits = kernel, limits
        self.names = Namespace(self)
        self.answers = set().union(*(c.binds for c in notebook.cells if c.kind == "solution"))
        self.modules = _instructors_imports(notebook)
        instructors = [c for c in notebook.cells if c.kind in ("test", "locked")]
        self.used = set().union(*(c.loads for c in instructors))
        # Made by an instructor's cell above; if that failed, the student's name is no substitute.
        self.made, self.cache, self.last_call = set(), {}, None

    def pass_solution(self, cell):
        """Note that the student's cell was run: what it should define is the student's again."""
        for name in cell.binds:
            self.names.pop(name, None)
            self.made.discard(name)
        self.cache = {}

    def run_locked(self, cell):
        """Run an instructor's cell for the names that it makes; its failure shows in the tests."""
        self.cache = {}
        # A plot of the student's results makes nothing for the tests: once, in the sandbox.
        if cell.loads & self.answers and not cell.binds & self.used:
            return
        with contextlib.suppress(BaseException):
            self._execute(cell.full, f"<{cell.grade_id}>")
        self.made |= cell.binds

    def run_test(self, cell):
        """Run a test cell, hidden part included.

        Returns
        -------
        Verdict
            Never raises.
        """
        self.cache, self.last_call = {}, None
        start = time.perf_counter()
        try:
            value = self._execute(cell.full, f"<{cell.grade_id}>")
            points, messages = marks.credit(value, cell.points)
            verdict = Verdict(points, messages)
        except BaseException as error:
            verdict = self._failure(error, cell)
        self.made |= cell.binds
        verdict.seconds = time.perf_counter() - start
        return verdict

    def _execute(self, code, file):
        """Run code; give the value of its last expression, None without one."""
        tree = ast.parse(source.plain_python(code), file)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not _silenced(code):
            last = ast.Expression(tree.body.pop().value)
        with _time(self.limits.cell_seconds), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with contextlib.redirect_stdout(_Sink()), contextlib.redirect_stderr(_Sink()):
                exec(compile(tree, file, "exec"), self.names)
                if last is not None:
                    return eval(compile(last, file, "eval"), self.names)
        return None

    def look_up(self, name):
        """Find a name that no instructor's cell has made: a KeyError makes it undefined."""
        if name.startswith("__"):
            raise KeyError(name)
        if name in self.made:
            raise KeyError(name)
        if name not in self.answers:
            if hasattr(builtins, name):
                raise KeyError(name)
            if name in self.modules:
                exec(self.modules[name], self.names)
                return self.names[name]
        if name not in self.cache:
            self.cache[name] = self._fetch(name)
        kind, value = self.cache[name]
        # A copy for each use: a test that changes it changes nobody's but its own.
        return wire.loads(value, self.limits.result) if kind == "data" else value

    def _fetch(self, name):
        try:
            found = self.kernel.describe(name)
        except wire.WireError as error:
            raise proxy.StudentError(f"{name} can't be read: {error}") from None
        except TooSlow as error:
            raise proxy.StudentError(f"{name} can't be read: {error}") from None
        if found.get("kind") == "function":
            return "function", proxy.StudentFunction(name, self)
        if found.get("kind") == "data" and "value" in found:
            return "data", wire.dumps(found["value"], self.limits.result)
        if found.get("kind") == "missing":
            raise KeyError(name)
        raise proxy.StudentError(f"{name} is neither a function nor plain data")

    def call(self, name, positional, keyword):
        """Call a student's function for a test; keeps its shapes for the feedback."""
        self.last_call = words = proxy.signature(name, positional, keyword)
        value = proxy.call(self.kernel, name, positional, keyword)
        self.last_call = f"{words} → {proxy.shape(value)}"
        return value

    def _failure(self, error, cell):
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == f"<{cell.grade_id}>"
        ]
        at = lines[-1] if lines else getattr(error, "lineno", None) or 0
        # Whatever runs the hidden part has hidden data: a failure of a helper counts as hidden.
        hidden = any(first <= line <= last for line in [at, *lines] for first, last in cell.hidden)
        messages = [words(error, hidden, self.limits)]
        if self.last_call and not isinstance(error, KernelEnded):
            messages.append(f"The last call was {self.last_call}.")
        return Verdict(0.0, [clean.text(m, MESSAGE) for m in messages], hidden)


def words(error, hidden, limits):
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
        return f"Hidden check: {error.without_words}" if hidden else str(error)
    if hidden:
        return f"Hidden check: {_instructors_words(error) or 'the result is not right'}"
    if isinstance(error, AssertionError):
        return _without_arrays(error) or "The result is not right."
    return f"{type(error).__name__}: {_without_arrays(error)}"


def _instructors_words(error):
    """Give the message that an instructor wrote, nothing that a library made of the values."""
    if not isinstance(error, AssertionError):
        return str(error) if isinstance(error, NameError) else ""
    frames = traceback.extract_tb(error.__traceback__)
    if frames and frames[-1].filename.startswith("<"):
        return str(error)
    library = frames[-1].filename.replace("\\", "/") if frames else ""
    return _without_arrays(error) if "numpy/testing/" in library else ""


# Where NumPy's comparisons begin to print values.
VALUES = ("Mismatched elements", "First ", "ACTUAL:", "DESIRED:", "x:", "y:", "Max absolute", "[")


def _without_arrays(error):
    try:
        lines = str(error).strip().splitlines()
    except Exception:
        return ""
    cut = [at for at, line in enumerate(lines) if line.lstrip().startswith(VALUES)]
    return "\n".join(lines[: cut[0]] if cut else lines)


@contextlib.contextmanager
def _time(seconds):
    def ring(*_):
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

    def write(self, text):
        return len(text)

    def writable(self):
        return True


def _silenced(code):
    """Whether the last line ends in a semicolon, which hides its value."""
    lines = [line for line in code.splitlines() if line.split("#")[0].strip()]
    return bool(lines) and lines[-1].split("#")[0].rstrip().endswith(";")


def _instructors_imports(notebook):
    """Give the statements for modules that any of the instructor's cells import.

    From plain cells anything they import; from the cells that students write only whole modules
    (``import numpy as np``), since a function's name there may be what they are asked to write.
    """
    found = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for name, (_, statement) in source.imports(cell.full).items():
            if statement.startswith("import ") or cell.kind == "plain":
                found.setdefault(name, statement)
    return found


def close_figures():
    """Forget what tests drew."""
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
