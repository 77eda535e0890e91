"""Bring any hand-in into the shape of the plan, and say what was mended."""

from collections.abc import Mapping, Sequence

from mlpkit.grading.text.again import mark_again
from mlpkit.grading.text.answers import find_answers, mark_near
from mlpkit.grading.text.blocks import Block, additions, blocks, lines
from mlpkit.grading.text.broken import DAMAGED
from mlpkit.grading.text.digests import Digests, digest, words
from mlpkit.grading.text.handed_in import Submitted, Unreadable, read_cells
from mlpkit.grading.text.matching import match
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.pictures import Album
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan, PlannedCell
from mlpkit.grading.text.texts import pieces_of

COPY = Kind(
    "cell {}, a copy of a locked cell, was left out",
    "the cells {}, copies of locked cells, were left out",
)
CHECKED = Kind(
    "the test {} stood in another cell too; it was run in its own",
    "the tests {} stood in other cells too; they were run in their own",
)
MISSING = Kind(
    "the cell {} was missing; it was put back as released",
    "the cells {} were missing; they were put back as released",
)
OTHER_TYPE = Kind(
    "the cell {} had become another type; it has its own again",
    "the cells {} had become other types; they have their own again",
)
EDITED = Kind(
    "the locked cell {} had been edited; the original was used",
    "the locked cells {} had been edited; the originals were used",
)
EARLIER = "it is of an earlier release; the tests and locked cells of the present one were used"
ADDED = Kind(
    "what had been added to the locked cell {} was run as a cell of the student's own",
    "what had been added to the locked cells {} was run as cells of the student's own",
)


def repair(
    content: bytes,
    plan: Plan,
    pictures: Mapping[str, bytes] | None = None,
    others: Sequence[str] = (),
    earlier: Digests | None = None,
    texts: Mapping[str, bytes] | None = None,
) -> tuple[list[Piece], list[str], str | None]:
    """Fit a submission to the plan; never raises for what it holds.

    Parameters
    ----------
    content : bytes
        The submission, whatever it is.
    plan : Plan
    pictures : dict of str to bytes, optional
        Those handed in beside the notebook.
    others : sequence of str
        Names of other files beside it, which can't be shown.
    earlier : dict of str to list of str, optional
        Digests of earlier releases' cells, by name.
    texts : dict of str to bytes, optional
        Files beside it, of which those that are to be read are shown.

    Returns
    -------
    pieces : list of Piece
        Every cell that nbgrader knows, once, and the student's own cells between them.
    repairs : list of str
        What was mended, one sentence a kind.
    reason : str or None
        Why nothing of it can be used; the pieces are then those of the release.
    """
    notes = Notes()
    try:
        pieces = _arrange(read_cells(content, plan, notes), plan, notes, earlier)
        attached = [piece.attachments for piece in pieces]
        album = Album(pictures or {}, notes, attached)
        pieces = _with_pictures(pieces, album, others, pieces_of(texts or {}))
        # Of a damaged file a person may see more.
        lost = any(sentence.startswith(DAMAGED) for sentence in notes.sentences())
        mark_near(pieces, _plain(plan) | {*(earlier or {}).get("", [])}, notes, lost)
        return pieces, notes.sentences(), None
    except Unreadable as error:
        reason = str(error)
    except MemoryError:
        reason = "the notebook takes more memory to read than there is"
    except Exception as error:
        reason = f"the notebook can't be understood: {error}"[:200]
    return _arrange([], plan, Notes()), notes.sentences(), reason


def _arrange(
    cells: list[Submitted], plan: Plan, notes: Notes, earlier: Digests | None = None
) -> list[Piece]:
    """Match cells with places, put them in order, fill what is missing."""
    match(cells, plan, notes)
    _bring_up_to_date(cells, earlier or {}, notes)
    cells = _drop_copies_of_tests(cells, plan, notes)
    pieces = find_answers(_pieces(cells, plan, notes), notes, plan.text_lines)
    mark_again(pieces, notes)
    return pieces


