"""nbgrader's feedback, each page in a process of its own; a page that can't be built is plain.

One page that takes all memory or time, or that nbconvert gives up, is one student's and holds up
nobody else's.
"""

import contextlib
import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets import Float, Integer, Unicode

from mlpkit.grading.course.apart import NoPage, within
from mlpkit.grading.course.hints import hints_of, with_hints
from mlpkit.grading.course.lateness import recorded
from mlpkit.grading.course.made_from import made_from, with_mark
from mlpkit.grading.course.pages import policy, with_policy
from mlpkit.grading.course.summary import Mark, marks, summary, with_links
from mlpkit.grading.text.times import zone_named

PLAIN = (
    "**This page is plain**, because what you handed in could not be shown whole: texts are as you "
    "wrote them, pictures and outputs are left out. The marks are not touched by it."
)
SHOWN = 20_000
# A row of headings that Markdown asks for, and that says nothing.
EMPTY = re.compile(r"<thead>\s*<tr>\s*(?:<th[^>]*></th>\s*)+</tr>\s*</thead>\s*")


class FeedbackExporter(HTMLExporter):
    """Exports a notebook as nbgrader's feedback does, within limits, under a policy."""

    seconds = Float(60.0, help="Of processor time and of waiting, for one page.").tag(config=True)
    memory = Integer(2 * 1024**3, help="Bytes for one page.").tag(config=True)
    book = Unicode("", help="The address of the folder that make site wrote.").tag(config=True)

    def from_notebook_node(  # type: ignore[override]  # as HTMLExporter's own
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Give the page, or a plain one, which the log names."""
        build = super().from_notebook_node
        nb, about = with_links(nb, self.book), (resources or {}).get("nbgrader", {})
        shown = {"course_feedback": summary(nb, about.get("notebook", ""), self._marks(about))}

        def whole(of: NotebookNode) -> str:
            return EMPTY.sub("", build(of, _copied(resources) | shown, **kw)[0])

        def page(of: NotebookNode) -> str:
            return within(lambda: whole(of), self.seconds, self.memory)

        (digest, when), nb = self._digest(about), with_hints(nb, self._hints(about))
        if when:
            own = {"mlpkit": {"instructors": True}}
            nb = NotebookNode(
                nb, cells=[nbformat.v4.new_markdown_cell(when, metadata=own), *nb.cells]
            )
        rule = policy(whole(nbformat.v4.new_notebook(metadata=nb.metadata)))

        try:
            text = page(nb)
        except NoPage as error:
            student = about.get("student", "a student")
            self.log.warning("The page of %s is plain: %s.", student, error)
            text = page(plain(nb))
        text = with_policy(with_mark(text, digest), rule)
        return text, self._init_resources(resources)  # type: ignore[no-untyped-call]

    def _marks(self, about: dict[str, Any]) -> dict[str, Mark]:
        course: Any = getattr(self.parent, "coursedir", None)
        if course is None or not about:
            return {}
        names = about["notebook"], about["assignment"], about["student"]
        with contextlib.closing(Gradebook(about["db_url"], course.course_id)) as gradebook:
            return marks(gradebook, *names)

    def _hints(self, about: dict[str, Any]) -> bytes:
        course: Any = getattr(self.parent, "coursedir", None)
        if course is None or not about:
            return b""
        return hints_of(Path(course.root), about["assignment"], about["student"], about["notebook"])

    def _digest(self, about: dict[str, Any]) -> tuple[str, str]:
        """Take it before the page is built: marks given meanwhile then make the page an old one.

        Beside it is what to say of due date and lateness.
        """
        course: Any = getattr(self.parent, "coursedir", None)
        if course is None or not about:
            return "", ""
        names = about["assignment"], about["notebook"], about["student"]
        folder = course.format_path(course.autograded_directory, names[2], names[0])
        judged = Path(folder, f"{names[1]}.ipynb").read_bytes() + self._hints(about)
        with contextlib.closing(Gradebook(about["db_url"], course.course_id)) as gradebook:
            digest = made_from(gradebook, *names, judged)
            zone = zone_named(str(self.config.Term.get("timezone", "UTC")))
            said = recorded(gradebook.find_submission(names[0], names[2]), zone).words()
        return digest, said and f"{said[:1].upper()}{said[1:]}."


def _copied(resources: dict[str, Any] | None) -> dict[str, Any]:
    return {k: dict(v) if isinstance(v, dict) else v for k, v in (resources or {}).items()}


def plain(notebook: NotebookNode) -> NotebookNode:
    """Give a notebook in which nothing is rendered but the instructor's own texts."""
    cells = [nbformat.v4.new_markdown_cell(PLAIN)]
    for cell in notebook.cells:
        cell = NotebookNode(cell)
        cell.pop("attachments", None)
        if cell.cell_type == "code":
            cell.outputs, cell.source = [], cell.source[:SHOWN]
        elif not cell.metadata.get("mlpkit", {}).get("instructors"):
            lines = cell.source[:SHOWN].splitlines()
            cell.source = "\n".join(f"    {line[:1000]}" for line in lines)
        cells.append(cell)
    return NotebookNode(notebook, cells=cells)
