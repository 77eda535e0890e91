"""The calls by which an answer is known: those that a test makes of the official solution.

They are recorded at one seed, in the tests' process, from the instructor's own code, with what the
official solution gives. An answer is then called with the same arguments, and no test is run.
"""

import contextlib
import importlib
import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from mlpkit.grading.judging.execution import execute
from mlpkit.grading.judging.outcomes import digest, plain
from mlpkit.grading.room.inside import wire
from mlpkit.grading.text.plan import Plan

SEED = 2026
MOST, LARGEST, ALL = 300, 2_000_000, 8_000_000


@dataclass(frozen=True)
class Probe:
    """One call.

    Parameters
    ----------
    name : str
        The function's.
    arguments : str
        (positional, keyword) as :func:`mlpkit.grading.room.inside.wire.dumps` writes them.
    right : dict
        What the official solution gave: ``{"value": …}``, or ``{"error": …}``.
    """

    name: str
    arguments: str
    right: dict[str, Any]

    def given(self) -> tuple[list[Any], dict[str, Any]]:
        """Give the arguments; a function among them stands for one of the student's."""
        positional, keyword = wire.loads(self.arguments, ALL, _resolve)
        return positional, keyword


@dataclass
class Probes:
    """Those of one test."""

    calls: list[Probe] = field(default_factory=list)

    @property
    def version(self) -> str:
        """A digest of all arguments and right results: names hold for one version only."""
        parts = [
            f"{each.name} {plain(list(each.given()))} {plain(each.right.get('value'))}"
            for each in self.calls
        ]
        return digest(parts)

    @property
    def names(self) -> set[str]:
        """The functions that are called."""
        return {each.name for each in self.calls}


class _Named:
    """Stands in an argument for a function of the student's."""

    is_student_function = True

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __repr__(self) -> str:
        return f"<function {self.__name__}>"


def _resolve(how: str, *names: str) -> Any:
    if how == "name":
        return _Named(names[0])
    return getattr(importlib.import_module(names[0]), names[1])


class _Recorder:
    """Stands for a function of the official solution, and notes how it is called."""

    is_student_function = True
    inside = False

    def __init__(self, name: str, function: Callable[..., Any], kept: list[Probe]) -> None:
        self.__name__ = self.__qualname__ = name
        self.function, self.kept = function, kept

    def __call__(self, *positional: Any, **keyword: Any) -> Any:
        # A function of the official solution that calls another finds the recorder there too.
        if _Recorder.inside:
            return self.function(*positional, **keyword)
        _Recorder.inside = True
        try:
            return self._noted(positional, keyword)
        finally:
            _Recorder.inside = False

    def _noted(self, positional: Any, keyword: Any) -> Any:
        arguments = ""
        with contextlib.suppress(wire.WireError):
            arguments = wire.dumps([list(positional), keyword], LARGEST)
        try:
            value = self.function(*positional, **keyword)
        except Exception as error:
            about = {"type": type(error).__name__, "message": str(error)}
            self._keep(arguments, {"error": about})
            raise
        with contextlib.suppress(wire.WireError):
            self._keep(arguments, {"value": wire.loads(wire.dumps(value, ALL), ALL)})
        return value

    def _keep(self, arguments: str, right: dict[str, Any]) -> None:
        if arguments:
            self.kept.append(Probe(self.__name__, arguments, right))


def record(plan: Plan, wanted: Collection[str], seconds: float = 60.0) -> dict[str, Probes]:
    """Run the instructor's notebook, and note how some of its tests call the solutions.

    Parameters
    ----------
    plan : Plan
    wanted : collection of str
        The tests' names.
    seconds : float
        For each cell.

    Returns
    -------
    dict of str to Probes
        None of a test that calls nothing with plain data.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    found: dict[str, Probes] = {}
    with _fixed_seed():
        for cell in plan.cells:
            if (
                not cell.is_code
                or cell.skipped
                or (cell.kind == "test" and cell.grade_id not in wanted)
            ):
                continue
            kept: list[Probe] = []
            watched = plan.answers if cell.kind == "test" else set()
            with _recorded(names, watched, kept), contextlib.suppress(Exception):
                execute(cell.full, f"<{cell.grade_id}>", names, seconds)
            if kept and cell.kind == "test":
                found[cell.grade_id or ""] = Probes(_some(kept))
    return found


@contextlib.contextmanager
def _recorded(names: dict[str, Any], answers: set[str], kept: list[Probe]) -> Iterator[None]:
    """Let these functions of the official solution note their calls while the block runs."""
    real = {name: names[name] for name in answers if callable(names.get(name))}
    names.update({name: _Recorder(name, value, kept) for name, value in real.items()})
    try:
        yield
    finally:
        names.update(real)


def _some(kept: list[Probe]) -> list[Probe]:
    """Take calls evenly from all, where there are too many or too large ones."""
    step = max(1.0, len(kept) / MOST)
    taken = [kept[int(step * number)] for number in range(min(MOST, len(kept)))]
    left, found = ALL, []
    for probe in taken:
        left -= len(probe.arguments)
        if left >= 0:
            found.append(probe)
    return found


@contextlib.contextmanager
def _fixed_seed() -> Iterator[None]:
    before = os.environ.get("MLPKIT_SEED")
    os.environ["MLPKIT_SEED"] = str(SEED)
    try:
        yield
    finally:
        del os.environ["MLPKIT_SEED"]
        if before is not None:
            os.environ["MLPKIT_SEED"] = before
