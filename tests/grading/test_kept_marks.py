"""What people gave stays: through another judging, cells that come or go, and students who go."""

import json
import shutil
import sqlite3

import pytest
from nbgrader.api import Gradebook

from mlpkit.grading.course.files import Course
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.course_factory import (
    grade,
    hand_in,
    make_course,
    marks,
    open_gradebook,
)
from tests.tiers import few

pytestmark = pytest.mark.sandbox

WRONG = "def double(x):\n    return x"
ADA, BEN = notebooks.answered(words="Because."), notebooks.answered(double=WRONG, words="So.")


def mark(course, student, cell, score, comment=None):
    """Give a mark as the formgrader does."""
    with open_gradebook(course) as gradebook:
        row = gradebook.find_grade(cell, "sheet", "ps1", student)
        row.manual_score, row.needs_manual_grade = score, False
        if comment:
            found = gradebook.find_comment(cell, "sheet", "ps1", student)
            found.manual_comment = comment
        gradebook.db.commit()


def comments(course):
    with open_gradebook(course) as gradebook:
        return {
            (submission.student.id, comment.name): comment.manual_comment
            for submission in gradebook.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for comment in notebook.comments
            if comment.manual_comment
        }


@pytest.mark.parametrize(
    "points, said",
    [
        (1, "By hand more than a cell's points: ada 2 of 1 for words and ben 1.5 of 1 for words."),
        (1.75, "By hand more than a cell's points: ada 2 of 1.75 for words."),
        (2, ""),
    ],
)
def test_a_mark_above_its_cell_s_points_stays_and_is_said(tmp_path, points, said):
    course = make_course(tmp_path, {"ada": ADA, "ben": BEN})
    grade(course)
    mark(course, "ada", "words", 2.0)
    mark(course, "ben", "words", 1.5)
    book = notebooks.course()
    book.cells[-1].metadata.nbgrader.points = points
    (tmp_path / "solutions/ps1/sheet.ipynb").write_bytes(notebooks.content(book))
    for _ in range(2):
        assert grade(Course(tmp_path)).warnings == [said] * bool(said)
        assert marks(course)["ada", "words"][1:] == (2.0, False, points)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Two students, graded, read and commented on; the due date stands."""
    course = make_course(tmp_path_factory.mktemp("class"), {"ada": ADA, "ben": BEN})
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment("ps1", duedate="2030-01-02 00:00:00 UTC")
    grade(course)
    mark(course, "ada", "words", 2.0, "Well said.")
    mark(course, "ben", "words", 1.0)
    mark(course, "ben", "check-double", 1.5)
    return course


@pytest.fixture
def course(read, tmp_path):
    return Course(shutil.copytree(read.root, tmp_path / "course"))


def book(*more, without=(), **texts):
    """Give the instructor's notebook with cells added, taken away, or written anew."""
    found = notebooks.course()
    found.cells = [c for c in found.cells if c.id.removeprefix("id-") not in without]
    for cell in found.cells:
        cell.source = texts.get(cell.id.removeprefix("id-").replace("-", "_"), cell.source)
    found.cells += more
    return found


def set_source(course, changed):
    path = course.folder("source", ".", "ps1") / "sheet.ipynb"
    path.write_bytes(notebooks.content(changed))


# What changes before the second judging → the marks that a person is asked for again.
JUDGED_AGAIN = {
    "nothing": (lambda course: None, set()),
    "the code of an answer": (
        lambda course: hand_in(
            course.root, "ben", notebooks.answered(double=WRONG + "\n# why?", words="So.")
        ),
        {("ben", "check-double")},
    ),
    "the written answer": (
        lambda course: hand_in(course.root, "ada", notebooks.answered(words="Because!")),
        {("ada", "words")},
    ),
    "a comment in the test": (
        lambda course: set_source(course, book(check_mean=notebooks.SECOND_CHECK + "\n# x")),
        set(),
    ),
    "the machine's mark": (
        lambda course: set_source(course, book(check_double="0.5")),
        {("ben", "check-double")},
    ),
    "the written answer taken away": (
        lambda course: hand_in(course.root, "ada", notebooks.answered()),
        {("ada", "words")},
    ),
    "a picture in it": (
        lambda course: hand_in(course.root, "ada", with_picture()),
        {("ada", "words")},
    ),
}


def with_picture():
    given = notebooks.answered(words="Because. ![a](attachment:a.png)")
    # One pixel.
    png = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5E"
        "rkJggg=="
    )
    given.cells[-1].attachments = {"a.png": {"image/png": png}}
    return given


