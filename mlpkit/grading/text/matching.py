"""Which cell of a hand-in stands for which of the plan: by its name, and by what else it shows."""

from collections.abc import Callable

from mlpkit.grading.text.blocks import made
from mlpkit.grading.text.handed_in import Submitted
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.plan import Plan, PlannedCell

Way = Callable[[PlannedCell, list[Submitted], list[Submitted], Plan], Submitted | None]

SEVERAL = Kind(
    "the cell {} was there more than once; one was used",
    "the cells {} were there more than once; one of each was used",
)
LOST_NAME = Kind(
    "the cell {} had lost its name; it was found again",
    "the cells {} had lost their names; they were found again",
)


def match(cells: list[Submitted], plan: Plan, notes: Notes) -> None:
    """Note in each cell which planned one it is; those that stay without are the student's own."""
    _match_by_name(cells, plan, notes)
    for how in (_by_cell_id, _by_text, _by_bound_names, _by_place):
        _match(cells, plan, notes, how)


def _match_by_name(cells: list[Submitted], plan: Plan, notes: Notes) -> None:
    for name, planned in plan.named.items():
        found = [cell for cell in cells if cell.grade_id == name]
        if not found:
            continue
        if len(found) > 1:
            notes.add(SEVERAL, repr(name))
        # A copy that still says what was released is not the one that was worked on.
        worked = [cell for cell in found if cell.source.strip() != planned.released.strip()]
        (worked or found)[-1].planned = planned


def _match(cells: list[Submitted], plan: Plan, notes: Notes, how: Way) -> None:
    taken = {cell.planned.index for cell in cells if cell.planned}
    for planned in plan.named.values():
        if planned.index in taken:
            continue
        free = [c for c in cells if c.planned is None and c.grade_id not in plan.named]
        found = how(planned, free, cells, plan)
        if found is not None:
            found.planned = planned
            notes.add(LOST_NAME, repr(planned.grade_id))


def _by_cell_id(
    planned: PlannedCell, free: list[Submitted], cells: list[Submitted], plan: Plan
) -> Submitted | None:
    ids = [cell.cell_id for cell in plan.cells]
    if planned.cell_id is None or ids.count(planned.cell_id) != 1:
        return None
    return next((cell for cell in free if cell.cell_id == planned.cell_id), None)


def _by_text(
    planned: PlannedCell, free: list[Submitted], cells: list[Submitted], plan: Plan
) -> Submitted | None:
    wanted = [planned.released.strip(), planned.full.strip()]
    same = [p for p in plan.named.values() if p.released.strip() == planned.released.strip()]
    if not wanted[0] or (len(same) > 1 and planned.kind in ("solution", "manual")):
        return None
    return next((cell for cell in free if cell.source.strip() in wanted), None)


def _by_bound_names(
    planned: PlannedCell, free: list[Submitted], cells: list[Submitted], plan: Plan
) -> Submitted | None:
    """Find an answer by the functions that it defines."""
    if planned.kind not in ("solution", "manual") or not planned.binds:
        return None
    found = [cell for cell in free if made(cell.source) & planned.binds]
    return found[-1] if found else None


def _by_place(
    planned: PlannedCell, free: list[Submitted], cells: list[Submitted], plan: Plan
) -> Submitted | None:
    """Find an answer as the only unknown cell of its type between two known neighbours."""
    if planned.kind not in ("solution", "manual"):
        return None
    known = {cell.planned.index: cell.position for cell in cells if cell.planned}
    if not known:  # nothing says that it is of this assignment at all
        return None
    before = max((at for index, at in known.items() if index < planned.index), default=0)
    after = min((at for index, at in known.items() if index > planned.index), default=10**9)
    plain = {p.released.strip() for p in plan.cells if p.kind == "plain"}
    between = [
        cell
        for cell in free
        if before < cell.position < after
        and cell.cell_type == planned.cell_type
        and cell.source.strip() not in plain
    ]
    return between[0] if len(between) == 1 else None
