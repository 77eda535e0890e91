"""Two graders' marks come together, and neither overwrites the other's."""

import contextlib
import itertools
import shutil
import sqlite3
from contextlib import closing

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.files import Course
from tests.grading.term.marked import give, given, make_marked_course


@pytest.fixture
def graders(tmp_path):
    ours = make_marked_course(tmp_path / "ours", ["ada", "ben", "cay"])
    theirs = make_marked_course(tmp_path / "theirs", ["ada", "ben", "zoe"])
    return ours, theirs


def merge(course, *words):
    return main(["--course", str(course.root), "merge", *map(str, words)])


def test_marks_of_other_questions_and_students_are_taken_and_conflicts_shown(graders, capsys):
    ours, theirs = graders
    give(ours, "ps1", "ada", "words", 2.0, "Good.")
    give(ours, "ps1", "ben", "words", 1.0)
    give(ours, "ps2", "ben", "words", 4.0, "Ours.")
    give(theirs, "ps1", "ada", "proof", 3.5, "Ends too early.")
    give(theirs, "ps1", "ben", "words", 2.5)
    give(theirs, "ps1", "zoe", "words", 4.0)
    give(theirs, "ps2", "ben", "words", 4.0)
    give(theirs, "ps2", "ada", "test", 4.0)
    before, theirs_before = given(ours), given(theirs)
    assert merge(ours, theirs.root / "gradebook.db") == 0
    said = capsys.readouterr().out
    assert "Conflict: ps1 ben ps1 words: here 1 points; there 2.5 points" in said
    assert "ps1 zoe ps1 words" in said and "no such answer here" in said
    assert "2 marks taken" in said and "1 conflicts" in said
    changed = {
        ("ps1", "ada", "proof"): (3.5, "Ends too early.", False),
        ("ps2", "ada", "test"): (4.0, None, False),
    }
    after = before | changed
    assert given(ours) == after and given(theirs) == theirs_before
    assert merge(ours, theirs.root / "gradebook.db") == 0
    assert "0 marks taken" in capsys.readouterr().out and given(ours) == after


def test_a_merge_can_be_taken_back(graders, capsys):
    ours, theirs = graders
    give(ours, "ps1", "ada", "words", 2.0)
    give(theirs, "ps1", "ada", "proof", 3.5)
    before = given(ours)
    merge(ours, theirs.root / "gradebook.db")
    merged = given(ours)
    assert merge(ours, "--undo") == 0 and given(ours) == before
    assert merge(ours, "--undo") == 1 and given(ours) == before
    assert merge(ours, theirs.root / "gradebook.db") == 0 and given(ours) == merged


def rename(course, old, new):
    (course.root / "students.csv").write_text("id\nada\nben\ncay\n")
    assert main(["--course", str(course.root), "students", "rename", old, new]) == 0


SINCE = {
    "another mark": lambda ours: give(ours, "ps1", "cay", "words", 1.0, "Since."),
    "a rename of another": lambda ours: rename(ours, "cay", "kay"),
    "a rename of the same": lambda ours: rename(ours, "ada", "a2"),
    "another mark of the same": lambda ours: give(ours, "ps2", "ada", "words", 1.0),
}


@pytest.mark.parametrize("since", SINCE.values(), ids=SINCE)
def test_taking_a_merge_back_leaves_what_was_done_since(graders, capsys, since):
    ours, theirs = graders
    give(theirs, "ps1", "ada", "proof", 3.5, "Theirs.")
    shutil.copytree(ours.root, alone := ours.root.parent / "alone")
    assert merge(ours, theirs.root / "gradebook.db") == 0
    for course in (ours, Course(alone)):
        since(course)
    assert given(ours) != given(Course(alone))
    assert merge(ours, "--undo") == 0
    assert given(ours) == given(Course(alone))
    assert "1 marks of the merge are taken back" in capsys.readouterr().out


def test_a_mark_that_was_changed_since_the_merge_is_left_and_named(graders, capsys):
    ours, theirs = graders
    give(theirs, "ps1", "ada", "proof", 3.5)
    give(theirs, "ps1", "ben", "proof", 3.0)
    merge(ours, theirs.root / "gradebook.db")
    give(ours, "ps1", "ada", "proof", 2.0)
    before = given(ours)
    assert merge(ours, "--undo") == 0
    said = capsys.readouterr().out
    assert "Changed since the merge, and left: ps1 ada ps1 proof: 2 points" in said
    assert given(ours) == before | {("ps1", "ben", "proof"): (None, None, True)}


