"""A student's feedback, opened and clicked through in Chromium."""

import re

import pytest

from tests.browser.lab import findings, keep_picture
from tests.grading.attacks.hostile_class import feedback

pytestmark = [pytest.mark.browser, pytest.mark.sandbox]


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
