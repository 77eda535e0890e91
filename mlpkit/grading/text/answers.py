"""Answers that stand elsewhere than in their own cells: found, and left for the tests to find."""

import re
from collections.abc import Iterable

from mlpkit.grading.text.blocks import Block, blocks, lines, made
from mlpkit.grading.text.digests import digest, words
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.texts import WORD

Names = frozenset[str]
PROSE = re.compile("[#'\"]")
PROSE_PARTS = re.compile(r"#.*|\"[^\"\n]*\"|'[^'\n]*'|^[^#\"'()=]*$", re.MULTILINE)
# Comments one below the other, or a text; and in them lines that are no prose.
IN_A_ROW = re.compile(
    r"(?:^[ \t]*#.*\n?)+|\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|\"[^\"\n]*\"|'[^'\n]*'", re.MULTILINE
)
CODE = re.compile(r"\w+://\S+|^.*(?:=|\w\(|\w\[|:$).*$", re.MULTILINE)
NONE: Names = frozenset()
SENTENCE, TELLS = 6, 12
# Before the lines of code in a text: of a block, of a quotation.
INDENTED = re.compile(r"^[ \t>]+")
ELSEWHERE = Kind(
    "the answer {} was found in another cell than its own",
    "the answers {} were found in other cells than their own",
)
STUB = Kind(
    "in the cell {} a stub was left below the answer; it was left out",
    "in the cells {} stubs were left below the answers; they were left out",
)
IN_MARKDOWN = Kind(
    "the answer {} seems to stand in a text cell, which isn't run",
    "the answers {} seem to stand in text cells, which aren't run",
)
NEAR = Kind(
    "the written answer {} is as released, but something else handed in may be it: "
    "a person reads it",
    "the written answers {} are as released, but something else handed in may be they: "
    "a person reads them",
)


def find_answers(pieces: list[Piece], notes: Notes, given: Names = NONE) -> list[Piece]:
    """Take away the stubs of answers that another cell holds: run later, they would replace them.

    Parameters
    ----------
    pieces : list of Piece
    notes : Notes
    given : frozenset of str
        Lines of the instructor's texts, in which code can stand as well.

    Returns
    -------
    list of Piece
        What the student wrote behind the tests that need it stands in the stub's place.
    """
    _drop_stubs_of_the_written(pieces, notes)
    for piece in [p for p in pieces if p.kind in ("solution", "manual") and p.is_code]:
        wanted = _unwritten(piece, pieces)
        for holder in list(pieces) if wanted else ():
            found = _made_by(holder, piece, given) & wanted
            if found and holder.is_code:
                notes.add(ELSEWHERE, _label(piece, holder))
                wanted -= found
                _give_way(piece, found)
                pieces = _in_time(pieces, piece, holder, found)
            elif found:
                notes.add(IN_MARKDOWN, piece.name)
    return pieces


def _drop_stubs_of_the_written(pieces: list[Piece], notes: Notes) -> None:
    """Leave out stubs below an answer: in the same cell, and in copies of the cell to answer in."""
    theirs = [p for p in pieces if p.kind in ("own", "solution", "manual") and p.is_code]
    everywhere = Names().union(*map(_written, theirs))
    for piece in theirs:
        own = blocks(piece.source)
        here = _written(piece)
        # A stub in its own cell gives way to an answer elsewhere in `find_answers`.
        known = here if piece.planned else everywhere
        left = [
            b for b in own if not (b.unwritten and b.names and all(n in known for n in b.names))
        ]
        if len(left) < len(own):
            notes.add(STUB, piece.name or "of the student's own")
            piece.source = "".join(block.text for block in left)


def _label(piece: Piece, holder: Piece) -> str:
    where = holder.place or holder.name
    return f"{piece.name} (in {where})" if where else piece.name


def _names(found: Iterable[Block]) -> Names:
    return Names().union(*(block.names for block in found))


def _written(piece: Piece) -> Names:
    return _names([block for block in blocks(piece.source) if not block.unwritten])


def _unwritten(piece: Piece, pieces: list[Piece]) -> Names:
    """Give the names of an answer that isn't written in its own cell."""
    assert piece.planned is not None
    given = {"\n".join(lines(block.text)) for block in blocks(piece.planned.released)}
    own = blocks(piece.source)
    open_blocks = [b for b in own if b.unwritten or "\n".join(lines(b.text)) in given]
    written = _names([block for block in own if block not in open_blocks])
    # Names that are only imported are none to write.
    named = _names([b for b in open_blocks if not b.text.startswith(("import ", "from "))])
    # What the tests need and this cell doesn't make: it is empty, or holds another answer.
    tests = (p.planned.loads for p in pieces if p.planned and p.kind in ("test", "locked"))
    named |= (piece.planned.binds & Names().union(*tests)) - _names(own)
    return named - written


