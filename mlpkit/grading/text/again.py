"""Answers that are written once more below their tests, which look at what stands above them."""

from mlpkit.grading.text.blocks import Block, blocks
from mlpkit.grading.text.digests import words
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.pieces import Piece

AGAIN = Kind(
    "the answer {} is written once more below its test, which judged the one above",
    "the answers {} are written once more below their tests, which judged those above",
)


def mark_again(pieces: list[Piece], notes: Notes) -> None:
    """Say which answers were mended too late to be judged.

    Parameters
    ----------
    pieces : list of Piece
        In the order in which they are run.
    notes : Notes
    """
    for piece in pieces:
        if piece.planned is None or piece.kind != "solution" or not piece.is_code:
            continue
        tests = [at for at, p in enumerate(pieces) if p.kind == "test" and _asks(p, piece)]
        later = pieces[tests[-1] + 1 :] if tests else []
        own = {words(block.text) for block in blocks(piece.source)}
        if own and any(_writes(each, piece, own) for each in later):
            notes.add(AGAIN, piece.name)


def _asks(test: Piece, piece: Piece) -> bool:
    assert test.planned is not None
    assert piece.planned is not None
    return bool(test.planned.loads & piece.planned.binds)


def _writes(later: Piece, piece: Piece, own: set[str]) -> bool:
    """Whether a cell of the student's defines what an answer is to define, otherwise."""
    if not later.is_code or later.kind in ("test", "locked"):
        return False
    assert piece.planned is not None
    found = [b for b in blocks(later.source) if b.names & piece.planned.binds and _defines(b)]
    return any(not block.unwritten and words(block.text) not in own for block in found)


def _defines(block: Block) -> bool:
    """Whether a block holds a function, and not what one returned."""
    return "def " in block.text or "lambda" in block.text
