"""Written answers marked on one page: the rubric's items, and marks that nobody loses."""

import json
import re
import shutil
import threading
import time

import nbformat
import pytest
from nbgrader.api import Gradebook

from mlpkit.grading.cli import main
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.marks import Change, Overtaken, read_marks, write_marks
from mlpkit.grading.course.pages import rendered
from mlpkit.grading.job import CourseError
from mlpkit.grading.marking import pages
from mlpkit.grading.marking.questions import answers, questions
from mlpkit.grading.marking.rubric import compose, most, read_rubric, take_apart
from mlpkit.grading.marking.saving import Refused, changes
from mlpkit.grading.marking.shown import shown, too_heavy
from tests.assignments.harness import NAMES, ROOT, load, points
from tests.grading.attacks.injections import MARKDOWN, Page
from tests.grading.written import QUESTION, written_course

PLACE = ("ps1", "sheet", "words")
LINKS = pages.Links("/marking", "/formgrader", "/static/MathJax.js", "token")


@pytest.mark.parametrize("name", NAMES)
def test_the_rubric_of_each_written_question_has_its_points(name):
    try:
        found = questions(Course(ROOT), name)
    except CourseError:
        assert not [cell for cell in points(load("solutions", name)) if cell[-5:] != "_test"]
        return
    for question in found:
        assert most(question.items) == question.points, question.cell
        assert len({item.line for item in question.items}) == len(question.items)
        assert not re.search(r"^- or [^(]", question.text, re.MULTILINE), "an item names its part"


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("How it is marked:\n\n- (a) 1 point for x.\n- ½ point for y.", [1, 0.5]),
        ("**How it is marked.**\n* 2 points: x\n+ or 1¼ points: y\n* 0.75 points", [2, 1.25, 0.75]),
        ("- 1 point for nothing\n\nHow it is marked: by taste.\n- it is read", []),
        ("How it is marked: one point for x, half a point for y.", []),
        ("- 3 points\n\nHow it is marked:\n- 5 apples are no points", []),
    ],
)  # fmt: skip
def test_items_stand_in_the_list_that_says_how_it_is_marked(text, points):
    assert [item.points for item in read_rubric(text)] == points


def test_an_item_with_or_stands_for_the_one_before_it():
    items = read_rubric(QUESTION)
    assert [item.group for item in items] == [0, 1, 1, 2]
    assert [item.part for item in items] == ["(a)", "(b)", "(b)", "(c)"]
    assert items[0].words == "for the loss written down, as a sum."
    assert most(items) == 3


@pytest.mark.parametrize("ticked", [[], [0], [0, 2], [1, 3], [0, 1, 3]])
@pytest.mark.parametrize("words", ["", "Look at b.", "- [x] not an item\n\nTwo\nlines", "- a list"])
def test_a_comment_is_read_back_as_it_was_written(ticked, words):
    items = read_rubric(QUESTION)
    assert take_apart(items, compose(items, ticked, words)) == (ticked, words)


def test_a_comment_names_what_was_not_earned_and_an_instead_only_if_it_was():
    items = read_rubric(QUESTION)
    assert compose(items, [2], "So.").splitlines() == [
        "- [ ] (a) 1 point for the loss written down, as a sum.",
        "- [x] (b) ½ point for trying numbers.",
        "- [ ] (c) ½ point for saying that it is convex.",
        "",
        "So.",
    ]


def test_feedback_shows_what_was_earned_as_boxes():
    items = read_rubric(QUESTION)
    page = rendered(compose(items, [0, 3], "Look at **b**."))
    boxes = re.findall(r"<input[^>]*>", page)
    assert [("checked" in box, "checkbox" in box) for box in boxes] == [
        (True, True), (False, True), (True, True)
    ]  # fmt: skip
    assert "<strong>b</strong>" in page and "2 \\sum_n (b - y_n)" in page


TEXTS = {"ada": "It is $0$.", "ben": "It  is\n$0$.", "cay": "**No**.", "dan": None, "eve": None}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return written_course(tmp_path_factory.mktemp("written"), TEXTS)


@pytest.fixture
def course(written, tmp_path):
    """A class in a gradebook of its own."""
    shutil.copytree(written.root, tmp_path / "course")
    return Course(tmp_path / "course")


def marks(course):
    return {mark.student: mark for mark in read_marks(course.directory.db_url, *PLACE)}


def change(mark, points, comment=None):
    return Change(mark.id, mark.points, mark.comment, points, comment)


def test_equal_answers_stand_together_and_empty_ones_last(written):
    found = answers(written, questions(written, "ps1")[0])
    students = [{mark.student for mark in answer.marks} for answer in found]
    assert students[-1] == {"dan", "eve"} and found[-1].nothing
    assert {"ada", "ben"} in students and {"cay"} in students
    assert not any(mark.waits for mark in found[-1].marks)


