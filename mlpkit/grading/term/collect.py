"""`mlpkit collect`: what a platform lets one download, put where it is graded."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from nbgrader.exchange import Exchange

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import disk_errors_in_words
from mlpkit.grading.course.roll import class_of
from mlpkit.grading.course.who import ClassList
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.job import CourseError
from mlpkit.grading.term.downloads import Names
from mlpkit.grading.term.entries import opened
from mlpkit.grading.term.handed_in_at import times_of, with_identifiers
from mlpkit.grading.term.placing import Outcome, place, remember
from mlpkit.grading.term.sorting import Attempt, Sorted, content_of, sort_out
from mlpkit.grading.text.clock import shown
from mlpkit.grading.text.handed_in import Unreadable


def collect(
    course: Course, assignment: str, source: Path, times: Path | None = None, look: bool = False
) -> list[str]:
    """Take an assignment's hand-ins out of a download.

    Parameters
    ----------
    course : Course
    assignment : str
    source : Path
        A platform's zip, or a folder with a folder or file for each student.
    times : Path, optional
        A table that says when they were handed in, such as Moodle's grading worksheet.
    look : bool
        Say what would be done, and do nothing.

    Returns
    -------
    list of str
        A line for each student, and one for each thing that wasn't taken.

    Raises
    ------
    CourseError
        If the download can't be read or is the course's own folder, there is no such assignment,
        or nobody in the class.
    """
    _refuse_own(course, source)
    notebooks = sorted(course.sources(assignment))
    people = ClassList(with_identifiers(class_of(course), times))
    if not people.people:
        raise CourseError(
            "There is no class list, so nobody can be told whose a file is.\n"
            "Read one first: mlpkit students import FILE"
        )
    others = [each for each in course.assignments() if each != assignment]
    outcomes: list[Outcome] = []
    with opened(source) as entries, disk_errors_in_words():
        found = sort_out(entries, Names(assignment, others, people), notebooks)
        when = times_of(course, found, times, people)
        lines = []
        try:
            for student, attempt in sorted(found.attempts.items()):
                outcome = _place(course, assignment, attempt, when.get(student), look, found)
                if outcome is not None:
                    outcomes.append(outcome)
                    lines.append(_line(outcome, when.get(student), course))
        finally:
            if not look:
                remember(course, assignment, outcomes)
    _late(found, when)
    _gone(found, course)
    return [*lines, *found.left, _summary(outcomes, assignment, look)]


def exchange(course: Course) -> Path:
    """Return where nbgrader's exchange keeps what students submitted to this course.

    Raises
    ------
    CourseError
        If there is no such folder.
    """
    root = Path(str(course.config.Exchange.get("root") or Exchange().root))
    inbound = root / str(course.directory.course_id) / "inbound"
    if not inbound.is_dir():
        raise CourseError(
            f"No folder {inbound}: nothing was submitted by the exchange.\n"
            "c.Exchange.root in nbgrader_config.py says where it is."
        )
    return inbound


def _refuse_own(course: Course, source: Path) -> None:
    """Refuse folders in which the course keeps work, as if they were a download of the same."""
    root, place = course.root.resolve(), source.resolve()
    steps = ("source", "release", "autograded", "feedback")
    named = (root / getattr(course.directory, f"{step}_directory") for step in steps)
    own = [each.resolve() for each in named if each.resolve() != root]
    if place == root or place in root.parents or any(place.is_relative_to(each) for each in own):
        raise CourseError(
            f"{source} holds the course's own files, and is no download.\n"
            "Name the platform's zip, or a folder with what was handed in."
        )


def _place(
    course: Course,
    assignment: str,
    attempt: Attempt,
    when: datetime | None,
    look: bool,
    found: Sorted,
) -> Outcome | None:
    try:
        files = content_of(attempt)
    except Unreadable as error:
        found.left.append(f"Not taken: all of {attempt.student}'s: {error}.")
        return None
    if not files:
        found.left.append(f"Nothing to take from {attempt.student}: there is no file.")
        return None
    order = max(claim.order for claim, _ in attempt.files.values())
    return place(course, assignment, attempt.student, files, when, order, look)


def _line(outcome: Outcome, when: datetime | None, course: Course) -> str:
    names = ", ".join(outcome.files[:5]) + (", …" if len(outcome.files) > 5 else "")
    line = f"{outcome.student:20s} {names}"
    if when is not None:
        line += f", handed in {shown(when, course.zone)}"
    words = {
        "as before": "  (as before)",
        "older": "  (not taken: what is there was handed in later)",
        "replaced": "  (instead of what was there)",
    }
    return line + words.get(outcome.what, "")


def _late(found: Sorted, when: dict[str, datetime]) -> None:
    late = [each.student for each in found.attempts.values() if each.late]
    untimed = sorted(student for student in late if student not in when)
    if untimed:
        found.left.append(
            f"Late, says the platform, but not by how much: {', '.join(untimed)}. "
            "A table that says when goes with --times FILE."
        )


def _gone(found: Sorted, course: Course) -> None:
    if left := sorted(set(found.attempts) & set(withdrawn(course.root))):
        found.left.append(f"Withdrawn, so taken but not graded: {', '.join(left)}.")


def _summary(outcomes: Sequence[Outcome], assignment: str, look: bool) -> str:
    counts = {what: sum(each.what == what for each in outcomes) for what in
              ("new", "replaced", "as before", "older")}  # fmt: skip
    said = [f"{number} {what}" for what, number in counts.items() if number]
    would = "Would collect" if look else "Collected"
    line = f"{would} for {assignment}: {', '.join(said) or 'nothing'}."
    if counts["replaced"] and not look:
        line += f" What was there lies in replaced/{assignment}/; --undo brings it back."
    return line
