"""nbgrader's feedback, under a policy by which nothing of a student's runs in it."""

import contextlib
import re
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets import Unicode

from mlpkit.grading.course.bounded import BoundedExporter
from mlpkit.grading.course.hints import hints_of, with_hints
from mlpkit.grading.course.lateness import recorded
from mlpkit.grading.course.made_from import made_from, with_mark
from mlpkit.grading.course.pages import policy, with_policy
from mlpkit.grading.course.settings import zone_of
from mlpkit.grading.course.summary import Mark, marks, summary, with_links
from mlpkit.grading.text.page import INSTRUCTORS

# A row of headings that Markdown asks for, and that says nothing.
EMPTY = re.compile(r"<thead>\s*<tr>\s*(?:<th[^>]*></th>\s*)+</tr>\s*</thead>\s*")


class _Known(NamedTuple):
    """What a page shows besides the notebook, and the digest of what it is made from."""

    marks: dict[str, Mark]
    hints: bytes = b""
    digest: str = ""
    when: str = ""


class FeedbackExporter(BoundedExporter):
    """Exports a notebook as nbgrader's feedback does, within limits, under a policy."""

    book = Unicode("", help="The address of the folder that make site wrote.").tag(config=True)

    def from_notebook_node(  # type: ignore[override]  # as HTMLExporter's own
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Give the page, or a plain one, which the log names."""
        build = super().from_notebook_node
        nb, about = with_links(nb, self.book), (resources or {}).get("nbgrader", {})
        known = self._known(about)
        shown = {"course_feedback": summary(nb, about.get("notebook", ""), known.marks)}

        def whole(of: NotebookNode) -> str:
            return EMPTY.sub("", build(of, _copied(resources) | shown, **kw)[0])

        nb = with_hints(nb, known.hints)
        if known.when:
            told = nbformat.v4.new_markdown_cell(known.when, metadata=INSTRUCTORS)
            nb = NotebookNode(nb, cells=[told, *nb.cells])
        rule = policy(whole(nbformat.v4.new_notebook(metadata=nb.metadata)))
        text = self.bounded(whole, nb, about.get("student", "a student"))
        text = with_policy(with_mark(text, known.digest), rule)
        return text, self._init_resources(resources)  # type: ignore[no-untyped-call]

    def _known(self, about: dict[str, Any]) -> _Known:
        """Read it before the page is built: marks given meanwhile then make the page an old one."""
        course: Any = getattr(self.parent, "coursedir", None)
        if course is None or not about:
            return _Known({})
        student, assignment, notebook = about["student"], about["assignment"], about["notebook"]
        folder = course.format_path(course.autograded_directory, student, assignment)
        hints = hints_of(Path(course.root), assignment, student, notebook)
        judged = Path(folder, f"{notebook}.ipynb").read_bytes() + hints
        zone = zone_of(self.config)
        with contextlib.closing(Gradebook(about["db_url"], course.course_id)) as gradebook:
            digest = made_from(gradebook, assignment, notebook, student, judged)
            said = recorded(gradebook.find_submission(assignment, student), zone).words()
            when = f"{said[:1].upper()}{said[1:]}." if said else ""
            return _Known(marks(gradebook, notebook, assignment, student), hints, digest, when)


def _copied(resources: dict[str, Any] | None) -> dict[str, Any]:
    return {k: dict(v) if isinstance(v, dict) else v for k, v in (resources or {}).items()}
