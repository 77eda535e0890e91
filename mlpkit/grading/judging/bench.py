"""Where tests run: the instructor's code in this process, the student's functions by proxy."""

import contextlib
import os
import secrets
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import FrameType
from typing import Any

from mlpkit.grading.job import Limits
from mlpkit.grading.judging import inside, proxy, words
from mlpkit.grading.judging.credit import credit
from mlpkit.grading.judging.execution import Printed, compiled, execute
from mlpkit.grading.judging.kits_words import kits_words
from mlpkit.grading.judging.namespace import Namespace, State
from mlpkit.grading.judging.signs import hint
from mlpkit.grading.judging.words import Said
from mlpkit.grading.room.inside import wire
from mlpkit.grading.room.kernel import Kernel, KernelEnded, TooSlow
from mlpkit.grading.room.tape import Tape
from mlpkit.grading.text.checks import Check
from mlpkit.grading.text.checks import checks as checks_of
from mlpkit.grading.text.plan import Plan, PlannedCell


@dataclass
class Kept:
    """The state in which a test with hidden parts is to be run again."""

    state: State
    tape: Tape
    seed: int


@contextlib.contextmanager
def _seeded(kept: Kept | None) -> Iterator[None]:
    """Let `fresh_rng` draw the same in both runs of a test: what it asks first is then the same."""
    if kept is None or "MLPKIT_SEED" in os.environ:
        yield
        return
    os.environ["MLPKIT_SEED"] = str(kept.seed)
    try:
        yield
    finally:
        del os.environ["MLPKIT_SEED"]


@dataclass
class Verdict:
    """What a test cell earned, and why not more."""

    points: float
    said: list[Said] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def hidden(self) -> bool:
        """Whether it failed in a part that students don't see."""
        return any(each.hidden for each in self.said)


