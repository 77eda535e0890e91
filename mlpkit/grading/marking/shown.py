"""Answers as HTML: nothing of a student's runs in it, and none stops another."""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from mlpkit.grading.course.apart import NoPage, within
from mlpkit.grading.course.bounded import SHOWN
from mlpkit.grading.course.pages import rendered

SECONDS, ONE_SECONDS, MEMORY = 30.0, 5.0, 2 * 1024**3
MISSING = "<p><em>There is no judged notebook of this student: grade the assignment again.</em></p>"
# Of one answer; MathJax sets all formulas of a page in one thread, and a person waits for it.
FORMULAS, MARKS, DEEPEST = 300, 3000, 40
CUT = (
    "<p><em>A long answer: its first {:,} characters, as text. The whole notebook has all.</em></p>"
)
UNSET = (
    "<p><em>Formulas too many or too deep to be set, or with commands of their own: "
    "they stand as they were written.</em></p>"
)
END = re.compile(r"\$|\\[()\[\]]|\\(?:begin|end)\b")
MARK = re.compile(r"[{^_&]|\\\\")
# What defines a command does so for everybody's answers, and a short one may stand for very much.
DEFINES = re.compile(
    r"\\(?:[gex]?def|let|require|(?:re)?newcommand|providecommand|(?:re)?newenvironment"
    r"|DeclareMathOperator|Newextarrow|definecolor|begingroup)(?![a-zA-Z])"
)
TAG = re.compile(r"<[^>]*>")
BRACE = re.compile(r"[{}]")
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
        return _markdown(cell["source"], cell.get("attachments", {}))
    return _plain(cell["source"]) + "".join(map(_output, cell.get("outputs", [])))


def _markdown(source: str, attachments: dict[str, Any]) -> str:
    if len(source) > SHOWN:
        return CUT.format(SHOWN) + _plain(source[:SHOWN])
    page = rendered(source, attachments)
    # MathJax leaves alone what is of this class.
    # As MathJax finds it, whatever letters it was written with.
    text = html.unescape(TAG.sub("", page))
    return f'{UNSET}<div class="tex2jax_ignore">{page}</div>' if too_heavy(text) else page


def too_heavy(source: str) -> bool:
    """Whether setting a text's formulas would hold up everybody's answers, or change them."""
    if DEFINES.search(source):
        return True
    if len(END.findall(source)) > 2 * FORMULAS or len(MARK.findall(source)) > MARKS:
        return True
    depth = 0
    for brace in BRACE.findall(source):
        depth = depth + 1 if brace == "{" else max(0, depth - 1)
        if depth > DEEPEST:
            return True
    return False


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
