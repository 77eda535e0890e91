"""Write the judged notebook: what nbgrader keeps in ``autograded/`` and shows as feedback."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from mlpkit.grading.job import Grade, Result
from mlpkit.grading.text import clean
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan, PlannedCell

Node = dict[str, Any]

# What a page shows of an answer, and of all cells that a student added.
ANSWER, OWN_TEXT = 50_000, 500_000
TOLD = "About your notebook, as it was handed in:"
MARKUP = re.compile(r"([*_`\[\]#|~$])")
HIDDEN_NOTE = "# (This cell also has hidden tests.)"
# In a cell's metadata: its text is the instructor's own, and is shown as it was written.
INSTRUCTORS = {"mlpkit": {"instructors": True}}


def is_instructors(metadata: Mapping[str, Any]) -> bool:
    """Whether a cell of a judged notebook says the instructor's own words."""
    return bool(metadata.get("mlpkit", {}).get("instructors"))


def write(pieces: list[Piece], outputs: dict[int, list[Node]], result: Result, plan: Plan) -> bytes:
    """Build the notebook.

    Parameters
    ----------
    pieces : list of Piece
    outputs : dict of int to list
        By position in ``pieces``; only of cells that ran in the sandbox.
    result : Result
        Its grades, and what is said of the hand-in as a whole.
    plan : Plan

    Returns
    -------
    bytes
        nbformat 4.5. Test cells show their visible part and the verdict, in the form from which
        nbgrader reads the same points.
    """
    by_name = {grade.grade_id: grade for grade in result.grades}
    cells, left, shown = _told(result), OWN_TEXT, clean.Pictures()
    instructors = {cell.released.strip() for cell in plan.cells if not cell.is_code}
    for position, piece in enumerate(pieces):
        own = piece.is_code or piece.source.strip() not in instructors
        cell = _cell(position, piece, left, shown) if own else _instructors(position, piece)
        if piece.planned is None:
            left = max(0, left - len(cell["source"]))
        grade = by_name.get(piece.planned.grade_id or "") if piece.planned else None
        if piece.cell_type == "code":
            test = piece.planned is not None and piece.planned.kind == "test"
            cell["outputs"] = verdict(grade) if test else outputs.get(position, [])
            cell["execution_count"] = position + 1 if position in outputs or test else None
        cells.append(cell)
    metadata: Node = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for name in ("kernelspec", "language_info"):
        metadata[name] = plan.metadata.get(name, metadata[name])
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _told(result: Result) -> list[Node]:
    """Say first what the row says too: what was mended, dropped, changed or guessed."""
    told = [*result.repairs, *filter(None, [result.failure])]
    if not told:
        return []
    # Names that a student chose stand in it: no mark-up.
    items = (MARKUP.sub(r"\\\1", clean.text(each, ANSWER)) for each in told)
    text = "\n".join([f"**{TOLD}**\n", *(f"- {item}" for item in items)])
    source = clean.markdown(text)
    return [{"cell_type": "markdown", "id": "told", "metadata": {}, "source": source}]


def _instructors(position: int, piece: Piece) -> Node:
    """Give an instructor's text as it was written: its hints fold, its links lead somewhere."""
    return {
        "cell_type": "markdown",
        "id": _identity(position, piece),
        "metadata": _metadata(piece) | INSTRUCTORS,
        "source": piece.source,
    } | _attached(clean.attachments(piece.attachments))


def _attached(pictures: dict[str, dict[str, str]]) -> Node:
    return {"attachments": pictures} if pictures else {}


def _cell(position: int, piece: Piece, left: int, shown: clean.Pictures) -> Node:
    text = piece.source
    pictures = clean.attachments(piece.attachments) if piece.cell_type == "markdown" else {}
    left = min(left, ANSWER) if piece.planned is None else ANSWER
    if piece.cell_type == "markdown" and (piece.planned is None or piece.planned.kind == "manual"):
        text = clean.markdown(text, pictures, left, shown)
    elif piece.planned is None or piece.planned.kind in ("solution", "manual"):
        text = clean.text(text, left)
    if piece.planned is not None and piece.planned.hidden:
        text = f"{text.rstrip()}\n{HIDDEN_NOTE}"
    return {
        "cell_type": piece.cell_type,
        "id": _identity(position, piece),
        "metadata": _metadata(piece),
        "source": text,
    } | _attached(pictures)


def _identity(position: int, piece: Piece) -> str:
    own = piece.planned.cell_id if piece.planned else None
    if isinstance(own, str) and re.fullmatch(r"[\w-]{1,64}", own):
        return own
    return f"cell-{position}"


def _metadata(piece: Piece) -> Node:
    if piece.planned is None:
        return {}
    about = dict(piece.planned.metadata)
    about["checksum"] = checksum(piece.planned)
    return {"nbgrader": about, "deletable": False} | (
        {"editable": False} if piece.planned.kind in ("test", "locked") else {}
    )


def checksum(planned: PlannedCell) -> str:
    """Give nbgrader's checksum of a cell as released: equal means "no response"."""
    about = planned.metadata
    locked = planned.kind in ("test", "locked")
    parts = [planned.released, planned.cell_type]
    parts += [str(flag) for flag in (about.get("grade"), about.get("solution"), locked)]
    parts.append(str(planned.grade_id))
    if about.get("grade"):
        parts.append(str(float(about.get("points") or 0)))
    return hashlib.md5("".join(parts).encode()).hexdigest()


def verdict(grade: Grade | None) -> list[Node]:
    """Give the outputs of a test cell, from which nbgrader reads the same points.

    nbgrader takes an error for 0, a number for itself, and neither for everything.
    """
    if grade is None or grade.points is None:
        return []
    text = f"{grade.grade_id}: {grade.points:g} of {grade.max_points:g} points"
    text = "\n".join([text, *grade.messages])
    if grade.points == 0 and grade.max_points > 0:
        return [
            {"output_type": "error", "ename": "Failed", "evalue": text, "traceback": [text]},
        ]
    outputs: list[Node] = []
    if grade.messages or grade.points < grade.max_points:
        outputs.append({"output_type": "stream", "name": "stdout", "text": text + "\n"})
    if grade.points < grade.max_points:
        number = {"text/plain": repr(float(grade.points))}
        outputs.append(
            {
                "output_type": "execute_result",
                "data": number,
                "metadata": {},
                "execution_count": None,
            }
        )
    return outputs
