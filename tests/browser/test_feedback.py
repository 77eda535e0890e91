"""A student's feedback, opened and clicked through in Chromium."""

import re
from pathlib import Path

import pytest

from mlpkit.grading.course import feedback as exporting
from mlpkit.grading.course.pages import rendered
from tests.browser.lab import findings, keep_picture
from tests.grading.attacks.hostile_class import feedback
from tests.lectures.notebooks import read
from tools.book.lectures import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]
TEMPLATE = Path(exporting.__file__).parent / "templates/course_feedback/index.html.j2"
# The words in cells of tables that stand on more than one line.
DIVIDED = """() => {
  const words = [], range = document.createRange();
  for (const cell of document.querySelectorAll('th, td')) {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode())
      for (const { 0: word, index } of text.data.matchAll(/\\w+/g)) {
        range.setStart(text, index);
        range.setEnd(text, index + word.length);
        if (range.getClientRects().length > 1) words.push(word);
      }
  }
  return words;
}"""


def test_no_click_runs_a_script_nothing_is_fetched_and_mathematics_is_set(tmp_path, browser):
    found = feedback(tmp_path, ("links", "beacon", "honest"))[2]
    asked, said = [], []

    def refuse(route):
        asked.append(route.request.url)
        route.abort()

    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    page = context.new_page()
    page.route(re.compile("^(?!(file|data):)"), refuse)
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for path in found.values():
        page.goto(path.as_uri())
        page.evaluate(
            "for (const a of document.querySelectorAll('a'))"
            " if (!/^(https?|mailto)/.test(a.getAttribute('href') || 'http')) a.click()"
        )
    # The last page is the honest student's: formulas are set, offline, and read well.
    assert page.locator(".katex").count() >= 2 and not page.locator(".katex-error").count()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "not yet marked" in page.locator("#scores").inner_text()
    assert not findings(page)
    keep_picture(page, "feedback")
    # Even a script that got into the page would not run.
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = `alert('inside')`;"
        "document.body.append(s); document.body.insertAdjacentHTML('beforeend',"
        "'<img src=x onerror=alert(1)>')"
    )
    page.wait_for_timeout(200)
    assert said == [] and asked == []
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["ps1", "ps2", "ps4"])
def test_a_word_of_a_table_stays_whole_and_the_page_as_wide_as_the_window(page, name, width):
    cells = [c for c in read(ROOT / f"assignments/{name}/{name}.ipynb").cells if "| " in c.source]
    texts = [rendered(cell.source) for cell in cells if cell.cell_type == "markdown"]
    style = TEMPLATE.read_text("utf-8").split("<style>")[2].partition("</style>")[0]
    page.set_viewport_size({"width": width, "height": 844})
    page.set_content(f"<style>{style}</style><div class=rendered_html>{''.join(texts)}</div>")
    assert page.locator("td").count() > 20
    assert page.evaluate(DIVIDED) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
