"""The term on one page: students by assignments, and who may need help."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from nbgrader.api import Gradebook, SubmittedAssignment

from mlpkit.grading.course.damage import check_gradebook
from mlpkit.grading.course.export import net_score
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import write_all
from mlpkit.grading.course.lateness import Lateness, due_date, lateness, submissions
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.insight.help import RULES, may_need_help
from mlpkit.grading.insight.page import render
from mlpkit.grading.insight.people import unread
from mlpkit.grading.insight.report import pages, still_here
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.clock import shown
from mlpkit.grading.text.tables import to_csv

LAB = "http://localhost:8888"


@dataclass(frozen=True)
class Cell:
    """What one student did in one assignment.

    Parameters
    ----------
    state : {"marked", "absent", "not graded", "open"}
        With marks; due and nothing handed in; handed in and not graded; not due yet.
    points, share : float or None
        With what lateness took off; percent of the points given so far, without it.
    days_late, to_read : int
    lateness, link : str
    """

    state: str
    points: float | None = None
    share: float | None = None
    days_late: int = 0
    to_read: int = 0
    lateness: str = ""
    link: str = ""


@dataclass
class Column:
    """One assignment.

    Parameters
    ----------
    name, due : str
    of : float
        Its points.
    is_due : bool
        Its date is past, or it has none and something of it was graded.
    to_read : str
        Where its unread answers are read.
    cells : dict of str to Cell
        By student.
    """

    name: str
    of: float
    due: str
    is_due: bool
    to_read: str
    cells: dict[str, Cell] = field(default_factory=dict)


def write_overview(
    course: Course, folder: str | Path, lab: str = LAB, now: datetime | None = None
) -> list[Path]:
    """Write the page on the term, and its table.

    Parameters
    ----------
    course : Course
    folder : path
        Where to; made if it isn't there.
    lab : str
        The address of the instructor's JupyterLab, for links into the formgrader.
    now : datetime, optional
        What is due is seen from then.

    Raises
    ------
    CourseError
        If the course has no assignment, or nothing was graded yet.
    """
    names = still_here(course)
    check_gradebook(course.directory.db_url, next(iter(course.assignments()), ""))
    with course.open_gradebook() as gradebook:
        columns = [
            _column(course, gradebook, name, Path(folder), lab, now or datetime.now(UTC))
            for name in course.assignments()
        ]
    columns = [column for column in columns if column.cells]
    if not columns:
        raise CourseError("Nothing was graded yet: run mlpkit grade ASSIGNMENT.")
    students = sorted({*names, *(each for column in columns for each in column.cells)})
    page, table = render_term(names, students, columns), rows(names, students, columns)
    return write_all(folder, {"term.html": page.encode(), "term.csv": to_csv(table)})


def render_term(
    names: Mapping[str, str], students: Sequence[str], columns: Sequence[Column]
) -> str:
    """Return the page as HTML."""
    return render(
        "term.html.j2",
        names=names,
        students=students,
        columns=columns,
        totals={student: _total(student, columns) for student in students},
        help=_help(students, columns),
        rules=RULES,
    )


def rows(
    names: Mapping[str, str], students: Sequence[str], columns: Sequence[Column]
) -> list[list[object]]:
    """Give the header and a row for each student, for a table."""
    head: list[object] = ["student_id", "name"]
    for column in columns:
        head += [f"{column.name}{end}" for end in ("", "_state", "_days_late", "_to_read")]
    reasons = _help(students, columns)
    table = [[*head, "total", "may_need_help"]]
    for student in students:
        row: list[object] = [student, names.get(student, "")]
        for column in columns:
            cell = column.cells.get(student, Cell("open"))
            points = "" if cell.points is None else cell.points
            row += [points, cell.state, cell.days_late, cell.to_read]
        table.append([*row, _total(student, columns), "; ".join(reasons.get(student, []))])
    return table


def _help(students: Iterable[str], columns: Sequence[Column]) -> dict[str, list[str]]:
    shares = []
    for column in columns:
        cells = {student: column.cells[student] for student in students if student in column.cells}
        if column.is_due:
            known = {s: c for s, c in cells.items() if c.state == "absent" or c.share is not None}
            shares.append({student: cell.share for student, cell in known.items()})
    return may_need_help(shares)


def _total(student: str, columns: Sequence[Column]) -> float:
    cells = [column.cells.get(student) for column in columns]
    return sum(cell.points or 0.0 for cell in cells if cell)


def _column(
    course: Course, gradebook: Gradebook, name: str, folder: Path, lab: str, now: datetime
) -> Column:
    marked = {each.student.id: each for each in submissions(gradebook, name)}
    due, gone = due_date(gradebook, name), withdrawn(course.root)
    late = {s: each for s, each in lateness(course, gradebook, name).items() if s not in gone}
    handed_in = {each.student for each in course.submissions(name) if each.problem is None}
    notebook = next(iter(course.sources(name)))
    column = Column(
        name,
        next(iter(marked.values())).assignment.max_score if marked else 0.0,
        shown(due, course.zone) if due else "",
        now > due if due else bool(marked),
        f"{lab.rstrip('/')}/formgrader/gradebook/{quote(name)}/{quote(notebook)}",
    )
    links = pages(course, name, folder)
    if due or marked:
        for student in sorted({*late, *handed_in}):
            column.cells[student] = _cell(
                marked.get(student) if student in handed_in else None,
                late.get(student, Lateness()),
                student in handed_in,
                links.get(student, ""),
                now,
                column.is_due,
            )
    return column


def _cell(
    marked: SubmittedAssignment | None,
    late: Lateness,
    handed_in: bool,
    link: str,
    now: datetime,
    is_due: bool,
) -> Cell:
    words = late.words()
    if marked is None:
        past = now > late.until if late.until else is_due
        return Cell("not graded" if handed_in else "absent" if past else "open", lateness=words)
    points, share = net_score(marked), _share(marked)
    return Cell("marked", points, share, late.days, unread(marked), words, link)


def _share(marked: SubmittedAssignment) -> float | None:
    """Give the percentage of what was marked: answers that wait for a reader are left out."""
    grades = [grade for notebook in marked.notebooks for grade in notebook.grades]
    known = [
        each for each in grades if not each.needs_manual_grade or each.manual_score is not None
    ]
    most = sum(each.max_score for each in known)
    return 100 * sum(each.score for each in known) / most if most else None
