"""The page and the tables on a graded class: what they count, and that nothing in them runs."""

import base64
import csv
import hashlib
import html
import io
import re

import pytest

from mlpkit.grading import Grade, Result
from mlpkit.grading.cli import main
from mlpkit.grading.course import journal
from mlpkit.grading.insight import counts, report, wrong
from mlpkit.grading.insight.groups import Sorted
from mlpkit.grading.insight.signing import sign_class
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.tables import to_csv
from mlpkit.grading.workers import pool
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.attacks.injections import Page
from tests.grading.course_factory import grade, hand_in, make_course, open_gradebook

SCRIPT = "<script>alert(1)</script>"
HALF = "def double(x): return 2 * x if hasattr(x, 'shape') else 0"
FORMULA, TAG = "=1+1", "<img src=x onerror=alert(1)>"
CLASS = {
    "ada": notebooks.answered(words="Because."),
    "ben": notebooks.answered(double=HALF),
    "cay": notebooks.answered(double=f"def double(x): raise ValueError({SCRIPT!r})"),
    "dan": b"no notebook",
    FORMULA: notebooks.answered(double=HALF),
    TAG: notebooks.release(notebooks.course()),
}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A graded class, and the content of the files of its report by their names."""
    folder = tmp_path_factory.mktemp("reported")
    submissions = {name: book for name, book in CLASS.items() if name != TAG}
    submissions[TAG] = lambda place: (place / f"{TAG}.ipynb").write_bytes(
        notebooks.content(CLASS[TAG])
    )
    course = make_course(folder, submissions)
    grade(course)
    signatures = sign_class(course, "ps1")
    paths = report.write_report(course, "ps1", folder / "reports", signatures)
    return course, {path.name: path.read_text(encoding="utf-8") for path in paths}


@pytest.mark.sandbox
def test_the_page_says_what_an_instructor_asks(written):
    page = written[1]["ps1.html"]
    assert "<b>6</b> submissions" in page
    assert "<b>1</b> not run to the end" in page and "the file is no notebook" in page
    assert "<b>1</b> repaired first" in page and "was handed in as" in page
    assert "<b>1</b> answers to read by hand" in page
    # Each check once, with how many failed it; ben's and the formula's hidden one.
    assert re.search(
        r'<td class="number">2</td><td class="words">.*<th scope="row">check-double<', page
    )
    assert "NOT SANDBOXED" not in page and "without a sandbox" not in page


@pytest.mark.sandbox
def test_wrong_alike_not_answered_and_not_run_are_told_apart(written):
    rows = list(csv.DictReader(io.StringIO(written[1]["ps1-mistakes.csv"])))
    found = {(row["student_id"], row["exercise"]): row for row in rows}
    double = {name: row for (name, test), row in found.items() if test == "check-double"}
    assert {name: row["state"] for name, row in double.items()} == {
        "ben": "wrong", "'=1+1": "wrong", "cay": "wrong", TAG: "not answered", "dan": "not run",
    }  # fmt: skip
    assert double["ben"]["group"] == double["'=1+1"]["group"] != ""
    assert double["cay"]["group"] == "" and "no notebook" in double["dan"]["cause"]
    page = written[1]["ps1.html"]
    assert "1 right, 3 wrong, 1 not answered, 1 not run" in page
    assert f"group <code>{double['ben']['group']}</code>" in page
    assert "return 2 * x if hasattr(x, &#39;shape&#39;) else 0" in page


@pytest.mark.sandbox
def test_signatures_are_found_once_and_again_for_another_hand_in(tmp_path, monkeypatch):
    course = make_course(tmp_path, {"ada": notebooks.answered(double=HALF), "ben": b""})
    grade(course)
    signed = sign_class(course, "ps1")
    assert signed.keys() == {("ada", "sheet"), ("ben", "sheet")}
    with monkeypatch.context() as patch:
        patch.setattr(pool, "judge_all", lambda jobs, workers: [pytest.fail(str(j)) for j in jobs])
        assert sign_class(course, "ps1") == signed == report.known_signatures(course, "ps1")
    hand_in(tmp_path, "ada", notebooks.answered(double="def double(x): return 3 * x"))
    grade(course)
    assert sign_class(course, "ps1") != signed


@pytest.mark.sandbox
def test_nothing_of_a_student_runs_in_the_page(written):
    page = written[1]["ps1.html"]
    assert Page(page).found == []
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}';" in html.unescape(page)
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert "&lt;script&gt;" in page


@pytest.mark.sandbox
@pytest.mark.parametrize("table", ["exercises", "canvas", "moodle"])
def test_no_table_holds_a_formula(written, table):
    for row in csv.reader(io.StringIO(written[1][f"ps1-{table}.csv"])):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


@pytest.mark.parametrize("start", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", " =1"])
def test_a_text_that_a_spreadsheet_would_run_is_quoted(start):
    assert to_csv([[start]]).decode().strip('"\t\r\n ').startswith("'")
    assert to_csv([[-1.5]]) == b'"-1.5"\n'


@pytest.mark.parametrize("value", ["a;=1+1", "a\t=1", "a,=1", 'a";=1', "a\n=1", "a;@x|'y'!z"])
def test_no_part_of_a_text_is_a_field_of_its_own(value):
    table = to_csv([["id", value, 1.0]]).decode()
    for separator in (",", ";", "\t"):
        fields = next(csv.reader(io.StringIO(table, newline=""), delimiter=separator))
        assert not any(field.startswith(("=", "@", "+", "-")) for field in fields)
    assert next(csv.reader(io.StringIO(table, newline="")))[1].replace("'", "") == value.replace(
        "'", ""
    )


@pytest.mark.sandbox
def test_the_table_of_exercises_has_a_row_for_each_mark(written):
    rows = list(csv.DictReader(io.StringIO(written[1]["ps1-exercises.csv"])))
    assert len(rows) == 3 * len(CLASS)
    found = {(row["student_id"], row["exercise"]): row for row in rows}
    assert found["ben", "check-double"]["score"] == "0.0"
    assert found["ben", "check-mean"]["score"] == "2.0"
    assert found["ada", "words"]["needs_manual_grade"] == "1"


@pytest.mark.sandbox
def test_nbgraders_export_takes_the_plugins(written):
    course, files = written
    for name, kind in (("Canvas", "canvas"), ("Moodle", "moodle"), ("Exercises", "exercises")):
        words = ["export", "--exporter", f"mlpkit.grading.course.export.{name}", "--to", "out.csv"]
        nbgrader(course.root, *words).check_returncode()
        assert (course.root / "out.csv").read_text() == files[f"ps1-{kind}.csv"]


@pytest.mark.sandbox
def test_canvas_and_moodle_have_a_total_for_each_student(written):
    canvas = list(csv.DictReader(io.StringIO(written[1]["ps1-canvas.csv"])))
    assert canvas[0]["Student"].strip() == "Points Possible" and float(canvas[0]["ps1"]) == 7
    moodle = list(csv.DictReader(io.StringIO(written[1]["ps1-moodle.csv"])))
    for rows, key in ((canvas[1:], "SIS Login ID"), (moodle, "ID number")):
        totals = {row[key]: float(row["ps1"]) for row in rows}
        assert totals == {"ada": 4, "ben": 2, "cay": 2, "dan": 0, "'=1+1": 2, TAG: 0}


def test_a_report_before_any_grading_says_what_to_run(tmp_path):
    course = make_course(tmp_path, {"ada": notebooks.answered()})
    with pytest.raises(CourseError, match="run mlpkit grade ps1"):
        report.write_report(course, "ps1", tmp_path / "reports")


def result(student, points, *messages, seconds=1.0, hidden=False):
    starts = {"Hidden check: ": "hidden", "The last call": "call", "Not judged": "note"}
    kinds = [next((kind for start, kind in starts.items() if m.startswith(start)), "check")
             for m in messages]  # fmt: skip
    marks = Grade("check", points, 4.0, "test", list(messages), kinds, hidden)
    return Result(student, "ps1", "sheet", [marks], seconds={"total": seconds})


def test_every_submission_is_in_one_bar_and_one_part_of_its_exercise():
    results = [result(str(n), points) for n, points in enumerate((0, 0.1, 2, 3.9, 4, 4))]
    assert [row["count"] for row in counts.distribution(results)] == [2, 0, 0, 0, 0, 1, 0, 0, 0, 3]
    (row,) = counts.exercises(results)
    assert (row["all"], row["some"], row["none"]) == (2, 3, 1)
    assert row["mean"] == pytest.approx(100 * 14 / 24)


def test_a_check_is_counted_once_a_submission_whatever_the_numbers():
    results = [
        result(
            "a", 1, "Hidden check: large: f is 3.5, which is wrong", "The last call was f(int)."
        ),
        result(
            "b", 1, "Hidden check: large: f is -1e5, which is wrong", "rows: f raised TypeError"
        ),
        result("c", 1, "Hidden check: large: f is nan, which is wrong", "rows: f is 1", "rows: x"),
        result("d", 0, "Not judged: the kernel was killed by signal 9."),
    ]
    first, second = counts.failed_checks(results)
    assert (first["title"], first["hidden"], first["count"]) == ("large", True, 3)
    assert first["words"] == "f is …, which is wrong"
    assert (second["title"], second["hidden"], second["count"]) == ("rows", False, 2)


def test_parts_stand_by_how_many_failed_them_hidden_or_not():
    said = {"Hidden check: a: no": 2, "b: no": 3, "Hidden check: c: no": 1, "d: no": 1}
    results = [
        result(str(n), 0, *[words for words, count in said.items() if n < count]) for n in range(3)
    ]
    rows = counts.failed_checks(results)
    assert [(row["title"], row["count"]) for row in rows] == [
        ("b", 3),
        ("a", 2),
        ("c", 1),
        ("d", 1),
    ]


def an_exercise(test, **stopped):
    return wrong.Exercise(test, Sorted(stopped=stopped), "", {}, False)


@pytest.mark.parametrize(
    ("exercises", "whole"),
    [
        ([], {}),
        ([an_exercise("one", empty=["a"])], {"empty": ["a"]}),
        ([an_exercise("one", empty=["a", "b"], died=["c"]), an_exercise("two", empty=["b"])],
         {"empty": ["b"]}),
        ([an_exercise("one", undefined=["a"]), an_exercise("two", undefined=["b"])], {}),
    ],
)  # fmt: skip
def test_who_could_not_be_run_in_any_exercise_is_named_once(exercises, whole):
    assert wrong.not_run(exercises) == whole


def test_slow_is_much_slower_than_the_one_in_the_middle():
    results = [result(str(n), 4, seconds=s) for n, s in enumerate((1, 1.1, 1.2, 9, 5))]
    assert [r.student for r in counts.slow(results)] == ["3", "4"]
    assert counts.slow([result("a", 4, seconds=0.1), result("b", 4, seconds=1.9)]) == []
    assert counts.slow([]) == []


@pytest.mark.sandbox
def test_a_result_without_a_sandbox_is_a_warning_on_the_page(written):
    unsafe = result("eve", 4)
    unsafe.sandbox = "none"
    with open_gradebook(written[0]) as gradebook:
        page = report.render_class("ps1", [unsafe], gradebook)
    assert "1 of these submissions ran without a sandbox" in page


@pytest.mark.sandbox
def test_the_command_grades_reports_and_says_what_is_wrong(tmp_path, capsys):
    make_course(tmp_path, {"ada": notebooks.answered(), "ben\x1b[2J": b""})
    course = ["--course", str(tmp_path)]
    assert main([*course, "report", "ps1"]) == 1
    assert "run mlpkit grade ps1" in capsys.readouterr().err
    (tmp_path / "submitted" / "ben\x1b[2J").rename(tmp_path / "submitted" / "ben")
    assert main([*course, "grade", "ps1", "--workers", "1"]) == 0
    said = capsys.readouterr()
    assert "2 judged, 0 unchanged" in said.out and "the file is empty" in said.out
    assert main([*course, "report", "ps1"]) == 0
    assert (tmp_path / "reports" / "ps1.html").is_file()
    assert len(capsys.readouterr().out.splitlines()) == 7
    assert main([*course, "grade", "ps9"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.sandbox
def test_marks_of_an_older_kit_are_named_on_the_page_and_judged_again(tmp_path, monkeypatch):
    course = make_course(tmp_path, {"ada": notebooks.answered(), "ben": b""})
    grade(course)
    page = report.write_report(course, "ps1", tmp_path)[0]
    assert "older kit" not in page.read_text("utf-8")
    monkeypatch.setattr(journal, "_judge", lambda: "another")
    report.write_report(course, "ps1", tmp_path)
    assert "2 of these were judged by an older kit" in page.read_text("utf-8")
    assert grade(course).older == 2
    report.write_report(course, "ps1", tmp_path)
    assert "older kit" not in page.read_text("utf-8")
