"""A group without a name is given one, holds in the next class, and may be a hint for students."""

import json

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.files import Course
from mlpkit.grading.insight.names import Names
from mlpkit.grading.insight.signing import sign_class
from tests.grading import notebooks
from tests.grading.course_factory import grade, hand_in, make_released_course

THREE = "def double(x):\n    '''By Ada.'''\n    return 3 * x  # Ada's"
FAILS = "def double(x): raise ValueError(x)"
CLASS = {
    "ada": notebooks.answered(double=THREE),
    "ben": notebooks.answered(double="def double(x): return x + x + x"),
    "cy": notebooks.answered(double=FAILS),
    "dan": notebooks.answered(double=FAILS),
}


@pytest.fixture
def course(tmp_path):
    course = make_released_course(tmp_path, CLASS)
    grade(course)
    return course


def group(course, student):
    return sign_class(course, "ps1")[student, "sheet"]["check-double"].digest[:6]


def run(course, capsys, *words):
    status = main(["--course", str(course.root), *words])
    said = capsys.readouterr()
    return status, said.out + said.err


@pytest.mark.sandbox
def test_a_group_is_named_with_one_of_its_answers_and_known_in_the_next_class(course, capsys):
    code = group(course, "ada")
    words = ["new", "mistake", "ps1", code, "takes three for two", "--hint", "Twice is twice."]
    status, said = run(course, capsys, *words)
    assert status == 0 and "2 answers to check-double: takes three for two." in said
    kept = json.loads((course.root / "mistakes" / "ps1.json").read_text())
    mistake = kept["tests"]["check-double"]["mistakes"]["takes three for two"]
    assert mistake["answer"] == "def double(x):\n    return 3 * x"  # nothing of Ada's own words
    hand_in(course.root, "eve", notebooks.answered(double="def double(y): return y * 3"))
    again = Course(course.root)
    grade(again)
    status, said = run(again, capsys, "report", "ps1", "--to", str(course.root / "out"))
    page = (course.root / "out" / "ps1.html").read_text()
    assert "<b>takes three for two</b>" in page and "ada, ben, eve" in page
    status, said = run(course, capsys, *words)
    assert status == 1 and "is named already" in said and "Traceback" not in said


@pytest.mark.sandbox
def test_what_can_be_no_name_changes_nothing_and_is_said(course, capsys):
    ada, cy = group(course, "ada"), group(course, "cy")
    for code, name, told in (
        (cy, "always fails", "only fail"),
        ("aaaaaa", "x", "no group 'aaaaaa' in ps1"),
        ("", "x", "no group '' in ps1"),
        (ada, " ", "is no new name"),
    ):
        status, said = run(course, capsys, "new", "mistake", "ps1", code, name)
        assert status == 1 and told in said and len(said.splitlines()) == 2
    assert not (course.root / "mistakes").exists()


@pytest.mark.thorough
@pytest.mark.sandbox
def test_a_hint_stands_on_the_students_page_where_the_course_says_so_and_only_there(course, capsys):
    words = [
        "new",
        "mistake",
        "ps1",
        group(course, "ada"),
        "takes three",
        "--hint",
        "Twice is *2*.",
    ]
    run(course, capsys, *words)

    def pages():
        run(course, capsys, "report", "ps1", "--to", str(course.root / "out"))
        run(course, capsys, "feedback", "ps1")
        found = sorted((course.root / "feedback").glob("*/ps1/sheet.html"))
        return {path.parent.parent.name: path.read_text("utf-8") for path in found}

    assert not any("A hint." in page for page in pages().values())
    config = course.root / "nbgrader_config.py"
    before = config.read_text()
    config.write_text(before + "c.Judge.hints = True\n")
    found = pages()
    assert {name for name, page in found.items() if "A hint." in page} == {"ada", "ben"}
    assert "Twice is" in found["ada"] and "takes three" not in found["ada"]
    config.write_text(before)
    assert not any("A hint." in page for page in pages().values())


def test_a_name_holds_beside_the_kits_own_names(tmp_path):
    assert Names("ps2", tmp_path).kit.keys() == Names("ps2").kit.keys() != set()
    assert Names("no such assignment", tmp_path).kit == {}
