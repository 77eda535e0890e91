"""A notebook's page, built in a process of its own; one that can't be built is plain.

A page that takes all memory or time, or that nbconvert gives up, is one student's and holds up
nobody else's.
"""

from collections.abc import Callable

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import Float, Integer

from mlpkit.grading.course.apart import NoPage, within
from mlpkit.grading.text.page import is_instructors

PLAIN = (
    "**This page is plain**, because what was handed in could not be shown whole: texts are as "
    "they were written, pictures and outputs are left out. The marks are not touched by it."
)
SHOWN = 20_000


class BoundedExporter(HTMLExporter):
    """Exports notebooks as pages, within limits."""

    seconds = Float(60.0, help="Of processor time and of waiting, for one page.").tag(config=True)
    memory = Integer(2 * 1024**3, help="Bytes for one page.").tag(config=True)

    def bounded(
        self, build: Callable[[NotebookNode], str], notebook: NotebookNode, student: str
    ) -> str:
        """Build a notebook's page, or a plain one, which the log names.

        Parameters
        ----------
        build : callable
            Gives the page of a notebook.
        notebook : NotebookNode
        student : str
            Whose it is.
        """
        try:
            return within(lambda: build(notebook), self.seconds, self.memory)
        except NoPage as error:
            self.log.warning("The page of %s is plain: %s.", student, error)
            return within(lambda: build(plain(notebook)), self.seconds, self.memory)


def plain(notebook: NotebookNode) -> NotebookNode:
    """Give a notebook in which nothing is rendered but the instructor's own texts."""
    cells = [nbformat.v4.new_markdown_cell(PLAIN)]
    for cell in notebook.cells:
        cell = NotebookNode(cell)
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.source = [], cell.source[:SHOWN]
        elif not is_instructors(cell.metadata):
            lines = cell.source[:SHOWN].splitlines()
            cell.source = "\n".join(f"    {line[:1000]}" for line in lines)
        cells.append(cell)
    return NotebookNode(notebook, cells=cells)
