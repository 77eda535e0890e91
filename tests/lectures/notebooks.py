"""Lectures as data: what the checks on them ask for."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
LECTURES = sorted((ROOT / "lectures").glob("*.ipynb"))
CAPTION = re.compile(r"\*\*Figure (\d+)\.(\d+)\.\*\* \S")


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(path):
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def code(path):
    return "\n\n".join(cell.source for cell in code_cells(path))


def prose(path):
    return "\n\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")


def pictures(cell):
    """The outputs of a cell that hold an image."""
    return [out for out in cell.get("outputs", []) if "image/png" in out.get("data", {})]


def links(text):
    """The targets of Markdown links and images, code and mathematics left out."""
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$", "", text, flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", text)


def anchors(path):
    """The anchors JupyterLab makes of a notebook's headings."""
    return {
        line.lstrip("#").strip().replace(" ", "-")
        for line in prose(path).splitlines()
        if line.startswith("#")
    }


def symbols_as_text(text):
    """The symbols of formulas that stand in prose itself, outside of MathJax and code."""
    text = re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$", "", text, flags=re.DOTALL)
    return re.findall(r"[\u0370-\u03ff¹²³ᵀ′ℓ\u2070-\u209c∂∇∑∏√∞∈≤≥≠≈⊙]", text)


def pictures_beside_a_question(cells):
    """The sources of cells whose picture is in sight between a question and the next heading."""
    asked, found = False, []
    for cell in cells:
        folded = {"prediction", "explorer"} & set(cell.metadata.get("tags", []))
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                asked = "**Predict, then run" in line or (asked and not re.match("#+ ", line))
        elif asked and pictures(cell) and not folded:
            found.append(cell.source)
    return found


def in_sight_when_folded(cell):
    """What JupyterLab 4 shows of a cell's folded parts: a line of its code, a line of its outputs.

    As in `CodeCell.getOutputPlaceholderText` of its packages/cells/src/widget.ts.
    """
    folded, seen = cell.metadata.get("jupyter", {}), []
    if folded.get("source_hidden"):
        return [cell.source.split("\n")[0]]  # then the outputs' line isn't shown
    if folded.get("outputs_hidden") and cell.outputs:
        first = cell.outputs[0]
        data = first.get("data", {"text": first.get("text", "")})
        kinds = ("text/html", "image/svg+xml", "application/pdf", "text/markdown", "text/plain")
        text = next((data[kind] for kind in (*kinds, "text") if kind in data), "")
        seen = [line for line in text.split("\n") if line][:1]
    return seen
