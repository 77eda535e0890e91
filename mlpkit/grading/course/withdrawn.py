"""Students who have left the course: all of theirs stays, and none of it is graded or exported."""

from collections.abc import Iterable
from pathlib import Path

from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.naming import one_form
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.decoding import NoTable
from mlpkit.grading.text.tables import read_table, to_csv

NAME = "withdrawn.csv"


def withdrawn(root: Path) -> dict[str, str]:
    """Return who has left the course, and since when, by id.

    Raises
    ------
    CourseError
        If the list is there and can't be read: nobody is exported by mistake.
    """
    path = root / NAME
    if not path.is_file():
        return {}
    try:
        rows = read_table(path.read_bytes())
    except (NoTable, OSError) as error:
        raise CourseError(f"{NAME} can't be read: {error}.\nMend it first.") from error
    return {one_form(row.get("id", "student_id")): row.get("since") for row in rows}


def write_withdrawn(root: Path, left: dict[str, str]) -> None:
    """Write the list, or take it away where it is empty."""
    rows: Iterable[Iterable[object]] = [["id", "since"], *map(list, sorted(left.items()))]
    if left:
        write_whole(root / NAME, to_csv(rows))
    else:
        (root / NAME).unlink(missing_ok=True)
