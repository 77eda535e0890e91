"""A student's feedback, opened and clicked through in Chromium."""

import re
from pathlib import Path

import jupyter_server_mathjax
import pytest

from tests.grading.attacks.hostile_class import feedback

PARTS = "TeX-AMS-MML_HTMLorMML-full"
pytestmark = [pytest.mark.browser, pytest.mark.sandbox]


def test_no_click_runs_a_script_no_picture_is_fetched_and_mathematics_is_set(tmp_path, browser):
    mathjax = Path(jupyter_server_mathjax.__file__).parent / "static"
    found = feedback(tmp_path, ("links", "beacon", "honest"))[2]
    asked, said = [], []

    def answer(route):
        asked.append(route.request.url)
        name = asked[-1].partition("/2.7.7/")[2].partition("?")[0]
        # The package has another choice of MathJax's parts than the page asks for.
        path = mathjax / name.replace("TeX-AMS_CHTML-full", PARTS)
        if name and path.is_file():
            body = path.read_bytes().replace(PARTS.encode(), b"TeX-AMS_CHTML-full")
            route.fulfill(body=body, content_type="text/javascript")
        else:
            route.abort()

    context = browser.new_context()
    page = context.new_page()
    page.route(re.compile("^(?!file:)"), answer)
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for path in found.values():
        page.goto(path.as_uri())
        page.evaluate(
            "for (const a of document.querySelectorAll('#notebook a'))"
            " if (!/^(https?|mailto)/.test(a.getAttribute('href') || 'http')) a.click()"
        )
    page.wait_for_selector(".MathJax_CHTML, .MathJax, .mjx-chtml", timeout=20_000)
    # Even a script that got into the page would not run.
    page.evaluate(
        "const s = document.createElement('script'); s.textContent = `alert('inside')`;"
        "document.body.append(s); document.body.insertAdjacentHTML('beforeend',"
        "'<img src=x onerror=alert(1)>')"
    )
    page.wait_for_timeout(200)
    assert said == [] and not [url for url in asked if "beacon" in url]
    context.close()
