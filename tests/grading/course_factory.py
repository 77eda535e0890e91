"""Small nbgrader courses in a folder, for the tests that grade whole classes."""

import functools
import tempfile
from pathlib import Path

from nbgrader.api import Gradebook

from mlpkit.grading import Limits
from mlpkit.grading.course.alembic import find_alembic
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import Options, grade_class
from tests.commands import nbgrader
from tests.grading import notebooks

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "tiny"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "assignments"
"""
QUICK = Limits(cell_seconds=5.0, call_seconds=5.0, submission_seconds=30.0, memory=1024**3)
find_alembic()


def make_course(folder, submissions, book=None, config=""):
    """Write a course with one assignment, ps1, of one notebook, sheet.ipynb.

    Parameters
    ----------
    folder : Path
    submissions : dict
        By student: a notebook, the bytes of a file, or a function that is given the student's
        folder and puts there whatever it likes.
    book : NotebookNode, optional
        The instructor's notebook; `notebooks.course()` if not given.
    config : str
        More lines for nbgrader_config.py.

    Returns
    -------
    Course
    """
    folder = Path(folder)
    source = folder / "solutions" / "ps1"
    source.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG + config)
    (source / "sheet.ipynb").write_bytes(notebooks.content(book or notebooks.course()))
    (folder / "gradebook.db").write_bytes(empty_gradebook())
    (folder / "submitted").mkdir()
    for student, submission in submissions.items():
        hand_in(folder, student, submission)
    return Course(folder)


def make_released_course(folder, submissions, config=""):
    """Write such a course and let nbgrader make its release, which its own grading asks for."""
    course = make_course(folder, submissions, config=config)
    assert nbgrader(folder, "generate_assignment", "ps1").returncode == 0
    return course


def hand_in(folder, student, submission):
    """Put a submission where nbgrader collects it."""
    target = Path(folder) / "submitted" / student / "ps1"
    target.mkdir(parents=True, exist_ok=True)
    if callable(submission):
        submission(target)
    else:
        if not isinstance(submission, bytes):
            submission = notebooks.content(submission)
        (target / "sheet.ipynb").write_bytes(submission)


@functools.cache
def empty_gradebook():
    """Return a new gradebook's bytes: nbgrader takes a second to make one."""
    with tempfile.TemporaryDirectory() as folder:
        Gradebook(f"sqlite:///{folder}/gradebook.db", "tiny").close()
        return Path(folder, "gradebook.db").read_bytes()


def grade(course, **options):
    """Grade the class with short limits, two at a time, and its tests not looked at before."""
    return grade_class(course, "ps1", Options(limits=QUICK, preflight=False, **options))


def marks(course):
    """Return every grade of the gradebook: {(student, cell): (auto, manual, needs, maximum)}."""
    with open_gradebook(course) as gradebook:
        return {
            (submission.student.id, grade.name): (
                grade.auto_score,
                grade.manual_score,
                bool(grade.needs_manual_grade),
                grade.max_score,
            )
            for submission in gradebook.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def totals(course):
    """Return nbgrader's totals by student."""
    with open_gradebook(course) as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions("ps1")}


def open_gradebook(course):
    return course.open_gradebook()
