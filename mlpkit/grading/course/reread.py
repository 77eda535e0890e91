"""Which answers a person has to read again, after a submission was judged again."""

import json
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import Grade

from mlpkit.grading import job


@dataclass(frozen=True)
class Written:
    """What a student wrote into a notebook, as a judged one shows it.

    Attributes
    ----------
    cells : dict of str to str
        Text and pictures of each cell that nbgrader knows, by its name.
    code, texts : list of str
        All code that is the student's own, on which a machine's mark depends; and all text in cells
        of their own, where an answer may stand whose cell is as released.
    blank : set of str
        The cells that are as released.
    answers : dict of str to bool
        The cells to answer in, and whether nothing was written into them; of a task nobody can say.
    """

    cells: dict[str, str] = field(default_factory=dict)
    code: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    blank: set[str] = field(default_factory=set)
    answers: dict[str, bool] = field(default_factory=dict)


def written(judged: bytes) -> Written:
    """Read a judged notebook; of one that can't be read, nothing.

    Parameters
    ----------
    judged : bytes
        As :attr:`mlpkit.grading.job.Result.judged`, or what lies in ``autograded/``.
    """
    found = Written()
    try:
        # The judge wrote it: for nbformat to check it against its schema takes longest of all.
        for cell in nbformat.from_dict(json.loads(judged)).cells:
            _add(cell, found)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Written()
    return found


def _add(cell: Any, found: Written) -> None:
    about = cell.metadata.get("nbgrader", {})
    source = cell.source if isinstance(cell.source, str) else "".join(cell.source)
    text = json.dumps([source, cell.get("attachments", {})], sort_keys=True)
    if name := about.get("grade_id"):
        found.cells[name] = text
        if about.get("checksum") == utils.compute_checksum(cell):
            found.blank.add(name)
        if utils.is_solution(cell) or utils.is_task(cell):
            found.answers[name] = name in found.blank and not utils.is_task(cell)
    elif cell.cell_type != "code" and cell.get("id") != "told":
        found.texts.append(text)
    if cell.cell_type == "code" and not about.get("locked"):
        found.code.append(source)


def to_be_read(grade: Grade, mark: job.Grade, before: Written, after: Written) -> bool:
    """Say whether a person has to look at a cell, before the gradebook gets its new mark.

    Parameters
    ----------
    grade : nbgrader.api.Grade
        The gradebook's row as it is.
    mark : mlpkit.grading.job.Grade
        What the judge now says.
    before, after : Written
        The notebook that lay there when a person read it, and the one now judged.
    """
    if mark.points is not None and grade.manual_score is None:
        return False
    read = grade.manual_score is not None and not grade.needs_manual_grade
    return not (read and _unchanged(grade, mark, before, after))


def _unchanged(grade: Grade, mark: job.Grade, before: Written, after: Written) -> bool:
    name = mark.grade_id
    if mark.kind == "manual":
        same = name in before.cells and before.cells[name] == after.cells.get(name)
        return same and (name not in after.blank or before.texts == after.texts)
    # Somebody's mark in the place of a machine's: what they saw was its points and the code.
    return bool(grade.auto_score == mark.points and before.code == after.code)
