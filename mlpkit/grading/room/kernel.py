"""Talk to a kernel in the sandbox; believe nothing that it says."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from mlpkit.grading.job import Job
from mlpkit.grading.room.conversation import Conversation, NobodyServes, TooMuch
from mlpkit.grading.room.inside import wire
from mlpkit.grading.room.sandbox import Sandbox, SandboxError
from mlpkit.grading.room.tape import Tape
from mlpkit.grading.text import clean

Outcome = TypeVar("Outcome")
INTERRUPT_SECONDS = 2.0


class KernelEnded(Exception):
    """The student's kernel is no more; the message says why.

    Attributes
    ----------
    died : bool
        It was killed or failed, perhaps by no fault of the submission's.
    """

    def __init__(self, reason: str, died: bool = False) -> None:
        super().__init__(reason)
        self.died = died


class TooSlow(Exception):
    """The kernel was interrupted after its time, and goes on living."""


@dataclass
class Run:
    """What running one cell showed: outputs fit for a notebook, and why it was cut short."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    reason: str | None = None


class Kernel:
    """One submission's kernel, which can't import what is done by hand."""

    def __init__(self, sandbox: Sandbox, job: Job, by_hand: Collection[str]) -> None:
        self.sandbox, self.limits = sandbox, job.limits
        self.reason: str | None = None
        self.died = False
        self.deadline = time.monotonic() + self.limits.submission_seconds
        self.conversation = Conversation(self.limits)
        self.serving: str | None = None
        self.tape = Tape()
        connection, line = self.conversation.connection(), self.conversation.line
        address = sandbox.spawn(connection, line.theirs, job, by_hand)
        line.theirs.close()
        self.conversation.connect(address)
        self._meet()

    def _meet(self) -> None:
        """Wait until outputs arrive: what is published before we listen is lost."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.conversation.send("kernel_info_request", {})
            if self.conversation.heard(100):
                return
            self._check()
        raise self._end("the kernel did not answer", died=True)

    def run(self, code: str, seconds: float, outputs: clean.Outputs | None = None) -> Run:
        """Run a student's cell.

        Parameters
        ----------
        code : str
        seconds : float
        outputs : Outputs, optional
            Takes what it shows.

        Returns
        -------
        Run
            Never raises: an ended kernel is a reason.
        """
        outputs = outputs or clean.Outputs(self.limits.cell_output)
        content = {"code": code, "silent": False, "store_history": True}
        try:
            self._serve_no_more()
            self._execute(content, seconds, outputs.take)
        except (KernelEnded, TooSlow) as error:
            return Run(outputs.finish(), str(error))
        return Run(outputs.finish())

    def describe(self, name: str) -> dict[str, Any]:
        """Ask what a name stands for; see :func:`mlpkit.grading.room.inside.bridge.describe`."""
        return self._ask("describe", name)

    def keep(self, name: str) -> None:
        """Let the kernel keep what its names stand for now, and record what it answers next.

        Raises
        ------
        WireError
            If it doesn't.
        KernelEnded, TooSlow
        """
        self.tape = Tape()
        self._do("keep", name)
        self.tape = Tape()

    def go_back(self, name: str, tape: Tape) -> None:
        """Let the kernel's names stand for what they did at a `keep`; raises as that does.

        Parameters
        ----------
        name : str
        tape : Tape
            Recorded from there on; what is asked as then is answered from it.
        """
        self.tape = Tape()
        self._do("go_back", name)
        self.tape = tape
        tape.rewind()

    def _do(self, *order: object) -> None:
        if self._ask(*order) != {"done": True}:
            raise wire.WireError("the kernel didn't do it")

    def call(
        self, name: str, positional: Sequence[Any], keyword: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Call a function of the student's.

        Returns
        -------
        dict
            ``{"value": …}``, ``{"error": {"type", "message"}}`` or ``{"unsendable": why}``.

        Raises
        ------
        WireError
            If the arguments can't cross, or what came back is no plain data.
        KernelEnded, TooSlow
        """
        return self._ask("call", name, list(positional), dict(keyword))

    def _ask(self, *question: object) -> dict[str, Any]:
        text = wire.dumps(list(question), self.limits.result)
        told = self.tape.hear(text)
        if told is None:
            try:
                told = self._answer(text)
            except TooSlow as error:
                self.tape.keep(text, error)
                raise
            self.tape.keep(text, told)
        if isinstance(told, Exception):
            raise told
        answer = wire.loads(told.decode("ascii", "replace") or "null", self.limits.result)
        if not isinstance(answer, dict):
            raise wire.WireError("the kernel gave no readable answer")
        return answer

    def _answer(self, text: str) -> bytes:
        if self.reason:
            raise KernelEnded(self.reason, self.died)
        if self.serving is None:
            serve = {"answer": "__import__('mlpkit_bridge').serve()"}
            self.serving = self._send({"code": "", "silent": True, "user_expressions": serve})
        self.conversation.line.ask(text.encode("ascii"))
        return self._within(
            self.limits.call_seconds,
            lambda deadline: self.conversation.answer(self.serving, deadline, self._check),
        )

    def _serve_no_more(self) -> None:
        """Let the kernel run cells again."""
        if self.reason is None and self.serving is not None:
            self.conversation.line.ask(b"")
            number, self.serving = self.serving, None
            self._within(
                self.limits.call_seconds,
                lambda deadline: self.conversation.hang_up(number, deadline, self._check),
            )

    def _send(self, content: dict[str, Any]) -> str:
        """Send a request to execute; return its number."""
        content |= {"allow_stdin": False, "stop_on_error": False}
        return self.conversation.send("execute_request", content)

    def _execute(
        self, content: dict[str, Any], seconds: float, take: Callable[[str, dict[str, Any]], object]
    ) -> None:
        """Send one request; take its outputs; wait for the reply."""
        if self.reason:
            raise KernelEnded(self.reason, self.died)
        number = self._send(content)
        self._within(
            seconds,
            lambda deadline: self.conversation.wait(number, deadline, take, self._check),
        )

    def _within(self, seconds: float, wait: Callable[[float], Outcome | None]) -> Outcome | bytes:
        """Wait until a deadline; interrupt what takes longer."""
        now = time.monotonic()
        seconds = min(seconds, self.deadline - now)
        answer = self._wait(wait, now + seconds)
        if answer is not None:
            return answer
        if self.deadline <= time.monotonic():
            raise self._end(self._whole_time())
        words = f"it took longer than {seconds:g} seconds"
        self._guarded(self.sandbox.interrupt)
        if self._wait(wait, time.monotonic() + INTERRUPT_SECONDS) is None:
            raise self._end(f"{words} and could not be interrupted")
        raise TooSlow(words)

    def _wait(
        self, wait: Callable[[float], Outcome | None], deadline: float
    ) -> Outcome | bytes | None:
        try:
            return wait(deadline)
        except NobodyServes:
            self.serving = None
            return b""
        except TooMuch as error:
            raise self._end(str(error)) from None

    def _whole_time(self) -> str:
        return f"the submission took longer than {self.limits.submission_seconds:g} seconds"

    def _check(self) -> None:
        """Raise if the kernel has ended, or the submission's time has."""
        ended = self._guarded(self.sandbox.ended)
        if ended:
            raise self._end(ended.why, ended.died)

    def _guarded(self, what: Callable[[], Outcome]) -> Outcome:
        try:
            return what()
        except SandboxError as error:
            raise self._end(str(error), died=True) from None

    def _end(self, reason: str, died: bool = False) -> KernelEnded:
        self.stop(reason, died)
        return KernelEnded(self.reason or reason, self.died)

    def stop(self, reason: str = "it was stopped", died: bool = False) -> None:
        """End the kernel for good; the first reason stays."""
        if self.reason is None:
            self.reason, self.died = reason, died
            self.conversation.close()
            try:
                self.sandbox.end()
            except SandboxError:
                self.sandbox.close()
