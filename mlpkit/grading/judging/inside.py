"""A test that runs inside: in the student's process, as under nbgrader, for what only it can see.

Whatever the student's code has changed there, it has changed for the test too: such tests can be
seen and fooled. They run in the sandbox all the same.
"""

import re
from typing import Any

from mlpkit.grading.judging.credit import credit_of_text
from mlpkit.grading.judging.words import Said
from mlpkit.grading.text import clean
from mlpkit.grading.text.plan import PlannedCell

# Where a traceback points at the line that failed.
ARROW = re.compile(r"^-+> *(\d+) (.*)$", re.MULTILINE)
WORDS, TRACEBACK = 2000, 20_000


class Watched(clean.Outputs):
    """A test cell's outputs, and of them what nbgrader reads marks from.

    Attributes
    ----------
    value : str or None
        The last expression's, as it is shown.
    failed : dict or None
        The first error.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.value: str | None = None
        self.failed: dict[str, Any] | None = None

    def take(self, kind: str, body: dict[str, Any]) -> None:
        """Take one message from the kernel."""
        super().take(kind, body)
        if kind == "error" and self.failed is None:
            self.failed = body
        elif kind == "execute_result" and self.value is None:
            data = body.get("data")
            self.value = clean.text(data.get("text/plain"), 200) if isinstance(data, dict) else ""


def marks(
    watched: Watched, reason: str | None, cell: PlannedCell, whole: bool
) -> tuple[float, list[Said]]:
    """Give the points of a test that was run inside, and what it says.

    Parameters
    ----------
    watched : Watched
    reason : str or None
        Why the run was cut short.
    cell : PlannedCell
    whole : bool
        With its hidden parts: nothing is said then that the instructor hasn't written.
    """
    if reason is not None:
        return 0.0, [Said(f"The test was stopped: {reason}.", check=False)]
    hidden = cell.hidden if whole else []
    if watched.failed is not None:
        text, line = _words(watched.failed), _line(watched.failed)
        inside = bool(hidden) and (line is None or any(a <= line <= b for a, b in hidden))
        return 0.0, [_hidden(text, cell) if inside else Said(text)]
    points, notes = credit_of_text(watched.value, cell.points)
    said = [Said(note, check=False) for note in notes]
    if points < cell.points:
        said += [_hidden("", cell)] if hidden else _printed(watched)
    return points, said


def _printed(watched: Watched) -> list[Said]:
    parts = [part for output in watched.kept for part in output.get("parts", [])]
    text = "".join(parts).strip()
    return [Said(text)] if text else []


def _words(error: dict[str, Any]) -> str:
    """Say what a test raised, and at which of its lines, as the notebook shows it."""
    name, words = clean.line(error.get("ename"), 200), clean.words(error.get("evalue"), WORDS)
    text = f"{name}: {words.strip()}" if words.strip() else name
    at = ARROW.search(_traceback(error))
    return f"{text} (line {at[1]} of the test, `{at[2].strip()}`)" if at else text


def _line(error: dict[str, Any]) -> int | None:
    at = ARROW.search(_traceback(error))
    return int(at[1]) if at else None


def _traceback(error: dict[str, Any]) -> str:
    lines = error.get("traceback")
    if not isinstance(lines, list):
        return ""
    return "\n".join(clean.words(part, TRACEBACK) for part in lines if isinstance(part, str))


def _hidden(text: str, cell: PlannedCell) -> Said:
    """Give of what a hidden part says only words that the instructor wrote."""
    fits = [check for check in cell.checks if check.hidden and check.in_message(text)]
    return Said("…".join(fits[0].parts) if fits else "the result is not right", hidden=True)