@pytest.mark.parametrize("what", few(JUDGED_AGAIN, 3))
def test_what_was_read_is_read_again_only_where_it_has_changed(course, what):
    change, expected = JUDGED_AGAIN[what]
    before = marks(course)
    change(course)
    grade(course, force=True)
    found = marks(course)
    assert {key: row[1] for key, row in found.items()} == {k: r[1] for k, r in before.items()}
    assert {key for key, row in found.items() if row[2]} == expected
    grade(course, force=True)  # and not forgotten by a further one
    assert {key for key, row in marks(course).items() if row[2]} == expected


def test_an_answer_elsewhere_is_read_again_when_it_has_changed(tmp_path):
    def elsewhere(text):
        given = notebooks.answered()
        given.cells.append(notebooks.notebook(notebooks.manual("x", text)).cells[0])
        given.cells[-1].metadata, given.cells[-1].id = {}, "own"
        return given

    course = make_course(tmp_path, {"ada": elsewhere("It is because of the sum.")})
    grade(course)
    assert marks(course)["ada", "words"][2]
    mark(course, "ada", "words", 2.0)
    grade(course, force=True)
    assert not marks(course)["ada", "words"][2]
    hand_in(course.root, "ada", elsewhere("It is because of the product."))
    grade(course)
    assert marks(course)["ada", "words"][1:3] == (2.0, True)


# The notebook as it now is → the cells that students have then.
CELLS = {
    "an exercise came in the place of another": (
        book(
            notebooks.solution("more", "### BEGIN SOLUTION\na = 1\n### END SOLUTION"),
            notebooks.check("check-more", "assert a", points=1),
            without=("mean_square", "check-mean"),
        ),
        {"check-double", "words", "check-more"},
        "check-more, more came and check-mean, mean_square went",
    ),
    "a test came": (
        book(notebooks.check("check-more", "assert True", points=1)),
        {"check-double", "check-mean", "words", "check-more"},
        "check-more came",
    ),
    "a test went": (
        book(without=("check-mean",)),
        {"check-double", "words"},
        "check-mean went",
    ),
    "a locked cell came": (
        book(notebooks.locked("given", "b = 2")),
        {"check-double", "check-mean", "words"},
        "given came",
    ),
    "a question is read by the machine": (
        book(notebooks.check("words", "assert True", points=3), without=("words",)),
        {"check-double", "check-mean", "words"},
        "some changed in kind",
    ),
}


@pytest.mark.parametrize("what", few(CELLS, 2))
def test_cells_that_come_or_go_leave_due_date_marks_and_comments_of_those_that_stay(course, what):
    changed, cells, said = CELLS[what]
    set_source(course, changed)
    summary = grade(course)
    found = marks(course)
    assert {cell for student, cell in found if student == "ada"} == cells
    assert {cell for student, cell in found if student == "ben"} == cells
    assert found["ben", "check-double"][1] == 1.5
    if what != "a question is read by the machine":
        assert [found["ada", "words"][1], found["ben", "words"][1]] == [2.0, 1.0]
        assert comments(course) == {("ada", "words"): "Well said."}
        assert not found["ada", "words"][2]
    assert any(said in warning for warning in summary.warnings)
    with open_gradebook(course) as gradebook:
        assert str(gradebook.find_assignment("ps1").duedate) == "2030-01-02 00:00:00"
    assert grade(course).warnings == []


@pytest.mark.slow
def test_nbgraders_own_command_and_formgrader_take_other_cells_too(course):
    config = course.root / "nbgrader_config.py"
    turned_on = "from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)\n"
    config.write_text(config.read_text() + turned_on)
    set_source(course, CELLS["a test came"][0])
    done = nbgrader(course.root, "generate_assignment", "ps1", "--force")
    assert done.returncode == 0, done.stderr
    found = marks(course)
    assert found["ada", "check-more"] == (None, None, False, 1.0)
    assert found["ada", "words"][1] == 2.0


def test_marks_by_hand_of_a_cell_that_went_are_in_a_copy_that_is_named(course):
    set_source(course, book(without=("words",)))
    (said,) = grade(course).warnings
    assert "gradebook.db.before-1" in said
    with Gradebook(f"sqlite:///{course.root}/gradebook.db.before-1") as gradebook:
        assert gradebook.find_grade("words", "sheet", "ps1", "ada").manual_score == 2.0
        assert gradebook.find_comment("words", "sheet", "ps1", "ada").comment == "Well said."
    set_source(course, book())
    grade(course)
    assert marks(course)["ada", "words"] == (None, None, True, 3.0)


def test_a_run_that_was_killed_between_cells_is_mended_by_the_next(course):
    with sqlite3.connect(course.root / "gradebook.db") as database:
        database.execute("DELETE FROM grade WHERE manual_score IS NULL")
        database.execute("DELETE FROM comment")
    database.close()
    grade(course)
    assert set(marks(course)) == {(s, c) for s in ("ada", "ben") for c in CELLS_OF_ALL}


