"""One page on a graded class: how it went, what was hard, what still needs a person."""

from collections import Counter
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined
from nbgrader.api import Gradebook

from mlpkit.grading.errors import CourseError
from mlpkit.grading.export import Canvas, Exercises, Moodle, to_csv
from mlpkit.grading.journal import write_whole
from mlpkit.grading.run import journal_of

BARS = 10
SLOW = 5


def write_report(course, assignment, folder):
    """Write the report and the CSV files of one assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    folder : path
        Where to; made if it isn't there.

    Returns
    -------
    list of Path
        The files written: HTML, per exercise, Canvas, Moodle.

    Raises
    ------
    CourseError
        If nothing of the assignment was graded yet.
    """
    results = journal_of(course, assignment).results()
    if not results:
        raise CourseError(f"Nothing of {assignment} was graded yet: run mlpkit grade {assignment}.")
    folder = Path(folder)
    with Gradebook(course.directory.db_url, course.directory.course_id) as gradebook:
        page = render(assignment, results, gradebook)
        written = {f"{assignment}.html": page.encode()}
        for plugin in (Exercises, Canvas, Moodle):
            rows = plugin.rows(gradebook, [assignment], lambda student: True)
            written[f"{assignment}-{plugin.default_name}"] = to_csv(rows)
    for name, content in written.items():
        write_whole(folder / name, content)
    return [folder / name for name in written]


def render(assignment, results, gradebook):
    """Return the page as HTML; whatever came from a student is escaped."""
    source = files("mlpkit.grading").joinpath("report.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return environment.from_string(source).render(
        assignment=assignment,
        results=results,
        scores=distribution(results),
        exercises=exercises(results),
        messages=frequent_messages(results),
        slowest=sorted(results, key=lambda result: -result.seconds.get("total", 0))[:SLOW],
        failed=[result for result in results if result.failure],
        repaired=[result for result in results if result.repairs],
        unsandboxed=[result for result in results if result.sandbox == "none"],
        manual=manual_work(assignment, gradebook),
    )


def distribution(results):
    """Count the results in ten equal steps of their share of the machine's points.

    Returns
    -------
    list of dict
        "from" and "to" in percent, "count", and "share" of the longest bar in percent.
    """
    counts = [0] * BARS
    for result in results:
        maximum = sum(grade.max_points for grade in result.grades if grade.kind == "test")
        share = result.points / maximum if maximum else 0.0
        counts[min(BARS - 1, int(BARS * share))] += 1
    tallest = max(counts) or 1
    step = 100 // BARS
    return [
        {"from": step * i, "to": step * (i + 1), "count": count, "share": 100 * count / tallest}
        for i, count in enumerate(counts)
    ]


def exercises(results):
    """Return, for each tested cell in order, how many got all, some and none of its points."""
    table = {}
    for result in results:
        for grade in result.grades:
            if grade.kind != "test":
                continue
            row = table.setdefault(
                (result.notebook, grade.grade_id),
                {
                    "name": grade.grade_id,
                    "all": 0,
                    "some": 0,
                    "none": 0,
                    "hidden": 0,
                    "points": 0.0,
                },
            )
            full = grade.points >= grade.max_points
            row["all" if full else "some" if grade.points > 0 else "none"] += 1
            row["hidden"] += grade.hidden
            row["points"] += grade.points / grade.max_points if grade.max_points else 0.0
    for row in table.values():
        row["mean"] = 100 * row.pop("points") / (row["all"] + row["some"] + row["none"])
    return list(table.values())


def frequent_messages(results, most=12):
    """Return the most frequent reasons for lost points as (exercise, message, hidden, count)."""
    counts = Counter(
        (grade.grade_id, message, grade.hidden)
        for result in results
        for grade in result.grades
        for message in set(grade.messages)
    )
    return [(*reason, count) for reason, count in counts.most_common(most)]


def manual_work(assignment, gradebook):
    """Return (student, exercise) of each answer that a person still has to read."""
    return [
        (submission.student.id, grade.name)
        for submission in gradebook.assignment_submissions(assignment)
        for notebook in submission.notebooks
        for grade in notebook.grades
        if grade.needs_manual_grade
    ]
