"""Why an answer could not be called: not answered, not run, or only wrong."""

import builtins
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mlpkit.by_hand import WORDS
from mlpkit.grading.judging.causes import NO_MODULE
from mlpkit.grading.text.blocks import made
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan

WORD = re.compile(r"\w+")
NO_NAME = re.compile(r"name '(\w{1,60})' is not defined")
TAKEN = re.compile(rf"^([\w.]{{1,60}}) {re.escape(WORDS)}")


def answered(plan: Plan, pieces: Iterable[Piece], test: str) -> bool:
    """Whether anything was written into the cells that a test is about, or defined elsewhere.

    Parameters
    ----------
    plan : Plan
    pieces : iterable of Piece
        Of the hand-in.
    test : str
        The test's name.
    """
    names = plan.named[test].loads
    own = {cell.index for cell in plan.cells if cell.kind == "solution" and cell.binds & names}
    asked = set[str]().union(*(cell.binds & names for cell in plan.cells if cell.index in own))
    return not own or any(
        not piece.as_released if piece.planned and piece.planned.index in own
        else piece.planned is None and bool(made(piece.source) & asked)
        for piece in pieces if piece.is_code
    )  # fmt: skip


class Errors:
    """Takes in how a submission's cells failed, and says why a test's functions can't be called.

    A name is told if it stands in the submission's code: another could be what a hidden call gave.
    """

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.modules: list[str] = []
        self.kinds: dict[str, str] = {}

    def look(self, piece: Piece, errors: Sequence[Mapping[str, Any]]) -> None:
        """Take in the code and the errors of a cell that was run."""
        self.written |= set(WORD.findall(piece.source))
        for error in errors:
            words = str(error.get("evalue"))
            if (found := NO_MODULE.search(words)) and WORDS not in words:
                self.modules.append(self._module(found))
            for name in piece.planned.binds if piece.planned else ():
                self.kinds[name] = str(error.get("ename"))

    def state(
        self, missing: Sequence[str], failures: Sequence[Mapping[str, Any]], calls: int
    ) -> tuple[str, str]:
        """Say what became of an answer.

        Parameters
        ----------
        missing : sequence of str
            The functions that are none.
        failures : sequence of dict
            The errors of its calls, with "type" and "message".
        calls : int
            How many there were.

        Returns
        -------
        state : {"blank", "not run", "wrong"}
        cause : str
            "needs seaborn", "gradients is not defined"; empty where there is none to name.
        """
        if missing:
            return "not run", self._needs() or self._undefined(missing[0])
        kinds = {str(each.get("type")) for each in failures}
        if len(failures) < calls or len(kinds) != 1:
            return "wrong", ""
        words = str(failures[0].get("message"))
        if kinds == {"NotImplementedError"}:
            return "blank", ""
        if kinds <= {"ImportError", "ModuleNotFoundError"}:
            if taken := TAKEN.search(words):
                return "wrong", f"uses {self._module(taken)}, which is taken away"
            if found := NO_MODULE.search(words):
                return "not run", f"needs {self._module(found)}"
        if kinds == {"NameError"} and (found := NO_NAME.search(words)):
            name = self._told(found[1], "a name")
            return "not run", self._needs() or f"{name} is not defined"
        return "wrong", ""

    def _told(self, name: str, instead: str) -> str:
        return name if name in self.written or hasattr(builtins, name) else instead

    def _module(self, found: re.Match[str]) -> str:
        return self._told(found[1].partition(".")[0], "another module")

    def _needs(self) -> str:
        return f"needs {self.modules[-1]}" if self.modules else ""

    def _undefined(self, name: str) -> str:
        kind = self.kinds.get(name)
        if not kind:
            return f"{name} is not defined"
        return f"its cell stopped with {self._told(kind, 'an error')}"
