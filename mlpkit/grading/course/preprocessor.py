"""nbgrader's executing step, replaced: `nbgrader autograde` and formgrader's button use the judge.

One line of ``nbgrader_config.py`` turns it on::

    from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)
"""

import glob
import sys
import types
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Dict
from traitlets.config import Config

from mlpkit.grading.course.beside import fields
from mlpkit.grading.course.files import data_files
from mlpkit.grading.course.hand_ins import find
from mlpkit.grading.course.reading import odd_file, read_below
from mlpkit.grading.course.release import release
from mlpkit.grading.course.releases import earlier
from mlpkit.grading.job import Job, Limits
from mlpkit.grading.room.bubblewrap import SandboxMissing
from mlpkit.grading.text.handed_in import LARGEST, Unreadable
from mlpkit.grading.workers.servers import judge_submission

STEPS = [
    "mlpkit.grading.course.preprocessor.Judge",
    "nbgrader.preprocessors.SaveAutoGrades",
    "mlpkit.grading.course.lateness.SettleLateness",
    "nbgrader.preprocessors.CheckCellMetadata",
]


def turn_on(config: Config) -> None:
    """Let nbgrader judge with this kit.

    Parameters
    ----------
    config : traitlets.config.Config
        ``c`` of ``nbgrader_config.py``.
    """
    config.Autograde.autograde_preprocessors = list(STEPS)
    config.Autograde.exporter_class = "mlpkit.grading.course.preprocessor.OfRegularFiles"
    # What nbgrader does to a submission before it is run is repaired by the judge, which loses
    # no submission over it.
    config.Autograde.sanitize_preprocessors = ["nbgrader.preprocessors.ClearOutput"]
    # Formgrader and feedback make pages of it: nothing of a student's runs in them.
    config.HTMLExporter.filters = {"markdown2html": "mlpkit.grading.course.pages.markdown2html"}
    config.GenerateFeedback.exporter_class = "mlpkit.grading.course.feedback.FeedbackExporter"
    config.ExchangeFactory.release_feedback = "mlpkit.grading.course.exchange.ReleaseFeedback"
    _take_brackets_for_letters()


def _take_brackets_for_letters() -> None:
    """Let nbgrader's commands find the folder of a student whose name is ``[x]``."""
    base = sys.modules.get("nbgrader.converters.base")
    if base is not None:  # of nbgrader's own commands only
        vars(base)["glob"] = types.SimpleNamespace(
            glob=lambda pattern: glob.glob(pattern.replace("[", "[[]"))
        )


class OfRegularFiles(NotebookExporter):
    """Autograde's exporter; before anything is read it takes away folders that hold links or pipes.

    nbgrader would read through a link what is another's, and wait for a pipe for ever.
    """

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)  # type: ignore[no-untyped-call]
        converter: Any = self.parent
        course = converter.coursedir
        root = Path(course.root) / course.submitted_directory
        for folder in list(converter.assignments):
            if problem := odd_file(root, Path(course.root, folder)):
                del converter.assignments[folder]
                self.log.error("%s was not graded: %s.", folder, problem)


class Judge(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Judges one notebook, in the place of nbgrader's ``Execute``."""

    unsandboxed = Bool(False, help="Run student code with your own rights.").tag(config=True)
    limits = Dict(help="Fields of mlpkit.grading.Limits: cell_seconds, …").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Give the judged notebook, from whose outputs nbgrader reads the marks."""
        about = resources["nbgrader"]
        course = CourseDirectory(parent=self)
        name = f"{about['notebook']}.ipynb"
        source = Path(course.format_path(course.source_directory, ".", about["assignment"]))
        handed_in = Path(
            course.format_path(course.submitted_directory, about["student"], about["assignment"])
        )
        content = (source / name).read_bytes()
        hand_ins = Path(course.root) / course.submitted_directory
        try:
            submission = read_below(hand_ins, handed_in / name, LARGEST)
        except Unreadable:  # what nbgrader itself has made of it
            submission = nbformat.writes(nb).encode()
        released, files = release(content, self.config), data_files(source)
        sources = {about["notebook"]: (content, released)}
        found = find(about["student"], handed_in, sources)[0]
        job = Job(
            student=about["student"],
            assignment=about["assignment"],
            notebook=about["notebook"],
            submission=submission,
            source=content,
            released=released,
            files=files,
            limits=Limits(**self.limits),
            unsandboxed=self.unsandboxed,
            earlier=earlier(Path(course.root), about["assignment"], about["notebook"], released),
            **fields(found, files),
        )
        try:
            result = judge_submission(job)
        except SandboxMissing as error:
            sys.exit(str(error))
        for repaired in result.repairs:
            self.log.warning("%s: %s", job.student, repaired)
        if result.failure:
            self.log.error("%s: %s", job.student, result.failure)
        return nbformat.reads(result.judged.decode("utf-8"), as_version=4), resources
