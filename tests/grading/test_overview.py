"""The page on the term: everybody's row, and who may need help by rules that stand there."""

import csv
import io
from datetime import UTC, datetime

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.withdrawn import write_withdrawn
from mlpkit.grading.insight.help import may_need_help
from mlpkit.grading.insight.overview import Cell, Column, render_term, rows, write_overview
from mlpkit.grading.job import CourseError
from tests.grading import notebooks
from tests.grading.attacks.injections import Page
from tests.grading.course_factory import grade, make_course

HALF = "def double(x): return 3 * x"
LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "shares,reasons",
    [
        ([90, 80, 70], ["falling"]),
        ([90, 80, 71], []),
        ([90, None, 80, 70], ["falling"]),
        ([80, 90, 80], []),
        ([80, None, None], ["absent"]),
        ([None, 80, None], []),
        ([None], []),
        ([80, 30, 30], ["low"]),
        ([30, 80, 45], []),
        ([70, 55, 10], ["falling", "low"]),
        ([], []),
    ],
)
def test_who_may_need_help_is_named_by_the_rules_that_hold(shares, reasons):
    columns = [{"ada": share, "x": 80.0, "y": 80.0, "z": 80.0} for share in shares]
    assert may_need_help(columns) == ({"ada": reasons} if reasons else {})


def columns():
    late = Cell("marked", 3.0, 60.0, 2, 1, "due yesterday", "../feedback/ada/ps1/ps1.html")
    first = {"ada": late, "<b>": Cell("absent"), "cy": Cell("not graded")}
    second = {"ada": Cell("open"), "<b>": Cell("absent")}
    return [
        Column("ps1", 5.0, "1 May", True, "http://localhost:8888/formgrader/x", first),
        Column("ps2", 5.0, "", True, "http://localhost:8888/formgrader/y", second),
    ]


def test_each_state_is_told_and_leads_somewhere_and_nothing_of_a_student_runs():
    page = render_term({"ada": "Ada Lovelace"}, ["<b>", "ada", "cy"], columns())
    assert Page(page).found == []
    assert "&lt;b&gt;" in page and "<b>ada" not in page
    assert '<a href="../feedback/ada/ps1/ps1.html">3</a>' in page and "2 days late" in page
    assert '<a href="http://localhost:8888/formgrader/x">1 to read</a>' in page
    assert "absent</td>" in page and "not graded</td>" in page


def test_the_table_has_a_row_for_everybody_with_why_they_may_need_help():
    head, *table = rows({"ada": "Ada"}, ["<b>", "ada", "cy"], columns())
    found = [dict(zip(head, row, strict=True)) for row in table]
    assert [row["may_need_help"] for row in found] == ["absent", "", ""]
    assert found[1]["ps1"] == 3.0 and found[1]["ps1_days_late"] == 2 and found[1]["ps2"] == ""


@pytest.mark.sandbox
def test_a_class_with_due_dates_is_seen_at_a_glance(tmp_path, capsys):
    course = make_course(tmp_path, {"ada": notebooks.answered(), "ben": b""})
    listed = "id,first_name,last_name,email\ncy,Cy,Young,\ndan,Dan,Brown,\n"
    (tmp_path / "students.csv").write_text(listed)
    write_withdrawn(tmp_path, {"dan": "2026-10-01"})
    with pytest.raises(CourseError, match="run mlpkit grade"):
        write_overview(course, tmp_path / "reports")
    grade(course)
    page, table = write_overview(course, tmp_path / "reports", now=LATER)
    found = {row["student_id"]: row for row in csv.DictReader(io.StringIO(table.read_text()))}
    assert {name: row["ps1_state"] for name, row in found.items()} == {
        "ada": "marked", "ben": "marked", "cy": "absent",
    }  # fmt: skip
    assert found["ada"]["ps1"] == "4.0" and found["cy"]["name"] == "Cy Young"
    assert "Cy Young" in page.read_text()
    assert main(["--course", str(tmp_path), "report", "--to", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.split() == [
        str(tmp_path / "out" / name) for name in ("term.html", "term.csv")
    ]
