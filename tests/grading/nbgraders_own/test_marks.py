"""Marks of right answers, under nbgrader, outside and inside, are those that the page says."""

import re
import shutil
from pathlib import Path

import nbgrader as package
import pytest

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import Options, grade_class
from tests.commands import nbgrader
from tests.course import ROOT
from tests.grading import usual
from tests.grading.course_factory import QUICK, make_course, open_gradebook

pytestmark = pytest.mark.sandbox
PAGE = ROOT / "docs" / "bringing_a_course.md"
QUICKSTART = Path(package.__file__).parent / "docs/source/user_guide/source"
INSIDE = "c.Judge.tests = 'inside'\n"


def column(title, head):
    """Return a column of the page's table whose first column has this head, by its rows' names."""
    found = re.search(rf"^\| {head} \|.*(?:\n\|.*)+", PAGE.read_text("utf-8"), re.MULTILINE)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found.split("\n")]
    at = rows[0].index(title)
    return {row[0]: float(row[at]) for row in rows[2:]}


def one_of_each(folder, config=""):
    book = usual.assignment()
    course = make_course(folder, {"ada": book}, book=book, config=config)
    (folder / "solutions/ps1/data.csv").write_text("a,b\n1,2\n")
    return course


def by_kind(course):
    with open_gradebook(course) as gradebook:
        found = gradebook.find_submission_notebook("sheet", "ps1", "ada")
        points = {grade.name: grade.auto_score for grade in found.grades}
    return {kind: points[usual.name_of(kind)] for kind in usual.KINDS}


@pytest.mark.parametrize(("where", "config"), [("outside", ""), ("inside", INSIDE)])
def test_each_usual_kind_of_test_earns_outside_and_inside_what_the_page_says(
    tmp_path, where, config
):
    course = one_of_each(tmp_path, config)
    grade_class(course, "ps1", Options(limits=QUICK, preflight=False))
    assert by_kind(course) == column(where, "a test of")


@pytest.mark.thorough
@pytest.mark.slow
def test_each_usual_kind_of_test_earns_under_nbgrader_what_the_page_says(tmp_path):
    course = one_of_each(tmp_path)
    for command in ("generate_assignment", "autograde"):
        done = nbgrader(tmp_path, command, "ps1")
        assert done.returncode == 0, done.stderr
    assert by_kind(course) == column("nbgrader", "a test of")


def quickstart(folder, config=""):
    """Make nbgrader's own example course, in which one student has all the answers."""
    course = make_course(folder, {}, config=config)
    shutil.rmtree(folder / "solutions")
    shutil.copytree(QUICKSTART, folder / "solutions", ignore=shutil.ignore_patterns("ps1_*"))
    (folder / "submitted/ada").mkdir(parents=True)
    shutil.copytree(QUICKSTART / "ps1", folder / "submitted/ada/ps1")
    return course


def by_cell(course):
    with open_gradebook(course) as gradebook:
        (submission,) = gradebook.assignment_submissions("ps1")
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        return {g.name: g.auto_score for g in grades if g.auto_score is not None}


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("where", ["nbgrader", "outside", "inside"])
def test_nbgraders_own_example_earns_what_the_page_says(tmp_path, where):
    course = quickstart(tmp_path, INSIDE if where == "inside" else "")
    assert nbgrader(tmp_path, "generate_assignment", "ps1").returncode == 0
    if where == "nbgrader":
        assert nbgrader(tmp_path, "autograde", "ps1").returncode == 0
    else:
        grade_class(Course(tmp_path), "ps1", Options(limits=QUICK, preflight=False))
    found = by_cell(course)
    assert {name: found.get(name) for name in column(where, "nbgrader's example")} == column(
        where, "nbgrader's example"
    )
