"""Before a class is judged: do the tests accept the course's own answers, and nothing blank?"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from mlpkit.by_hand import WORDS
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import check_sandbox
from mlpkit.grading.course.hand_ins import Submission
from mlpkit.grading.course.jobs import Jobs
from mlpkit.grading.course.journal import fingerprint, write_whole
from mlpkit.grading.job import CourseError, Grade, Job, Result
from mlpkit.grading.judging.signs import DEPENDS, INSIDE, looked_at
from mlpkit.grading.text.names import commands
from mlpkit.grading.text.plan import PlannedCell, read_plan
from mlpkit.grading.workers import pool

SOLUTION, BLANK = "the course's own answers", "the blank release"
PAGE = "see docs/bringing_a_course.md"
LACKING = re.compile(r"No module named '([\w.]+)'")
NOBODY = "Nobody was judged: these tests would give wrong marks."
ALL_INSIDE = "let all tests run inside, in nbgrader_config.py: c.Judge.tests = 'inside'; or "
MEANT = "say that these marks are meant: mlpkit grade … --accept-tests"
WHERE_IT_PASSES = (
    f"where it passes in JupyterLab, write {INSIDE!r} into it ({PAGE}); "
    "else mend the answer or the test"
)
JudgeAll = Callable[[Iterable[tuple[str, Job]]], Iterable[tuple[str, Result]]]


@dataclass(frozen=True)
class Finding:
    """A test that doesn't tell the course's own answers from none.

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


def check(jobs: Iterable[Job], folder: Path, judge_all: JudgeAll, accepted: bool) -> list[Finding]:
    """Look at an assignment's tests before a class is judged by them.

    Parameters
    ----------
    jobs : iterable of Job
        One of each notebook, of any student.
    folder : Path
        Where what was found is kept.
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
        each, before = look(job, folder, judge_all)
        if each and accepted and not before:
            accept(job, folder, each)
        found += each
        refused += [] if accepted or before else each
    if refused:
        inside = ALL_INSIDE if any(each.outside for each in refused) else ""
        raise CourseError("\n".join([*map(str, refused), NOBODY, f"Mend them; or {inside}{MEANT}"]))
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
    check(
        (jobs.own(each) for each in nobodys),
        folder_of(course, assignment),
        pool.judge_all,
        course.judge.accept_tests,
    )


def folder_of(course: Course, assignment: str) -> Path:
    """Give the folder in which is kept what was found of an assignment."""
    return course.root / ".mlpkit" / "preflight" / assignment


def look(job: Job, folder: Path, judge_all: JudgeAll) -> tuple[list[Finding], bool]:
    """Judge a notebook's own answers and its blank release, once for each state of the source.

    Parameters
    ----------
    job : Job
        Of any student: what is to be judged is replaced.
    folder : Path
        Where what was found is kept.
    judge_all : callable
        Judges jobs, given with a key each.

    Returns
    -------
    findings : list of Finding
    accepted : bool
        Somebody has said that the class is to be judged all the same.

    Raises
    ------
    CourseError
        If judging itself failed.
    """
    jobs = {SOLUTION: _handed_in(job, job.source), BLANK: _handed_in(job, job.released)}
    marks = [fingerprint(each) for each in jobs.values()]
    known = _known(folder / f"{job.notebook}.json")
    if known.get("of") == marks:
        return [Finding(**each) for each in known["findings"]], bool(known.get("accepted"))
    results = dict(judge_all(jobs.items()))
    died = [result.failure for result in results.values() if result.died]
    if died:
        raise CourseError(f"{job.notebook}: {died[0]}.\nRun the same command again.")
    found = list(_findings(job, results))
    _keep(folder, job.notebook, marks, found, accepted=False)
    return found, False


def accept(job: Job, folder: Path, found: Sequence[Finding]) -> None:
    """Note that the class is to be judged although the tests are as they were found."""
    marks = [fingerprint(_handed_in(job, content)) for content in (job.source, job.released)]
    _keep(folder, job.notebook, marks, found, accepted=True)


def _handed_in(job: Job, content: bytes) -> Job:
    return replace(job, student=".", submission=content)


def _known(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_bytes())
        return known if isinstance(known, dict) else {}
    except (OSError, ValueError):
        return {}


def _keep(
    folder: Path, notebook: str, marks: Sequence[str], found: Sequence[Finding], accepted: bool
) -> None:
    tree = {"of": marks, "findings": [asdict(each) for each in found], "accepted": accepted}
    write_whole(folder / f"{notebook}.json", json.dumps(tree, indent=1).encode())


def _findings(job: Job, results: dict[str, Result]) -> Iterator[Finding]:
    plan = read_plan(job.source, job.released)
    answers = set[str]().union(*(cell.binds for cell in plan.cells if cell.kind == "solution"))
    blank = {grade.grade_id: grade for grade in results[BLANK].grades}
    for grade in (grade for grade in results[SOLUTION].grades if grade.kind == "test"):
        test, cell = grade.grade_id, plan.named[grade.grade_id]
        if not grade.is_full:
            yield Finding(job.notebook, test, *_missed(grade, cell, answers))
        elif blank[test].earned > 0:
            yield Finding(job.notebook, test, *_given(blank[test], cell))


def _missed(grade: Grade, cell: PlannedCell, answers: set[str]) -> tuple[str, str, bool]:
    """Say how far the course's own answers come in a test, what to do, and whether inside helps."""
    told = " ".join(grade.messages[:1]).partition(DEPENDS)[0].strip() or "it doesn't say why"
    what = f"{SOLUTION} earn {grade.earned:g} of {grade.max_points:g} points: {told[:300]}"
    if lacking := LACKING.search(told):
        return (
            what,
            f"install {lacking[1]!r} where it is judged, or lay it beside the source",
            False,
        )
    if WORDS in told:
        return what, f"name in it what is to be done by hand: '# by hand: nothing' ({PAGE})", False
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
