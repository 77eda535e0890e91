"""A class is graded: every submission ends with its row, whatever it is, and only once."""

import os
import shutil
import socket
import warnings
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.apps import NbGraderAPI

from mlpkit.grading.course import run
from mlpkit.grading.job import CourseError
from tests.grading import notebooks
from tests.grading.course_factory import grade, hand_in, make_course, marks, open_gradebook
from tests.grading.malformed import KEPT, LOST, VALUES, tree, written

pytestmark = pytest.mark.sandbox

GOOD = notebooks.content(notebooks.answered())
CELLS = ["check-double", "check-mean", "words"]


def content(change):
    book = tree()
    changed = change(book)
    return changed if isinstance(changed, bytes) else written(book)


def nothing(folder):
    pass


def directory(folder):
    (folder / "sheet.ipynb").mkdir()


def link(target):
    return lambda folder: (folder / "sheet.ipynb").symlink_to(target)


def pipe(folder):
    os.mkfifo(folder / "sheet.ipynb")


def unix_socket(folder):
    before = Path.cwd()
    os.chdir(folder)  # a socket's whole path must be short
    try:
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind("sheet.ipynb")
    finally:
        os.chdir(before)


def sixty_megabytes(folder):
    with open(folder / "sheet.ipynb", "wb") as file:
        file.truncate(60 * 1024**2)


def no_folder(folder):
    folder.rmdir()
    folder.write_bytes(GOOD)


def other_folder(folder):
    folder.rmdir()
    folder.symlink_to("../fine/ps1")


def named(*names):
    def write(folder):
        for name in names:
            (folder / os.fsdecode(name)).write_bytes(GOOD)

    return write


def with_pipe_for_timestamp(folder):
    (folder / "sheet.ipynb").write_bytes(GOOD)
    os.mkfifo(folder / "timestamp.txt")


def with_timestamp(text):
    def write(folder):
        (folder / "sheet.ipynb").write_bytes(GOOD)
        (folder / "timestamp.txt").write_bytes(text)

    return write


# What was handed in → the machine's points, and words of the reason if nothing could be run.
FILES = {
    "nothing": (nothing, 0, "no notebook"),
    "directory": (directory, 0, "no regular file"),
    "link to the solution": (link("../../../solutions/ps1/sheet.ipynb"), 0, "link"),
    "link to nowhere": (link("nowhere"), 0, "link"),
    "link to a device": (link("/dev/zero"), 0, "link"),
    "pipe": (pipe, 0, "no regular file"),
    "socket": (unix_socket, 0, "can't be read"),
    "60 MB": (sixty_megabytes, 0, "60 MB"),
    "link to another's folder": (other_folder, 0, "link to another"),
    "a name that is no UTF-8": (named(b"\xff.ipynb"), 4, None),
    "a name with HTML": (named("<img src=x onerror=alert(1)>.ipynb"), 4, None),
    "a file for a folder": (no_folder, 4, None),
    "two other names": (named("one.ipynb", "two.ipynb"), 4, None),
    "other name": (named("my answers (1).ipynb"), 4, None),
    "other ending": (named("sheet.IPYNB"), 4, None),
    "pipe for a timestamp": (with_pipe_for_timestamp, 4, None),
    "no time in the timestamp": (with_timestamp(b"tomorrow\xff"), 4, None),
    "empty timestamp": (with_timestamp(b""), 4, None),
    "endless time": (with_timestamp(b"9" * 90), 4, None),
}


def spoiled(code):
    return notebooks.answered(double=f"{code}\ndef double(x):\n    return 2 * x")