class Bench:
    """Runs locked cells and tests, in the notebook's order, at the state reached so far.

    Parameters
    ----------
    kernel : Kernel
        The student's side.
    plan : Plan
        Says which names are the student's.
    limits : Limits
    visible : bool
        Leave the hidden parts of tests out, and keep the state in which each is to be run.
    """

    def __init__(self, kernel: Kernel, plan: Plan, limits: Limits, visible: bool = False) -> None:
        self.kernel, self.limits, self.visible = kernel, limits, visible
        self.names, self.plan = Namespace(kernel, plan, limits, self), plan
        self.answers = plan.answers
        instructors = [c for c in plan.cells if c.kind in ("test", "locked")]
        self.used = set[str]().union(*(c.loads for c in instructors))
        self.hidden = {_file(c): c.hidden for c in instructors if c.hidden}
        # What the submission could tell of hidden tests is kept back once one has called it.
        self.called_hidden, self.returned = False, set[str]()
        self.kept: dict[str, Kept] = {}
        self.calls: dict[int, str] = {}
        self.file = ""
        self.printed = Printed(self.in_hidden_part)

    def pass_solution(self, cell: PlannedCell) -> None:
        """Note that the student's cell was run: what it should define is the student's again."""
        self.names.give_back(cell.binds)

    def run_locked(self, cell: PlannedCell) -> None:
        """Run an instructor's cell for the names that it makes; its failure shows in the tests."""
        self.names.look_again()
        # A plot of the student's results makes nothing for the tests: once, in the sandbox.
        if cell.loads & self.answers and not cell.binds & self.used:
            return
        with contextlib.suppress(BaseException):
            execute(self._code(cell), _file(cell), self.names, self.limits.cell_seconds)
        self.names.make(cell.binds)

    def run_test(self, cell: PlannedCell) -> Verdict:
        """Run a test cell, hidden part included.

        Returns
        -------
        Verdict
            Never raises.
        """
        if cell.inside:
            return self._run_inside(cell)
        if self.visible and cell.hidden:
            self._keep(cell.grade_id or "")
        self.names.look_again()
        self.calls = {}
        self.file = _file(cell)
        self.printed = Printed(self.in_hidden_part)
        start = time.perf_counter()
        try:
            code, seconds = self._code(cell), self.limits.cell_seconds
            with _seeded(self.kept.get(cell.grade_id or "")):
                value = execute(code, self.file, self.names, seconds, self.printed)
            points, notes = credit(value, cell.points)
            verdict = Verdict(points, [Said(note, check=False) for note in notes])
            if points < cell.points:
                verdict.said += self._prints(cell)
        except BaseException as error:
            verdict = Verdict(0.0, [*self._failure(error, cell), *self._prints(cell)])
        self.names.make(cell.binds)
        verdict.said = [
            words.mask(each, self.returned, self.plan)
            if self.called_hidden or each.hidden
            else each
            for each in verdict.said
        ]
        verdict.seconds = time.perf_counter() - start
        return verdict

    def _run_inside(self, cell: PlannedCell) -> Verdict:
        """Run a test in the student's process."""
        start = time.perf_counter()
        watched = inside.Watched(self.limits.cell_output)
        run = self.kernel.run(self._code(cell), self.limits.cell_seconds, watched)
        self.names.look_again()
        points, said = inside.marks(watched, run.reason, cell, whole=not self.visible)
        return Verdict(points, said, time.perf_counter() - start)

    def run_kept(self, cell: PlannedCell) -> Verdict:
        """Run a test with its hidden part, in the state that was kept when it was reached.

        Raises
        ------
        KeyError, WireError, TooSlow, KernelEnded
            If that state can't be had.
        """
        kept = self.kept[cell.grade_id or ""]
        self.kernel.go_back(cell.grade_id or "", kept.tape)
        self.names.go_back(kept.state)
        self.visible = False
        return self.run_test(cell)

    def _keep(self, name: str) -> None:
        with contextlib.suppress(wire.WireError, TooSlow, KernelEnded):
            self.kernel.keep(name)
            self.kept[name] = Kept(self.names.state(), self.kernel.tape, secrets.randbits(64))

    def _code(self, cell: PlannedCell) -> str:
        return cell.released if self.visible and cell.hidden else cell.full

    def call(self, name: str, positional: Sequence[Any], keyword: Mapping[str, Any]) -> Any:
        """Call a student's function for a test; keeps its shapes for the feedback."""
        self.called_hidden |= self.in_hidden_part()
        line, told = self._line(), proxy.signature(name, positional, keyword)
        self.calls.pop(line, None)
        self.calls[line] = told
        try:
            value = proxy.call(self.kernel, name, positional, keyword)
        except proxy.StudentError as error:
            raise self.quiet(error) from None
        if self.called_hidden:
            self.returned |= proxy.strings(value)
        known = proxy.sizes([*positional, *keyword.values()]) if self.called_hidden else None
        self.calls[line] = f"{told} → {proxy.shape(value, known)}"
        return value

    def quiet(self, error: proxy.StudentError) -> proxy.StudentError:
        """Keep the submission's own words back where they could tell of a hidden test."""
        return type(error)(error.without_words) if self.called_hidden else error

    def in_hidden_part(self) -> bool:
        """Whether a hidden line of a test is being executed, perhaps several calls up."""
        frame: FrameType | None = None if self.visible else sys._getframe(1)
        while frame is not None:
            for first, last in self.hidden.get(frame.f_code.co_filename, ()):
                if first <= frame.f_lineno <= last:
                    return True
            frame = frame.f_back
        return False

    def _line(self) -> int:
        """Give the line of the running test's own statement, 0 outside of one."""
        frame: FrameType | None = sys._getframe(1)
        line = 0
        while frame is not None:
            if frame.f_code.co_filename == self.file:
                line = frame.f_lineno
            frame = frame.f_back
        return line

    def _failure(self, error: BaseException, cell: PlannedCell) -> list[Said]:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == self.file and frame.lineno is not None
        ]
        at = lines[-1] if lines else getattr(error, "lineno", None) or 0
        # Whatever runs the hidden part has hidden data: a failure of a helper counts as hidden.
        ranges = [] if self.visible else self.hidden.get(self.file, [])
        hidden = any(first <= line <= last for line in [at, *lines] for first, last in ranges)
        said = words.explain(error, hidden, self.limits)
        if items := words.items(said.text):
            return words.tell(items, self._checks(cell), self.calls)
        if not said.hidden:
            more = hint(cell.released, self.answers, said.text)
            said = replace(said, text=said.text + more)
        if self.calls and not isinstance(error, KernelEnded):
            said = replace(said, call=list(self.calls.values())[-1])
        return [said]

    def _checks(self, cell: PlannedCell) -> list[Check]:
        """Give the texts of what is run: without hidden parts the lines are others."""
        return checks_of(cell.released, []) if self.visible and cell.hidden else cell.checks

    def _prints(self, cell: PlannedCell) -> list[Said]:
        """Give what the visible part of a test printed: where credit is partial, the reasons."""
        text = self.printed.text()
        items = words.items(text) or ([text.strip()] if text.strip() else [])
        return words.tell(items, self._checks(cell), self.calls)


def prepare(plan: Plan) -> None:
    """Compile the instructor's cells once for all submissions that are judged in forks."""
    kits_words(), plan.vocabulary  # read once too
    for cell in plan.cells:
        for code in {cell.full, cell.released} if cell.kind in ("test", "locked") else ():
            if cell.is_code:
                with contextlib.suppress(Exception):
                    compiled(code, _file(cell))


def _file(cell: PlannedCell) -> str:
    return f"<{cell.grade_id}>"
