"""Judge small notebooks in the tests: one warm pool for all of them."""

from mlpkit.grading import Job, Limits
from mlpkit.grading.judging.submission import judge_submission
from tests.grading import notebooks

QUICK = {"cell_seconds": 10.0, "call_seconds": 5.0, "submission_seconds": 60.0}


def judge(submission, course=None, files=None, **limits):
    """Judge a submission (a notebook, or the bytes of a file) of a small course."""
    if not isinstance(submission, bytes):
        submission = notebooks.content(submission)
    source = notebooks.content(course or notebooks.course())
    limits = Limits(**(QUICK | limits))
    return judge_submission(Job("ada", "ps1", "sheet", submission, source, files or {}, limits))


def points(result):
    """Give the points by cell."""
    return {grade.grade_id: grade.points for grade in result.grades}


def told(result):
    """Give every word of a result that a student may read."""
    words = [word for grade in result.grades for word in grade.messages]
    return "\n".join([*words, result.judged.decode()])
