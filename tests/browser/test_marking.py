"""Written answers marked by keyboard in Chromium, by two graders at once, at two widths."""

import os
import sys
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from mlpkit.grading.course.marks import read_marks
from tests.browser.lab import TOKEN, new_page, watched
from tests.course import environment, start_server, stop_server
from tests.grading.written import written_course
from tests.tiers import few

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLACE = ("ps1", "sheet", "words")
TEXTS = {
    **{f"equal{number}": "It is $\\bar y$, as $\\sum_n (b - y_n) = 0$." for number in range(3)},
    **{f"other{number}": f"I tried {number} numbers." for number in range(3)},
    "nothing": None,
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of the marking page, and the gradebook's, of a class of seven."""
    folder = tmp_path_factory.mktemp("marking")
    course = written_course(folder, TEXTS)
    command = [f"{sys.prefix}/bin/mlpkit", "mark", "ps1", "--no-browser"]
    variables = environment(folder) | {"JUPYTER_TOKEN": TOKEN, "PYTHONPATH": os.getcwd()}
    with open(folder / "server.log", "w") as log:
        process, address = start_server(command, folder, variables, log)
        yield f"{address}/marking/{'/'.join(PLACE)}", course.directory.db_url
        stop_server(process)


def by_student(url):
    return {mark.student: mark for mark in read_marks(url, *PLACE)}


def opened(page, address):
    """Open the page, and wait for the formulas, which are set where they are looked at."""
    page.goto(f"{address}?token={TOKEN}")
    article_of(page, "It is").scroll_into_view_if_needed()
    page.wait_for_selector(".answer .MathJax", timeout=20_000)


def article_of(page, words):
    return page.locator("article", has=page.locator(f".answer:has-text('{words}')")).first


def saved(page, article):
    article.locator(".said:text-is('saved')").wait_for()


def until(look, holds):
    """Look again and again until it holds, for ten seconds; give what was seen."""
    deadline = time.monotonic() + 10
    while not holds(seen := look()):
        assert time.monotonic() < deadline, seen
        time.sleep(0.1)
    return seen


def test_a_question_is_marked_by_keyboard_and_comments_are_used_again(served, page):
    address, url = served
    opened(page, address)
    while "It is" not in page.inner_text("article.current .answer"):
        page.keyboard.press("n")
    page.keyboard.press("1")
    page.keyboard.press("2")
    saved(page, page.locator("article.current"))
    found = by_student(url)
    assert [found[f"equal{number}"].points for number in range(3)] == [2.5] * 3
    assert "- [x] (b) 1½ points for the derivative" in found["equal2"].comment
    assert "- [ ] (c) ½ point" in found["equal2"].comment

    page.keyboard.press("c")
    page.keyboard.type("1 slip, see (b).")  # keys of the page are letters of a comment here
    page.keyboard.press("Escape")
    until(lambda: by_student(url)["equal2"], lambda mark: "slip" in mark.comment)
    page.keyboard.press("u")
    tried = page.inner_text("article.current .answer")
    page.keyboard.press("3")
    page.keyboard.press("r")
    page.locator(".reuse button:focus").wait_for()
    page.wait_for_timeout(500)  # nothing that happens a little later may take the focus away
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    student = next(name for name, text in TEXTS.items() if text and text in tried)
    mark = until(lambda: by_student(url)[student], lambda mark: "slip" in (mark.comment or ""))
    assert mark.points == 0.5 and mark.comment.endswith("1 slip, see (b).")
    assert "1½" not in mark.comment
    opened(page, address)
    assert page.inner_text("#progress") == "5 of 7 read"
    assert article_of(page, "It is").locator("[aria-pressed='true']").count() == 2


def test_two_graders_at_once_are_asked_and_lose_nothing(served, browser, request):
    address, url = served
    with new_page(browser) as ours, new_page(browser) as theirs:
        # The server says 409, and the browser says so.
        errors = [text for text in ours[1] if "409" not in text]
        with watched(ours[0], errors, request.node.name), watched(*theirs, "theirs"):
            for page, _ in (ours, theirs):
                opened(page, address)
            (one, other) = (article_of(page, "I tried 2") for page, _ in (ours, theirs))
            # Answers come in any order: another test may have marked this one before.
            other.locator(".points").fill("1")
            other.locator(".points").press("Tab")
            until(lambda: by_student(url)["other2"].points, lambda points: points == 1)
            one.locator(".points").fill("3")
            one.locator(".points").press("Tab")
            one.locator(".said:has-text('Somebody else has given 1 points')").wait_for()
            one.locator(".words").fill("And this.")
            ours[0].wait_for_timeout(1500)  # what is typed now waits for the answer, too
            assert by_student(url)["other2"].points == 1
            one.locator("button:text-is('Save mine instead')").click()
            until(lambda: by_student(url)["other2"].points, lambda points: points == 3)
        ours[1][:] = [text for text in ours[1] if "409" not in text]


@pytest.mark.parametrize(
    "view", few([(1280, "light"), (390, "dark"), (1280, "dark"), (390, "light")], 2), ids=str
)
def test_the_page_has_no_fault_that_axe_finds_and_fits(served, page, view):
    width, scheme = view
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    opened(page, served[0])
    for summary in page.locator("summary").all()[:3]:
        summary.click()
    article_of(page, "It is").locator(".item").first.focus()
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_label_of_the_same_name_is_an_error_of_nobodys(tmp_path, browser):
    labelled = "\\begin{equation}\\sum_n y_n \\label{all}\\end{equation} "
    written_course(tmp_path, {name: labelled + name for name in ("ada", "ben", "cay")})
    command = [f"{sys.prefix}/bin/mlpkit", "mark", "ps1", "--no-browser"]
    variables = environment(tmp_path) | {"JUPYTER_TOKEN": TOKEN, "PYTHONPATH": os.getcwd()}
    with open(tmp_path / "server.log", "w") as log, new_page(browser) as (page, _):
        process, address = start_server(command, tmp_path, variables, log)
        try:
            page.goto(f"{address}/marking/{'/'.join(PLACE)}?token={TOKEN}")
            for name in ("ada", "ben", "cay"):
                article_of(page, name).locator(".answer").scroll_into_view_if_needed()
            page.wait_for_function("document.querySelectorAll('.answer .MathJax').length == 3")
            shown = [page.inner_text(f"#answer-{at} .answer") for at in (1, 2, 3)]
            assert all("∑" in text and "label" not in text for text in shown)
        finally:
            stop_server(process)


def test_nobody_sees_the_page_without_the_token(served, browser):
    context = browser.new_context()
    asked = context.request.get(served[0])
    assert "login" in asked.url and "article" not in asked.text()
    place = served[0].replace("/marking/", "/marking/api/")
    assert context.request.get(place).status == 403
    assert context.request.put(place, data="{}").status == 403
    context.close()
