"""Due dates and extensions: what they cost follows at once, without judging again."""

import csv

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.lateness import lateness
from mlpkit.grading.job import CourseError
from tests.commands import nbgrader
from tests.grading.course_factory import grade, make_course, make_released_course, open_gradebook
from tests.grading.term.late import TWO_A_DAY, timed

HANDED_IN = {
    "ada": "2026-10-24 10:00 +02:00",
    "ben": "2026-10-25 12:00 CET",  # over the change of clocks: one day, and 25 hours
    "cay": "2026-10-26 12:00 +0100",
    "dan": None,
}


def mlpkit(course, *words):
    return main(["--course", str(course.root), *words])


def penalties(course):
    with open_gradebook(course) as gradebook:
        return {
            each.student.id: each.late_submission_penalty
            for each in gradebook.assignment_submissions("ps1")
        }


@pytest.mark.sandbox
def test_a_term_of_dates_costs_what_they_say_without_judging_again(tmp_path, capsys):
    course = make_course(tmp_path, {n: timed(t) for n, t in HANDED_IN.items()}, config=TWO_A_DAY)
    grade(course)
    assert set(penalties(course).values()) == {0}
    assert mlpkit(course, "due", "ps1", "2026-10-24 12:00") == 0
    assert "due 2026-10-24 12:00 CEST" in capsys.readouterr().out
    assert penalties(course) == {"ada": 0, "ben": 0.5, "cay": 1.0, "dan": 0}
    assert mlpkit(course, "extend", "ps1", "cay", "1 day", "--why", "ill") == 0
    assert "cay: 2 days late, 1 point off before, now 1 day late" in capsys.readouterr().out
    assert mlpkit(course, "extend", "ps1", "everybody", "2026-10-25 12:00 CET") == 0
    assert penalties(course) == {"ada": 0, "ben": 0, "cay": 0.5, "dan": 0}
    assert grade(course).judged == 0
    assert penalties(course) == {"ada": 0, "ben": 0, "cay": 0.5, "dan": 0}
    (course.root / "submitted" / "cay" / "ps1" / "timestamp.txt").unlink()
    assert grade(Course(tmp_path)).judged == 0
    assert penalties(course)["cay"] == 0
    with open_gradebook(course) as gradebook:
        ben = lateness(course, gradebook, "ps1")["ben"]
    assert ben.words() == (
        "due 2026-10-25 12:00 CET (extended from 2026-10-24 12:00 CEST), "
        "handed in 2026-10-25 12:00 CET"
    )
    assert mlpkit(course, "extend", "ps1", "everybody", "none") == 0
    assert mlpkit(course, "due", "ps1", "none") == 0
    assert "ben: 1 day late, 0.5 points off before, now not late" in capsys.readouterr().out
    assert set(penalties(course).values()) == {0}


BAD = {
    "long": (b"2026-10-01 10:00 " + b"x" * 5000, "5,017 characters"),
    "huge": (b"9" * 100_000, "more than 64 kB"),
    "day-month": (b"01/02/2026 10:00", "day and month"),
    "zone": (b"2026-10-01 10:00 IST", "no time zone that can be known"),
}


@pytest.mark.sandbox
def test_what_is_no_time_is_said_in_the_row_and_costs_nothing(tmp_path):
    class_of = {name: timed(content) for name, (content, _) in BAD.items()}
    class_of["utf16"] = timed("2026-10-26 12:00 UTC".encode("utf-16"))
    course = make_course(tmp_path, class_of, config=TWO_A_DAY)
    mlpkit(course, "due", "ps1", "2026-10-24 12:00 UTC")
    rows = {result.student: result.repairs for result in grade(course).results}
    for name, (_, words) in BAD.items():
        assert any("timestamp.txt" in said and words in said for said in rows[name]), rows[name]
    assert rows["utf16"] == []
    assert penalties(course) == dict.fromkeys(BAD, 0) | {"utf16": 1.0}


@pytest.mark.sandbox
def test_nbgraders_autograde_counts_days_as_the_kit_does(tmp_path):
    class_of = {name: timed(HANDED_IN[name]) for name in ("ben", "cay")}
    course = make_released_course(tmp_path, class_of, config=TWO_A_DAY + TURN_ON)
    assert mlpkit(course, "due", "ps1", "2026-10-24 12:00") == 0
    ran = nbgrader(course.root, "autograde", "ps1")
    assert ran.returncode == 0, ran.stderr
    assert penalties(course) == {"ben": 0.5, "cay": 1.0}


TURN_ON = "\nfrom mlpkit.grading.course.preprocessor import turn_on\nturn_on(c)\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["due", "ps1", "10/11/2026 10:00"], "day and month"),
        (["due", "ps1", "2026-10-01"], "no time of day"),
        (["due", "ps9", "2026-10-01 10:00"], "no assignment of this course"),
        (["extend", "ps1", "zoe", "2 days"], "No student 'zoe'"),
        (["extend", "ps1", "ada", "2 days"], "no due date that could be extended"),
        (["extend", "ps1", "ada", "soon"], "no due date"),
    ],
)
def test_what_can_not_be_done_is_said_in_two_lines_and_changes_nothing(
    tmp_path, capsys, words, said
):
    course = make_course(tmp_path, {"ada": timed(None)})
    (tmp_path / "students.csv").write_text("id\nada\n")
    assert mlpkit(course, *words) == 1
    told = capsys.readouterr().err
    assert said in told and len(told.splitlines()) == 2
    assert not (tmp_path / "extensions.csv").exists()


