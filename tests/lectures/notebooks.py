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
