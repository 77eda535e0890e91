"""Sheets for a talk: three questions to each student on their own answers, and what is right.

What a changed line does is found out by running it, in the sandbox, as the judge does.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import check_sandbox, write_all
from mlpkit.grading.course.jobs import Jobs
from mlpkit.grading.insight import page
from mlpkit.grading.insight.names import Names
from mlpkit.grading.insight.planting import Planted, changed_lines, looks, told
from mlpkit.grading.insight.signing import known_signatures
from mlpkit.grading.insight.work import Exercise, Work, exercises, read_work
from mlpkit.grading.job import CourseError, Grade, Job, Result
from mlpkit.grading.workers.pool import Progress, judge_all, no_progress

Key = tuple[str, str, int]
CHANGES, LOOKS, ROUNDS = 2, 1, 4


@dataclass(frozen=True)
class Asked:
    """One question and its answer.

    Parameters
    ----------
    exercise, asks, answer : str
    code : list of (str, bool)
        Lines of the student's, each with whether it is the one in question.
    instead : str
        The line that stands there instead.
    crash : bool
        The change ends in an error, which tells less of what somebody understands.
    """

    exercise: str
    asks: str
    answer: list[str]
    code: list[tuple[str, bool]] = field(default_factory=list)
    instead: str = ""
    crash: bool = False


@dataclass
class Sheet:
    """One student's questions.

    Parameters
    ----------
    student : str
    shapes, change, other : Asked or None
        On what a line makes, on a changed line, and on something else.
    """

    student: str
    shapes: Asked | None = None
    change: Asked | None = None
    other: Asked | None = None

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
    work = read_work(course, assignment)
    if missing := sorted(students - set(work)):
        raise CourseError(
            f"No judged work of {', '.join(missing)} for {assignment}.\n"
            f"There is some of {', '.join(sorted(work)[:20])}."
        )
    chosen = {name: one for name, one in sorted(work.items()) if not students or name in students}
    talks = _Talks(course, assignment, chosen)
    sheets = talks.sheets(workers, progress)
    written = [each for each in talks.listed if each.written]
    pages = {
        "answers.html": render(assignment, sheets, written, answers=True),
        "sheets.html": render(assignment, sheets),
        **{f"sheets/{sheet.student}.html": render(assignment, [sheet]) for sheet in sheets},
    }
    return write_all(folder, {name: text.encode() for name, text in pages.items()})


class _Talks:
    """The sheets of a class while they are made."""

    def __init__(self, course: Course, assignment: str, work: Mapping[str, Work]) -> None:
        self.course, self.assignment, self.work = course, assignment, work
        self.listed = exercises(course, assignment)
        self.signatures = known_signatures(course, assignment)
        self.names = Names(assignment, course.root)
        jobs = Jobs(course, assignment)
        # What a student is asked is drawn, and drawn alike in each run.
        self.rng = {student: random.Random(f"{assignment} {student}") for student in work}
        self.jobs: dict[tuple[str, str], Job] = {}
        for submission in course.submissions(assignment):
            if submission.student in work:
                job, _ = jobs.job(submission)
                self.jobs[submission.student, submission.notebook] = job
        check_sandbox(course.judge.unsandboxed)
        self.found = {student: Sheet(student) for student in work}

    def sheets(self, workers: int, progress: Progress) -> list[Sheet]:
        """Ask what needs no run; then plant changes until everybody has questions, or none fits."""
        for student in self.work:
            self.found[student].other = self._wrong(student) or self._written(student)
        waiting = {student: self._plants(student) for student in self.work}
        for _ in range(ROUNDS):
            plants = {
                (student, kind, at): plant
                for student, kinds in waiting.items()
                for kind, most in (("look", LOOKS), ("change", CHANGES))
                for at, plant in enumerate(self._next(student, kind, kinds[kind], most))
            }
            jobs = ((key, self._job(key[0], plant)) for key, plant in plants.items())
            for key, result in progress(judge_all(jobs, workers), len(plants)):
                self._learn(key[0], key[1], plants[key], result)
        return list(self.found.values())

    def _plants(self, student: str) -> dict[str, list[Planted]]:
        """List what could be planted: in right answers first, and in another exercise each time."""
        kinds: dict[str, list[Planted]] = {}
        for kind, make in (("look", looks), ("change", changed_lines)):
            lists = []
            for each in self.listed:
                if not each.written and self._points(student, each.name) > 0:
                    plants = [plant for args in self._cells(student, each) for plant in make(*args)]
                    self.rng[student].shuffle(plants)
                    lists.append(plants)
            self.rng[student].shuffle(lists)
            longest = max(map(len, lists), default=0)
            kinds[kind] = [each[at] for at in range(longest) for each in lists if at < len(each)]
        return kinds

    def _cells(self, student: str, each: Exercise) -> Iterable[tuple[str, str, str, str]]:
        cells = self.work[student].cells
        for cell in each.answers:
            name = cell.grade_id or ""
            yield each.name, name, cells.get(name, ""), cell.released

    def _next(self, student: str, kind: str, left: list[Planted], most: int) -> list[Planted]:
        sheet = self.found[student]
        enough = sheet.shapes if kind == "look" else sheet.change and sheet.other
        taken = [] if enough else left[:most]
        del left[: len(taken)]
        return taken

    def _job(self, student: str, plant: Planted) -> Job:
        """Give the job of the judged notebook with this cell in it: all else is as it was."""
        notebook = next(each.notebook for each in self.listed if each.name == plant.exercise)
        folder = self.course.folder("autograded", student, self.assignment)
        tree = json.loads((folder / f"{notebook}.ipynb").read_bytes())
        for cell in tree["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == plant.cell:
                cell["source"] = plant.changed
        return replace(self.jobs[student, notebook], submission=json.dumps(tree).encode())

    def _points(self, student: str, exercise: str) -> float:
        grade = self.work[student].grades.get(exercise)
        return grade.earned if grade else 0.0

    def _learn(self, student: str, kind: str, plant: Planted, result: Result) -> None:
        grade = next((each for each in result.grades if each.grade_id == plant.exercise), None)
        sheet = self.found[student]
        if grade is None:
            return
        if kind == "look":
            sheet.shapes = sheet.shapes or _on_shapes(plant, grade)
        elif "check" in grade.kinds and grade.earned < self._points(student, plant.exercise):
            asked = _on_change(plant, grade, self._points(student, plant.exercise))
            if sheet.change is None or (sheet.change.crash and not asked.crash):
                sheet.change = asked
            elif sheet.other is None and sheet.change.exercise != asked.exercise:
                sheet.other = asked

    def _wrong(self, student: str) -> Asked | None:
        """Ask about a check that failed, with the mistake's name for the instructor."""
        one = self.work[student]
        for each in self.listed:
            grade = one.grades.get(each.name)
            answered = one.answers.get(each.name, "").strip() != each.released.strip()
            if grade is None or not (grade.messages and answered and grade.kind == "test"):
                continue
            signature = self.signatures.get((student, each.notebook), {}).get(each.name)
            called = self.names.of(each.name, signature) if signature else []
            answer = [mistake.says or mistake.title for mistake in called]
            answer = answer or ["This mistake has no name yet."]
            asks = f"The test says: “{grade.messages[0]}” Which line of yours is it, and why?"
            return Asked(each.name, asks, answer, _lines_of(one.answers[each.name]))
        return None

    def _written(self, student: str) -> Asked | None:
        """Ask about a sentence of a written answer."""
        one = self.work[student]
        for each in self.listed:
            text = one.answers.get(each.name, "")
            if not each.written or text.strip() in ("", each.released.strip()):
                continue
            sentences = [part.strip() for part in text.replace("\n", " ").split(". ")]
            long = [part for part in sentences if len(part) > 40] or [text.strip()]
            asks = f"You write: “{self.rng[student].choice(long)[:500]}” Why does this hold?"
            return Asked(each.name, asks, ["The instructor's answer stands at the end."])
        return None


