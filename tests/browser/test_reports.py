"""The instructor's pages in Chromium: read, sorted, small, dark, and nothing is fetched."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbgrader.api import Gradebook

from mlpkit.grading import Grade, Result
from mlpkit.grading.insight.groups import Group, Sorted
from mlpkit.grading.insight.names import Mistake
from mlpkit.grading.insight.overview import Cell, Column, render_term
from mlpkit.grading.insight.people import Person
from mlpkit.grading.insight.report import render_class
from mlpkit.grading.insight.wrong import Exercise

pytestmark = pytest.mark.browser
STUDENTS = [f"student-{number:02}" for number in range(12)]


def class_page(folder):
    axis = Mistake("takes the softmax along the samples", "An axis is taken for another.")
    answers = Sorted(
        [Group((axis,), "aaaaaa", "", tuple(STUDENTS[:8]))],
        [Group((), "bbbbbb", "", ("student-08", "student-09"))],
        ["student-10"], ["student-11"], {"needs seaborn": ["zoe"]},
    )  # fmt: skip
    exercise = Exercise("softmax_test", answers, "12 wrong", {"bbbbbb": "def f(x):\n    x"}, False)
    results = [
        Result(name, "ps1", "ps1", [Grade("softmax_test", number / 3, 4.0, "test", ["rows: no"],
               ["check"])], seconds={"total": 1.0 + number})
        for number, name in enumerate(STUDENTS)
    ]  # fmt: skip
    people = [
        Person(
            name, f"Name {-number}", "yes", "due 1 May", number % 3, 0.0, 12.0 - number, 4.0, 4.0
        )
        for number, name in enumerate(STUDENTS)
    ]
    with Gradebook(f"sqlite:///{folder}/gradebook.db", "tiny") as gradebook:
        gradebook.add_assignment("ps1")
        everybody = [*people, Person("zoe")]
        return render_class("ps1", results, gradebook, 2, [exercise], everybody, due="1 May")


def term_page(_):
    cells = {
        name: Cell("marked", 12.0 - number, 50.0, number % 2, number % 3, "late", "../f/a.html")
        for number, name in enumerate(STUDENTS)
    }
    columns = [
        Column(f"ps{number}", 12.0, "2026-10-01 23:59 CEST", True, "http://localhost:8888/x", cells)
        for number in range(6)
    ]
    columns[5].cells = cells | {"student-03": Cell("absent"), "student-04": Cell("not graded")}
    return render_term({name: "A Rather Long Name" for name in STUDENTS}, STUDENTS, columns)


@pytest.mark.parametrize("build", [class_page, term_page])
def test_a_page_is_accessible_fits_and_fetches_nothing(build, tmp_path, browser):
    path = tmp_path / "page.html"
    path.write_text(build(tmp_path), encoding="utf-8")
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            viewport = {"width": width, "height": 900}
            context = browser.new_context(viewport=viewport, color_scheme=scheme)
            page, asked, said = context.new_page(), [], []
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.on("console", lambda message, said=said: said.append(message.text))
            page.goto(path.as_uri())
            for details in page.locator("details").all():
                details.evaluate("each => each.open = true")
            assert Axe().run(page).response["violations"] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert asked == [path.as_uri()] and said == []
            context.close()


def test_a_table_is_sorted_by_mouse_and_keyboard_by_numbers_and_by_words(tmp_path, page):
    (tmp_path / "page.html").write_text(class_page(tmp_path), encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    table = page.locator("#all + div table")

    def students():
        return table.locator("tbody th").all_inner_texts()

    before = students()
    table.get_by_role("button", name="by the machine").click()
    assert students() == [*reversed(before[:-1]), before[-1]]  # who handed nothing in comes last
    head = table.locator("th[aria-sort]")
    assert head.count() == 1 and head.get_attribute("aria-sort") == "ascending"
    table.get_by_role("button", name="by the machine").press("Enter")
    assert students() == before and head.get_attribute("aria-sort") == "descending"
    table.get_by_role("button", name="name", exact=True).press("Space")
    assert head.inner_text().startswith("name") and students()[-1] == "zoe"
