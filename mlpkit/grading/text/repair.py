"""Bring any hand-in into the shape of the plan, and say what was mended."""

from dataclasses import dataclass, field
from typing import Any

from mlpkit.grading.text.handed_in import Submitted, Unreadable, read_cells
from mlpkit.grading.text.matching import match
from mlpkit.grading.text.plan import Plan, PlannedCell


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
    """

    cell_type: str
    source: str
    planned: PlannedCell | None = None
    attachments: dict[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """What the plan says it is, or "own"."""
        return self.planned.kind if self.planned else "own"


def repair(content: bytes, plan: Plan) -> tuple[list[Piece], list[str], str | None]:
    """Fit a submission to the plan; never raises for what it holds.

    Parameters
    ----------
    content : bytes
        The submission, whatever it is.
    plan : Plan

    Returns
    -------
    pieces : list of Piece
        Every cell that nbgrader knows, once, and the student's own cells between them.
    repairs : list of str
        What was mended, in words.
    reason : str or None
        Why nothing of it can be used; the pieces are then those of the release.
    """
    repairs: list[str] = []
    try:
        cells = read_cells(content, plan, repairs)
        return _arrange(cells, plan, repairs), repairs, None
    except Unreadable as error:
        reason = str(error)
    except Exception as error:
        reason = f"the notebook can't be understood ({type(error).__name__})"
    return _arrange([], plan, []), repairs, reason


def _arrange(cells: list[Submitted], plan: Plan, repairs: list[str]) -> list[Piece]:
    """Match cells with places, put them in order, fill what is missing."""
    match(cells, plan, repairs)
    cells = _drop_copies_of_tests(cells, plan, repairs)
    return _pieces(cells, plan, repairs)


def _drop_copies_of_tests(
    cells: list[Submitted], plan: Plan, repairs: list[str]
) -> list[Submitted]:
    """Leave out further copies of instructor's cells: they would run as the student's own."""
    locked: dict[str, PlannedCell] = {}
    for planned in plan.named.values():
        if planned.kind in ("test", "locked"):
            locked |= {planned.released.strip(): planned, planned.full.strip(): planned}
    kept = []
    for cell in cells:
        named = plan.named.get(cell.grade_id or "")
        copy_of_test = named is not None and named.kind in ("test", "locked")
        if cell.planned is None and (copy_of_test or cell.source.strip() in locked):
            repairs.append(f"cell {cell.position}, a copy of a locked cell, was left out")
        else:
            kept.append(cell)
    return kept


def _pieces(cells: list[Submitted], plan: Plan, repairs: list[str]) -> list[Piece]:
    """Order pieces as the instructor's notebook has them; own cells stay behind their neighbour."""
    known = [(cell.planned.index, cell) for cell in cells if cell.planned]
    order = [index for index, _ in known]
    if order != sorted(order):
        repairs.append("the cells were in another order")
    behind: dict[int, list[Submitted]] = {}
    anchor = -1
    for cell in cells:
        if cell.planned:
            anchor = cell.planned.index
        else:
            behind.setdefault(anchor, []).append(cell)
    found = dict(known)
    pieces = [_own(cell) for cell in behind.get(-1, [])]
    for planned in plan.named.values():
        pieces.append(_piece(planned, found.get(planned.index), repairs))
        pieces += [_own(cell) for cell in behind.get(planned.index, [])]
    return pieces


def _own(cell: Submitted) -> Piece:
    return Piece(cell.cell_type, cell.source, attachments=cell.attachments)


def _piece(planned: PlannedCell, cell: Submitted | None, repairs: list[str]) -> Piece:
    name = planned.grade_id
    kind = "code" if planned.cell_type == "code" else "markdown"
    if cell is None:
        repairs.append(f"the cell {name!r} was missing; it was put back as released")
        return Piece(kind, planned.released, planned)
    if cell.cell_type != kind:
        repairs.append(f"the cell {name!r} had become {cell.cell_type}; it is {kind} again")
    if planned.kind in ("test", "locked"):
        if cell.source.strip() not in (planned.released.strip(), planned.full.strip()):
            repairs.append(f"the locked cell {name!r} had been edited; the original was used")
        return Piece(kind, planned.released, planned)
    return Piece(kind, cell.source, planned, cell.attachments)
