"""Sheets for a talk: three questions to each student on their own answers, and what is right.

What a changed line does is found out by running it, in the sandbox, as the judge does.
"""

import json
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import check_sandbox, write_all
from mlpkit.grading.course.hand_ins import Submission
from mlpkit.grading.course.jobs import Jobs
from mlpkit.grading.insight import page
from mlpkit.grading.insight.asked import Asked, on_change, on_check, on_shapes, on_words
from mlpkit.grading.insight.names import Names
from mlpkit.grading.insight.planting import LONGEST as LONGEST_CODE
from mlpkit.grading.insight.planting import Planted, changed_lines, looks
from mlpkit.grading.insight.signing import Signatures, known_signatures
from mlpkit.grading.insight.work import Exercise, Work, exercises, read_work
from mlpkit.grading.job import CourseError, Grade, Job, Result
from mlpkit.grading.workers.pool import Progress, judge_all, no_progress

# How a student's answers are changed to be asked about, and how many of each are run at a time.
Kind = Callable[[str, str, str, str], list[Planted]]
KINDS: dict[Kind, int] = {looks: 1, changed_lines: 2}
ROUNDS = 4
# Who kept the judge longer isn't run again; a run of others may take so many times as long.
LONGEST, TIMES, CALL_SECONDS = 60.0, 3.0, 5.0


@dataclass
class Sheet:
    """One student's questions.

    Parameters
    ----------
    student : str
    shapes, change, other : Asked or None
        On what a line makes, on a changed line, and on something else.
    left : list of str
        What isn't asked about, and why.
    """

    student: str
    shapes: Asked | None = None
    change: Asked | None = None
    other: Asked | None = None
    left: list[str] = field(default_factory=list)

    @property
    def questions(self) -> list[Asked]:
        """Those that there are."""
        return [each for each in (self.shapes, self.other, self.change) if each]


def write_viva(
    course: Course,
    assignment: str,
    folder: str | Path,
    students: frozenset[str] = frozenset(),
    workers: int = 2,
    progress: Progress = no_progress,
) -> list[Path]:
    """Write a sheet for each student, all of them in one file to print, and one with the answers.

    Parameters
    ----------
    course : Course
    assignment : str
        One that was graded.
    folder : path
    students : frozenset of str
        Only these; all if empty.
    workers : int
        How many changed submissions are run at a time.
    progress : callable
        Wraps the loop over (iterable, total): a progress bar.

    Returns
    -------
    list of Path
        The answers, all sheets, and each student's.

    Raises
    ------
    CourseError
        If nothing was graded yet, or one of the students has handed in nothing.
    mlpkit.grading.room.bubblewrap.SandboxMissing
    """
    work, listed = read_work(course, assignment), exercises(course, assignment)
    if missing := sorted(students - set(work)):
        raise CourseError(
            f"No judged work of {', '.join(missing)} for {assignment}.\n"
            f"There is some of {', '.join(sorted(work)[:20])}."
        )
    check_sandbox(course.judge.unsandboxed)
    chosen = [one for name, one in sorted(work.items()) if not students or name in students]
    jobs = _jobs(course, assignment, {one.student for one in chosen})
    talks = [_Talk(course, assignment, one, listed, jobs[one.student]) for one in chosen]
    signatures, names = known_signatures(course, assignment), Names(assignment, course.root)
    for talk in talks:
        talk.ask_without_a_run(signatures, names)
    _ask_by_running(talks, workers, progress)
    sheets = [talk.sheet for talk in talks]
    written = [each for each in listed if each.written]
    pages = {
        "answers.html": render(assignment, sheets, written, answers=True),
        "sheets.html": render(assignment, sheets),
        **{f"sheets/{sheet.student}.html": render(assignment, [sheet]) for sheet in sheets},
    }
    return write_all(folder, {name: text.encode() for name, text in pages.items()})


def _jobs(
    course: Course, assignment: str, students: set[str]
) -> dict[str, dict[str, Callable[[], Job]]]:
    """Give by student and notebook what makes the job of what was handed in, when it is run.

    All jobs of a class at once could take all memory.
    """
    jobs = Jobs(course, assignment)
    found: dict[str, dict[str, Callable[[], Job]]] = {student: {} for student in students}
    for each in course.submissions(assignment):
        if each.student in students:
            found[each.student][each.notebook] = partial(_job, jobs, each)
    return found


def _job(jobs: Jobs, submission: Submission) -> Job:
    return jobs.job(submission)[0]


def _ask_by_running(talks: Sequence["_Talk"], workers: int, progress: Progress) -> None:
    """Plant changes until everybody has questions, or none fits."""
    for talk in talks:
        talk.find_plants()
    for _ in range(ROUNDS):
        plants = [(talk, kind, plant) for talk in talks for kind, plant in talk.next_plants()]
        jobs = ((at, talk.job(plant)) for at, (talk, _, plant) in enumerate(plants))
        found = {
            at: _grade(result, plants[at][2].exercise)
            for at, result in progress(judge_all(jobs, workers), len(plants))
        }
        # In their order, whichever was run first: who is asked again is asked the same.
        for at, (talk, kind, plant) in enumerate(plants):
            if grade := found[at]:
                talk.learn(kind, plant, grade)


def _grade(result: Result, test: str) -> Grade | None:
    return next((each for each in result.grades if each.grade_id == test), None)


