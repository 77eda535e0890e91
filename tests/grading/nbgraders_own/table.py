"""Print the tables of marks of docs/bringing_a_course.md: under nbgrader, outside and inside.

    python -m tests.grading.nbgraders_own.table

It takes some minutes.
"""

import shutil
import tempfile
from pathlib import Path

import nbgrader as package

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import Options, grade_class
from tests.commands import nbgrader
from tests.grading import usual
from tests.grading.course_factory import make_course, open_gradebook

QUICKSTART = Path(package.__file__).parent / "docs/source/user_guide/source"
CONFIG = {"nbgrader": "", "outside": "", "inside": "c.Judge.tests = 'inside'\n"}
WHERE = tuple(CONFIG)
KIND, EXAMPLE = "a test of", "nbgrader's example"


def of_usual_kinds(folder, where):
    """Return what a right answer to each usual kind of test earns, by the kind's name."""
    book = usual.assignment()
    make_course(folder, {"ada": book}, book=book, config=CONFIG[where])
    for name, content in usual.FILES.items():
        (folder / "solutions/ps1" / name).write_bytes(content)
    points = _graded(folder, where)
    return {kind: points[usual.name_of(kind)] for kind in usual.KINDS}


def of_example(folder, where):
    """Return what a student with all the answers earns in nbgrader's own example, by cell."""
    make_course(folder, {}, config=CONFIG[where])
    shutil.rmtree(folder / "solutions")
    shutil.copytree(QUICKSTART, folder / "solutions", ignore=shutil.ignore_patterns("ps1_*"))
    (folder / "submitted/ada").mkdir(parents=True)
    shutil.copytree(QUICKSTART / "ps1", folder / "submitted/ada/ps1")
    _call(folder, "generate_assignment")
    return _graded(folder, where)


def _graded(folder, where):
    if where == "nbgrader":
        _call(folder, "generate_assignment")
        _call(folder, "autograde")
    else:
        grade_class(Course(folder), "ps1", Options(preflight=False))
    with open_gradebook(Course(folder)) as gradebook:
        (submission,) = gradebook.assignment_submissions("ps1")
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        return {g.name: g.auto_score for g in grades if g.auto_score is not None}


def _call(folder, command):
    done = nbgrader(folder, command, "ps1")
    if done.returncode:
        raise RuntimeError(f"nbgrader {command} failed:\n{done.stderr}")


def written(head, columns):
    """Write a table as the page has it.

    Parameters
    ----------
    head : str
        Of the first column.
    columns : dict of str to dict
        By their titles, each by rows' names.
    """
    rows = [
        [name, *(f"{points[name]:g}" for points in columns.values())] for name in columns[WHERE[0]]
    ]
    lines = [f"| {' | '.join(row)} |" for row in ([head, *columns], *rows)]
    return "\n".join([lines[0], "|---" * (len(columns) + 1) + "|", *lines[1:]]) + "\n"


if __name__ == "__main__":
    for head, marks in ((KIND, of_usual_kinds), (EXAMPLE, of_example)):
        columns = {}
        for where in WHERE:
            with tempfile.TemporaryDirectory() as scratch:
                columns[where] = marks(Path(scratch), where)
        print(written(head, columns), flush=True)
