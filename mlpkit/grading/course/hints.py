"""Hints for a student's own page: kept beside what was judged, shown below the exercise's test."""

import json
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.text.page import INSTRUCTORS

LEAD = "**A hint.** Your answer behaves as one does behind which there often is this: "


def _path(root: Path, assignment: str, student: str, notebook: str) -> Path:
    return root / ".mlpkit" / "hints" / assignment / student / f"{notebook}.json"


def write_hints(
    root: Path, assignment: str, student: str, notebook: str, hints: Mapping[str, str]
) -> None:
    """Keep the hints of one hand-in, by the tests' names; none takes away what was there."""
    path = _path(root, assignment, student, notebook)
    if hints:
        write_whole(path, json.dumps(dict(hints), ensure_ascii=False, indent=1).encode())
    else:
        path.unlink(missing_ok=True)


def hints_of(root: Path, assignment: str, student: str, notebook: str) -> bytes:
    """Return what is kept for one hand-in, as it is; nothing where there are no hints."""
    path = _path(root, assignment, student, notebook)
    return path.read_bytes() if path.is_file() else b""


def with_hints(notebook: NotebookNode, kept: bytes) -> NotebookNode:
    """Return a judged notebook with its hints below the tests."""
    if not kept:
        return notebook
    hints, cells = json.loads(kept), []
    for cell in notebook.cells:
        cells.append(cell)
        hint = hints.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if hint:
            cells.append(nbformat.v4.new_markdown_cell(LEAD + hint, metadata=INSTRUCTORS))
    return NotebookNode(notebook, cells=cells)