def _with_pictures(
    pieces: list[Piece], album: Album, others: Sequence[str], texts: list[Piece]
) -> list[Piece]:
    """Let text cells show their pictures, and the last written answer what lies beside."""
    for piece in [*pieces, *texts]:
        if piece.is_code:
            album.take(piece.attachments)
        elif piece.kind in ("own", "manual"):
            album.show_in(piece)
    last = [at for at, piece in enumerate(pieces) if piece.kind == "manual"][-1:]
    beside = album.beside(others if last else ())
    at = last[0] + 1 if last else len(pieces)
    return [*pieces[:at], *filter(None, [beside]), *(texts if last else ()), *pieces[at:]]


def _bring_up_to_date(cells: list[Submitted], earlier: Digests, notes: Notes) -> None:
    """Let a cell that an earlier release had just so say what the present one says."""
    for cell in cells:
        if cell.planned and digest(cell.source) in earlier.get(cell.planned.grade_id or "", ()):
            notes.say(EARLIER)
            cell.source = cell.planned.released


def _plain(plan: Plan) -> frozenset[str]:
    return frozenset(digest(cell.released) for cell in plan.cells if cell.kind == "plain")


def _drop_copies_of_tests(cells: list[Submitted], plan: Plan, notes: Notes) -> list[Submitted]:
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
            notes.add(COPY, str(cell.position))
        else:
            own = cell.planned is None or cell.planned.kind not in ("test", "locked")
            if own and cell.cell_type == "code":
                _drop_checks(cell, plan, notes)
            kept.append(cell)
    return kept


def _drop_checks(cell: Submitted, plan: Plan, notes: Notes) -> None:
    """Leave out the checks of a test that stands as a whole in another cell, merged or pasted.

    What they call may be there in the test's own process alone, and they would end the cell.
    """
    own = blocks(cell.source)
    for test in (each for each in plan.named.values() if each.kind == "test"):
        wanted = {said for block in blocks(test.released) if (said := _code(block))}
        if wanted and wanted <= set(map(_code, own)):
            notes.add(CHECKED, repr(test.grade_id))
            own = tuple(b for b in own if b.names or _code(b) not in wanted)
            cell.source = "".join(block.text for block in own)


def _code(block: Block) -> str:
    return "\n".join(lines(block.text))


def _pieces(cells: list[Submitted], plan: Plan, notes: Notes) -> list[Piece]:
    """Order pieces as the instructor's notebook has them; own cells stay behind their neighbour."""
    known = [(cell.planned.index, cell) for cell in cells if cell.planned]
    order = [index for index, _ in known]
    if order != sorted(order):
        notes.say("the cells were in another order")
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
        pieces += _place(planned, found.get(planned.index), notes)
        pieces += [_own(cell) for cell in behind.get(planned.index, [])]
    return pieces


def _own(cell: Submitted) -> Piece:
    return Piece(cell.cell_type, cell.source, attachments=cell.attachments)


def _place(planned: PlannedCell, cell: Submitted | None, notes: Notes) -> list[Piece]:
    """Fill one place of the plan; what was added to a locked cell is a cell of its own."""
    kind = "code" if planned.cell_type == "code" else "markdown"
    if cell is None:
        notes.add(MISSING, repr(planned.grade_id))
        return [Piece(kind, planned.released, planned)]
    if cell.cell_type != kind:
        notes.add(OTHER_TYPE, repr(planned.grade_id))
    if planned.kind not in ("test", "locked"):
        return [Piece(kind, cell.source, planned, cell.attachments)]
    original = Piece(kind, planned.released, planned)
    if words(cell.source) in (words(planned.released), words(planned.full)):
        return [original]
    notes.add(EDITED, original.name)
    added = _added(planned, cell, kind)
    if added is None:
        return [original]
    notes.add(ADDED, original.name)
    # What a test needs must come before it, and what needs given names behind them.
    return [added, original] if planned.kind == "test" else [original, added]


def _added(planned: PlannedCell, cell: Submitted, kind: str) -> Piece | None:
    """Give what a student wrote into a locked cell, as a cell of the student's own."""
    if kind == "code":
        text = additions(cell.source, planned.released, planned.binds)
    else:
        given = {line.strip() for line in planned.released.splitlines()}
        rest = [line for line in cell.source.splitlines() if line.strip() not in given]
        text = "\n".join(rest)
    if not text.strip() and not cell.attachments:
        return None
    return Piece(kind, text, attachments=cell.attachments, place=repr(planned.grade_id))