class _Talk:
    """One student's sheet while it is made."""

    def __init__(
        self,
        course: Course,
        assignment: str,
        work: Work,
        listed: Sequence[Exercise],
        jobs: Mapping[str, Callable[[], Job]],
    ) -> None:
        self.work, self.listed, self.jobs = work, listed, jobs
        self.folder = course.folder("autograded", work.student, assignment)
        # What a student is asked is drawn, and drawn alike in each run.
        self.rng = random.Random(f"{assignment} {work.student}")
        self.sheet = Sheet(work.student)
        self.left: dict[Kind, list[Planted]] = {}

    def ask_without_a_run(self, signatures: Signatures, names: Names) -> None:
        """Ask about a check that failed, or else about a sentence of a written answer."""
        self.sheet.other = self._on_check(signatures, names) or self._on_words()

    def _on_check(self, signatures: Signatures, names: Names) -> Asked | None:
        for each in self._answered():
            grade = self.work.grades.get(each.name)
            if grade is not None and grade.messages and grade.kind == "test":
                signed = signatures.get((self.work.student, each.notebook), {}).get(each.name)
                called = names.of(each.name, signed) if signed else []
                text = self.work.answers[each.name]
                return on_check(each.name, grade, text, called, each.solution)
        return None

    def _on_words(self) -> Asked | None:
        for each in self._answered():
            if each.written and self.work.answers[each.name].strip():
                return on_words(each.name, self.work.answers[each.name], self.rng)
        return None

    def _answered(self) -> Iterable[Exercise]:
        """Yield the exercises into which something was written."""
        for each in self.listed:
            text = self.work.answers.get(each.name)
            if text is not None and text.strip() != each.released.strip():
                yield each

    def find_plants(self) -> None:
        """List what could be planted: in right answers first, and in another exercise each time."""
        self.left = {kind: [] for kind in KINDS}
        if (seconds := self.work.seconds) > LONGEST:
            self.sheet.left.append(f"judging it took {seconds:.0f} seconds, so it isn't run again")
            return
        self._say_what_is_too_long()
        for kind in KINDS:
            lists = []
            for each in self.listed:
                if not each.written and self._points(each.name) > 0:
                    plants = [plant for args in self._cells(each) for plant in kind(*args)]
                    self.rng.shuffle(plants)
                    lists.append(plants)
            self.rng.shuffle(lists)
            in_turn = zip_longest(*lists)
            self.left[kind] = [plant for each in in_turn for plant in each if plant is not None]

    def _say_what_is_too_long(self) -> None:
        for each in self.listed:
            texts = [source for _, _, source, _ in self._cells(each)]
            if not each.written and max(map(len, texts), default=0) > LONGEST_CODE:
                self.sheet.left.append(f"{each.name}: a cell of more than {LONGEST_CODE:,} letters")

    def _points(self, exercise: str) -> float:
        grade = self.work.grades.get(exercise)
        return grade.earned if grade else 0.0

    def _cells(self, each: Exercise) -> Iterable[tuple[str, str, str, str]]:
        for cell in each.answers:
            name = cell.grade_id or ""
            yield each.name, name, self.work.cells.get(name, ""), cell.released

    def next_plants(self) -> Iterable[tuple[Kind, Planted]]:
        """Take what is to be run next: nothing of a kind that is asked about."""
        sheet = self.sheet
        for kind, most in KINDS.items():
            if not (sheet.shapes if kind is looks else sheet.change and sheet.other):
                for plant in self.left[kind][:most]:
                    yield kind, plant
                del self.left[kind][:most]

    def job(self, plant: Planted) -> Job:
        """Give the job of the judged notebook with this cell in it: all else is as it was."""
        notebook = next(each.notebook for each in self.listed if each.name == plant.exercise)
        tree, job = (
            json.loads((self.folder / f"{notebook}.ipynb").read_bytes()),
            self.jobs[notebook](),
        )
        for cell in tree["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = []
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == plant.cell:
                cell["source"] = plant.changed
        job = self.jobs[notebook]()
        limits = replace(
            job.limits,
            call_seconds=min(CALL_SECONDS, job.limits.call_seconds),
            submission_seconds=min(
                max(10.0, TIMES * self.work.seconds), job.limits.submission_seconds
            ),
        )
        return replace(job, submission=json.dumps(tree).encode(), limits=limits)

    def learn(self, kind: Kind, plant: Planted, grade: Grade) -> None:
        """Ask about a change, by the grade that it was given."""
        sheet, before = self.sheet, self._points(plant.exercise)
        if kind is looks:
            sheet.shapes = sheet.shapes or on_shapes(plant, grade)
        elif "check" in grade.kinds and grade.earned < before:
            asked = on_change(plant, grade, before)
            if sheet.change is None or (sheet.change.crash and not asked.crash):
                sheet.change = asked
            elif sheet.other is None and sheet.change.exercise != asked.exercise:
                sheet.other = asked


def render(
    assignment: str, sheets: list[Sheet], written: Sequence[Exercise] = (), answers: bool = False
) -> str:
    """Return a page as HTML, with the answers or without; what came from a student is escaped."""
    about = {"assignment": assignment, "written": written, "answers": answers}
    return page.render("viva.html.j2", sheets=sheets, **about)
