"""Judge small notebooks in the tests: one warm pool for all of them."""

from mlpkit.grading import Limits
from mlpkit.grading.workers.servers import judge_submission
from tests.grading import notebooks

QUICK = {"cell_seconds": 10.0, "call_seconds": 5.0, "submission_seconds": 60.0}


def judge(submission, course=None, files=None, **limits):
    """Judge a submission (a notebook, or the bytes of a file) of a small course."""
    limits = Limits(**(QUICK | limits))
    return judge_submission(notebooks.job(submission, course, files, limits))


def points(result):
    """Give the points by cell."""
    return {grade.grade_id: grade.points for grade in result.grades}


def told(result):
    """Give every word of a result that a student may read."""
    words = [word for grade in result.grades for word in grade.messages]
    return "\n".join([*words, result.judged.decode()])