def _made_by(holder: Piece, piece: Piece, given: Names) -> Names:
    """Give what another of the student's cells makes, other than what it is there to make."""
    if holder is piece or holder.kind in ("test", "locked"):
        return Names()
    if not holder.is_code:
        own = (line for line in holder.source.splitlines() if line.strip() not in given)
        return made("\n".join(INDENTED.sub("", line) for line in own))
    names = _written(holder)
    return names - holder.planned.binds if holder.planned else names


def _give_way(piece: Piece, found: Names) -> None:
    """Take the stubs of names that stand elsewhere out of a cell."""
    rest = [b for b in blocks(piece.source) if not b.names & found]
    if not _names(rest):  # what is left could only stop
        rest = []
    told = f"# {', '.join(sorted(found))}: written in another cell.\n"
    piece.source = told + "".join(block.text for block in rest)


def _in_time(pieces: list[Piece], piece: Piece, holder: Piece, found: Names) -> list[Piece]:
    """Let an answer that stands behind the first test of it stand in the stub's place."""
    tests = [at for at, p in enumerate(pieces) if p.kind == "test" and _needs(p, found)]
    if not tests or pieces.index(holder) < tests[0]:
        return pieces
    if holder.planned is not None:
        given = holder.planned.binds
        wanted = [b.text for b in blocks(holder.source) if b.names and not b.names & given]
        piece.source += "".join(wanted)
        return pieces
    rest = [p for p in pieces if p is not holder]
    at = rest.index(piece) + 1
    return [*rest[:at], holder, *rest[at:]]


def _needs(test: Piece, names: Names) -> bool:
    return test.planned is not None and bool(test.planned.loads & names)


def mark_near(pieces: list[Piece], plain: frozenset[str], notes: Notes, lost: bool = False) -> None:
    """Leave a written answer that is as released to a person, where other text could be it.

    Parameters
    ----------
    pieces : list of Piece
    plain : frozenset of str
        Digests of the instructor's cells that nbgrader doesn't know.
    notes : Notes
    lost : bool
        Cells of the file couldn't be read: the answer may have stood in one of them.
    """
    for at, piece in enumerate(pieces):
        if piece.kind == "manual" and piece.as_released:
            around = _around(pieces, at)
            others = ((where, p) for where, p in enumerate(pieces) if where != at)
            piece.near = lost or any(_could_be_it(p, where in around, plain) for where, p in others)
            # Whoever does a task answers it in other cells: that is no news, and always read.
            if piece.near and not (piece.planned and piece.planned.metadata.get("task")):
                notes.add(NEAR, piece.name)


def _written_out(source: str) -> bool:
    """Whether a code cell's comments and texts are some sentence's."""
    return len(" ".join(PROSE_PARTS.findall(source[:20_000])).split()) >= SENTENCE


def _tells(source: str, given: str = "") -> bool:
    """Whether comments in a row, or a text, say more than what one says of code beside it."""
    known = {line.strip() for line in given.splitlines()}
    own = "\n".join(line for line in source[:20_000].splitlines() if line.strip() not in known)
    return any(len(WORD.findall(CODE.sub("", part))) >= TELLS for part in IN_A_ROW.findall(own))


def _around(pieces: list[Piece], at: int) -> range:
    """Give the places of the student's own cells around one, up to the instructor's."""
    first, last = at, at + 1
    while first > 0 and pieces[first - 1].planned is None:
        first -= 1
    while last < len(pieces) and pieces[last].planned is None:
        last += 1
    return range(first, last)


def _could_be_it(piece: Piece, around: bool, plain: frozenset[str]) -> bool:
    """Whether a cell holds the student's own words: any cell near, further off one of text."""
    if piece.planned is not None:
        if piece.kind == "solution":
            return _tells(piece.source, piece.planned.released)
        return piece.kind == "manual" and not piece.as_released
    said = words(piece.source)
    prose = not piece.is_code or (bool(piece.place) and bool(PROSE.search(said)))
    prose = prose or (not made(piece.source) and _written_out(piece.source))
    prose = prose or _tells(piece.source)
    return (around or prose) and bool(said or piece.attachments) and digest(said) not in plain
