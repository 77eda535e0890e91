"""Pages of nbgrader's formgrader: nothing of a student's runs in them, and no server waits for it.

`turn_on` in ``preprocessor`` puts these into the places of formgrader's own.
"""

import copy
import html
import re
from typing import Any

import nbformat
from jinja2 import Environment, Template
from nbformat import NotebookNode
from traitlets import Float

from mlpkit.grading.course.bounded import BoundedExporter
from mlpkit.grading.course.pages import SCRIPT, policy, with_policy

# What formgrader's page says of whoever handed in: no script of the page's own holds it.
THEIRS = ("student", "last_name", "first_name", "notebook_path", "filename")
# What Jinja writes for letters that mean something in a page; a script's own way is another.
ENTITY = re.compile(r"&(?:amp|lt|gt|#3[49]);")


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


class ListPage(Template):
    """A list of students, assignments or submissions: what it names is text, in scripts too."""

    def render(self, *arguments: Any, **named: Any) -> str:
        """Give the page, in which only the template's own scripts run."""
        text = SCRIPT.sub(_in_script, super().render(*arguments, **named))
        return with_policy(text, policy(text, served=True))


class ListPages(Environment):
    """Formgrader's own templates."""

    template_class = ListPage

    def __init__(self, **options: Any) -> None:
        super().__init__(autoescape=True, **options)


def _in_script(found: re.Match[str]) -> str:
    return ENTITY.sub(lambda each: rf"\u{ord(html.unescape(each[0])):04x}", found[0])
