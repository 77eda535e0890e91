"""Chores in an order that nobody plans: what was done before stays, and what changed is said."""

import csv
import shutil

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.files import Course
from tests.grading import notebooks
from tests.grading.course_factory import hand_in, make_course, marks, open_gradebook
from tests.grading.term.late import TWO_A_DAY, timed
from tests.grading.term.marked import give, given, make_marked_course

GOOD = notebooks.answered(words="Because.")


@pytest.fixture
def run(capsys):
    """Give what calls a command and gives what it said."""

    def call(course, *words, status=0):
        assert main(["--course", str(course.root), *map(str, words)]) == status
        said = capsys.readouterr()
        return said.out + said.err

    return call


def exported(course, run):
    """Give each student's points as Canvas is told them."""
    run(course, "export", "canvas", "--to", course.root / "out")
    rows = csv.reader((course.root / "out" / "ps1-canvas.csv").read_text("utf-8").splitlines())
    return {row[3]: float(row[5]) for row in list(rows)[2:]}


@pytest.mark.thorough
@pytest.mark.sandbox
def test_last_year_s_marks_are_looked_at_after_the_next_year_has_begun(tmp_path, run):
    course = make_course(tmp_path / "course", {"ada": GOOD, "ben": GOOD})
    (tmp_path / "list.csv").write_text("id,last_name\nada,Lovelace\nben,B\n")
    run(course, "students", "import", tmp_path / "list.csv")
    run(course, "due", "ps1", "2026-10-24 12:00")
    run(course, "extend", "ps1", "ada", "2 days")
    run(course, "grade", "ps1")
    give_words(course, "ada", 2.5)
    run(course, "students", "withdraw", "ben")
    last = marks(course)
    run(course, "archive", "make", "2026")
    assert "Left" not in run(course, "archive", "clear", "2026")
    (tmp_path / "list.csv").write_text("id,last_name\nada,Byron\n")
    course = Course(course.root)
    run(course, "students", "import", tmp_path / "list.csv")
    hand_in(course.root, "ada", notebooks.answered(words="New.", double="double = abs"))
    hand_in(course.root, "ben", GOOD)  # withdrawn a year ago, and in no list
    said = run(course, "grade", "ps1")
    assert "2 judged" in said and "In no class list" in said and "Withdrawn" not in said
    assert "no due date" in run(course, "due") and "Nobody" in run(course, "extend")
    assert "Lovelace" in run(course, "archive", "marks", "2026")
    assert "There is a term here" in run(course, "archive", "restore", "2026", status=1)
    run(course, "archive", "unpack", "2026", tmp_path / "old")
    old = Course(tmp_path / "old")
    assert marks(old) == last
    said = run(old, "grade", "ps1")
    assert "0 judged" in said and "Withdrawn, and not graded: ben" in said
    assert exported(old, run) == {"ada": 6.5} and exported(course, run)["ada"] < 6.5


def give_words(course, student, points):
    with open_gradebook(course) as gradebook:
        grade = gradebook.find_grade("words", "sheet", "ps1", student)
        grade.manual_score, grade.needs_manual_grade = points, False
        gradebook.db.commit()


WITHDRAWN = {"here": ["ours"], "there": ["theirs"], "in both": ["ours", "theirs"]}


@pytest.mark.parametrize("where", WITHDRAWN.values(), ids=WITHDRAWN)
def test_a_merge_loses_nothing_of_who_was_withdrawn_in_between(tmp_path, run, where):
    ours = make_marked_course(tmp_path / "ours", ["ada", "ben"])
    (ours.root / "students.csv").write_text("id\nada\nben\n")
    shutil.copytree(ours.root, tmp_path / "theirs")
    courses = {"ours": ours, "theirs": Course(tmp_path / "theirs")}
    give(courses["theirs"], "ps1", "ada", "proof", 3.5)
    give(courses["theirs"], "ps1", "ben", "proof", 2.0)
    for name in where:
        run(courses[name], "students", "withdraw", "ben")
    assert "2 marks taken" in run(ours, "merge", tmp_path / "theirs" / "gradebook.db")
    assert set(exported(ours, run)) == {"ada", "ben"} - ({"ben"} if "ours" in where else set())
    if "ours" in where:
        run(ours, "students", "return", "ben")
    assert given(ours)["ps1", "ben", "proof"][0] == 2.0
    assert exported(ours, run) == {"ada": 6.5, "ben": 5.0}


@pytest.mark.sandbox
def test_an_extension_after_the_export_says_that_marks_have_changed(tmp_path, run):
    late = timed("2026-10-26 12:00 +0100")
    course = make_course(tmp_path, {"ada": late, "ben": late}, config=TWO_A_DAY)
    run(course, "grade", "ps1")
    run(course, "due", "ps1", "2026-10-24 12:00")
    assert exported(course, run) == {"ada": 3.0, "ben": 3.0}
    said = run(course, "extend", "ps1", "ada", "3 days")
    assert "now not late" in said and "are to be written anew" in said
    assert exported(course, run) == {"ada": 4.0, "ben": 3.0}
    assert run(course, "extend", "ps1", "ada", "3 days") == "As it was: nothing was changed.\n"
    assert "anew" not in run(course, "extend", "ps1", "ada", "4 days")  # which costs nothing else
    assert "0 judged" in run(course, "grade", "ps1")
    assert exported(course, run) == {"ada": 4.0, "ben": 3.0}


@pytest.mark.thorough
@pytest.mark.sandbox
def test_marks_by_hand_outlive_three_changes_of_an_assignment(tmp_path, run):
    wrong = notebooks.answered(double="def double(x):\n    return x", words="So.")
    course = make_course(tmp_path, {"ada": GOOD, "ben": wrong})
    run(course, "grade", "ps1")
    give_words(course, "ada", 2.5)
    with open_gradebook(course) as gradebook:  # in the place of the machine's
        gradebook.find_grade("check-double", "sheet", "ps1", "ben").manual_score = 1.0
        gradebook.find_comment("words", "sheet", "ps1", "ben").manual_comment = "Say more."
        gradebook.db.commit()
    book = notebooks.course()
    book.cells[5].source += "\nassert mean_square(np.array([2.0])) == 4.0"
    book.cells.insert(-1, notebooks.check("more", "assert double(1) == 2", 1))
    assert "more came" in changed(course, book, run)
    assert kept(course) == (2.5, 1.0, "Say more.")
    book.cells[-1].metadata.nbgrader.points = 1
    assert "ada 2.5 of 1 for words" in changed(course, book, run)
    assert kept(course) == (2.5, 1.0, "Say more.")
    book.cells = [c for c in book.cells if c.metadata.get("nbgrader", {}).get("grade_id") != "more"]
    assert "more went" in changed(course, book, run)
    assert kept(course) == (2.5, 1.0, "Say more.")
    assert "0 judged" in run(course, "grade", "ps1")


def changed(course, book, run):
    """Change the assignment and grade again."""
    (course.root / "solutions/ps1/sheet.ipynb").write_bytes(notebooks.content(book))
    return run(Course(course.root), "grade", "ps1")


def kept(course):
    with open_gradebook(course) as gradebook:
        words = gradebook.find_grade("words", "sheet", "ps1", "ada")
        double = gradebook.find_grade("check-double", "sheet", "ps1", "ben")
        note = gradebook.find_comment("words", "sheet", "ps1", "ben")
        return words.manual_score, double.manual_score, note.manual_comment
