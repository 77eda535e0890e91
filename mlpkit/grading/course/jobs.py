"""Jobs of a class: what was handed in, with everything that is needed to judge it."""

import contextlib
from dataclasses import replace

from nbgrader.converters import Autograde

from mlpkit.grading.course.beside import fields
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.hand_ins import Submission, read
from mlpkit.grading.course.kernels import variables
from mlpkit.grading.course.releases import earlier, remember
from mlpkit.grading.job import Job, Limits
from mlpkit.grading.text.digests import Digests
from mlpkit.grading.text.handed_in import Unreadable


class Jobs:
    """Makes the jobs of one assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    limits : Limits, optional
    unsandboxed : bool, optional
        The course's own if not given.
    """

    def __init__(
        self,
        course: Course,
        assignment: str,
        limits: Limits | None = None,
        unsandboxed: bool | None = None,
    ) -> None:
        self.course, self.assignment = course, assignment
        self.limits = course.limits if limits is None else limits
        self.unsandboxed = course.judge.unsandboxed if unsandboxed is None else unsandboxed
        self.sources, self.files = course.sources(assignment), course.files(assignment)
        own = Autograde(coursedir=course.directory, config=course.config).exclude_overwriting
        names = self.files.keys() & {*own.get(assignment, [])}
        # Students hand in their own; the course's are for its own answers.
        self.to_change = {name: self.files.pop(name) for name in sorted(names)}
        self.earlier = {name: self._earlier(name) for name in self.sources}
        self.variables = {name: variables(source) for name, (source, _) in self.sources.items()}

    def job(self, submission: Submission) -> tuple[Job, str | None]:
        """Return the job, and why there is nothing to judge: the release stands for it then."""
        source, released = self.sources[submission.notebook]
        try:
            content = read(submission)
            reason = self.course.of_another(content, self.assignment)
            ignore = self.course.directory.ignore
            with_it = fields(submission, self.files, ignore, self.to_change)
        except Unreadable as error:
            content, reason, with_it = released, str(error), {"notes": []}
        stamp = self.course.handed_in(submission.student, self.assignment).note
        notes = [*submission.notes, *with_it.pop("notes"), *filter(None, [stamp])]
        job = Job(
            student=submission.student,
            assignment=self.assignment,
            notebook=submission.notebook,
            submission=content,
            source=source,
            released=released,
            files=self.files,
            limits=self.limits,
            unsandboxed=self.unsandboxed,
            earlier=self.earlier[submission.notebook],
            variables=self.variables[submission.notebook],
            notes=notes,
            **with_it,
        )
        return job, reason

    def own(self, submission: Submission) -> Job:
        """Return a job for the course's own answers, with the files that students may change."""
        job, _ = self.job(submission)
        return replace(job, helpers=self.to_change, pictures={}, others=[], notes=[], earlier={})

    def _earlier(self, notebook: str) -> Digests:
        """Remember this release, and what lies where releases do; give those before it."""
        root, released = self.course.root, self.sources[notebook][1]
        given_out = self.course.folder("release", ".", self.assignment) / f"{notebook}.ipynb"
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            remember(root, self.assignment, notebook, given_out.read_bytes())
        remember(root, self.assignment, notebook, released)
        return earlier(root, self.assignment, notebook, released)
