"""A notebook's cells as the book shows them: what is folded, described and linked.

The file that a reader downloads is the notebook itself: this is done while a page is made of it.
"""

import re

from nbformat.v4 import new_markdown_cell, new_output

from tools.book.equations import anchored, linked

STILL = "*A still picture: in the notebook, controls beside it change what it shows.*"
FIGURE = re.compile(r'<img class="mlpkit-figure"[^>]*>')
# By a cell's tag: what myst-nb hides of it, and what stands on the button that shows it.
FOLDED = {
    "prediction": ("hide-output", "Predict first, then open the output"),
    "answer": ("hide-cell", "Code of the answer"),
    "check": ("hide-input", "The check of the answer"),
}


class NoDescription(Exception):
    """A figure has no alt text; the message says where."""


def prepare(notebook, name, recordings=None):
    """Give a notebook's cells what myst-nb needs to fold them and to describe their figures.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
        It is changed.
    name : str
        What the message of an exception calls it.
    recordings : dict of int to str, optional
        By an explorer's cell: HTML that plays it. Without one its still picture is shown.

    Returns
    -------
    nbformat.NotebookNode

    Raises
    ------
    NoDescription
        If a figure's output says nothing of what is seen.
    """
    cells = []
    for number, cell in enumerate(notebook.cells):
        cells.append(cell)
        if cell.cell_type == "markdown":
            cell.source = linked(anchored(cell.source))
        elif cell.cell_type == "code":  # without the empty output that covers a folded one
            cell.outputs = [output for output in cell.outputs if output.get("data", True)]
            _fold(cell)
            _describe(cell, f"{name}, cell {number}")
        if "explorer" in cell.metadata.get("tags", []):
            cells += _play(cell, (recordings or {}).get(number))
    notebook.cells = cells
    return notebook


def pictures(cell):
    """List the outputs of a cell that are pictures."""
    return [each for each in cell.get("outputs", []) if _kinds(each)]


def _kinds(output):
    return [kind for kind in output.get("data", {}) if kind.startswith("image/")]


def _fold(cell):
    tags = cell.metadata.get("tags", [])
    for tag in tags:
        if tag in FOLDED:
            return _hide(cell, *FOLDED[tag])
    if pictures(cell):
        return _hide(cell, "hide-input", "Code of the figure")
    if cell.metadata.get("nbgrader", {}).get("grade") and cell.metadata.nbgrader.get("locked"):
        return _hide(cell, "hide-input", "The tests that you see")


def _play(cell, recording):
    """Put an explorer's recording in its picture's place, or list a cell that says it is still."""
    if recording is not None:
        cell.outputs = [new_output("display_data", {"text/html": recording})]
        return []
    for output in pictures(cell):  # of the notebook's own page of it the picture alone
        html = output.data.pop("text/html", "")
        if found := FIGURE.search(html):
            output.data["text/html"] = found[0]
    return [new_markdown_cell(STILL)]


def _hide(cell, how, words):
    cell.metadata.tags = [*cell.metadata.get("tags", []), how]
    cell.metadata.mystnb = {"code_prompt_show": words, "code_prompt_hide": words}


def _describe(cell, where):
    """Hand on each picture's own words and width, which myst-nb takes from the cell."""
    for output in pictures(cell):
        about = {}
        for kind in _kinds(output):
            about |= output.get("metadata", {}).get(kind, {})
        if not about.get("alt", "").strip():
            raise NoDescription(f"{where}: the figure has no alt text in its output's metadata")
        image = {name: str(about[name]) for name in ("alt", "width") if name in about}
        cell.metadata.setdefault("mystnb", {})["image"] = image
