"""Grade a class: every submission ends with a row, and a second call goes on where one stopped."""

import contextlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mlpkit.grading.course import preflight
from mlpkit.grading.course.around import Around
from mlpkit.grading.course.beside import fields
from mlpkit.grading.course.carried import carry_files, carry_letters, clear
from mlpkit.grading.course.choice import Choice
from mlpkit.grading.course.damage import check_gradebook, set_aside
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.gradebook import Writer, patiently
from mlpkit.grading.course.guards import check_sandbox, disk_errors_in_words, only_one
from mlpkit.grading.course.jobs import Jobs
from mlpkit.grading.course.journal import Journal, fingerprint, only_the_judge_changed
from mlpkit.grading.job import Job, Limits, Result
from mlpkit.grading.judging.rows import refuse
from mlpkit.grading.workers import pool

Key = tuple[str, str]


@dataclass(frozen=True)
class Options:
    """How a class is graded.

    Attributes
    ----------
    students : frozenset of str
        Only these, by their names or by patterns; if empty, those of nbgrader's settings.
    force : bool
        Judge again what has not changed.
    workers : int
        Processes on this machine.
    scheduler : str or None
        A Dask scheduler's address, whose workers are used instead.
    tls : dict of str to str or None
        Files for it; see :func:`mlpkit.grading.workers.remote.judge_all`.
    unsandboxed : bool
        Accept to run without bubblewrap.
    new_gradebook : bool
        Set a damaged gradebook aside, and write what was judged into a new one.
    limits : Limits
    preflight : bool
        Try the tests with the course's own answers and with none before anybody is judged.
    accept_tests : bool
        Judge whatever that finds.
    converter : nbgrader.converters.Autograde or None
        The one at work, where nbgrader's own command was called.
    progress : callable
        Wraps the loop over (iterable, total): a progress bar.
    """

    students: frozenset[str] = frozenset()
    force: bool = False
    workers: int = 2
    scheduler: str | None = None
    tls: dict[str, str] | None = None
    unsandboxed: bool = False
    new_gradebook: bool = False
    limits: Limits = field(default_factory=Limits)
    preflight: bool = True
    accept_tests: bool = False
    converter: Any = None
    progress: pool.Progress = pool.no_progress


@dataclass
class Summary:
    """What a run did.

    Attributes
    ----------
    results : list of Result
        Of every submission asked for, without the judged notebooks.
    judged, kept : int
        How many of them were judged in this run, and how many had been before.
    older : int
        How many of those judged in this run had been judged before, by another kit, Python or
        NumPy, and have not changed since.
    warnings : list of str
        Who has a folder and no result, and which names are too much alike.
    refused : list of str
        Who was left out, since the settings say that nobody new is to be graded.
    """

    results: list[Result]
    judged: int
    kept: int
    older: int = 0
    warnings: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def journal_of(course: Course, assignment: str) -> Journal:
    """Return the journal of an assignment, kept in the course's folder."""
    return Journal(course.root / ".mlpkit" / "judged" / assignment)


def grade_class(course: Course, assignment: str, options: Options | None = None) -> Summary:
    """Judge what is new or changed in a class, and write it into the gradebook.

    Raises
    ------
    CourseError
        If the course's own files, its gradebook or the disk stand in the way; whatever was
        judged by then is kept, and the next call goes on from there.
    mlpkit.grading.room.bubblewrap.SandboxMissing
        If there is no bubblewrap here, and `unsandboxed` isn't set.
    """
    options = options or Options()
    around = Around(course, assignment, options.converter)
    around.check()
    check_sandbox(options.unsandboxed, options.scheduler)
    with (
        disk_errors_in_words(),
        only_one(journal_of(course, assignment).folder, assignment),
        contextlib.chdir(course.root),  # from where nbgrader names databases, hooks and plugins
    ):
        if options.new_gradebook:
            set_aside(course.directory.db_url)
        check_gradebook(course.directory.db_url, assignment)
        run = _Run(course, assignment, options, around)
        try:
            return run.go()
        finally:
            run.writer.close()


