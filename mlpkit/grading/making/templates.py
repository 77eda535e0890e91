"""The small files beside this one, with their gaps filled; some are notebooks' cells."""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from mlpkit.by_hand import BY_HAND

GAP = re.compile(r"<<(\w+)>>")
CELL = re.compile(r"^%% (markdown|code) (.*)\n", re.MULTILINE)
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
# What nbgrader keeps of a cell, by the word that stands behind its id.
KINDS = {
    "locked": {"grade": False, "locked": True, "solution": False},
    "solution": {"grade": False, "locked": False, "solution": True},
    "test": {"grade": True, "locked": True, "solution": False},
    "written": {"grade": True, "locked": False, "solution": True},
}
# What JupyterLab folds of a lecture's cell, by its tag.
FOLDED = {
    "prediction": {"outputs_hidden": True},
    "check": {"source_hidden": True},
    "answer": {"outputs_hidden": True, "source_hidden": True},
}
Cell = dict[str, Any]


def fill(template: str, /, **values: object) -> str:
    """Return a template's text.

    Parameters
    ----------
    template : str
        Of the file, without `.txt`.
    values : object
        What stands in the gaps, by their names.
    """
    text = (files("mlpkit.grading.making") / "templates" / f"{template}.txt").read_text("utf-8")
    return GAP.sub(lambda gap: str(values[gap[1]]), text)


def cells(template: str, /, **values: object) -> list[Cell]:
    """Return a template's cells; each begins with a line `%% KIND ID WORDS`."""
    return list(_cells(CELL.split(fill(template, **values))[1:]))


def _cells(parts: list[str]) -> Iterator[Cell]:
    for kind, words, source in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        identity, *about = words.split()
        cell: Cell = {
            "cell_type": kind,
            "id": identity,
            "metadata": _metadata(kind, identity, about),
        }
        cell["source"] = source.rstrip("\n").splitlines(keepends=True)
        if kind == "code":
            cell |= {"execution_count": None, "outputs": []}
        yield cell


def _metadata(kind: str, identity: str, about: list[str]) -> Cell:
    if not about:
        return {}
    if about[0] in FOLDED:
        return {"tags": about, "jupyter": FOLDED[about[0]]}
    kept = {"cell_type": kind, "grade_id": identity, "schema_version": 3, "task": False}
    kept |= KINDS[about[0]]
    if kept["grade"]:
        points = float(about[1])
        kept["points"] = int(points) if points.is_integer() else points
    return {"nbgrader": kept}


def notebook(made: list[Cell], by_hand: bool = False) -> Cell:
    """Return a notebook of these cells; `by_hand` keeps students' packages away in it."""
    ours = {"mlpkit": {"by_hand": list(BY_HAND)}} if by_hand else {}
    return {"cells": made, "metadata": METADATA | ours, "nbformat": 4, "nbformat_minor": 5}
