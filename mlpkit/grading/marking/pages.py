"""The pages as HTML: an assignment's questions, and everybody's answers to one of them."""

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.marks import read_marks
from mlpkit.grading.course.pages import rendered, templates
from mlpkit.grading.marking.questions import Answer, Question, answers, questions
from mlpkit.grading.marking.saving import as_data
from mlpkit.grading.marking.shown import shown


@dataclass(frozen=True)
class Links:
    """Where a page leads to.

    Parameters
    ----------
    base, formgrader, mathjax : str
        Addresses of the marking pages, of nbgrader's own, and of MathJax's script or "".
    token : str
        The server's, without which it takes no change from a page.
    """

    base: str
    formgrader: str
    mathjax: str
    token: str


def no_page(words: str) -> str:
    """Say why there is no page."""
    return _render("list.html.j2", title="There is no page to show", said=words, rows=[], up=None)


def assignments(course: Course, base: str) -> str:
    """Give the page that lists assignments."""
    names = sorted(
        {path.parent.name for path in course.folder("source", ".", ".").glob("*/*.ipynb")}
    )
    rows = [{"link": f"{base}/{name}", "words": name, "left": ""} for name in names]
    return _render("list.html.j2", title="Written questions", said="", rows=rows, up=None)


def assignment(course: Course, name: str, base: str) -> str:
    """Give the page that lists an assignment's questions, and how many answers are left to read."""
    rows = []
    for question in questions(course, name):
        place = (question.assignment, question.notebook, question.cell)
        marks = read_marks(course.directory.db_url, *place)
        left = sum(mark.waits for mark in marks)
        words = f"{left} of {len(marks)} answers to read" if marks else "nothing was graded yet"
        rows.append({"link": "/".join([base, *place]), "words": question.title, "left": words})
    return _render("list.html.j2", title=f"{name}: written questions", said="", rows=rows, up=base)


def answers_page(course: Course, question: Question, links: Links) -> str:
    """Give the page with everybody's answers to a question."""
    found = answers(course, question)
    texts = shown([answer.cells for answer in found])
    return _render(
        "answers.html.j2",
        question=question,
        text=Markup(rendered(question.text)),
        items=_items(question),
        answers=[_row(*pair, question) for pair in zip(found, texts, strict=True)],
        links=links,
        place="/".join([question.assignment, question.notebook, question.cell]),
    )


def _items(question: Question) -> list[dict[str, Any]]:
    groups = [item.group for item in question.items]
    return [
        {"item": item, "instead": item.group in groups[:at]}
        for at, item in enumerate(question.items)
    ]


def _row(answer: Answer, text: str, question: Question) -> dict[str, Any]:
    return {
        "text": Markup(text),
        "nothing": answer.nothing,
        "notebook": answer.marks[0].notebook_id,
        "count": len(answer.marks),
        "marks": json.dumps([as_data(mark, question.items) for mark in answer.marks]),
    }


def _render(template: str, **values: Any) -> str:
    return templates("mlpkit.grading.marking", ".").get_template(template).render(**values)