RUNS = {
    "fine": (notebooks.answered(), 4, None),
    "as released": (notebooks.release(notebooks.course()), 0, None),
    "one wrong": (notebooks.answered(double="def double(x):\n    return x"), 2, None),
    "endless": (spoiled("while True: pass"), 2, None),
    "deaf": (
        spoiled("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"),
        0,
        "could not be interrupted",
    ),
    "killed": (spoiled("import ctypes\nctypes.string_at(0)"), 0, "signal 11"),
    "exited": (spoiled("import os\nos._exit(0)"), 0, "exited"),
    "out of memory": (spoiled("x = bytearray(4 * 1024**3)"), 2, None),
}
# Two thousand cells are as good as twenty here, and take their time.
MENDED = {name: change for name, change in KEPT.items() if name != "many cells"}
CONTENTS = {name: (content(change), 4, None) for name, change in MENDED.items()}
CONTENTS |= {name: (lost, 0, "") for name, lost in LOST.items()}
EVERYTHING = FILES | RUNS | CONTENTS


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """A class in which everybody hands in something else, graded."""
    folder = tmp_path_factory.mktemp("everything")
    course = make_course(folder, {name: what[0] for name, what in EVERYTHING.items()})
    summary = grade(course)
    return course, {result.student: result for result in summary.results}, summary


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_submission_ends_with_its_own_marks_or_a_reason(everything, name):
    course, results, _ = everything
    points, reason = EVERYTHING[name][1:]
    rows = marks(course)
    assert [cell for student, cell in rows if student == name] == CELLS
    automatic = [rows[name, cell][0] for cell in CELLS[:2]]
    assert sum(automatic) == results[name].points == points
    if reason is None:
        assert results[name].failure is None
    else:
        assert any(words in results[name].failure for words in reason.split("|"))
    judged = course.folder("autograded", name, "ps1") / "sheet.ipynb"
    nbformat.validate(nbformat.read(judged, as_version=4))


def test_a_written_answer_waits_for_a_person_and_a_missing_one_does_not(everything):
    rows = marks(everything[0])
    assert rows["untouched", "words"][0] is None and rows["untouched", "words"][2]
    assert rows["nothing", "words"][:3] == (0.0, None, False)


def test_a_notebook_under_another_name_is_found_and_it_is_said(everything):
    assert "'my answers (1).ipynb'" in everything[1]["other name"].repairs[0]


def test_a_second_call_judges_nothing_and_changes_no_mark(everything, monkeypatch):
    course, _, first = everything
    assert (first.judged, first.kept) == (len(EVERYTHING), 0)
    monkeypatch.setattr(run.pool, "judge_all", None)  # nothing may be judged
    before = marks(course)
    second = grade(course)
    assert (second.judged, second.kept) == (0, len(EVERYTHING))
    assert [r.points for r in second.results] == [r.points for r in first.results]
    assert marks(course) == before


@pytest.mark.thorough
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_notebook_with_anything_anywhere_gets_its_row(tmp_path, data):
    folder = tmp_path / str(len(list(tmp_path.iterdir())))
    submissions = {f"student-{number}": written(fuzzed(data)) for number in range(4)}
    course = make_course(folder, {**submissions, "fine": GOOD})
    grade(course)
    rows = marks(course)
    assert list(rows) == [(student, cell) for student in ["fine", *submissions] for cell in CELLS]
    assert all(0 <= auto <= top for auto, _, needs, top in rows.values() if not needs)
    assert rows["fine", "check-double"] == (2.0, None, False, 2.0)


def fuzzed(data):
    book = tree()
    for _ in range(data.draw(st.integers(1, 4))):
        place, key = book, data.draw(st.sampled_from(list(book)))
        while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            key = data.draw(
                st.sampled_from(list(place) if isinstance(place, dict) else range(len(place)))
            )
        place[key] = data.draw(VALUES)
    return book


@pytest.fixture
def small(tmp_path):
    """A graded class of two, one of them wrong."""
    wrong = notebooks.answered(double="def double(x):\n    return x")
    course = make_course(tmp_path, {"ada": notebooks.answered(), "ben": wrong})
    grade(course)
    return course


def test_only_a_changed_submission_is_judged_again(small):
    hand_in(small.root, "ben", notebooks.answered())
    hand_in(small.root, "cay", notebooks.answered())
    summary = grade(small)
    assert (summary.judged, summary.kept) == (2, 1)
    assert marks(small)["ben", "check-double"][0] == 2.0


def test_a_changed_source_is_judged_again(small):
    book = notebooks.course()
    book.cells[5].source += "\n0.5"
    source = small.folder("source", ".", "ps1") / "sheet.ipynb"
    source.write_bytes(notebooks.content(book))
    assert grade(small).judged == 2
    assert marks(small)["ada", "check-mean"][0] == 0.5
    book.cells.append(notebooks.check("check-more", "pass"))
    source.write_bytes(notebooks.content(book))
    assert grade(small).judged == 2
    assert marks(small)["ada", "check-more"][0] == 2.0


def test_force_and_student_choose_what_is_judged(small):
    assert grade(small, force=True).judged == 2
    hand_in(small.root, "ada", notebooks.answered(double="pass"))
    hand_in(small.root, "ben", notebooks.answered())
    summary = grade(small, students=frozenset(["ben"]))
    assert [result.student for result in summary.results] == ["ben"]
    assert marks(small)["ada", "check-double"][0] == 2.0
    with pytest.raises(CourseError, match=r"(?s)No submission of eve.*submitted"):
        grade(small, students=frozenset(["eve", "ada"]))


