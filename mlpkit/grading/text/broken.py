"""Files that are no JSON, or not only: what of a notebook can be read, or what they are."""

import json
import re
from typing import Any

from mlpkit.grading.text.notes import Notes

CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)
CELLS = re.compile(r'"cells"\s*:\s*\[')
BETWEEN = re.compile(r"[\s,]*")
# By what they start with, in small letters.
OTHERS = {
    "<!doctype html": "it is a web page",
    "<html": "it is a web page",
    "<?xml": "it is XML",
    "version https://git-lfs": "Git LFS has put a pointer in its place, and the file isn't there",
    "%pdf": "it is a PDF",
    "{\\rtf": "it is a text of a word processor",
}
CONFLICTED = "git's marks of a conflict (<<<<<<<) stand in it; somebody has to settle it"
DAMAGED = "the file is cut off or damaged"
BEHIND = "what stood behind the notebook's end was left out"


def parse(text: str, notes: Notes) -> object:
    """Give what a text says in JSON; of a damaged notebook the cells that are whole.

    Parameters
    ----------
    text : str
    notes : Notes
        What was left out is added.

    Raises
    ------
    ValueError
        With the reason, where no cell of a notebook can be read.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except ValueError as error:
        if what := _instead(text):
            raise ValueError(what) from None
        found = _begun(text, notes) or _whole_cells(text, notes)
        if found is None:
            raise ValueError(str(error)[:200]) from None
        return found


def _instead(text: str) -> str | None:
    start = text.lstrip("\ufeff \t\r\n")[:40].lower()
    if CONFLICT.search(text):
        return CONFLICTED
    return next((what for sign, what in OTHERS.items() if start.startswith(sign)), None)


def _begun(text: str, notes: Notes) -> dict[str, Any] | None:
    """Give the notebook that a text begins with: a longer file's rest can stand behind it."""
    try:
        found, _ = json.JSONDecoder().raw_decode(text.lstrip())
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "cells" not in found:
        return None
    notes.say(BEHIND)
    return found


def _whole_cells(text: str, notes: Notes) -> dict[str, Any] | None:
    """Give the cells before the place where a file is cut off or damaged."""
    start = CELLS.search(text)
    cells: list[Any] = []
    at = start.end() if start else len(text)
    while (at := _behind(text, at)) < len(text):
        try:
            cell, at = json.JSONDecoder().raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        cells.append(cell)
    if not any(map(_can_be_answered_in, cells)):
        return None
    notes.say(f"{DAMAGED} behind cell {len(cells)}; what stood there is lost")
    return {"cells": cells}


def _can_be_answered_in(cell: Any) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return False
    metadata = cell.get("metadata")
    about = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return not (isinstance(about, dict) and about.get("locked"))


def _behind(text: str, at: int) -> int:
    between = BETWEEN.match(text, at)
    return between.end() if between else at
