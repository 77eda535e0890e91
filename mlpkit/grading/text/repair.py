"""Bring any submission into the shape of the instructor's notebook, and say what was mended."""

import codecs
import json
import re
from dataclasses import dataclass, field

from mlpkit.grading.text.plan import SourceCell

MAX_BYTES = 50 * 1024**2
MAX_CELLS = 5000
MAX_SOURCE = 1_000_000
# Looked for, not parsed: Python takes minutes over a line that somebody made for that.
MADE = re.compile(r"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)|^(\w+)[ \t]*=(?!=)", re.MULTILINE)


@dataclass
class Piece:
    """One cell to run or show: a place of the instructor's notebook, or the student's own.

    Parameters
    ----------
    cell_type : {"code", "markdown"}
    source : str
        What stands there now: the student's text, or for locked cells the instructor's.
    planned : SourceCell or None
        None for a cell that the student added.
    missing : bool
        The submission has no such cell; ``source`` is what was released.
    """

    cell_type: str
    source: str
    planned: SourceCell | None = None
    attachments: dict = field(default_factory=dict)
    missing: bool = False


@dataclass
class _Submitted:
    """A cell as handed in, with only what can be relied on."""

    position: int
    cell_type: str
    source: str
    grade_id: str | None
    cell_id: str | None
    attachments: dict
    planned: SourceCell | None = None


def repair(content, source):
    """Fit a submission to the instructor's notebook; never raises for what it holds.

    Parameters
    ----------
    content : bytes
        The submission, whatever it is.
    source : Source

    Returns
    -------
    pieces : list of Piece
        Every cell that nbgrader knows, once, and the student's own cells between them.
    repairs : list of str
        What was mended, in words.
    reason : str or None
        Why nothing of it can be used; the pieces are then those of the release.
    """
    repairs = []
    try:
        cells = _cells(_parse(content, repairs), source, repairs)
        return _arrange(cells, source, repairs), repairs, None
    except _Unreadable as error:
        reason = str(error)
    except Exception as error:
        reason = f"the notebook can't be understood ({type(error).__name__})"
    return _arrange([], source, []), repairs, reason


class _Unreadable(Exception):
    pass


def _parse(content, repairs):
    """Decode the file into a dict."""
    if not content.strip(b"\0 \t\r\n"):
        raise _Unreadable("the file is empty")
    if len(content) > MAX_BYTES:
        raise _Unreadable(f"the file is larger than {MAX_BYTES // 1024**2} MB")
    try:
        notebook = json.loads(_decode(content, repairs))
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise _Unreadable(f"the file is no notebook: {why[:200]}") from None
    if not isinstance(notebook, dict):
        raise _Unreadable("the file is JSON but no notebook")
    return notebook


def _decode(content, repairs):
    marks = {
        codecs.BOM_UTF8: "utf-8-sig",
        codecs.BOM_UTF16_LE: "utf-16",
        codecs.BOM_UTF16_BE: "utf-16",
    }
    for mark, encoding in marks.items():
        if content.startswith(mark):
            repairs.append("a byte order mark was removed")
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        repairs.append("the file is not UTF-8: it was read as Latin-1")
        return content.decode("latin-1")


def _cells(notebook, source, repairs):
    """Take out the cells that are cells, of nbformat 4 or 3."""
    raw = notebook.get("cells")
    if not isinstance(raw, list):
        sheets = notebook.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        parts = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        raw = [cell for part in parts if isinstance(part, list) for cell in part]
        if not parts:
            raise _Unreadable("the file is JSON but holds no cells")
        repairs.append("the notebook was converted from nbformat 3")
    if len(raw) > MAX_CELLS:
        raise _Unreadable(f"the notebook has more than {MAX_CELLS} cells")
    _check_kernel(notebook.get("metadata"), source, repairs)
    cells = []
    for number, cell in enumerate(raw, 1):
        if isinstance(cell, dict):
            cells.append(_submitted(number, cell, repairs))
        else:
            repairs.append(f"cell {number} is no cell and was left out")
    return cells


def _check_kernel(metadata, source, repairs):
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = kernel.get("name") if isinstance(kernel, dict) else None
    expected = source.metadata.get("kernelspec", {}).get("name", "python3")
    if name is not None and name != expected:
        repairs.append(f"the notebook asked for the kernel {str(name)[:60]!r}; {expected!r} ran it")


def _submitted(number, cell, repairs):
    text = cell.get("source", cell.get("input", ""))
    if isinstance(text, list):
        text = "".join(line for line in text if isinstance(line, str))
    if not isinstance(text, str):
        repairs.append(f"cell {number} had no readable text")
        text = ""
    if len(text) > MAX_SOURCE:
        repairs.append(f"cell {number} was cut to {MAX_SOURCE:,} characters")
        text = text[:MAX_SOURCE]
    # Lone surrogates can be written in JSON but not in UTF-8.
    text = text.encode("utf-8", "replace").decode("utf-8")
    kind = cell.get("cell_type")
    if kind == "heading":
        text = "# " + text
    if kind not in ("code", "markdown"):
        kind = "code" if "outputs" in cell else "markdown"
    metadata = cell.get("metadata") if isinstance(cell.get("metadata"), dict) else {}
    about = metadata.get("nbgrader") if isinstance(metadata.get("nbgrader"), dict) else {}
    name, own = about.get("grade_id"), cell.get("id")
    return _Submitted(
        position=number,
        cell_type=kind,
        source=text,
        grade_id=name if isinstance(name, str) else None,
        cell_id=own if isinstance(own, str) else None,
        attachments=cell.get("attachments") if isinstance(cell.get("attachments"), dict) else {},
    )


