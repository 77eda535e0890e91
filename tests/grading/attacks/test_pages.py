"""A class with bad pages: everybody has a page, none runs a script, and none costs another's."""

import logging
import re

import nbformat
import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell
from traitlets.config import Config

from mlpkit.grading.course import feedback, pages
from mlpkit.grading.course.preprocessor import turn_on
from mlpkit.grading.insight.report import write_report
from tests.grading import notebooks
from tests.grading.attacks import hostile_class
from tests.grading.attacks.hostile_class import CLASS, HINT, PNG, REMOTE, SMALL, with_picture
from tests.grading.attacks.injections import MARKDOWN, RUN, Page


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The class, graded: its pages by student, its report, and what the command said."""
    folder = tmp_path_factory.mktemp("pages")
    course, summary, found, said = hostile_class.feedback(folder, CLASS)
    report = write_report(course, "ps1", folder / "reports")
    return summary, found, report[0].read_text("utf-8"), said


@pytest.mark.sandbox
def test_everybody_has_a_page_and_nothing_in_it_runs(written):
    _, found, _, said = written
    honest = found["honest"].read_text("utf-8")
    allowed = set(Page(honest).found)
    for name, path in found.items():
        page = path.read_text("utf-8")
        assert not set(Page(page).found) - allowed, name
        assert not re.search(
            rf"""\b(src|srcset|data|poster)\s*=\s*["']?{re.escape(REMOTE)}""", page
        )
        assert page.index("Content-Security-Policy") < page.index("<script"), name
        assert len(page) < 40_000_000, name
    assert "plain" not in said


@pytest.mark.sandbox
def test_the_instructors_hints_fold_and_honest_work_is_shown_as_written(written):
    page = written[1]["honest"].read_text("utf-8")
    hints = re.findall(r"<details[^>]*>\s*<summary>Hint</summary>", page)
    assert len(hints) == 2 and page.count("<details") == page.count("<summary")
    assert "$a &lt; b$" in page and "\\frac{1}{2}" in page
    assert 'href="https://a.b/c?d=e#f"' in page
    assert f"data:image/png;base64,{SMALL}" in page


@pytest.mark.sandbox
def test_pictures_are_bounded_on_a_page_and_it_is_said(written):
    page = written[1]["bomb"].read_text("utf-8")
    assert 0 < page.count(PNG[:1000]) < 20
    assert re.search(r"the picture \S+\.png is not shown", page)
    assert 0 < written[1]["bombs"].read_text("utf-8").count(PNG[:1000]) < 12


@pytest.mark.sandbox
def test_words_of_exceptions_break_no_report_and_make_no_check_of_their_own(written):
    summary, _, report, _ = written
    for result in summary.results:
        if result.student.startswith("words-"):
            (grade,) = [each for each in result.grades if each.grade_id == "check-double"]
            assert grade.kinds == ["check", "call"] and not grade.hidden
            assert grade.messages[0].startswith("double raised ValueError")
            assert len(grade.messages[0].splitlines()) == 1
    assert not re.search("[\ud800-\udfff\x00-\x08\x7f-\x9f\u202a-\u202e\u2066-\u2069]", report)
    parts = report[report.index('id="parts"') : report.index('id="attention"')]
    assert "<td>visible</td>" in parts and "<td>hidden</td>" not in parts


def exporter(**limits):
    config = Config()
    turn_on(config)
    config.FeedbackExporter.update(limits)
    # A logger of its own: an application that ran here before would keep to itself what is logged.
    own = logging.getLogger("mlpkit.pages")
    return feedback.FeedbackExporter(config=config, template_name="classic", log=own)


def deep():
    return new_markdown_cell("**a" * 30_000)


BAD = {
    "memory": [new_markdown_cell(HINT), with_picture("![a](attachment:a.png) " * 400)],
    "time": [deep() for _ in range(3)],
    "an error": [new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="\x1b[38m")])],
}


@pytest.mark.slow  # it is waited for
@pytest.mark.parametrize("kind", BAD)
def test_a_page_that_cannot_be_built_is_plain_and_the_next_is_whole(kind, caplog):
    export = exporter(seconds=1.5, memory=300_000_000)
    bad, good = notebooks.notebook(*BAD[kind]), notebooks.notebook(new_markdown_cell("**Fine**"))
    page, _ = export.from_notebook_node(bad, {"nbgrader": {"student": "eve"}})
    assert "This page is plain" in page and "eve is plain" in caplog.text
    assert "Content-Security-Policy" in page
    caplog.clear()
    page, _ = export.from_notebook_node(good, {"nbgrader": {"student": "ada"}})
    assert "<strong>Fine</strong>" in page and "is plain" not in caplog.text


@pytest.mark.parametrize("name", MARKDOWN)
def test_formgraders_filter_lets_nothing_run_even_of_a_notebook_that_nobody_cleaned(name):
    config = Config()
    turn_on(config)
    export = HTMLExporter(config=config, template_name="classic")
    own = Page(export.from_notebook_node(notebooks.notebook())[0]).found
    page = export.from_notebook_node(notebooks.notebook(new_markdown_cell(MARKDOWN[name])))[0]
    assert [what for what in Page(page).found if what not in own] == []


def test_what_is_on_the_list_stays_and_an_instructors_text_is_not_touched():
    text = f"{HINT}\n\n| a |\n|:-:|\n| `b` |\n\n- [x] done\n\n```python\nx = 1\n```"
    assert pages.sanitized("<details open><summary>a</summary>b</details>").count("details") == 2
    own = new_markdown_cell(
        text + f"<span onclick='{RUN}'>", metadata={"mlpkit": {"instructors": True}}
    )
    config = Config()
    turn_on(config)
    export = HTMLExporter(config=config, template_name="classic")
    for cell, kept in ((new_markdown_cell(text), False), (own, True)):
        page = export.from_notebook_node(notebooks.notebook(cell))[0]
        assert "<details>" in page and '<span class="n">x</span>' in page and "checkbox" in page
        assert ("onclick" in page) == kept