def test_marks_are_nbgraders_own(course):
    url, before = course.directory.db_url, marks(course)
    write_marks(url, [change(before["ada"], 2.5, "Good."), change(before["cay"], 0.0)])
    with Gradebook(url, "tiny") as gradebook:
        found = gradebook.find_grade("words", "sheet", "ps1", "ada")
        assert (found.manual_score, found.needs_manual_grade, found.score) == (2.5, False, 2.5)
        comment = gradebook.find_comment("words", "sheet", "ps1", "ada")
        assert comment.comment == "Good."
        assert not gradebook.find_grade("words", "sheet", "ps1", "cay").needs_manual_grade
        assert gradebook.find_grade("words", "sheet", "ps1", "ben").needs_manual_grade
    write_marks(url, [change(marks(course)["ada"], None)])
    assert marks(course)["ada"].waits and marks(course)["ada"].comment is None


@pytest.mark.parametrize(
    ("first", "second", "lost"),
    [
        ((2.0, None), (1.0, None), True),
        ((2.0, "Good."), (2.0, "Bad."), True),
        ((None, "Only words."), (1.0, None), True),
        ((2.0, "Good."), (2.0, "Good."), False),
    ],
)
def test_what_somebody_else_wrote_meanwhile_is_not_written_over(course, first, second, lost):
    url, seen = course.directory.db_url, marks(course)["ada"]
    write_marks(url, [change(seen, *first)])
    if lost:
        with pytest.raises(Overtaken) as overtaken:
            write_marks(url, [change(seen, *second)])
        (stands,) = overtaken.value.marks
        assert (stands.points, stands.comment) == first
    else:
        write_marks(url, [change(seen, *second)])
    assert (marks(course)["ada"].points, marks(course)["ada"].comment) == first


def test_equal_answers_are_marked_all_or_none(course):
    url, before = course.directory.db_url, marks(course)
    write_marks(url, [change(before["ben"], 1.0)])
    with pytest.raises(Overtaken) as overtaken:
        write_marks(url, [change(before[name], 3.0) for name in ("ada", "ben", "cay")])
    assert [mark.points for mark in overtaken.value.marks] == [None, 1.0, None]
    assert [marks(course)[name].points for name in ("ada", "ben", "cay")] == [None, 1.0, None]
    with pytest.raises(KeyError, match="no grade"):
        write_marks(url, [Change("nobody", None, None, 1.0, None)])


@pytest.mark.slow
def test_graders_at_once_lose_no_mark(course):
    """Each adds a tenth of a point, again and again: a lost mark would be a tenth too little."""
    url, times = course.directory.db_url, 15

    def add():
        for _ in range(times):
            while True:
                seen = marks(course)["ada"]
                wanted = round((seen.points or 0.0) + 0.01, 2)
                try:
                    write_marks(url, [change(seen, wanted, f"{wanted} by {threading.get_ident()}")])
                    break
                except Overtaken:
                    continue

    graders = [threading.Thread(target=add) for _ in range(3)]
    for grader in graders:
        grader.start()
    for grader in graders:
        grader.join()
    assert marks(course)["ada"].points == 0.45
    assert marks(course)["ada"].comment.startswith("0.45 by")


ASKED = {
    "marks": [{"id": "a", "points": None, "comment": None}],
    "points": 1,
    "ticked": [0],
    "words": "",
}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"points": 3.5}, "from 0 to 3, got 3.5"),
        ({"points": -1}, "from 0 to 3"),
        ({"points": float("nan")}, "from 0 to 3"),
        ({"points": "2"}, "got '2'"),
        ({"points": True}, "got True"),
        ({"ticked": [4]}, "items from 0 to 3"),
        ({"ticked": "0"}, "items from 0 to 3"),
        ({"words": None}, "a comment of at most"),
        ({"words": "x" * 20_001}, "a comment of at most"),
        ({"words": "\ud800"}, "a comment of at most"),
        ({"points": 10**400}, "from 0 to 3"),
        ({"points": {}}, "from 0 to 3"),
        ({"ticked": [0.0]}, "items from 0 to 3"),
        ({"ticked": [True]}, "items from 0 to 3"),
        ({"ticked": [[0]]}, "items from 0 to 3"),
        ({"marks": [{"id": ["a"], "points": None, "comment": None}]}, "expected marks of words"),
        ({"marks": [{"id": {}, "points": None, "comment": None}]}, "expected marks of words"),
        ({"marks": []}, "expected marks of words"),
        ({"marks": [{"id": "b", "points": None, "comment": None}]}, "expected marks of words"),
        ({"marks": [{"id": "a"}]}, "expected marks, points, ticked and words"),
    ],
)  # fmt: skip
def test_what_a_browser_asks_for_is_checked(written, wrong, said):
    (question,) = questions(written, "ps1")
    assert changes(json.dumps(ASKED).encode(), question, {"a"})[0].points == 1
    with pytest.raises(Refused, match=said):
        changes(json.dumps(ASKED | wrong).encode(), question, {"a"})
    for broken in (b"[1", b"[" * 100_000, b"\xff"):
        with pytest.raises(Refused, match="expected marks, points"):
            changes(broken, question, {"a"})


