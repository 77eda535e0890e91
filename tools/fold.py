"""Fold what a first reader may skip: optional sections, and what answers a question beside it."""

import re

from bs4 import BeautifulSoup

HEADING = re.compile(r"^h[1-6]$")


def fold(html):
    """Fold a page that nbconvert made of a notebook.

    A section whose heading has a ★ is folded under its heading's words. Of a cell tagged
    ``prediction`` the output is folded, of one tagged ``answer`` all.

    Parameters
    ----------
    html : str

    Returns
    -------
    str
    """
    page = BeautifulSoup(html, "html.parser")
    for cell in page.select(".celltag_prediction .jp-Cell-outputWrapper"):
        _wrap(page, [cell], "Output: predict first")
    for cell in page.select(".celltag_answer"):
        _wrap(page, [cell], "Code of the answer")
    for heading in page.find_all(HEADING):
        if "★" in heading.get_text() and heading.find_parent("details") is None:
            words = heading.get_text().replace("¶", "").strip()
            _wrap(page, _section(heading), words)
    return str(page)


def _section(heading):
    """List the cells from a heading's own to the last before the next one as high."""
    cell = heading.find_parent(class_="jp-Cell")
    cells = [cell]
    for below in cell.find_next_siblings(class_=["jp-Cell", "folded"]):
        levels = [found.name for found in below.find_all(HEADING)]
        if any(level <= heading.name for level in levels):
            break
        cells.append(below)
    return cells


def _wrap(page, parts, words):
    details, summary = page.new_tag("details", attrs={"class": "folded"}), page.new_tag("summary")
    summary.string = words
    parts[0].insert_before(details)
    details.append(summary)
    for part in parts:
        details.append(part.extract())
