"""What stands at the top of a student's feedback: the exercises, their points, what is unread."""

import re
from typing import Any, NamedTuple

from nbformat import NotebookNode
from nbgrader.api import Gradebook

from mlpkit.grading.course import formulas
from mlpkit.grading.text.page import is_instructors

TITLE = re.compile(r"^# +(.+?)\s*$", re.MULTILINE)
HEADING = re.compile(r"^#{1,4} +(.+?)\s*$", re.MULTILINE)
# As "## 3. Its gradient in the scores (5 points)".
POINTS = re.compile(r"\s*\([\d.,]+ points?[^()]*\)\s*$")
# A link to a notebook, as the assignments' own texts have it.
LINK = re.compile(
    r"(?<!!)\[([^\]]*)\]\((?:\.\./)+((?:lectures|assignments)/[\w/]+)\.ipynb(#[^)\s]*)?\)"
)


class Mark(NamedTuple):
    """What the gradebook says of a cell."""

    score: float
    points: float
    unread: bool
    comment: bool


class Exercise(NamedTuple):
    """A cell with points, as the table of a student's page shows it."""

    id: str
    title: str
    score: float
    points: float
    unread: bool
    comment: bool


def _instructors(cell: NotebookNode) -> bool:
    return cell.cell_type == "markdown" and is_instructors(cell.metadata)


def marks(gradebook: Gradebook, notebook: str, assignment: str, student: str) -> dict[str, Mark]:
    """Map the id of each cell with points to its mark; unread is what nobody has marked yet."""
    found = gradebook.find_submission_notebook(notebook, assignment, student)
    said = {each.name for each in found.comments if each.comment}
    return {
        grade.name: Mark(
            grade.score, grade.max_score, bool(grade.needs_manual_grade), grade.name in said
        )
        for grade in found.grades
    }


def exercises(notebook: NotebookNode, marks: dict[str, Mark]) -> list[Exercise]:
    """List a graded notebook's cells with points, each under the instructor's heading above it.

    Parameters
    ----------
    notebook : NotebookNode
    marks : dict of str to Mark
        By the cell's id.
    """
    title, found = "", list[Exercise]()
    for cell in notebook.cells:
        if _instructors(cell):
            headings = HEADING.findall(cell.source)
            title = POINTS.sub("", headings[-1]) if headings else title
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in marks:
            found.append(Exercise(name, title or name, *marks[name]))
    return found


def with_links(notebook: NotebookNode, book: str) -> NotebookNode:
    """Let links of the instructor's texts lead to the book's pages.

    Parameters
    ----------
    notebook : NotebookNode
    book : str
        The address of the book's folder. Without one only the words of a link are kept, as a page
        that a student has alone leads to no other file.
    """

    def address(found: re.Match[str]) -> str:
        words, page, anchor = found.groups()
        return f"[{words}]({book.rstrip('/')}/{page}.html{anchor or ''})" if book else words

    cells = []
    for cell in notebook.cells:
        if _instructors(cell):
            cell = NotebookNode(cell, source=LINK.sub(address, cell.source))
        cells.append(cell)
    return NotebookNode(notebook, cells=cells)


def _words(notebook: NotebookNode) -> str:
    """All the texts of a notebook: cells, outputs, and comments in the cells' metadata."""
    found, waiting = list[str](), list[Any](notebook.cells)
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            found.append(each)
        elif isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
    return "\n".join(found)


def summary(notebook: NotebookNode, name: str, marks: dict[str, Mark]) -> dict[str, Any]:
    """Give the page's template what it shows besides the notebook.

    Parameters
    ----------
    notebook : NotebookNode
    name : str
        The page's title where the instructor's texts have none.
    marks : dict of str to Mark
        As for `exercises`.
    """
    listed = exercises(notebook, marks)
    unread = [each for each in listed if each.unread]
    headings = [TITLE.search(cell.source) for cell in notebook.cells if _instructors(cell)]
    return {
        "title": next((found[1] for found in headings if found), name),
        "exercises": listed,
        "of": {each.id: each for each in listed},
        "unread": len(unread),
        "unread_points": sum(each.points for each in unread),
        "formulas_styles": formulas.styles(_words(notebook)),
        "formulas_script": formulas.set_all(),
    }