BROKEN = {
    "nothing": lambda content: b"",
    "half of it": lambda content: content[: len(content) // 2],
    "no notebook": lambda content: b'{"cells": 1}',
    "lists in lists": lambda content: b"[" * 100_000,
    "cells of an odd form": lambda content: content.replace(b'"metadata"', b'"meta"'),
    "sources in lines": lambda content: content.replace(b'"source": "', b'"source": ["'),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_judged_notebook_that_is_broken_is_one_students(course, kind):
    path = course.folder("autograded", "cay", "ps1") / "sheet.ipynb"
    path.write_bytes(BROKEN[kind](path.read_bytes()))
    page = pages.answers_page(course, questions(course, "ps1")[0], LINKS)
    assert "There is no judged notebook of this student" in page and "$0$" in page


def test_a_page_runs_nothing_of_a_students_and_names_nobody(written):
    cells = [[{"cell_type": "markdown", "source": text}] for text in MARKDOWN.values()]
    cells += [[{"cell_type": "code", "source": text}] for text in MARKDOWN.values()]
    assert len(cells) > 20
    for name, page in zip([*MARKDOWN, *MARKDOWN], shown(cells), strict=True):
        assert Page(page).found == [], name
    page = pages.answers_page(written, questions(written, "ps1")[0], LINKS)
    assert page.count("<article") == 3 and "<strong>No</strong>" in page
    assert not any(re.search(rf"\b{student}\b", page) for student in TEXTS)


@pytest.mark.slow  # it is waited for
def test_an_answer_that_takes_too_long_to_show_is_plain_and_stops_no_other(monkeypatch):
    monkeypatch.setattr("mlpkit.grading.marking.shown.SECONDS", 0.5)
    monkeypatch.setattr("mlpkit.grading.marking.shown.ONE_SECONDS", 2.0)

    def slow(source, attachments):
        time.sleep(60 * source.startswith("**a"))
        return rendered(source, attachments)

    monkeypatch.setattr("mlpkit.grading.marking.shown.rendered", slow)
    texts = ["**a" * 300, "**Fine**"]
    bad, good = shown([[{"cell_type": "markdown", "source": text}] for text in texts])
    assert "<strong>Fine</strong>" in good and bad.startswith('<pre tabindex="0">**a**a')


def test_the_command_says_what_is_missing(written, capsys):
    assert main(["--course", str(written.root), "mark", "ps9", "--no-browser"]) == 1
    assert "'ps9' is no assignment" in capsys.readouterr().err
    assert main(["--course", str(ROOT), "mark", "ps0", "--no-browser"]) == 1
    assert "Nothing of ps0 is marked by a person" in capsys.readouterr().err


HEAVY = {
    "many formulas": "$x$ " * 400,
    "many between brackets": "\\\\(x\\\\) " * 400,
    "a wide array": "$\\begin{array}{" + "c" * 3500 + "}" + "&" * 3500 + "\\end{array}$",
    "a tall array": "$\\begin{array}{c}" + "x\\\\" * 3500 + "\\end{array}$",
    "roots in roots": "$" + "\\sqrt{" * 500 + "x" + "}" * 500 + "$",
    "powers of powers": "$" + "x^{" * 500 + "x" + "}" * 500 + "$",
    "many indices": "$" + "x_1^2 " * 2000 + "$",
    "many environments": "\\begin{equation}x\\end{equation} " * 350,
    "many in a page's own letters": "&#36;x&#36; " * 400,
    "a command that stands for much": "$\\def\\a{" + "x" * 999 + "}$ " + "$\\a\\a\\a$ " * 100,
    "another meaning for everybody": "$\\renewcommand{\\sum}{\\prod}$",
    "another in a page's own letters": "&#36;&#92;let&#92;sum&#92;prod&#36;",
    "another by a part of MathJax": "$\\require{begingroup}\\gdef\\sum{\\prod}$",
    "another between brackets": "\\\\[\\DeclareMathOperator{\\sum}{prod}\\\\]",
}
ONE_LONG = {
    "words": "why " * 20_000,
    "lists": "- " * 20_000 + "a",
    "formulas": "$x$ " * 20_000,
    "lines": "a\n\n" * 20_000,
}


@pytest.mark.parametrize("text", HEAVY.values(), ids=HEAVY)
def test_formulas_that_would_hold_up_everybodys_page_stand_as_they_were_written(text):
    bad, good = shown([[{"cell_type": "markdown", "source": each}] for each in (text, "$x^2$")])
    assert bad.startswith("<p><em>Formulas too many or too deep") and "tex2jax_ignore" in bad
    assert good == "<p>$x^2$</p>\n"


@pytest.mark.parametrize("text", ONE_LONG.values(), ids=ONE_LONG)
def test_a_long_answer_is_cut_on_the_page_and_it_is_said(text):
    (page,) = shown([[{"cell_type": "markdown", "source": text}]])
    assert page.startswith("<p><em>A long answer") and len(page) < 25_000


def test_formulas_of_this_courses_own_answers_are_set():
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            if cell.cell_type == "markdown":
                assert not too_heavy(cell.source) and len(cell.source) < 20_000, path
