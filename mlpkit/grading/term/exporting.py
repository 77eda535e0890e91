"""`mlpkit export`: marks as a learning platform, or a person with a spreadsheet, reads them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from nbgrader.api import Gradebook

from mlpkit.grading.course.export import (
    Canvas,
    Exercises,
    Moodle,
    Rows,
    Wanted,
    known,
    totals_table,
)
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import write_all
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.job import CourseError
from mlpkit.grading.term.dates import gradebook_of
from mlpkit.grading.text.tables import to_csv

PLATFORMS = {"canvas": Canvas, "moodle": Moodle}


def export(
    course: Course,
    kind: str,
    assignments: Sequence[str],
    folder: Path,
    decimal: str = ".",
    zeros: bool = False,
) -> list[str]:
    """Write marks for elsewhere: a file for each assignment, or one for a person with all.

    Parameters
    ----------
    course : Course
    kind : {"canvas", "moodle", "exercises", "excel"}
    assignments : sequence of str
        All that were graded, if empty.
    folder : Path
    decimal : {".", ","}
        Between a number's whole part and the rest; with "," a ";" stands between values.
    zeros : bool
        Give 0 points to who handed nothing in; they have no row otherwise.

    Returns
    -------
    list of str
        The files, and whom they leave out.

    Raises
    ------
    CourseError
        If nothing of an assignment was graded yet.
    """
    gone, separator = withdrawn(course.root), ";" if decimal == "," else ","
    with gradebook_of(course) as gradebook:
        names = _chosen(gradebook, assignments)
        wanted = Wanted(gradebook, names, lambda each: each not in gone, known(course.root))
        files = _files(kind, wanted, zeros)
        missing = {name: _missing(gradebook, name, gone) for name in names}
    write_all(
        folder,
        {
            name: to_csv(rows, separator, decimal, mark=kind == "excel")
            for name, rows in files.items()
        },
    )
    lines = [
        f"{folder / name}: {len(rows) - 1 - (kind == 'canvas')} rows."
        for name, rows in files.items()
    ]
    for name, who in missing.items() if kind in PLATFORMS and not zeros else ():
        if who:
            lines.append(f"Handed in nothing of {name}, and in no row: {', '.join(who)}.")
    if gone:
        lines.append(f"Withdrawn, and in no file: {', '.join(sorted(gone))}.")
    return lines


def _chosen(gradebook: Gradebook, assignments: Sequence[str]) -> list[str]:
    graded = [each.name for each in gradebook.assignments if each.submissions]
    for name in assignments or [] if graded else ["any assignment"]:
        if name not in graded:
            raise CourseError(
                f"Nothing of {name} was graded yet, so there are no marks.\nNothing was written."
            )
    return list(assignments) or graded


def _files(kind: str, wanted: Wanted, zeros: bool) -> dict[str, Rows]:
    if kind == "excel":
        return {"marks.csv": totals_table(wanted.gradebook, wanted.chosen)}
    files = {}
    for name in wanted.assignments:
        rows = PLATFORMS.get(kind, Exercises).rows(replace(wanted, assignments=[name]))
        if zeros and kind in PLATFORMS:
            for each in filter(wanted.chosen, _missing(wanted.gradebook, name, ())):
                student = wanted.gradebook.find_student(each)
                rows.append([*PLATFORMS[kind].about(student, wanted.people), 0.0])
        files[f"{name}-{kind}.csv"] = rows
    return files


def _missing(gradebook: Gradebook, name: str, gone: Collection[str]) -> list[str]:
    there = {each.student_id for each in gradebook.assignment_submissions(name)}
    return sorted({each.id for each in gradebook.students} - there - set(gone))