def _lines_of(source: str, marked: int | None = None) -> list[tuple[str, bool]]:
    return [(line, at == marked) for at, line in enumerate(source.splitlines())]


def _on_shapes(plant: Planted, grade: Grade) -> Asked | None:
    kinds = zip(grade.messages, grade.kinds, strict=False)
    seen = told(text for text, kind in kinds if kind == "check")
    shape = seen.get(plant.name)
    if not isinstance(shape, tuple):
        return None
    given = [
        f"{name} of shape {seen[name]}"
        if isinstance(seen[name], tuple)
        else f"{name} ({seen[name]})"
        for name in plant.arguments
        if name in seen
    ]
    asks = (
        f"The test calls {plant.function} with {', '.join(given) or 'no arguments'}. "
        f"Which shape has {plant.name} behind the marked line, and why?"
    )
    code = _lines_of(plant.source, plant.line)
    return Asked(plant.exercise, asks, [f"{plant.name} has the shape {shape}."], code)


def _on_change(plant: Planted, grade: Grade, before: float) -> Asked:
    points = f"{before:g} points become {grade.earned:g}. The test says:"
    answer = [points, *grade.messages[:4]]
    asks = "The marked line is changed to the one below it. Which test fails, and why?"
    code, crash = _lines_of(plant.source, plant.line), " raised " in grade.messages[0]
    return Asked(plant.exercise, asks, answer, code, plant.new, crash)


def render(
    assignment: str, sheets: list[Sheet], written: Sequence[Exercise] = (), answers: bool = False
) -> str:
    """Return a page as HTML, with the answers or without; what came from a student is escaped."""
    about = {"assignment": assignment, "written": written, "answers": answers}
    return page.render("viva.html.j2", sheets=sheets, **about)
