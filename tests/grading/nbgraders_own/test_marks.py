"""Marks of right answers, under nbgrader, outside and inside, are those that the page says."""

import re

import pytest

from tests.course import ROOT
from tests.grading.nbgraders_own import table
from tests.tiers import few

pytestmark = pytest.mark.sandbox
PAGE = ROOT / "docs" / "bringing_a_course.md"


def column(title, head):
    """Return a column of the page's table whose first column has this head, by its rows' names."""
    found = re.search(rf"^\| {head} \|.*(?:\n\|.*)+", PAGE.read_text("utf-8"), re.MULTILINE)[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in found.split("\n")]
    at = rows[0].index(title)
    return {row[0]: float(row[at]) for row in rows[2:]}


@pytest.mark.parametrize("where", few(["outside", "inside"], 1))
def test_each_usual_kind_of_test_earns_outside_and_inside_what_the_page_says(tmp_path, where):
    assert table.of_usual_kinds(tmp_path, where) == column(where, table.KIND)


@pytest.mark.thorough
@pytest.mark.slow
def test_each_usual_kind_of_test_earns_under_nbgrader_what_the_page_says(tmp_path):
    assert table.of_usual_kinds(tmp_path, "nbgrader") == column("nbgrader", table.KIND)


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("where", table.WHERE)
def test_nbgraders_own_example_earns_what_the_page_says(tmp_path, where):
    found, expected = table.of_example(tmp_path, where), column(where, table.EXAMPLE)
    assert {name: found.get(name) for name in expected} == expected


@pytest.mark.parametrize("head", [table.KIND, table.EXAMPLE])
def test_what_the_script_prints_stands_in_the_page(head):
    columns = {where: column(where, head) for where in table.WHERE}
    assert table.written(head, columns) in PAGE.read_text("utf-8")
