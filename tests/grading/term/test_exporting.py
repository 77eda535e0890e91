"""Marks are written as those who import them read them."""

import csv
from datetime import datetime

import pytest

from mlpkit.grading.cli import main
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.course_factory import make_course, open_gradebook

STUDENTS = """\
id,first_name,last_name,email,canvas_id,sis_user_id,id_number
ada,Ada,Lovelace,ada@example.org,12345,S-1,
ben,Bén,"=Cmd",ben@example.org,,,77
cay,Cay,,,,,
dora,Dora,Gone,dora@example.org,,,
"""
POINTS = {"ada": 10 / 3, "ben": 2.005, "dora": 1.0}


@pytest.fixture
def course(tmp_path):
    """A course whose gradebook holds marks of two assignments, without any judging."""
    made = make_course(tmp_path, {})
    (tmp_path / "students.csv").write_text(STUDENTS, encoding="utf-8")
    (tmp_path / "withdrawn.csv").write_text("id,since\ndora,2026-10-01\n")
    with open_gradebook(made) as gradebook:
        for row in csv.DictReader(STUDENTS.splitlines()):
            names = {name: row[name] for name in ("first_name", "last_name", "email")}
            gradebook.add_student(row["id"], **names)
        for name in ("ps1", "ps2"):
            gradebook.add_assignment(name, duedate=datetime(2026, 10, 1))
            gradebook.add_notebook(name, name)
            gradebook.add_grade_cell("test", name, name, max_score=7, cell_type="code")
            for student, points in POINTS.items():
                if (name, student) != ("ps2", "ben"):
                    with gradebook.db.no_autoflush:
                        gradebook.add_submission(name, student)
                    gradebook.find_grade("test", name, name, student).auto_score = points
        gradebook.db.commit()
    return made


def run(course, *words):
    return main(["--course", str(course.root), "export", *words, "--to", str(course.root / "out")])


def table(course, name, encoding="utf-8", **how):
    text = (course.root / "out" / name).read_text(encoding)
    return list(csv.reader(text.splitlines(), **how))


def test_canvas_gets_no_empty_score_no_invented_number_and_two_digits(course, capsys):
    assert run(course, "canvas") == 0
    said = capsys.readouterr().out
    assert "nothing of ps2, and in no row: ben, cay." in said and "no file: dora" in said
    for name, students in (("ps1", {"ada": 3.33, "ben": 2.0}), ("ps2", {"ada": 3.33})):
        rows = table(course, f"{name}-canvas.csv")
        assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", name]
        assert rows[1] == ["    Points Possible", "", "", "", "", "7.0"]
        assert {row[3]: float(row[5]) for row in rows[2:]} == students
        assert rows[2][:4] == ["Lovelace, Ada", "12345", "S-1", "ada"]
    ben = table(course, "ps1-canvas.csv")[3]
    assert ben[1:3] == ["", ""] and not ben[0].startswith("=")
    raw = (course.root / "out" / "ps1-canvas.csv").read_bytes()
    assert raw.startswith(b'"Student"') and raw.count(b'"') == 2 * 6 * 4  # each field is quoted


@pytest.mark.parametrize(("kind", "place"), [("canvas", 3), ("moodle", 2)])
def test_who_handed_nothing_in_gets_0_where_it_is_asked_for(course, kind, place):
    assert run(course, kind, "ps2", "--zeros") == 0
    rows = table(course, f"ps2-{kind}.csv")
    points = {row[place]: row[-1] for row in rows if row[-1] not in ("ps2", "7.0")}
    ben = "77" if kind == "moodle" else "ben"
    assert points == {"ada": "3.33", ben: "0.0", "cay": "0.0"}


def test_moodle_reads_a_decimal_comma_with_semicolons(course):
    assert run(course, "moodle", "ps1", "--decimal", "comma") == 0
    rows = table(course, "ps1-moodle.csv", delimiter=";")
    assert rows[1] == ["Ada", "Lovelace", "ada", "ada@example.org", "3,33"]
    assert rows[2][2] == "77" and rows[2][4] == "2,0"
    assert len(rows) == 3


def test_excel_gets_a_mark_of_its_encoding_and_everybodys_total(course):
    assert run(course, "excel", "--decimal", "comma") == 0
    assert (course.root / "out" / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = table(course, "marks.csv", "utf-8-sig", delimiter=";")
    assert rows[0] == ["id", "name", "ps1", "ps2", "total"]
    assert rows[1] == ["ada", "Ada Lovelace", "3,33", "3,33", "6,66"]
    assert [row[0] for row in rows[1:]] == ["ada", "ben", "cay"]


@pytest.mark.slow
def test_nbgraders_export_of_several_leaves_no_empty_score_and_nobody_withdrawn(course):
    words = ["export", "--exporter", "mlpkit.grading.course.export.Canvas", "--to", "all.csv"]
    nbgrader(course.root, *words).check_returncode()
    rows = list(csv.reader((course.root / "all.csv").read_text().splitlines()))
    assert {row[3]: row[5:] for row in rows[2:]} == {"ada": ["3.33", "3.33"], "ben": ["2.0", "0.0"]}


def test_what_was_never_graded_is_named(course, capsys):
    assert run(course, "canvas", "ps9") == 1
    assert "Nothing of ps9 was graded" in capsys.readouterr().err
    empty = make_course(course.root / "empty", {"ada": notebooks.answered()})
    assert run(empty, "moodle") == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
