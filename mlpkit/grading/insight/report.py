"""One page on a graded class: who handed in, what went wrong and how often, what is left."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import quote

from nbgrader.api import Gradebook

from mlpkit.grading.course.damage import check_gradebook
from mlpkit.grading.course.export import Canvas, Exercises, Moodle, Wanted, known
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import write_all
from mlpkit.grading.course.lateness import due_date, lateness
from mlpkit.grading.course.roll import class_of
from mlpkit.grading.course.run import journal_of
from mlpkit.grading.course.summary import HEADING, POINTS
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.insight import counts, wrong
from mlpkit.grading.insight.names import Names
from mlpkit.grading.insight.page import render
from mlpkit.grading.insight.people import Person, people
from mlpkit.grading.insight.people import rows as people_rows
from mlpkit.grading.insight.signing import Signatures, known_signatures
from mlpkit.grading.job import CourseError, Result
from mlpkit.grading.text.clock import shown
from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.text.tables import to_csv


def write_report(
    course: Course,
    assignment: str,
    folder: str | Path,
    signatures: Signatures | None = None,
    unnamed_because: str = "",
) -> list[Path]:
    """Write the report and the CSV files of one assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    folder : path
        Where to; made if it isn't there.
    signatures : dict, optional
        As :func:`mlpkit.grading.insight.signing.sign_class` gives them; what was found before if
        not given.
    unnamed_because : str
        Why mistakes have no names, where they haven't.

    Returns
    -------
    list of Path
        The files written: HTML, notes, mistakes, students, per exercise, Canvas, Moodle.

    Raises
    ------
    CourseError
        If nothing of the assignment was graded yet.
    """
    keys = [(each.student, each.notebook) for each in course.submissions(assignment)]
    journal = journal_of(course, assignment)
    kept = journal.entries(keys)
    results, older = [each.result for each in kept], sum(each.is_older for each in kept)
    if not results:
        raise CourseError(f"Nothing of {assignment} was graded yet: run mlpkit grade {assignment}.")
    check_gradebook(course.directory.db_url, assignment)
    if signatures is None:
        signatures = known_signatures(course, assignment)
    names = Names(assignment, course.root)
    found = wrong.exercises(results, signatures, names, journal.judged)
    with course.open_gradebook() as gradebook:
        everybody = people(
            still_here(course),
            gradebook.assignment_submissions(assignment),
            results,
            lateness(course, gradebook, assignment),
            pages(course, assignment, Path(folder)),
        )
        due = due_date(gradebook, assignment)
        page = render_class(
            assignment, results, gradebook, older, found, everybody, unnamed_because,
            shown(due, course.zone) if due else "", headings(course, assignment),
        )  # fmt: skip
        tables = _tables(course, assignment, results, gradebook) | {
            "mistakes.csv": wrong.rows(found),
            "students.csv": people_rows(everybody),
        }
    files = {f"{assignment}-{name}": to_csv(rows) for name, rows in tables.items()}
    return write_all(folder, {f"{assignment}.html": page.encode()} | files)


def still_here(course: Course) -> dict[str, str]:
    """Return the names of who is in the class and hasn't left it, by id."""
    gone = withdrawn(course.root)
    return {each.id: each.name for each in class_of(course) if each.id not in gone}


def headings(course: Course, assignment: str) -> dict[str, str]:
    """Return the heading above each cell with points, without the points, by the cell's name."""
    found: dict[str, str] = {}
    for source, released in course.sources(assignment).values():
        title = ""
        for cell in read_plan(source, released).cells:
            if not cell.is_code and (lines := HEADING.findall(cell.released)):
                title = POINTS.sub("", lines[-1])
            if cell.kind in ("test", "manual") and title:
                found[cell.grade_id or ""] = title
    return found


def _tables(
    course: Course, assignment: str, results: list[Result], gradebook: Gradebook
) -> dict[str, Iterable[Iterable[object]]]:
    """Give the tables for elsewhere by the ends of their files' names."""
    gone = withdrawn(course.root)
    wanted = Wanted(gradebook, [assignment], lambda each: each not in gone, known(course.root))
    tables = {each.default_name: each.rows(wanted) for each in (Exercises, Canvas, Moodle)}
    return {"notes.csv": counts.notes(results), **tables}


def pages(course: Course, assignment: str, folder: Path) -> dict[str, str]:
    """Return where each student's feedback lies, relative to the report's folder.

    Parameters
    ----------
    course : Course
    assignment : str
    folder : Path
        The report's.
    """
    root = Path(course.folder("feedback", ".", ".")).resolve()
    found: dict[str, str] = {}
    for path in sorted(root.glob(f"*/{assignment}/*.html")):
        place = os.path.relpath(path, folder.resolve())
        found.setdefault(path.parent.parent.name, quote(Path(place).as_posix()))
    return found


def render_class(
    assignment: str,
    results: Sequence[Result],
    gradebook: Gradebook,
    older: int = 0,
    found: Sequence[wrong.Exercise] = (),
    everybody: Sequence[Person] = (),
    unnamed_because: str = "",
    due: str = "",
    titles: Mapping[str, str] | None = None,
) -> str:
    """Return the page as HTML; whatever came from a student is escaped."""
    return render(
        "class.html.j2",
        assignment=assignment,
        titles=titles or {},
        results=results,
        older=older,
        due=due,
        middle=median(counts.shares(results)),
        scores=counts.distribution(results),
        exercises=_with_states(counts.exercises(results), found),
        mistakes=found,
        not_run=wrong.not_run(found),
        links={one.student: one.page for one in everybody if one.page},
        unnamed_because=unnamed_because,
        checks=counts.failed_checks(results),
        slow=counts.slow(results),
        failed=[result for result in results if result.failure],
        repaired=[result for result in results if result.repairs],
        inside=sorted({g.grade_id for r in results for g in r.grades if g.inside}),
        unsandboxed=[result for result in results if result.sandbox == "none"],
        manual=counts.manual_work(assignment, gradebook, {r.student for r in results}),
        people=everybody,
        absent=[one for one in everybody if one.handed_in == "no"],
        late=sum(one.days_late > 0 for one in everybody),
    )


def _with_states(
    table: list[dict[str, Any]], found: Sequence[wrong.Exercise]
) -> list[dict[str, Any]]:
    """Add how many haven't answered an exercise, and how many answers could not be run."""
    sorted_by_test = {each.test: each.sorted for each in found}
    for row in table:
        answers = sorted_by_test.get(row["name"])
        row["blank"] = len(answers.blank) if answers else 0
        row["stopped"] = sum(map(len, answers.stopped.values())) if answers else 0
    return table