def _arrange(cells, source, repairs):
    """Match cells with places, put them in order, fill what is missing."""
    _match_by_name(cells, source, repairs)
    for how in (_by_cell_id, _by_text, _by_bound_names, _by_place):
        _match(cells, source, repairs, how)
    cells = _drop_copies_of_tests(cells, source, repairs)
    return _pieces(cells, source, repairs)


def _match_by_name(cells, source, repairs):
    for name, planned in source.named.items():
        found = [cell for cell in cells if cell.grade_id == name]
        if not found:
            continue
        if len(found) > 1:
            repairs.append(f"the cell {name!r} was there {len(found)} times; one was used")
        # A copy that still says what was released is not the one that was worked on.
        worked = [cell for cell in found if cell.source.strip() != planned.released.strip()]
        (worked or found)[-1].planned = planned


def _match(cells, source, repairs, how):
    taken = {cell.planned.index for cell in cells if cell.planned}
    for planned in source.named.values():
        if planned.index in taken:
            continue
        free = [c for c in cells if c.planned is None and c.grade_id not in source.named]
        found = how(planned, free, cells, source)
        if found is not None:
            found.planned = planned
            repairs.append(f"the cell {planned.grade_id!r} had lost its name; it was found again")


def _by_cell_id(planned, free, cells, source):
    ids = [cell.cell_id for cell in source.cells]
    if planned.cell_id is None or ids.count(planned.cell_id) != 1:
        return None
    return next((cell for cell in free if cell.cell_id == planned.cell_id), None)


def _by_text(planned, free, cells, source):
    wanted = [planned.released.strip(), planned.full.strip()]
    same = [p for p in source.named.values() if p.released.strip() == planned.released.strip()]
    if not wanted[0] or (len(same) > 1 and planned.kind in ("solution", "manual")):
        return None
    return next((cell for cell in free if cell.source.strip() in wanted), None)


def _by_bound_names(planned, free, cells, source):
    """Find an answer by the functions that it defines."""
    if planned.kind not in ("solution", "manual") or not planned.binds:
        return None
    found = [cell for cell in free if _made(cell.source) & planned.binds]
    return found[-1] if found else None


def _made(text):
    """Give the names that a student's cell seems to make at its top level."""
    return {defined or assigned for defined, assigned in MADE.findall(text)}


def _by_place(planned, free, cells, source):
    """Find an answer as the only unknown cell of its type between two known neighbours."""
    if planned.kind not in ("solution", "manual"):
        return None
    known = {cell.planned.index: cell.position for cell in cells if cell.planned}
    before = max((at for index, at in known.items() if index < planned.index), default=0)
    after = min((at for index, at in known.items() if index > planned.index), default=10**9)
    plain = {p.released.strip() for p in source.cells if p.kind == "plain"}
    between = [
        cell
        for cell in free
        if before < cell.position < after
        and cell.cell_type == planned.cell_type
        and cell.source.strip() not in plain
    ]
    return between[0] if len(between) == 1 else None


def _drop_copies_of_tests(cells, source, repairs):
    """Leave out further copies of instructor's cells: they would run as the student's own."""
    locked = {}
    for planned in source.named.values():
        if planned.kind in ("test", "locked"):
            locked |= {planned.released.strip(): planned, planned.full.strip(): planned}
    kept = []
    for cell in cells:
        named = source.named.get(cell.grade_id)
        copy_of_test = named is not None and named.kind in ("test", "locked")
        if cell.planned is None and (copy_of_test or cell.source.strip() in locked):
            repairs.append(f"cell {cell.position}, a copy of a locked cell, was left out")
        else:
            kept.append(cell)
    return kept


def _pieces(cells, source, repairs):
    """Order pieces as the instructor's notebook has them; own cells stay behind their neighbour."""
    known = [cell for cell in cells if cell.planned]
    order = [cell.planned.index for cell in known]
    if order != sorted(order):
        repairs.append("the cells were in another order")
    behind, anchor = {}, -1
    for cell in cells:
        if cell.planned:
            anchor = cell.planned.index
        else:
            behind.setdefault(anchor, []).append(cell)
    found = {cell.planned.index: cell for cell in known}
    pieces = [_own(cell) for cell in behind.get(-1, [])]
    for planned in source.named.values():
        pieces.append(_piece(planned, found.get(planned.index), repairs))
        pieces += [_own(cell) for cell in behind.get(planned.index, [])]
    return pieces


def _own(cell):
    return Piece(cell.cell_type, cell.source, attachments=cell.attachments)


def _piece(planned, cell, repairs):
    name = planned.grade_id
    kind = "code" if planned.cell_type == "code" else "markdown"
    if cell is None:
        repairs.append(f"the cell {name!r} was missing; it was put back as released")
        return Piece(kind, planned.released, planned, missing=True)
    if cell.cell_type != kind:
        repairs.append(f"the cell {name!r} had become {cell.cell_type}; it is {kind} again")
    if planned.kind in ("test", "locked"):
        if cell.source.strip() not in (planned.released.strip(), planned.full.strip()):
            repairs.append(f"the locked cell {name!r} had been edited; the original was used")
        return Piece(kind, planned.released, planned)
    return Piece(kind, cell.source, planned, cell.attachments)
