"""The page of notation, made of the tables at the top of each lecture and of the glossary."""

import re

from tools.book.lectures import ROOT, link, read, title

TABLES = ("Words and symbols", "Symbols and shapes")


def page():
    """Write the page as Markdown: the glossary of lecture 0, then each lecture's own table."""
    parts = [
        "# Notation and symbols",
        "First come the words and symbols of the whole course, then each lecture's own table with "
        "shapes.",
    ]
    for path in sorted(ROOT.glob("lectures/*.ipynb")):
        where = f"lectures/{path.name}"
        for cell in read(path).cells:
            if found := _section(cell.source):
                heading, text = found
                parts += [f"## {title(path)}", f"From {link(heading, where)}.", _moved(text)]
    return "\n\n".join(parts) + "\n"


def _section(source):
    """Give the heading and the text of a cell's section with a table of symbols, or None."""
    for heading in TABLES:
        if found := re.search(
            rf"^## {heading}\n(.*?)(?=^## |\Z)", source, re.DOTALL | re.MULTILINE
        ):
            return heading, found[1].strip()
    return None


def _moved(text):
    """Let links of a lecture lead from the folder above."""
    return re.sub(r"\]\((?=\w+\.ipynb)", "](lectures/", text)
