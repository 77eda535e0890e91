"""Feedback is made from the marks as they are, and given back through nbgrader's exchange."""

import os
import shutil
from datetime import timedelta

import pytest

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.hand_back import write_feedback
from mlpkit.grading.job import CourseError
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.course_factory import grade, make_course, open_gradebook
from tests.tiers import few

pytestmark = pytest.mark.sandbox

CLASS = {
    "ada": notebooks.answered(words="Because."),
    "ben": notebooks.answered(double="def double(x):\n    return x", words="So."),
    "cay": notebooks.answered(),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = make_course(tmp_path_factory.mktemp("class"), CLASS)
    grade(course)
    return course


@pytest.fixture
def course(graded, tmp_path):
    """A graded class whose pages have been written."""
    folder = shutil.copytree(graded.root, tmp_path / "course")
    course = Course(folder)
    assert written(write_feedback(course, "ps1")) == ["ada", "ben", "cay"]
    return course


def written(given):
    return [path.parent.parent.name for path in given.written]


def page(course, student):
    return course.folder("feedback", student, "ps1") / "sheet.html"


def change(course, what, student="ben"):
    with open_gradebook(course) as gradebook:
        if what == "a mark by hand":
            row = gradebook.find_grade("words", "sheet", "ps1", student)
            row.manual_score, row.needs_manual_grade = 1.25, False
        elif what == "a comment":
            row = gradebook.find_comment("words", "sheet", "ps1", student)
            row.manual_comment = "Say why."
        elif what == "extra credit":
            gradebook.find_grade("check-mean", "sheet", "ps1", student).extra_credit = 0.5
        elif what == "a penalty":
            found = gradebook.find_submission_notebook("sheet", "ps1", student)
            found.late_submission_penalty = 1.0
        elif what == "an extension":
            found = gradebook.find_submission("ps1", student)
            found.extension = timedelta(days=2)
        gradebook.db.commit()


CHANGES = ["a mark by hand", "a comment", "an extension", "extra credit", "a penalty"]


@pytest.mark.parametrize("what", few(CHANGES, 2))
def test_a_page_older_than_its_marks_is_written_again_and_no_other(course, what):
    before = page(course, "ben").read_text("utf-8")
    assert written(write_feedback(course, "ps1")) == []
    change(course, what)
    given = write_feedback(course, "ps1")
    assert (written(given), given.kept, given.told) == (["ben"], 2, [])
    assert page(course, "ben").read_text("utf-8") != before
    assert written(write_feedback(course, "ps1")) == []


def test_pages_that_are_missing_judged_anew_or_asked_for_are_written(course):
    page(course, "ada").unlink()
    judged = course.folder("autograded", "cay", "ps1") / "sheet.ipynb"
    judged.write_bytes(judged.read_bytes() + b"\n")
    assert written(write_feedback(course, "ps1")) == ["ada", "cay"]
    assert written(write_feedback(course, "ps1", force=True)) == ["ada", "ben", "cay"]
    assert written(write_feedback(course, "ps1", students=["ben"], force=True)) == ["ben"]


def test_nbgraders_own_page_counts_as_well(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(
        config.read_text() + "from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)\n"
    )
    change(course, "a comment")
    words = ("generate_feedback", "ps1", "--student", "ben", "--force")
    assert nbgrader(course.root, *words).returncode == 0
    assert written(write_feedback(Course(course.root), "ps1")) == []


def test_a_student_taken_out_of_the_gradebook_is_named_and_stops_nobody(course):
    with open_gradebook(course) as gradebook:
        gradebook.remove_student("ada")
    change(course, "a comment")
    given = write_feedback(course, "ps1")
    assert written(given) == ["ben"]
    assert given.told == ["Judged, but not in the gradebook, and so without a page: ada."]


def test_a_page_that_cannot_be_written_is_named_and_the_others_are(course, monkeypatch):
    (course.folder("autograded", "ada", "ps1") / "sheet.ipynb").write_text("{")
    change(course, "a comment")
    given = write_feedback(course, "ps1")
    assert written(given) == ["ben"]
    assert "No page could be written of ada" in given.told[0]
    assert (course.root / ".mlpkit/feedback.log").read_text()


@pytest.mark.parametrize(
    "assignment,students,words",
    [
        ("ps9", [], "'ps9' is no assignment of this course"),
        ("ps1", ["eve"], r"Nothing of eve was graded for ps1"),
    ],
)
def test_what_is_not_there_is_said(course, assignment, students, words):
    with pytest.raises(CourseError, match=words):
        write_feedback(course, assignment, students)


def test_before_any_grading_it_says_what_to_run(tmp_path):
    with pytest.raises(CourseError, match="mlpkit grade ps1"):
        write_feedback(make_course(tmp_path, CLASS), "ps1")


EXCHANGE = """
from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)
c.Exchange.root = {root!r}
"""


class Student:
    """One who works in a folder of their own and knows the exchange's place."""

    def __init__(self, name, folder, root):
        self.name, self.folder = name, folder / name
        self.folder.mkdir()
        config = f"c = get_config()\nc.Exchange.root = {str(root)!r}\n"
        config += f"c.CourseDirectory.course_id = 'tiny'\nc.CourseDirectory.student_id = {name!r}\n"
        (self.folder / "nbgrader_config.py").write_text(config)

    def run(self, *words):
        data = {"JUPYTER_DATA_DIR": str(self.folder / "data"), "USER": self.name}
        done = nbgrader(self.folder, *words, **data)
        assert done.returncode == 0, done.stderr
        return done.stderr


@pytest.mark.slow
def test_a_round_trip_through_the_exchange(tmp_path):
    root = tmp_path / "exchange"
    root.mkdir()
    os.chmod(root, 0o777)
    config = EXCHANGE.format(root=str(root))
    course = make_course(tmp_path / "teacher", {"mail": CLASS["cay"]}, config=config)
    teacher = course.root

    def command(*words):
        done = nbgrader(teacher, *words)
        assert done.returncode == 0, done.stderr
        return done.stderr

    command("generate_assignment", "ps1")
    command("release_assignment", "ps1")
    students = [Student(name, tmp_path, root) for name in ("ada", "ben")]
    for student in students:
        assert "tiny ps1" in student.run("list")
        student.run("fetch_assignment", "ps1")
        given = student.folder / "ps1" / "sheet.ipynb"
        assert "secret_words" not in given.read_text()
        given.write_bytes(notebooks.content(CLASS[student.name]))
        student.run("submit", "ps1")
    command("collect", "ps1")
    summary = grade(Course(teacher))
    assert {result.student: result.points for result in summary.results} == {
        "ada": 4.0,
        "ben": 2.0,
        "mail": 4.0,
    }
    assert not [note for result in summary.results for note in result.repairs]
    write_feedback(Course(teacher), "ps1")
    assert "mail didn't hand in through the exchange" in command("release_feedback", "ps1")
    for student in students:
        assert "feedback ready to be fetched" in student.run("list", "--cached")
        student.run("fetch_feedback", "ps1")
        (page,) = student.folder.glob("ps1/feedback/*/sheet.html")
        assert page.read_text() == (teacher / f"feedback/{student.name}/ps1/sheet.html").read_text()
    again(students[0], teacher, command)


def again(student, teacher, command):
    """Hand in the same notebook once more: its new time and secret reach the feedback."""
    student.run("submit", "ps1")
    command("collect", "ps1", "--update")
    assert grade(Course(teacher)).judged == 0
    write_feedback(Course(teacher), "ps1")
    command("release_feedback", "ps1")
    student.run("fetch_feedback", "ps1")
    assert len(list(student.folder.glob("ps1/feedback/*/sheet.html"))) == 2
