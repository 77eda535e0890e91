"""A hand-in, whatever it is, read into cells that can be relied on."""

import math
from dataclasses import dataclass
from typing import Any

from mlpkit.grading.text.broken import parse
from mlpkit.grading.text.encodings import by_mark, by_zeros, of_windows
from mlpkit.grading.text.inlined import inline, once_shown
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.plan import Plan, PlannedCell, one_line_end

LARGEST = 50 * 1024**2
MAX_CELLS = 5000
MAX_SOURCE = 1_000_000
NO_CELL = Kind("cell {} is no cell and was left out", "cells {} are no cells and were left out")
NO_TEXT = Kind("cell {} had no readable text", "cells {} had no readable text")
CUT = Kind(
    f"cell {{}} was cut to {MAX_SOURCE:,} characters",
    f"cells {{}} were cut to {MAX_SOURCE:,} characters",
)


@dataclass
class Submitted:
    """A cell as handed in, with only what can be relied on."""

    position: int
    cell_type: str
    source: str
    grade_id: str | None
    cell_id: str | None
    attachments: dict[str, Any]
    planned: PlannedCell | None = None


class Unreadable(Exception):
    """Nothing of a hand-in can be used; the message is the reason."""


def read_cells(content: bytes, plan: Plan, notes: Notes) -> list[Submitted]:
    """Read a hand-in into its cells; what was mended is added to ``notes``.

    Raises
    ------
    Unreadable
    """
    return _cells(_parse(content, notes), plan, notes)


def too_large(size: int) -> str:
    """Say of how many bytes a hand-in is more than is read."""
    megabytes = math.ceil(size / 1024**2)
    return f"the notebook has {megabytes} MB, more than the {LARGEST // 1024**2} MB that are read"


def _parse(content: bytes, notes: Notes) -> dict[str, Any]:
    """Decode the file into a dict."""
    if not content.strip(b"\0 \t\r\n"):
        raise Unreadable("the file is empty")
    if len(content) > LARGEST:
        raise Unreadable(too_large(len(content)))
    try:
        notebook = parse(_decode(content, notes), notes)
    except ValueError as error:
        raise Unreadable(f"the file is no notebook: {error}") from None
    if not isinstance(notebook, dict):
        raise Unreadable("the file is JSON but no notebook")
    return notebook


def _decode(content: bytes, notes: Notes) -> str:
    marked = by_mark(content)
    if marked is not None:
        notes.say("a byte order mark was removed")
        return marked
    if (wide := by_zeros(content)) is not None:
        notes.say("the file is not UTF-8: it was read as UTF-16")
        return wide
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        notes.say("the file is not UTF-8: it was read as Windows writes Latin-1")
        return of_windows(content)


def _cells(notebook: dict[str, Any], plan: Plan, notes: Notes) -> list[Submitted]:
    """Take out the cells that are cells, of nbformat 4 or 3."""
    raw = notebook.get("cells")
    if not isinstance(raw, list):
        sheets = notebook.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        parts = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        raw = [cell for part in parts if isinstance(part, list) for cell in part]
        if not parts and "doc_id" in notebook:
            raise Unreadable("the file is a link to a document in Google Drive, and no notebook")
        if not parts:
            raise Unreadable("the file is JSON but holds no cells")
        notes.say("the notebook was converted from nbformat 3")
    if len(raw) > MAX_CELLS:
        raise Unreadable(f"the notebook has more than {MAX_CELLS} cells")
    _check_kernel(notebook.get("metadata"), plan, notes)
    cells = []
    for number, cell in enumerate(raw, 1):
        if isinstance(cell, dict):
            cells.append(_submitted(number, cell, notes))
        else:
            notes.add(NO_CELL, str(number))
    return cells


def _check_kernel(metadata: object, plan: Plan, notes: Notes) -> None:
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = kernel.get("name") if isinstance(kernel, dict) else None
    expected = plan.metadata.get("kernelspec", {}).get("name", "python3")
    if name is not None and name != expected:
        notes.say(f"the notebook asked for the kernel {str(name)[:60]!r}; {expected!r} ran it")


def _submitted(number: int, cell: dict[str, Any], notes: Notes) -> Submitted:
    text = cell.get("source", cell.get("input", ""))
    if isinstance(text, list):
        parts = [line for line in text if isinstance(line, str)]
        # Some programs write the lines without their ends.
        text = ("" if any("\n" in part for part in parts) else "\n").join(parts)
    if not isinstance(text, str):
        notes.add(NO_TEXT, str(number))
        text = ""
    text, pictures = inline(one_line_end(text), _dict(cell.get("attachments")))
    if len(text) > MAX_SOURCE:
        notes.add(CUT, str(number))
        text = text[:MAX_SOURCE]
    # Lone surrogates can be written in JSON but not in UTF-8.
    text = text.encode("utf-8", "replace").decode("utf-8")
    kind = cell.get("cell_type")
    if kind == "heading":
        text = "# " + text
    if kind not in ("code", "markdown"):
        kind = "code" if "outputs" in cell and kind != "raw" else "markdown"
    if kind == "code":
        pictures = pictures | once_shown(text, cell.get("outputs"))
    about = _dict(_dict(cell.get("metadata")).get("nbgrader"))
    name, own = about.get("grade_id"), cell.get("id")
    return Submitted(
        position=number,
        cell_type=kind,
        source=text,
        grade_id=name if isinstance(name, str) else None,
        cell_id=own if isinstance(own, str) else None,
        attachments=pictures,
    )


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