def test_an_extension_that_is_none_is_refused(tmp_path, capsys):
    course = make_course(tmp_path, {})
    (tmp_path / "students.csv").write_text("id\nada\n")
    assert mlpkit(course, "due", "ps1", "2026-10-01 10:00") == 0
    for given in ("2026-09-30 10:00", "0 days", "1/2/2027 10:00", "later"):
        assert mlpkit(course, "extend", "ps1", "ada", given) == 1
        assert "No extension" in capsys.readouterr().err
    assert mlpkit(course, "extend", "ps1", "ada", "2 days", "--why", "=1+1") == 0
    assert mlpkit(course, "extend", "ps1", "ada", "2 days", "--why", "=1+1") == 0
    rows = list(csv.DictReader((tmp_path / "extensions.csv").read_text().splitlines()))
    assert [(row["student_id"], row["extension"]) for row in rows] == [("ada", "2 days")]
    capsys.readouterr()
    assert mlpkit(course, "extend") == 0
    assert "ada" in (said := capsys.readouterr().out) and "2026-10-03 10:00 UTC (=1+1)" in said


@pytest.mark.sandbox
def test_a_row_of_the_list_that_is_no_extension_is_named_and_the_others_count(tmp_path):
    late = timed("2026-10-02 10:00")
    course = make_course(tmp_path, {"ada": late, "ben": late}, config=TWO_A_DAY)
    (tmp_path / "extensions.csv").write_bytes(
        "\ufeffassignment;student_id;extension\r\nps1;ada;2 days\r\nps1;ben;1.2.2027 10:00\r\n"
        "ps1;;3 days\r\nps1;nobody;3 days\r\nps1;bénédict;1 day\r\n".encode("utf-16")
    )
    mlpkit(course, "due", "ps1", "2026-10-01 10:00")
    warnings = grade(course).warnings
    assert any("line 4" in said for said in warnings)
    assert any("nobody has the id bénédict, nobody" in said for said in warnings)
    assert any("ben" in said and "day and month" in said for said in warnings)
    assert penalties(course) == {"ada": 0, "ben": 0.5}


@pytest.mark.parametrize(
    "content",
    ["ps1,ada,2 days,ill\n", "ps1;ada;2 days\nps1;ben;1 day\n", "\nps1\tada\t2 days\n"],
    ids=["one row", "two rows", "tabs"],
)
def test_a_list_without_heads_is_named_and_not_written_over(tmp_path, capsys, content):
    course = make_course(tmp_path, {"ada": timed("2026-10-02 10:00")})
    mlpkit(course, "due", "ps1", "2026-10-01 10:00")
    (tmp_path / "extensions.csv").write_text(content)
    capsys.readouterr()
    assert mlpkit(course, "extend") == 0
    assert "its first line has to name assignment" in capsys.readouterr().out
    assert mlpkit(course, "extend", "ps1", "ada", "3 days") == 1
    assert "Mend the list first" in capsys.readouterr().err
    assert (tmp_path / "extensions.csv").read_text() == content


@pytest.mark.parametrize("who", ["nobody", "ada@example.org", "ADA"])
def test_an_extension_of_nobody_in_the_class_is_shown_as_none(tmp_path, capsys, who):
    course = make_course(tmp_path, {"ada": timed("2026-10-02 10:00")})
    mlpkit(course, "due", "ps1", "2026-10-01 10:00")
    mlpkit(course, "students", "add", "ada", "--email", "ada@example.org")
    rows = f"ps1,{who},2 days\nps1,ada,1 day\n"
    (tmp_path / "extensions.csv").write_text(f"assignment,student_id,extension\n{rows}")
    capsys.readouterr()
    assert mlpkit(course, "extend") == 0
    shown = capsys.readouterr().out.splitlines()
    assert f"doesn't count: nobody has the id {who}" in shown[0]
    assert "2026-10-02" in shown[1]


def test_a_zone_that_is_none_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"c\.Term\.timezone .* 'CST'"):
        make_course(tmp_path, {}, config='c.Term.timezone = "CST"\n')


@pytest.mark.parametrize(
    "given,said",
    {
        "3 days": "ps1, ada: 3 days (before: 2 days, ill).",
        "none": "ps1, ada: no extension (before: 2 days, ill).",
        "2 days": "As it was: nothing was changed.",
    }.items(),
)
def test_what_an_extension_replaces_is_said_so_that_it_can_be_taken_back(
    tmp_path, capsys, given, said
):
    course = make_course(tmp_path, {})
    (tmp_path / "students.csv").write_text("id\nada\n")
    mlpkit(course, "due", "ps1", "2026-10-24 12:00")
    assert mlpkit(course, "extend", "ps1", "ada", "2 days", "--why", "ill") == 0
    capsys.readouterr()
    assert mlpkit(course, "extend", "ps1", "ada", given, "--why", "ill") == 0
    assert capsys.readouterr().out.splitlines()[0] == said


@pytest.mark.sandbox
def test_a_feedback_page_says_when_it_was_due_and_what_being_late_cost(tmp_path):
    class_of = {name: timed(HANDED_IN[name]) for name in ("cay", "dan")}
    course = make_course(tmp_path, class_of, config=TWO_A_DAY)
    mlpkit(course, "due", "ps1", "2026-10-24 12:00")
    grade(course)

    def page(student):
        text = (tmp_path / "feedback" / student / "ps1" / "sheet.html").read_text("utf-8")
        return " ".join(text.split())

    assert mlpkit(course, "feedback", "ps1") == 0
    assert "handed in 2026-10-26 12:00 CET: 2 days late, 1 point off." in page("cay")
    assert "Due 2026-10-24 12:00 CEST." in page("dan")
    mlpkit(course, "extend", "ps1", "cay", "1 day")
    assert mlpkit(course, "feedback", "ps1") == 0
    assert "Due 2026-10-25 12:00 CET (extended from 2026-10-24 12:00 CEST)" in page("cay")
    assert "1 day late, 0.5 points off." in page("cay")
