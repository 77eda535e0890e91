"""Due dates, extensions and times of handing in, put into the gradebook, with what they cost.

nbgrader keeps a due date for all and, where something was handed in, a time and an extension.
They are brought there from the course's files each time, so that a change counts without judging.
"""

from collections.abc import Collection
from datetime import UTC
from typing import Any

from nbgrader.api import Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config

from mlpkit.grading.course.extensions import Extension, due_of
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.lateness import aware, extensions_of, late_by, submissions


def settle(
    course: Course, gradebook: Gradebook, assignment: str, students: Collection[str] = ()
) -> list[str]:
    """Bring times, extensions and penalties of what was recorded up to date.

    Parameters
    ----------
    course : Course
    gradebook : nbgrader.api.Gradebook
    assignment : str
    students : collection of str
        Only theirs; all if empty.

    Returns
    -------
    list of str
        Sentences: what of the list of extensions can't be used.
    """
    extensions, problems = extensions_of(course, assignment, None if students else gradebook)
    found = (
        [gradebook.find_submission(assignment, student) for student in students]
        if students
        else submissions(gradebook, assignment)
    )
    for submission in found:
        problems += _settle_one(course, submission, extensions)
    gradebook.db.commit()
    return list(dict.fromkeys(problems))


def _settle_one(
    course: Course, submission: SubmittedAssignment, extensions: list[Extension]
) -> list[str]:
    # The columns, not the rows behind them: a class of a thousand is settled at each run.
    student, due = submission.student_id, aware(submission.assignment.duedate)
    when = aware(submission.timestamp)
    if student in course.folders.students:  # else nothing is known of it any more
        when = course.handed_in(student, submission.assignment.name).when
    until, problems = due_of(student, due, extensions, course.zone)
    _set(submission, "timestamp", when and when.astimezone(UTC).replace(tzinfo=None))
    _set(submission, "extension", until - due if due and until and until != due else None)
    seconds = late_by(until, when, course.zone)
    for notebook in submission.notebooks if seconds or submission.late_submission_penalty else ():
        _set(notebook, "late_submission_penalty", penalty(course.config, notebook, seconds))
    return problems


def _set(row: Any, name: str, value: object) -> None:
    """Change a column only where it differs: what is as it was isn't written again."""
    if getattr(row, name) != value:
        setattr(row, name, value)


def penalty(config: Config, notebook: SubmittedNotebook, seconds: float) -> float | None:
    """Return what the course's plugin takes off, as nbgrader asks it.

    Parameters
    ----------
    config : traitlets.config.Config
        The course's.
    notebook : nbgrader.api.SubmittedNotebook
    seconds : float
        Late, by the clock on the wall.
    """
    step = AssignLatePenalties(config=config)
    if seconds <= 0 or not step.enabled:
        return None
    step.init_plugin()
    student = notebook.student.id
    off = step.plugin_inst.late_submission_penalty(student, notebook.score, seconds)
    return None if off is None else step._check_late_penalty(notebook, off)
