"""Pages on pairs and sheets for a talk, opened in Chromium from a folder, at two widths."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from mlpkit.grading.insight import copies, viva
from mlpkit.grading.insight.likeness import Pair
from mlpkit.grading.insight.shared import runs
from mlpkit.grading.insight.work import Exercise, Work
from mlpkit.grading.job import Grade
from tests.tiers import few

pytestmark = [pytest.mark.browser]
TEXT = "We write the loss as a sum over n and differentiate it once. " * 3
LONG = "def double(x):\n    return " + " + ".join(f"numbers_{at}" for at in range(30)) + "\n"
EXERCISES = [Exercise("sheet", "double_test", (), False), Exercise("sheet", "words", (), True)]


def pages():
    """Give a page of each kind, with long lines and names."""
    work = {
        name: Work(
            name,
            {"double_test": LONG.replace("x", name[0]), "words": TEXT},
            grades={"double_test": Grade("double_test", 0.0, 2.0)},
        )
        for name in ("a" * 60, "ben")
    }
    shared = {"words": sorted(runs(TEXT))}
    pair = Pair(
        tuple(work), {"double_test": "the same code", "mean_test": "the same"}, 0.01, shared
    )
    for one in work.values():
        one.answers["mean_test"] = LONG
    sheet = viva.Sheet("ben")
    sheet.shapes = viva.Asked("double_test", "Which shape?", ["(2, 3)"], [("y = x", True)])
    sheet.change = viva.Asked(
        "double_test", "Which test fails?", ["2 points become 0."], [(LONG, False)], LONG
    )
    return {
        "copies": copies.render("ps1", [pair], work, EXERCISES, 0.3),
        "answers": viva.render("ps1", [sheet], EXERCISES[1:], answers=True),
        "sheets": viva.render("ps1", [sheet, viva.Sheet("eve")]),
    }


@pytest.mark.parametrize(
    "view", few([(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")], 2), ids=str
)
def test_pages_have_no_fault_that_axe_finds_fit_and_ask_nobody(browser, tmp_path, view):
    width, scheme = view
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(request.url))
    for name, text in pages().items():
        path = tmp_path / f"{name}.html"
        path.write_text(text, "utf-8")
        page.goto(path.as_uri())
        assert Axe().run(page).response["violations"] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    assert [url for url in asked if not url.startswith(tmp_path.as_uri())] == []
    context.close()
