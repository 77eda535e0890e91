"""A student's notebook in nbgrader's formgrader: nothing in it runs, and no server waits for it.

`turn_on` in ``preprocessor`` puts the exporter into formgrader's place for one.
"""

import copy
from typing import Any

import nbformat
from nbformat import NotebookNode
from traitlets import Float

from mlpkit.grading.course.bounded import BoundedExporter
from mlpkit.grading.course.pages import policy, with_policy

# What formgrader's page says of whoever handed in: no script of the page's own holds it.
THEIRS = ("student", "last_name", "first_name", "notebook_path", "filename")


class FormgradeExporter(BoundedExporter):
    """Exports a notebook as formgrader's template does, within limits, under a policy."""

    seconds = Float(20.0, help="Of processor time and of waiting, for one page.").tag(config=True)

    def from_notebook_node(  # type: ignore[override]  # as HTMLExporter's own
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Give the page; only the template's own scripts run in it, whatever the notebook holds."""
        build, about = super().from_notebook_node, resources or {}

        def page(of: NotebookNode, **other: str) -> str:
            return str(build(of, copy.deepcopy(about | other), **kw)[0])

        nobody = nbformat.v4.new_notebook()
        rule = policy(page(nobody, **dict.fromkeys(THEIRS, "")), served=True)
        text = self.bounded(page, nb, about.get("student", "a student"))
        return with_policy(text, rule), self._init_resources(resources)  # type: ignore[no-untyped-call]
