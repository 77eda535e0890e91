"""A piece: one cell of a hand-in, at its place in the instructor's notebook."""

from dataclasses import dataclass, field
from typing import Any

from mlpkit.grading.text.plan import PlannedCell


@dataclass
class Piece:
    """One cell to run or show: a place of the instructor's notebook, or the student's own.

    Parameters
    ----------
    cell_type : {"code", "markdown"}
    source : str
        What stands there now: the student's text, or for locked cells the instructor's.
    planned : PlannedCell or None
        None for a cell that the student added.
    attachments : dict
    place : str
        For what was added to an instructor's cell: which.
    near : bool
        A written answer as released, where text of the student's stands elsewhere.
    """

    cell_type: str
    source: str
    planned: PlannedCell | None = None
    attachments: dict[str, Any] = field(default_factory=dict)
    place: str = ""
    near: bool = False

    @property
    def kind(self) -> str:
        """What the plan says it is, or "own"."""
        return self.planned.kind if self.planned else "own"

    @property
    def name(self) -> str:
        """How it is named in a sentence: as nbgrader names it, quoted."""
        return repr(self.planned.grade_id) if self.planned else ""

    @property
    def is_code(self) -> bool:
        """Whether it is run."""
        return self.cell_type == "code"

    @property
    def as_released(self) -> bool:
        """Whether nothing was written into it."""
        return self.planned is not None and self.source.strip() in (
            "",
            self.planned.released.strip(),
        )
