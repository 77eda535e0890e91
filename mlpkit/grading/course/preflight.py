"""Before a class is judged: do the tests accept the course's own answers, and nothing blank?"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from mlpkit.by_hand import WORDS
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import check_sandbox
from mlpkit.grading.course.hand_ins import Submission
from mlpkit.grading.course.jobs import Jobs
from mlpkit.grading.course.journal import fingerprint, write_whole
from mlpkit.grading.course.kernels import differences
from mlpkit.grading.job import CourseError, Grade, Job, Result
from mlpkit.grading.judging.causes import NO_MODULE
from mlpkit.grading.judging.credit import NO_NUMBER
from mlpkit.grading.judging.signs import DEPENDS, INSIDE, looked_at
from mlpkit.grading.text.names import commands
from mlpkit.grading.text.plan import PlannedCell, read_plan
from mlpkit.grading.workers.pool import judge_all

SOLUTION, BLANK = "the course's own answers", "the blank release"
KERNEL = "its kernel"
PAGE = "see docs/bringing_a_course.md"
NOBODY = "Nobody was judged, as marks would be wrong."
ALL_INSIDE = "let all tests run inside, in nbgrader_config.py: c.Judge.tests = 'inside'; or "
MEANT = "say that these marks are meant: mlpkit grade … --accept-tests"
WHERE_IT_PASSES = (
    f"where it passes in JupyterLab, write {INSIDE!r} into it ({PAGE}); "
    "else mend the answer or the test"
)
JudgeAll = Callable[[Iterable[tuple[str, Job]]], Iterable[tuple[str, Result]]]


@dataclass(frozen=True)
class Finding:
    """A test that doesn't tell the course's own answers from none, or a kernel that isn't had.

    Attributes
    ----------
    notebook, test : str
    what : str
        What it does, and why.
    remedy : str
    outside : bool
        It might do if it ran inside.
    """

    notebook: str
    test: str
    what: str
    remedy: str
    outside: bool = False

    def __str__(self) -> str:
        return f"{self.notebook}, {self.test}: {self.what}\n    → {self.remedy}"


@dataclass(frozen=True)
class _Looked:
    """What was found of one notebook, by the fingerprints of what was judged for it.

    Attributes
    ----------
    of : list of str
    findings : list of Finding
    accepted : bool
        Somebody has said that the class is to be judged all the same.
    """

    of: list[str]
    findings: list[Finding]
    accepted: bool = False


def check(
    course: Course, assignment: str, jobs: Iterable[Job], judge_all: JudgeAll, accepted: bool
) -> list[Finding]:
    """Look at an assignment's tests before a class is judged by them.

    Parameters
    ----------
    course : Course
        Which keeps what was found.
    assignment : str
    jobs : iterable of Job
        One of each notebook, of any student.
    judge_all : callable
        Judges jobs, given with a key each.
    accepted : bool
        The class is to be judged whatever is found; that is remembered.

    Returns
    -------
    list of Finding
        What was found and accepted.

    Raises
    ------
    CourseError
        If something was found and nobody has accepted it, or judging itself failed.
    """
    found: list[Finding] = []
    refused: list[Finding] = []
    for job in jobs:
        path = course.root / ".mlpkit" / "preflight" / assignment / f"{job.notebook}.json"
        looked = _look(job, path, judge_all)
        if looked.findings and accepted and not looked.accepted:
            looked = replace(looked, accepted=True)
            _keep(path, looked)
        found += looked.findings
        if looked.findings and not looked.accepted:
            refused += looked.findings
    if refused:
        inside = ALL_INSIDE if any(each.outside for each in refused) else ""
        told = [*map(str, refused), NOBODY]
        raise CourseError("\n".join([*told, f"Mend them; or {inside}{MEANT}"]))
    return found


def look_at_tests(course: Course, assignment: str) -> None:
    """Try an assignment's tests with its own answers and with none, before there is a class.

    Raises
    ------
    CourseError
        If they would give wrong marks: with each test, the reason and what to do.
    SandboxMissing
    """
    check_sandbox(course.judge.unsandboxed)
    jobs = Jobs(course, assignment)
    nobodys = [Submission(".", name, None, "nobody handed it in") for name in jobs.sources]
    check(course, assignment, map(jobs.own, nobodys), judge_all, course.judge.accept_tests)


def _look(job: Job, path: Path, judge_all: JudgeAll) -> _Looked:
    """Judge a notebook's own answers and its blank release, once for each state of the source."""
    jobs = {
        SOLUTION: replace(job, student=".", submission=job.source),
        BLANK: replace(job, student=".", submission=job.released),
    }
    kernels = [Finding(job.notebook, KERNEL, *told) for told in differences(job.source)]
    marks = [*map(fingerprint, jobs.values()), *(each.what for each in kernels)]
    known = _known(path)
    if known is not None and known.of == marks:
        return known
    results = dict(judge_all(jobs.items()))
    died = [result.failure for result in results.values() if result.died]
    if died:
        raise CourseError(f"{job.notebook}: {died[0]}.\nRun the same command again.")
    looked = _Looked(marks, [*_findings(job, results), *kernels])
    _keep(path, looked)
    return looked


