"""Extensions: more time for one student or for all, as ``extensions.csv`` lists them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path

from mlpkit.grading.course.naming import one_form
from mlpkit.grading.text.clock import later, read_length
from mlpkit.grading.text.decoding import NoTable, decoded
from mlpkit.grading.text.tables import plain, read_table, to_csv
from mlpkit.grading.text.times import NoTime, read_time

NAME = "extensions.csv"
HEAD = ("assignment", "student_id", "extension", "why")
EVERYBODY = "*"


@dataclass(frozen=True)
class Extension:
    """A row of the list.

    Attributes
    ----------
    assignment, student : str
        Whose, for what; ``*`` stands for everybody.
    given : str
        A length such as "2 days", or the new due time.
    why : str
        The instructor's own words.
    """

    assignment: str
    student: str
    given: str
    why: str = ""

    def until(self, due: datetime | None, zone: tzinfo) -> datetime:
        """Return the due time that the extension gives.

        Raises
        ------
        NoTime
            If it is neither a length nor a time, gives less time than before, or adds to none.
        """
        length = read_length(self.given)
        if due is None:
            raise NoTime(f"{self.assignment} has no due date that could be extended")
        ends = later(due, *length, zone) if length else read_time(self.given, zone)
        if ends <= due:
            raise NoTime(f"{self.given!r} is no extension: it isn't later than the due date")
        return ends


def read_extensions(root: Path) -> tuple[list[Extension], list[str]]:
    """Read the course's list.

    Returns
    -------
    extensions : list of Extension
    problems : list of str
        A sentence for each row that isn't one.
    """
    path = root / NAME
    if not path.is_file():
        return [], []
    try:
        content = path.read_bytes()
        rows = read_table(content)
        headed = "assignment" in rows[0] if rows else "assignment" in plain(decoded(content))
    except (NoTable, OSError) as error:
        return [], [f"{NAME} can't be read: {error}. No extension of it counts."]
    if not headed:
        names = "assignment, student_id and extension"
        return [], [f"{NAME}: its first line has to name {names}. No extension of it counts."]
    found, problems = [], []
    for row in rows:
        student = one_form(row.get("student_id", "student", "id"))
        assignment, given, why = (row.get(name) for name in ("assignment", "extension", "why"))
        if assignment and student and given:
            found.append(Extension(assignment, student, given, why))
        else:
            problems.append(
                f"{NAME}, line {row.line}: assignment, student_id and extension are wanted; "
                "it doesn't count."
            )
    return found, problems


def write_extensions(extensions: Iterable[Extension]) -> bytes:
    """Return the bytes of a list of extensions."""
    rows = [[each.assignment, each.student, each.given, each.why] for each in extensions]
    return to_csv([HEAD, *rows])


def due_of(
    student: str,
    due: datetime | None,
    extensions: Sequence[Extension],
    zone: tzinfo,
) -> tuple[datetime | None, list[str]]:
    """Return a student's due time with the latest of the extensions that apply, and problems.

    Parameters
    ----------
    student : str
    due : datetime or None
        Everybody's.
    extensions : sequence of Extension
        Of the assignment.
    zone : tzinfo
    """
    ends, problems = [due] if due else [], []
    for each in extensions:
        if each.student in (EVERYBODY, student):
            try:
                ends.append(each.until(due, zone))
            except NoTime as error:
                problems.append(f"{NAME}, {each.assignment}, {each.student}: {error}.")
    return max(ends, default=None), problems
