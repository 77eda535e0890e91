"""Formgrader's pages, opened in Chromium: nothing of a student's runs, nothing is fetched."""

import contextlib
import os
import re
import sys
from urllib.parse import quote

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.browser.lab import TOKEN, with_mathjax
from tests.course import environment, start_server, stop_server
from tests.grading import notebooks
from tests.grading.attacks.hostile_class import CLASS, REMOTE, TURNED_ON
from tests.grading.attacks.injections import RUN
from tests.grading.course_factory import grade, make_course, open_gradebook

pytestmark = [pytest.mark.browser, pytest.mark.sandbox, pytest.mark.slow]
FETCH = f"fetch('{REMOTE}')"
# As if nobody had cleaned what a student handed in.
UNCLEAN = {
    "a script": new_markdown_cell(f"<script>{RUN};{FETCH}</script>"),
    "a handler": new_markdown_cell(f'<img src=x onerror="{RUN}"><svg onload={RUN}>'),
    "a link": new_markdown_cell(f'<a class="try" href="javascript:{RUN}">x</a>'),
    "a frame": new_markdown_cell(f"<iframe srcdoc='<script>{RUN}</script>'></iframe>"),
    "a picture": new_markdown_cell(f"<img src={REMOTE}> <style>@import '{REMOTE}';</style>"),
    "a form": new_markdown_cell(f'<form action="{REMOTE}"><button class="try">x</button></form>'),
}
OUTPUTS = {
    "text/html": f'<script>{RUN}</script><img src=x onerror="{RUN}"><img src={REMOTE}>',
    "application/javascript": f"{RUN};{FETCH}",
    "image/svg+xml": f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"/>',
    "text/markdown": f"<script>{RUN}</script>",
    "application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{RUN}"},
}


def unclean(path):
    """Put into a judged notebook what its judge would never have let through."""
    book = nbformat.read(path, as_version=4)
    outputs = [new_output("display_data", {kind: data}) for kind, data in OUTPUTS.items()]
    book.cells += [*UNCLEAN.values(), new_code_cell("1", outputs=outputs)]
    nbformat.write(book, path)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The address of formgrader's page of each student: one is cleaned, one isn't, one is heavy."""
    folder = tmp_path_factory.mktemp("formgrader")
    heavy = notebooks.answered()
    heavy.cells += [new_markdown_cell("**a" * 15_000) for _ in range(20)]
    config = TURNED_ON + "c.FormgradeExporter.seconds = 3\n"
    students = {"links": CLASS["links"], "unclean": CLASS["honest"], "heavy": heavy}
    course = make_course(folder, students, config=config)
    grade(course)
    unclean(folder / "autograded" / "unclean" / "ps1" / "sheet.ipynb")
    with open_gradebook(course) as gradebook:
        for student in gradebook.students:  # whoever writes a class list may write this
            student.first_name = student.last_name = f"<script>{RUN}</script>"
        gradebook.db.commit()
        found = gradebook.notebook_submissions("sheet", "ps1")
        pages = {each.student.id: f"/formgrader/submissions/{each.id}/" for each in found}
    command = [f"{sys.prefix}/bin/mlpkit", "mark", "ps1", "--no-browser"]
    variables = environment(folder) | {"JUPYTER_TOKEN": TOKEN, "PYTHONPATH": os.getcwd()}
    with open(folder / "server.log", "w") as log:
        process, address = start_server(command, folder, variables, log)
        pages["lists"] = "/formgrader"
        yield {student: f"{address}{page}" for student, page in pages.items()}
        stop_server(process)


@contextlib.contextmanager
def opened(browser, address, **options):
    """Open a page; give it with what it said in dialogs and asked of other hosts."""
    headers = {"Authorization": f"token {TOKEN}"}
    context, said, asked = browser.new_context(extra_http_headers=headers, **options), [], []
    page = context.new_page()
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: refuse(route, asked))
    with_mathjax(page)
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    yield page, said, asked
    context.close()


def refuse(route, asked):
    asked.append(route.request.url)
    route.abort()


@pytest.mark.parametrize("student", ["unclean", "links", "heavy"])
def test_nothing_of_a_students_runs_or_is_fetched_and_formgrader_works(served, browser, student):
    with opened(browser, served[student]) as (page, said, asked):
        for each in page.locator("a.try, button.try").all():
            each.click()
            page.wait_for_timeout(100)
        page.evaluate(
            "const s = document.createElement('script'); s.textContent = `alert('inside')`;"
            "document.body.append(s); document.body.insertAdjacentHTML('beforeend',"
            "'<img src=x onerror=alert(1)>')"
        )
        page.wait_for_timeout(300)
        assert said == [] and asked == []
        assert ("This page is plain" in page.content()) == (student == "heavy")
        page.click(".glyphicon-eye-open")  # a handler of formgrader's own
        page.locator(".glyphicon-eye-close").wait_for()
        box = page.locator("input.score").last
        with page.expect_response(lambda reply: "/api/grade/" in reply.url and reply.ok):
            box.fill("2")
            box.press("Tab")


def test_without_the_policy_it_would_run(served, browser):
    with opened(browser, served["unclean"], bypass_csp=True) as (_, said, asked):
        assert said and REMOTE in asked


# What each list names when it is there, and what its own scripts open.
LISTS = {
    "/manage_assignments": ("ps1", "a:has-text('Add new assignment')"),
    "/manage_submissions/ps1": ("unclean", None),
    "/gradebook": ("ps1", None),
    "/gradebook/ps1": ("sheet", None),
    "/gradebook/ps1/sheet": ("Submission #1", "#toggle_names"),
    "/manage_students": ("unclean", "a:has-text('Add new student')"),
    "/manage_students/unclean": ("ps1", None),
    "/manage_students/unclean/ps1": ("sheet", None),
}
INSERTED = (
    "const s = document.createElement('script'); s.textContent = `alert('inside')`;"
    "document.body.append(s); document.body.insertAdjacentHTML('beforeend',"
    "`<img src=x onerror=alert(1)><img src=REMOTE><iframe srcdoc='<script>alert(2)</script>'>`)"
).replace("REMOTE", REMOTE)


@pytest.mark.parametrize("path", LISTS)
def test_nothing_that_gets_into_a_list_runs_or_is_fetched_and_the_list_works(served, browser, path):
    named, button = LISTS[path]
    with opened(browser, served["lists"] + path) as (page, said, asked):
        page.locator(f"#main-table >> text={named}").first.wait_for()
        page.evaluate(INSERTED)
        page.wait_for_timeout(300)
        assert said == [] and asked == []
        if button == "#toggle_names":
            page.click(button)
            page.locator("text=Hide All Names").wait_for()
        elif button:
            page.click(button)
            page.locator(".modal button.save").wait_for()


# As a link in somebody's answer could have them.
NAMED = {
    "a script": f"</script><script>{RUN}</script>",
    "an end of a text": f'";{RUN};//',
    "a handler": f"<img src=x onerror={RUN}>",
}


@pytest.mark.parametrize("where", ["/manage_students/", "/gradebook/", "/manage_students/ada/"])
@pytest.mark.parametrize("name", NAMED.values(), ids=NAMED)
def test_a_name_in_an_address_is_text(served, browser, where, name):
    address = served["lists"] + where + quote(name, safe="")
    with opened(browser, address) as (page, said, asked):
        assert said == [] and asked == []
        variable = "assignment_id" if where != "/manage_students/" else "student_id"
        if page.locator("#main-table").count():
            assert page.evaluate(variable) in (name, quote(name, safe=""))
