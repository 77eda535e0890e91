"""The signatures of a class: found once for each wrong answer, and kept beside what was judged."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import check_sandbox, disk_errors_in_words, only_one
from mlpkit.grading.course.hand_ins import Submission
from mlpkit.grading.course.jobs import Jobs
from mlpkit.grading.course.journal import Journal, fingerprint
from mlpkit.grading.course.run import journal_of
from mlpkit.grading.job import Job, Result, Signature
from mlpkit.grading.workers.pool import Progress, judge_all, no_progress

Key = tuple[str, str]
Signatures = dict[Key, dict[str, Signature]]


def sign_class(
    course: Course,
    assignment: str,
    workers: int = 2,
    progress: Progress = no_progress,
) -> Signatures:
    """Find the signature of each answer that lost points; what is known isn't looked for again.

    Parameters
    ----------
    course : Course
    assignment : str
        One that was graded.
    workers : int
        How many submissions at a time.
    progress : callable
        Wraps the loop over (iterable, total): a progress bar.

    Returns
    -------
    dict of (student, notebook) to dict of str to Signature
        By the tests' names.

    Raises
    ------
    CourseError
        If the disk stands in the way, or another run is at it.
    mlpkit.grading.room.bubblewrap.SandboxMissing
    """
    kept = _kept(course, assignment)
    with disk_errors_in_words(), only_one(kept.folder, assignment):
        found, waiting = _known(course, assignment, kept)
        if waiting:
            check_sandbox(course.judge.unsandboxed)
        jobs = ((key, make()) for key, (make, _) in waiting.items())
        for key, result in progress(judge_all(jobs, workers), len(waiting)):
            kept.keep(waiting[key][1], result)
            kept.settle(*key)
            found[key] = found.get(key, {}) | result.signatures
    return found


def known_signatures(course: Course, assignment: str) -> Signatures:
    """Give the signatures that were found before, without looking for any."""
    folder, found = _kept(course, assignment).folder, Signatures()
    for path in sorted(folder.glob("*/*.json")):
        entry = Journal(folder).find(path.parent.name, path.stem)
        if entry:
            found[path.parent.name, path.stem] = entry.result.signatures
    return found


def _kept(course: Course, assignment: str) -> Journal:
    return Journal(course.root / ".mlpkit" / "signatures" / assignment)


def _known(
    course: Course, assignment: str, kept: Journal
) -> tuple[Signatures, dict[Key, tuple[Callable[[], Job], str]]]:
    """Give what is known, and for what isn't what makes its job, with the job's fingerprint."""
    judged, found = journal_of(course, assignment), Signatures()
    waiting: dict[Key, tuple[Callable[[], Job], str]] = {}
    jobs = Jobs(course, assignment)
    for submission in course.submissions(assignment):
        key = submission.student, submission.notebook
        entry = judged.find(*key)
        wanted = _lost(entry.result) if entry else []
        if not wanted:
            continue
        job, reason = jobs.job(submission)
        if reason:
            found[key] = dict.fromkeys(wanted, Signature("not run", reason))
            continue
        mark = f"{fingerprint(replace(job, sign=wanted))}-{','.join(wanted)}"
        before = kept.find(*key)
        if before and before.fingerprint == mark:
            found[key] = before.result.signatures
        else:
            waiting[key] = partial(_to_sign, jobs, submission, wanted), mark
    return found, waiting


def _to_sign(jobs: Jobs, submission: Submission, wanted: list[str]) -> Job:
    return replace(jobs.job(submission)[0], sign=wanted)


def _lost(result: Result) -> list[str]:
    """Name the tests at which points were lost."""
    tests = [grade for grade in result.grades if grade.kind == "test"]
    return [test.grade_id for test in tests if not test.is_full]