def test_a_gradebook_that_was_thrown_away_is_written_again_without_judging(small, monkeypatch):
    before = marks(small)
    (small.root / "gradebook.db").unlink()
    monkeypatch.setattr(run.pool, "judge_all", None)
    grade(small)
    assert marks(small) == before


def test_a_mark_by_hand_is_kept_and_asked_for_again(small):
    with open_gradebook(small) as gradebook:
        for cell, score in (("check-double", 1.5), ("words", 2.0)):
            grade_row = gradebook.find_grade(cell, "sheet", "ps1", "ben")
            grade_row.manual_score, grade_row.needs_manual_grade = score, False
        gradebook.db.commit()
    grade(small)
    assert marks(small)["ben", "check-double"] == (0.0, 1.5, False, 2.0)
    hand_in(small.root, "ben", notebooks.answered(words="Because of that."))
    grade(small)
    assert marks(small)["ben", "check-double"] == (2.0, 1.5, True, 2.0)
    assert marks(small)["ben", "words"] == (None, 2.0, True, 3.0)


LATE = """
from nbgrader.plugins import BasePlugin
class Lateness(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return min(1.5, total_seconds_late / 3600)
c.AssignLatePenalties.plugin_class = Lateness
"""


def test_a_late_submission_loses_what_the_plugin_says(tmp_path):
    late, early = with_timestamp(b"2030-01-02 01:00:00 UTC"), with_timestamp(b"2029-12-31 UTC")
    course = make_course(tmp_path, {"late": late, "early": early}, config=LATE)
    with open_gradebook(course) as gradebook:
        gradebook.add_assignment("ps1", duedate="2030-01-02 00:00:00 UTC")
    grade(course)
    with open_gradebook(course) as gradebook:
        found = {
            submission.student.id: (submission.score, submission.late_submission_penalty)
            for submission in gradebook.assignment_submissions("ps1")
        }
    assert found == {"late": (4.0, 1.0), "early": (4.0, 0.0)}
    kept = course.folder("autograded", "late", "ps1") / "timestamp.txt"
    assert kept.read_text() == "2030-01-02 01:00:00 UTC"


def nbgrader_says(course):
    """Grade a course with stock nbgrader; return its gradebook's rows."""
    api = NbGraderAPI(config=course.config)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # SQLAlchemy's, about nbgrader's use of it
        assert api.generate_assignment("ps1", force=True, create=True)["success"]
        for student in sorted(path.name for path in (course.root / "submitted").iterdir()):
            assert api.autograde("ps1", student, force=True, create=True)["success"]
    return marks(course)


def comments(course):
    with open_gradebook(course) as gradebook:
        return {
            (submission.student.id, comment.name): comment.auto_comment
            for submission in gradebook.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for comment in notebook.comments
        }


HONEST = {
    "fine": notebooks.answered(words="Since it is so."),
    "blank": notebooks.release(notebooks.course()),
    "wrong": notebooks.answered(double="def double(x):\n    return x"),
    "crashes": notebooks.answered(mean_square="1 / 0"),
    "syntax": notebooks.answered(double="def double(x) return x"),
}


@pytest.mark.slow
def test_marks_and_comments_are_those_of_stock_nbgrader_for_honest_work(tmp_path):
    ours = make_course(tmp_path / "ours", HONEST)
    grade(ours)
    stock = make_course(tmp_path / "stock", HONEST)
    assert marks(ours) == nbgrader_says(stock)
    assert comments(ours) == comments(stock)


@pytest.mark.slow
def test_feedback_and_nbgraders_own_next_grading_work_afterwards(small):
    api = NbGraderAPI(config=small.config)
    for student in ("ada", "ben"):
        assert api.generate_feedback("ps1", student)["success"]
    page = small.folder("feedback", "ben", "ps1") / "sheet.html"
    text = page.read_text(encoding="utf-8")
    assert "check-double: 0 of 2 points" in text and "secret_words" not in text
    assert {row["id"] for row in api.get_submissions("ps1")} and api.get_assignment("ps1")
    submission = next(s for s in api.get_submissions("ps1") if s["student"] == "ben")
    assert submission["autograded"] and submission["score"] == 2.0
    shutil.rmtree(small.root / "autograded")
    assert api.autograde("ps1", "ada", force=True, create=True)["success"]
