"""Answers as HTML: nothing of a student's runs in it, and none stops another."""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from mlpkit.grading.course.apart import NoPage, within
from mlpkit.grading.course.feedback import SHOWN
from mlpkit.grading.course.pages import rendered

SECONDS, ONE_SECONDS, MEMORY = 30.0, 5.0, 2 * 1024**3
MISSING = "<p><em>There is no judged notebook of this student: grade the assignment again.</em></p>"
PNG = re.compile(r"[A-Za-z0-9+/=\s]+")


def shown(answers: Sequence[Sequence[dict[str, Any]]]) -> list[str]:
    """Give each answer as HTML; plain text where a reader of Markdown fails or takes too long.

    Parameters
    ----------
    answers : sequence of sequences of dict
        The cells of each, from a judged notebook.
    """

    def all_of_them() -> str:
        return json.dumps([_answer(cells) for cells in answers])

    try:
        return [str(page) for page in json.loads(within(all_of_them, SECONDS, MEMORY))]
    except NoPage:
        return [_alone(cells) for cells in answers]


def _alone(cells: Sequence[dict[str, Any]]) -> str:
    try:
        return within(lambda: _answer(cells), ONE_SECONDS, MEMORY)
    except NoPage:
        return "".join(_plain(cell["source"][:SHOWN]) for cell in cells)


def _answer(cells: Sequence[dict[str, Any]]) -> str:
    return "".join(map(_cell, cells)) or MISSING


def _cell(cell: dict[str, Any]) -> str:
    if cell["cell_type"] == "markdown":
        return rendered(cell["source"], cell.get("attachments", {}))
    return _plain(cell["source"]) + "".join(map(_output, cell.get("outputs", [])))


def _output(output: dict[str, Any]) -> str:
    data = output.get("data", {})
    picture = data.get("image/png", "")
    if isinstance(picture, str) and PNG.fullmatch(picture):
        return f'<img alt="a figure of this cell" src="data:image/png;base64,{picture.strip()}">'
    said = output.get("text", data.get("text/plain", output.get("evalue", "")))
    text = "".join(said) if isinstance(said, list) else str(said)
    return _plain(text[:SHOWN]) if text.strip() else ""


def _plain(text: str) -> str:
    # What scrolls sideways must also scroll by keyboard.
    return f'<pre tabindex="0">{html.escape(text)}</pre>'
