"""What a feedback page was made from: it carries a digest, which tells one older than its marks.

nbgrader's gradebook doesn't say when a mark was given.
"""

import hashlib
import json
import re
from pathlib import Path

from nbgrader.api import Gradebook

from mlpkit.grading.course.pages import with_head

NAME = "mlpkit-made-from"
FIRST = 20_000
MARK = re.compile(rf'<meta name="{NAME}" content="([0-9a-f]+)">')


def made_from(
    gradebook: Gradebook, assignment: str, notebook: str, student: str, judged: bytes
) -> str:
    """Hash what a page shows: the judged notebook, marks, comments, times and what they cost.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignment, notebook, student : str
    judged : bytes
        Of the notebook in ``autograded/``.

    Raises
    ------
    nbgrader.api.MissingEntry
        If the gradebook has no such submission.
    """
    found = gradebook.find_submission_notebook(notebook, assignment, student)
    marks = sorted((grade.name, grade.score, grade.max_score) for grade in found.grades)
    comments = sorted((each.name, each.comment or "") for each in found.comments)
    times = found.assignment.timestamp, found.assignment.assignment.duedate
    when = [str(each) for each in (*times, found.assignment.extension)]
    shown = json.dumps([marks, comments, found.late_submission_penalty or 0.0, when])
    return hashlib.sha256(judged + shown.encode()).hexdigest()[:32]


def with_mark(page: str, digest: str) -> str:
    """Put the digest into a page's head."""
    return with_head(page, "name", NAME, digest)


def mark_of(page: Path) -> str | None:
    """Return the digest that a page carries; None if it has none, or there is no page."""
    try:
        with open(page, encoding="utf-8", errors="replace") as file:
            found = MARK.search(file.read(FIRST))
    except OSError:
        return None
    return found[1] if found else None