@pytest.mark.parametrize("ways", [["a2"], ["a2", "a3"], ["a2", "ada", "a4"]])
def test_a_mark_of_who_was_renamed_here_is_taken(graders, capsys, ways):
    ours, theirs = graders
    give(theirs, "ps1", "ada", "proof", 3.5, "Theirs.")
    rename(ours, "ada", ways[0])
    for old, new in itertools.pairwise(ways):
        assert main(["--course", str(ours.root), "students", "rename", old, new]) == 0
    assert merge(ours, theirs.root / "gradebook.db") == 0
    assert given(ours)["ps1", ways[-1], "proof"] == (3.5, "Theirs.", False)
    assert "no such answer" not in capsys.readouterr().out


@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_merge_that_takes_nothing_leaves_the_last_one_to_be_taken_back(graders, capsys, times):
    ours, theirs = graders
    give(theirs, "ps1", "ada", "proof", 3.5)
    before = given(ours)
    for _ in range(times):
        assert merge(ours, theirs.root / "gradebook.db") == 0
    assert given(ours) != before
    assert merge(ours, "--undo") == 0
    assert given(ours) == before


def test_a_mark_of_another_hand_in_is_not_taken(graders, capsys):
    from datetime import datetime

    from tests.grading.course_factory import open_gradebook

    ours, theirs = graders
    give(theirs, "ps1", "ada", "proof", 3.5)
    with open_gradebook(theirs) as gradebook:
        gradebook.find_submission("ps1", "ada").timestamp = datetime(2026, 10, 2)
        gradebook.db.commit()
    before = given(ours)
    merge(ours, theirs.root / "gradebook.db")
    assert "handed in at another time" in capsys.readouterr().out and given(ours) == before


@pytest.mark.parametrize("what", ["nothing", "text", "own", "another database"])
def test_what_is_no_other_gradebook_is_named_and_changes_nothing(graders, capsys, what):
    ours, _ = graders
    other = ours.root / ("gradebook.db" if what == "own" else "other.db")
    if what == "text":
        other.write_text("no database at all, but some text that is long enough to be read")
    elif what == "another database":
        with sqlite3.connect(other) as db:
            db.execute("CREATE TABLE a (b)")
        db.close()
    before = given(ours)
    assert merge(ours, other) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert given(ours) == before and not (ours.root / "gradebook.before-merge.db").exists()


@pytest.mark.parametrize("value", ["1e308", "9e999", "-5", "4.5", "'x'", "x'00ff'", "'<script>'"])
def test_what_can_be_no_mark_of_that_answer_is_named_and_not_taken(graders, capsys, value):
    ours, theirs = graders
    give(theirs, "ps1", "ada", "proof", 3.5)
    give(theirs, "ps1", "ben", "proof", 3.0)
    other = theirs.root / "gradebook.db"
    with closing(sqlite3.connect(other)) as database:
        changed = database.execute(
            f"UPDATE grade SET manual_score = {value} WHERE manual_score = 3.5"
        )
        assert changed.rowcount == 1
        database.commit()
    before = given(ours)
    assert merge(ours, other) == 0
    said = capsys.readouterr().out
    assert "Not taken: ps1 ada ps1 proof: its points are" in said
    assert "expected a number from 0 to 4" in said
    assert given(ours) == before | {("ps1", "ben", "proof"): (3.0, None, False)}


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE submitted_assignment SET student_id = 'nobody'",
        "DELETE FROM student",
        "DROP TABLE comment",
        "ALTER TABLE grade RENAME TO grade_before",
        "UPDATE submitted_assignment SET timestamp = 'never'",
        "UPDATE base_cell SET name = NULL",
    ],
)
def test_a_gradebook_whose_rows_lead_nowhere_is_no_traceback(graders, capsys, damage):
    ours, theirs = graders
    give(theirs, "ps1", "ada", "proof", 3.5)
    other = theirs.root / "gradebook.db"
    with closing(sqlite3.connect(other)) as database:
        with contextlib.suppress(sqlite3.DatabaseError):
            database.execute(damage)
        database.commit()
    before = given(ours)
    code, said = merge(ours, other), capsys.readouterr()
    assert code == 0 or (len(said.err.splitlines()) == 2 and "damaged" in said.err)
    changed = set(given(ours).items()) - set(before.items())
    assert changed <= {(("ps1", "ada", "proof"), (3.5, None, False))}
    assert "Traceback" not in said.err
