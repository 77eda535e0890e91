"""Count what a first reader of each lecture has before them: core words, lines of code, figures.

    python -m tools.count_lectures [lectures/03_loss_landscape.ipynb …]

A section whose heading contains ★ is optional, with all below it, and is not counted. Nor are the
sections that are looked up, the first cell if it imports, and cells tagged `answer`. The lengths
of cells are those of all cells of code. Where a limit is passed the command says so, and fails.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import nbformat

LECTURES = sorted((Path(__file__).parents[1] / "lectures").glob("*.ipynb"))
LOOKED_UP = (
    "Symbols and shapes",
    "Summary",
    "What we learned",
    "Pitfalls",
    "Exercises",
    "The mathematics you need",
    "Words and symbols",
)
# What is read in ninety minutes, and cells that are read at one glance.
LIMITS = {"words": 1650, "lines": 130, "figures": 4, "median cell": 8, "longest": 20}
HEADING = re.compile(r"(#{1,6}) (.*)")


@dataclass
class Count:
    """What a lecture's core holds; `cells` has the lines of each cell of code, core or not."""

    words: int
    lines: int
    figures: int
    cells: list[int]

    def columns(self):
        """Return the counts by the names that LIMITS gives them."""
        lengths = median(self.cells or [0]), max(self.cells, default=0)
        return dict(zip(LIMITS, (self.words, self.lines, self.figures, *lengths), strict=True))

    def over(self):
        """List the names of the counts that pass their limit."""
        return [name for name, number in self.columns().items() if number > LIMITS[name]]


def words(text):
    """Count words of prose: a formula or a piece of code counts as one, a table's rules as none."""
    text = re.sub(r"```.*?```|<!--.*?-->", " ", text, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]+\$|`[^`]+`", " formula ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<[^>]+>", " ", text)
    return len(re.findall(r"\w[\w'’.,-]*", text))


def core(cells):
    """Yield each cell of a notebook with its text outside optional and looked-up sections.

    Parameters
    ----------
    cells : list of NotebookNode

    Yields
    ------
    (NotebookNode, str)
        Of a cell of code its source, or nothing where its section isn't core.
    """
    left_out, fenced = 0, False  # the level of the heading that began what is left out, or 0
    for cell in cells:
        if "answer" in cell.metadata.get("tags", []):
            continue
        kept = []
        for line in cell.source.splitlines():
            fenced ^= line.startswith("```")
            heading = HEADING.match(line)
            if cell.cell_type == "markdown" and heading and not fenced:
                left_out = _left_out(left_out, len(heading[1]), heading[2])
            if not left_out:
                kept.append(line)
        yield cell, "\n".join(kept)


def _left_out(level, new, title):
    if level and new > level:
        return level
    title = re.sub(r"^[\d.]+ ", "", title.strip())  # the section's number
    return new if "★" in title or title.startswith(LOOKED_UP) else 0


def count(notebook):
    """Count the core of a lecture, a notebook that nbformat read, and the lines of its cells."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    lengths = [len(source.splitlines()) for source in sources if source.strip()]
    total, first = Count(0, 0, 0, lengths), True
    for cell, text in core(notebook.cells):
        if cell.cell_type == "markdown":
            total.words += words(text)
        elif cell.cell_type == "code" and cell.source.strip():
            imports, first = first and text.startswith(("import ", "from ")), False
            if text and not imports:
                total.lines += sum(bool(line.strip()) for line in text.splitlines())
                total.figures += _figures(cell)
    return total


def _figures(cell):
    pictures = sum("image/png" in output.get("data", {}) for output in cell.outputs)
    return max(pictures, "explorer" in cell.metadata.get("tags", []))


def main(names):
    print(f"{'':<32}" + "".join(f"{name:>13}" for name in LIMITS))
    over = []
    for path in map(Path, names) if names else LECTURES:
        found = count(nbformat.read(path, as_version=4))
        print(f"{path.stem:<32}" + "".join(f"{number:>13}" for number in found.columns().values()))
        over += [f"{path.stem}: {name} above {LIMITS[name]}" for name in found.over()]
    print("\n".join(over))
    return min(len(over), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
