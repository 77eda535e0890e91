"""The lectures as texts: what the pages that are made from them look for."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat

ROOT = Path(__file__).parents[2]
HEADING = re.compile(r"^(#{1,3}) +(.+?)\s*$", re.MULTILINE)


class Text(NamedTuple):
    """A Markdown cell: its notebook's path from the course's folder, its number, its source."""

    page: str
    cell: int
    source: str
    section: str


def notebooks():
    """List the notebooks that become pages: the lectures, then the released assignments."""
    return [*sorted(ROOT.glob("lectures/*.ipynb")), *sorted(ROOT.glob("assignments/*/*.ipynb"))]


@cache
def read(path):
    """Read a notebook once."""
    return nbformat.read(path, as_version=4)


def title(path):
    """Give a notebook's own heading."""
    return HEADING.search(read(path).cells[0].source)[2]


def texts():
    """List the Markdown cells of all lectures in order, each with the heading that it is under."""
    found = []
    for path in sorted(ROOT.glob("lectures/*.ipynb")):
        section = title(path)
        for number, cell in enumerate(read(path).cells):
            if cell.cell_type == "markdown":
                found.append(Text(f"lectures/{path.name}", number, cell.source, section))
                headings = HEADING.findall(cell.source)
                section = headings[-1][1] if headings else section
    return found


def section_at(text, place):
    """Name the heading under which a place of a cell stands."""
    headings = HEADING.findall(text.source[:place])
    return headings[-1][1] if headings else text.section


def link(section, page):
    """Write a link to a section of a notebook, by the anchor that its heading has."""
    # myst leaves formulas out of a heading's anchor.
    anchor = re.sub(r"\$[^$]*\$", "", section).strip().replace(" ", "-")
    return f"[{section}](<{page}#{anchor}>)"