class _Run:
    def __init__(self, course: Course, assignment: str, options: Options, around: Around) -> None:
        self.course, self.assignment = course, assignment
        self.options, self.around = options, around
        self.jobs = Jobs(course, assignment, options.limits, options.unsandboxed)
        self.journal, self.writer = journal_of(course, assignment), Writer(course, assignment)
        self.choice = Choice(course, assignment, options.students)
        self.submissions = self.choice.submissions
        self.results: dict[Key, Result] = {}
        self.older = 0

    def go(self) -> Summary:
        warnings = self.choice.warnings
        patiently(self.writer.prepare)
        warnings += self.writer.told + self.around.warnings()
        self.choice.leave_out(self.writer, self.around)
        known, judged = patiently(self.writer.known), 0
        ready: dict[Key, tuple[str, Result]] = {}
        waiting: dict[Key, str] = {}
        for key, submission in self.submissions.items():
            job, reason = self.jobs.job(submission)
            mark = fingerprint(job, reason)
            result, in_gradebook = self._kept(key, mark)
            judged += result is None
            if result is not None and in_gradebook and self._in_place(key, known):
                self.results[key] = replace(result, judged=b"")
            elif result is not None or reason:
                ready[key] = mark, result or refuse(job, str(reason))
            else:
                waiting[key] = mark
        if waiting and self.options.preflight:
            self._check_tests(waiting)
        self.around.expect(student for student, _ in (*ready, *waiting))
        for mark, result in ready.values():
            self._settle(mark, result)
        if waiting:
            self._judge(waiting)
        warnings += patiently(self.writer.settle)
        results = [self.results[key] for key in self.submissions]
        kept = len(results) - judged
        return Summary(results, judged, kept, self.older, warnings, self.choice.refused)

    def _kept(self, key: Key, mark: str) -> tuple[Result | None, bool]:
        """Give what an earlier call found of just this, and whether the gradebook has it."""
        kept = self.journal.find(*key)
        self.older += kept is not None and only_the_judge_changed(kept.fingerprint, mark)
        if self.options.force or kept is None or kept.fingerprint != mark:
            return None, False
        return kept.result, kept.in_gradebook

    def _in_place(self, key: Key, known: set[str]) -> bool:
        """Whether what was judged is still where it was written; its letters are brought there."""
        student, notebook = key
        written = self.course.folder("autograded", student, self.assignment) / f"{notebook}.ipynb"
        if student not in known or not written.is_file():
            return False
        carry_letters(self.course, student, self.assignment)
        return True

    def _check_tests(self, waiting: Iterable[Key]) -> None:
        """Try each notebook's tests with the course's own answers, and with none."""
        of_one = {notebook: (student, notebook) for student, notebook in waiting}
        jobs = [self.jobs.own(self.submissions[key]) for key in of_one.values()]
        accept = self.options.accept_tests or self.course.judge.accept_tests
        preflight.check(self.course, self.assignment, jobs, self._judged, accept)

    def _judge(self, waiting: dict[Key, str]) -> None:
        with closing(self._judged(self._jobs(waiting))) as results:
            for key, result in self.options.progress(results, len(waiting)):
                self._settle(waiting[key], result)

    def _judged(self, jobs: Iterable[tuple[Any, Job]]) -> Generator[tuple[Any, Result], None, None]:
        if self.options.scheduler is None:
            return pool.judge_all(jobs, self.options.workers)
        from mlpkit.grading.workers import remote  # Dask is an extra

        return remote.judge_all(jobs, self.options.scheduler, self.options.tls)

    def _jobs(self, waiting: dict[Key, str]) -> Iterator[tuple[Key, Job]]:
        for key, mark in waiting.items():
            self.around.before(key[0], self._notebooks(key[0]))
            job, reason = self.jobs.job(self.submissions[key])
            if reason:  # it was there a moment ago
                self._settle(mark, refuse(job, reason))
            else:
                yield key, job

    def _settle(self, mark: str, result: Result) -> None:
        """Keep first, then write: killed in between, the next call writes it without judging."""
        self.journal.keep(mark, result)
        patiently(lambda: self.writer.record(result))
        self._carry_files(result)
        self.journal.settle(result.student, result.notebook)
        self.around.after(result.student, self._notebooks(result.student))
        self.results[result.student, result.notebook] = replace(result, judged=b"")

    def _carry_files(self, result: Result) -> None:
        """Put beside the judged notebook what it needs to be run again."""
        submission = self.submissions[result.student, result.notebook]
        theirs = fields(submission, self.jobs.files, self.course.directory.ignore)
        files = {**theirs["pictures"], **theirs["helpers"], **self.jobs.files}
        folder = self.course.folder("autograded", result.student, self.assignment)
        carry_files(folder, files)
        if self.options.force and self.course.directory.notebook_id == "*":
            clear(folder, {*files, *(f"{name}.ipynb" for name in self.jobs.sources)})

    def _notebooks(self, student: str) -> list[Path]:
        """List the files that are a student's notebooks."""
        theirs = [each for key, each in self.submissions.items() if key[0] == student]
        return [each.file.path for each in theirs if each.file is not None]