CELLS_OF_ALL = ("check-double", "check-mean", "words")


def test_a_notebook_that_comes_or_goes_takes_nothing_else_with_it(course):
    source = course.folder("source", ".", "ps1")
    second = notebooks.notebook(
        notebooks.solution("more", "### BEGIN SOLUTION\na = 1\n### END SOLUTION"),
        notebooks.check("check-more", "assert a", points=1),
    )
    (source / "second.ipynb").write_bytes(notebooks.content(second))
    grade(course)
    found = marks(course)
    assert found["ada", "check-more"] == (0.0, None, False, 1.0)
    assert found["ada", "words"][1] == 2.0
    (source / "second.ipynb").unlink()
    assert any("second has gone" in warning for warning in grade(course).warnings)
    assert ("ada", "check-more") not in marks(course) and marks(course)["ada", "words"][1] == 2.0


def take_out(course, student):
    with open_gradebook(course) as gradebook:
        gradebook.remove_student(student)


def students(course):
    with open_gradebook(course) as gradebook:
        return {student.id for student in gradebook.students}


def test_who_was_taken_out_of_the_gradebook_stays_out_until_asked_for(course):
    take_out(course, "ben")
    for options in ({}, {"force": True}):
        summary = grade(course, **options)
        assert [result.student for result in summary.results] == ["ada"]
        assert "not judged: ben" in summary.warnings[0]
        assert students(course) == {"ada"}
    summary = grade(course, students=frozenset(["ben"]))
    assert [result.student for result in summary.results] == ["ben"]
    assert students(course) == {"ada", "ben"} and grade(course).warnings == []


def test_a_copy_put_in_the_gradebooks_place_takes_nobody_for_removed(course):
    copy = course.root / "copy.db"
    shutil.copy(course.root / "gradebook.db", copy)
    hand_in(course.root, "cay", notebooks.answered())
    grade(course)
    copy.replace(course.root / "gradebook.db")
    assert grade(course).warnings == []
    assert students(course) == {"ada", "ben", "cay"}


def test_who_has_marks_and_no_folder_any_more_is_named(course):
    (course.root / "submitted" / "ben").rename(course.root / "submitted" / "benjamin")
    (said,) = grade(course).warnings
    assert "Marks of ps1 and no folder in submitted/: ben" in said
    assert marks(course)["ben", "words"][1] == 1.0


def secret(text):
    def write(folder):
        (folder / "sheet.ipynb").write_bytes(notebooks.content(ADA))
        (folder / "helper.py").write_text("x = 1")
        (folder / "timestamp.txt").write_text("2030-01-01 10:00:00 UTC")
        (folder / "submission_secret.txt").write_text(text)

    return write


def test_what_the_exchange_asks_for_lies_beside_the_judged_notebook(tmp_path):
    course = make_course(tmp_path, {"ada": secret("abc"), "ben": BEN})
    (tmp_path / "solutions/ps1/data.csv").write_text("1,2")
    (result, _) = grade(course).results
    assert not [note for note in result.repairs if "secret" in note]
    folder = course.folder("autograded", "ada", "ps1")
    assert (folder / "submission_secret.txt").read_text() == "abc"
    assert (folder / "timestamp.txt").read_text() == "2030-01-01 10:00:00 UTC"
    assert (folder / "helper.py").read_text() == "x = 1"
    assert (folder / "data.csv").read_text() == "1,2"
    hand_in(course.root, "ada", secret("def"))  # the same notebook, handed in again
    assert grade(course).judged == 0
    assert (folder / "submission_secret.txt").read_text() == "def"
    (tmp_path / "submitted/ada/ps1/timestamp.txt").unlink()
    grade(course)
    assert not (folder / "timestamp.txt").exists()


@pytest.mark.parametrize(
    "name", few(["é" * 126 + ".txt", "helper.py/x.py", "sheet.ipynb/x.txt"], 1)
)
def test_no_name_of_a_file_beside_stops_the_class(tmp_path, name):
    import zipfile

    def write(folder):
        (folder / "sheet.ipynb").write_bytes(notebooks.content(ADA))
        (folder / "helper.py").write_text("x = 1")
        with zipfile.ZipFile(folder / "more.zip", "w") as archive:
            archive.writestr(name, "x")

    course = make_course(tmp_path, {"ada": write, "ben": BEN})
    assert len(grade(course).results) == 2
    judged = json.loads((course.folder("autograded", "ada", "ps1") / "sheet.ipynb").read_bytes())
    assert judged["nbformat"] == 4
