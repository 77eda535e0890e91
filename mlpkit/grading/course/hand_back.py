"""Write the class's feedback: each page that is missing, or older than its marks."""

import contextlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from traitlets.config import Config

from mlpkit.grading.course.alembic import find_alembic
from mlpkit.grading.course.carried import copy_letters
from mlpkit.grading.course.damage import check_gradebook
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import disk_errors_in_words
from mlpkit.grading.course.hints import hints_of
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.made_from import made_from, mark_of
from mlpkit.grading.course.naming import one_form
from mlpkit.grading.course.places import found_in
from mlpkit.grading.course.preprocessor import turn_on
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.job import CourseError


@dataclass
class Given:
    """What was done.

    Attributes
    ----------
    written : list of Path
        Pages, in the students' order.
    kept : int
        How many were as they should be.
    told : list of str
        Whose page is plain or missing, and why.
    """

    written: list[Path] = field(default_factory=list)
    kept: int = 0
    told: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Page:
    student: str
    judged: Path
    path: Path
    digest: str


def write_feedback(
    course: Course, assignment: str, students: Iterable[str] = (), force: bool = False
) -> Given:
    """Write nbgrader's feedback for those whose page isn't made from the marks as they are.

    Parameters
    ----------
    course : Course
    assignment : str
    students : iterable of str
        Only these; all if empty.
    force : bool
        Write the others' again too.

    Raises
    ------
    CourseError
        If the assignment, or the judged work of a student who is named, isn't there.
    """
    course.sources(assignment)
    find_alembic()
    check_gradebook(course.directory.db_url, assignment)
    asked = {one_form(student) for student in students}
    with disk_errors_in_words():
        pages, given = _pages(course, assignment, asked)
        if unknown := asked - {page.student for page in pages}:
            raise CourseError(
                f"Nothing of {', '.join(sorted(unknown))} was graded for {assignment}.\n"
                f"Grade it first: mlpkit grade {assignment}"
            )
        stale = [page for page in pages if force or mark_of(page.path) != page.digest]
        given.kept = len({p.student for p in pages} - {p.student for p in stale})
        if stale:
            _write(course, assignment, stale, given)
        for page in pages:  # handed in again as it was, it has another time and secret
            if page.path.is_file():
                copy_letters(page.judged.parent, page.path.parent)
    return given


def _pages(course: Course, assignment: str, asked: set[str]) -> tuple[list[_Page], Given]:
    """List the pages that there should be; name who has judged work and no marks."""
    given, pages, without = Given(), list[_Page](), set[str]()
    left = withdrawn(course.root)
    judged = [
        (place.student, path)
        for place in found_in(course.directory, "autograded", assignment=assignment)
        for path in sorted(place.folder.glob("*.ipynb"))
        if place.student not in left and (not asked or place.student in asked)
    ]
    with contextlib.closing(course.open_gradebook()) as book:
        for student, path in judged:
            try:
                hints = hints_of(course.root, assignment, student, path.stem)
                content = path.read_bytes() + hints
                digest = made_from(book, assignment, path.stem, student, content)
            except MissingEntry:
                without.add(student)
                continue
            page = course.folder("feedback", student, assignment) / f"{path.stem}.html"
            pages.append(_Page(student, path, page, digest))
    if not pages and not asked:
        raise CourseError(
            f"Nothing of {assignment} was graded yet.\nGrade it first: mlpkit grade {assignment}"
        )
    if without:
        names = ", ".join(sorted(without))
        given.told.append(f"Judged, but not in the gradebook, and so without a page: {names}.")
    return pages, given


def _write(course: Course, assignment: str, stale: list[_Page], given: Given) -> None:
    log = _Log()
    config = Config()
    turn_on(config)
    config.merge(course.config)  # where the course says otherwise, that counts
    course.directory.assignment_id = assignment
    step = _Feedback(coursedir=course.directory, config=config)
    step.log, step.students = log.logger, {page.student for page in stale}
    with contextlib.suppress(NbGraderException):  # what it gave up is seen below
        step.start()
    given.written = [page.path for page in stale if mark_of(page.path) is not None]
    given.told += log.warnings
    if missing := sorted({p.student for p in stale if mark_of(p.path) is None}):
        where = course.root / ".mlpkit" / "feedback.log"
        write_whole(where, "\n".join(log.errors).encode("utf-8", "replace"))
        given.told.append(f"No page could be written of {', '.join(missing)}: see {where}.")


class _Feedback(GenerateFeedback):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's command, for some students: it would skip every page that is there."""

    students: set[str] = set()  # noqa: RUF012 (set for each)

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        if student_id not in self.students:
            return False
        self.force = True
        wanted: bool = super().init_destination(assignment_id, student_id)
        return wanted


class _Log(logging.Handler):
    """Collects what nbgrader says: of plain pages in words, of errors for a file."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.warnings: list[str] = []
        self.errors: list[str] = []
        self.logger: Any = logging.Logger("feedback")
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage()
        if record.levelno >= logging.ERROR:
            self.errors.append(words)
        elif " is plain: " in words:
            self.warnings.append(words)
