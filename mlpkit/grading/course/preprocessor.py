"""nbgrader's own door to the judge: `nbgrader autograde` and formgrader's button grade with it.

One line of ``nbgrader_config.py`` turns it on::

    from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)
"""

import glob
import os
import re
import sys
import types
from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import SaveCells
from traitlets.config import Config

from mlpkit.grading.course.cells import KeepMarks
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import Options, Summary, grade_class
from mlpkit.grading.job import CourseError
from mlpkit.grading.room.bubblewrap import SandboxMissing

NBGRADERS = {
    "--unsandboxed": "--Judge.unsandboxed=True",
    "mlpkit grade … --accept-tests": "nbgrader autograde … --Judge.accept_tests=True",
}
OPTION = re.compile("|".join(map(re.escape, NBGRADERS)))


def turn_on(config: Config, tests: str = "outside") -> None:
    """Let nbgrader judge with this kit.

    Parameters
    ----------
    config : traitlets.config.Config
        ``c`` of ``nbgrader_config.py``.
    tests : {"outside", "inside"}
        Where tests run: outside of the student's process, which they then see only through
        functions and plain data, or inside it, as nbgrader lets them.
    """
    config.Judge.tests = tests
    config.Autograde.exporter_class = "mlpkit.grading.course.preprocessor.Door"
    # Formgrader and feedback make pages of it: nothing of a student's runs in them.
    config.HTMLExporter.filters = {"markdown2html": "mlpkit.grading.course.pages.markdown2html"}
    config.GenerateFeedback.exporter_class = "mlpkit.grading.course.feedback.FeedbackExporter"
    config.FeedbackExporter.template_name = "course_feedback"
    config.FeedbackExporter.extra_template_basedirs = [str(Path(__file__).parent / "templates")]
    config.ExchangeFactory.release_feedback = "mlpkit.grading.course.exchange.ReleaseFeedback"
    config.GenerateAssignment.preprocessors = _keeping_marks()
    _take_brackets_for_letters()
    _guard_formgrader()


def _keeping_marks() -> list[Any]:
    """Give nbgrader's steps that make a release, where cells may come and go after hand-ins."""
    steps = GenerateAssignment.class_traits()["preprocessors"].default_args[0]
    return [KeepMarks if step is SaveCells else step for step in steps]


def _take_brackets_for_letters() -> None:
    """Let nbgrader's commands find the folder of a student whose name is ``[x]``."""
    base = sys.modules.get("nbgrader.converters.base")
    if base is not None:  # of nbgrader's own commands only
        vars(base)["glob"] = types.SimpleNamespace(
            glob=lambda pattern: glob.glob(pattern.replace("[", "[[]"))
        )


def _guard_formgrader() -> None:
    """Let formgrader show its pages by classes of ours: no setting of its names one."""
    formgrader = sys.modules.get("nbgrader.server_extensions.formgrader.formgrader")
    if formgrader is not None:  # in a server of Jupyter's only
        from mlpkit.grading.course.formgrader import FormgradeExporter, ListPages

        vars(formgrader).update(HTMLExporter=FormgradeExporter, Environment=ListPages)


class Door(NotebookExporter):
    """Autograde's exporter: the one of its parts that a setting replaces before anything is done.

    It exports nothing, but has the class graded as `mlpkit grade` does.
    """

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)  # type: ignore[no-untyped-call]
        converter: Any = self.parent
        if converter is not None:
            converter.convert_notebooks = lambda: grade_for(converter)


def grade_for(converter: Any) -> None:
    """Grade what a command of nbgrader was asked to.

    Raises
    ------
    NbGraderException
        If the course stands in the way, or somebody is left out; it has been said then.
    """
    try:
        course = Course(settings=(converter.coursedir, converter.config))
        options = Options(
            force=converter.force,
            workers=os.cpu_count() or 1,
            unsandboxed=course.judge.unsandboxed,
            limits=course.limits,
            converter=converter,
        )
        summary = grade_class(course, converter.coursedir.assignment_id, options)
    except (CourseError, SandboxMissing) as error:
        # What is said of an option of mlpkit's is said of nbgrader's here.
        words = OPTION.sub(lambda found: NBGRADERS[found[0]], str(error))
        converter.log.error(words)
        raise NbGraderException(words) from None
    _tell(converter, summary)
    if summary.refused:
        raise NbGraderException(", ".join(summary.refused))


def _tell(converter: Any, summary: Summary) -> None:
    for result in summary.results:
        for repaired in result.repairs:
            converter.log.warning("%s: %s", result.student, repaired)
        if result.failure:
            converter.log.error("%s: %s", result.student, result.failure)
    for warning in summary.warnings:
        converter.log.warning(warning)