def _known(path: Path) -> _Looked | None:
    try:
        tree = json.loads(path.read_bytes())
        findings = [Finding(**each) for each in tree["findings"]]
        return _Looked(tree["of"], findings, bool(tree["accepted"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # looked at again rather than believed


def _keep(path: Path, looked: _Looked) -> None:
    write_whole(path, json.dumps(asdict(looked), indent=1).encode())


def _findings(job: Job, results: dict[str, Result]) -> Iterator[Finding]:
    plan = read_plan(job.source, job.released)
    blank = {grade.grade_id: grade for grade in results[BLANK].grades}
    for grade in (grade for grade in results[SOLUTION].grades if grade.kind == "test"):
        test, cell = grade.grade_id, plan.named[grade.grade_id]
        if not grade.is_full:
            yield Finding(job.notebook, test, *_missed(grade, cell, plan.answers, job.helpers))
        elif blank[test].earned > 0:
            yield Finding(job.notebook, test, *_given(blank[test], cell))


def _missed(
    grade: Grade, cell: PlannedCell, answers: set[str], theirs: Iterable[str]
) -> tuple[str, str, bool]:
    """Say how far the course's own answers come in a test, what to do, and whether inside helps."""
    told = " ".join(grade.messages[:1]).partition(DEPENDS)[0].strip() or "it doesn't say why"
    what = f"{SOLUTION} earn {grade.earned:g} of {grade.max_points:g} points: {told[:300]}"
    lacking = NO_MODULE.search(told)
    root = lacking[1].partition(".")[0] if lacking else ""
    if any(name in (f"{root}.py", f"{root}/__init__.py") for name in theirs):
        return what, _run_inside(f"the module {root!r}, which students hand in"), True
    if lacking:
        return (
            what,
            f"install {lacking[1]!r} where it is judged, or lay it beside the source",
            False,
        )
    if WORDS in told:
        return what, f"name in it what is to be done by hand: '# by hand: nothing' ({PAGE})", False
    if NO_NUMBER in told:
        return what, "let it end in nothing, or in a number of points", True
    if cell.inside:
        return what, "run the source from a clean kernel, and mend the answer or the test", False
    seen = looked_at(cell.full, answers, told)
    return what, _run_inside(" and ".join(seen)) if seen else WHERE_IT_PASSES, True


def _given(blank: Grade, cell: PlannedCell) -> tuple[str, str, bool]:
    """Say what a blank release earns in a test, what to do, and whether inside helps."""
    what = f"{BLANK} earns {blank.earned:g} of {blank.max_points:g} points"
    asked = [] if cell.inside else commands(cell.full)
    if asked:
        return what, _run_inside(f"IPython's {' and '.join(sorted(set(asked)))}"), True
    return what, "let it ask for something that has to be written, or take its points away", False


def _run_inside(seen: str) -> str:
    return f"it looks at {seen}: write {INSIDE!r} into it ({PAGE})"
