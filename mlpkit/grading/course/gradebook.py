"""The one writer of nbgrader's gradebook: what a judged submission changes, and nothing else."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import nbformat
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, InvalidEntry, SubmittedNotebook
from nbgrader.preprocessors import (
    ClearSolutions,
    ComputeChecksums,
    LockCells,
)
from sqlalchemy.exc import OperationalError

from mlpkit.grading.course import roll
from mlpkit.grading.course.alembic import find_alembic
from mlpkit.grading.course.carried import carry_letters
from mlpkit.grading.course.cells import KeepMarks, above_their_points, follow_notebooks
from mlpkit.grading.course.database import file_of
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.naming import one_form
from mlpkit.grading.course.reread import to_be_read, written
from mlpkit.grading.course.settling import settle
from mlpkit.grading.job import CourseError, Result

Outcome = TypeVar("Outcome")
BEFORE_SAVING = (ClearSolutions, LockCells, ComputeChecksums)
PATIENCE = 60.0
NOTHING_LOST = "run the same command again: nothing judged so far is lost."


def patiently(action: Callable[[], Outcome]) -> Outcome:
    """Call until the database isn't locked, for at most `PATIENCE` seconds.

    Raises
    ------
    CourseError
        If it stays locked, or can't be written for another reason.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return action()
        except (OperationalError, InvalidEntry) as error:
            # nbgrader's InvalidEntry holds the database's own words.
            words = str(getattr(error, "orig", error))
            if "locked" not in words and "busy" not in words:
                raise CourseError(
                    f"The gradebook can't be written: {words}.\nMend that and {NOTHING_LOST}"
                ) from error
            if time.monotonic() > deadline:
                raise CourseError(
                    "The gradebook stays locked: another program is writing to it.\n"
                    f"Close it and {NOTHING_LOST}"
                ) from error
            time.sleep(0.2)


class Writer:
    """Writes results of one assignment into the gradebook and the autograded folder."""

    def __init__(self, course: Course, assignment: str) -> None:
        self.course, self.assignment = course, assignment
        self.db_url: str = course.directory.db_url
        self.gradebook: Gradebook | None = None
        self.told: list[str] = []
        find_alembic()

    def prepare(self) -> None:
        """Make the gradebook know the assignment's cells as the source now has them.

        What is to be said of cells that came or went is added to `told`.

        Raises
        ------
        CourseError
            If nbgrader refuses the source.
        """
        create(self.db_url, self.course.directory.course_id)
        self.gradebook = self.course.open_gradebook()
        with self._session() as gradebook:
            gradebook.update_or_create_assignment(self.assignment)
            _compose_names(gradebook)
            roll.prepare(gradebook)
        sources = self.course.sources(self.assignment)
        for name, (source, _) in sources.items():
            self._save_cells(name, source)
        with self._session() as gradebook:
            self.told += follow_notebooks(gradebook, self.assignment, sources)
            self.told += above_their_points(gradebook, self.assignment)

    def _save_cells(self, name: str, source: bytes) -> None:
        notebook = nbformat.reads(source.decode("utf-8-sig"), as_version=4)
        names = {"notebook": name, "assignment": self.assignment, "student": "."}
        resources = {"nbgrader": {**names, "db_url": self.db_url}, "unique_key": name}
        last = KeepMarks(config=self.course.config)
        steps = [kind(config=self.course.config) for kind in BEFORE_SAVING]
        try:
            for step in (*steps, last):
                notebook, resources = step.preprocess(notebook, resources)
        except RuntimeError as error:
            raise CourseError(
                f"nbgrader refuses the source: {error}.\nMend {name}.ipynb first."
            ) from error
        self.told += last.told

    def known(self) -> set[str]:
        """Return the students whose submission the gradebook has."""
        with self._session() as gradebook:
            return {s.student.id for s in gradebook.assignment_submissions(self.assignment)}

    def removed(self) -> set[str]:
        """Return the students who were taken out of this gradebook."""
        with self._session() as gradebook:
            return roll.removed(gradebook)

    def students(self) -> set[str]:
        """Return everybody whom the gradebook knows."""
        with self._session() as gradebook:
            return {student.id for student in gradebook.students}

    def record(self, result: Result) -> None:
        """Write one result: scores, comments, late penalty, and the judged notebook.

        Writing the same result twice changes nothing the first time didn't.
        """
        folder = self.course.folder("autograded", result.student, self.assignment)
        page = folder / f"{result.notebook}.ipynb"
        carry_letters(self.course, result.student, self.assignment)
        with self._session() as gradebook:
            before = page.read_bytes() if page.is_file() else b""
            self._record(gradebook, result, before)
            settle(self.course, gradebook, self.assignment, {result.student})
        # Last: killed in between, the next call compares with what people have read, as this does.
        write_whole(page, result.judged)

    def _record(self, gradebook: Gradebook, result: Result, before: bytes) -> None:
        gradebook.update_or_create_student(result.student)
        roll.enter(gradebook, result.student)
        with gradebook.db.no_autoflush:
            gradebook.update_or_create_submission(self.assignment, result.student)
        notebook = gradebook.find_submission_notebook(
            result.notebook, self.assignment, result.student
        )
        grades = _by_cell(gradebook, Grade, notebook)
        was, now = written(before), written(result.judged)
        for mark in result.grades:
            grade = grades[mark.grade_id]
            # A person's mark is kept, and asked for again where what they read has changed.
            grade.needs_manual_grade = to_be_read(grade, mark, was, now)
            grade.auto_score = mark.points
        comments = _by_cell(gradebook, Comment, notebook)
        # What a person is to read is no missing answer, though its own cell is as released.
        to_read = {mark.grade_id for mark in result.grades if mark.points is None}
        for grade_id, unchanged in now.answers.items():
            nothing = unchanged and grade_id not in to_read
            comments[grade_id].auto_comment = "No response." if nothing else None
        gradebook.db.commit()

    def settle(self) -> list[str]:
        """Bring times, extensions and penalties of all up to date; say what can't be used."""
        with self._session() as gradebook:
            return settle(self.course, gradebook, self.assignment)

    @contextmanager
    def _session(self) -> Iterator[Gradebook]:
        """Give the gradebook, and leave no transaction open: it would lock others out."""
        gradebook = self.gradebook
        assert gradebook is not None, "prepare() opens the gradebook"
        try:
            yield gradebook
        finally:
            gradebook.db.remove()

    def close(self) -> None:
        """Let go of the database."""
        if self.gradebook is not None:
            self.gradebook.close()


def create(db_url: str, course_id: str) -> None:
    """Make a new gradebook beside and rename it: a killed run leaves no half of one."""
    file = file_of(db_url)
    if file is None or file.exists():
        return
    beside = file.with_name(f"{file.name}.new")
    beside.unlink(missing_ok=True)
    Gradebook(f"sqlite:///{beside}", course_id).close()
    beside.replace(file)


def _compose_names(gradebook: Gradebook) -> None:
    """Bring the ids of students who were imported into the form that grading uses."""
    known = {student.id for student in gradebook.students}
    for student in gradebook.students:
        composed = one_form(student.id)
        if composed not in known and not student.submissions:
            student.id = composed
    gradebook.db.commit()


def _by_cell(
    gradebook: Gradebook, kind: type[Grade] | type[Comment], notebook: SubmittedNotebook
) -> dict[str, Any]:
    """Map the names of cells to a submitted notebook's grades or comments, by one query."""
    found = gradebook.db.query(BaseCell.name, kind).join(kind, kind.cell_id == BaseCell.id)
    return dict(map(tuple, found.filter(kind.notebook_id == notebook.id)))
