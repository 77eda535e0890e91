"""Everybody with a folder has a row or is named, however the folder is written."""

import itertools
import subprocess
import sys
import unicodedata

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import journal_of
from mlpkit.terminal import in_letters
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.course_factory import (
    grade,
    hand_in,
    make_course,
    make_released_course,
    open_gradebook,
)
from tests.grading.handins.command import LIMITS, mlpkit
from tests.tiers import few

pytestmark = pytest.mark.sandbox

GOOD = notebooks.content(notebooks.answered())
TURN_ON = "from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)\n"
NFC = [unicodedata.normalize("NFC", name) for name in ("Müller", "Ångström", "한글")]
NFD = [unicodedata.normalize("NFD", name) for name in NFC]
BRACKETS = ["[x]", "a[1-2]"]
SCRIPTS = ["王小明", "Ирина"]
CP1252 = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Grade a class of odd names on a terminal of Windows; give the course and what was printed."""
    folder = tmp_path_factory.mktemp("students")
    names = [*NFD, *BRACKETS, *SCRIPTS, "Ada", "ada"]
    make_released_course(folder, dict.fromkeys(names, GOOD), LIMITS + TURN_ON)
    with open_gradebook(Course(folder)) as gradebook:
        gradebook.add_student(NFD[1], first_name="Anders")
    submitted = folder / "submitted"
    for number, name in enumerate(NFC):
        other = submitted / name / ("ps1" if number == 0 else "ps0")
        other.mkdir(parents=True)
        if number == 0:
            (other / "sheet.ipynb").write_bytes(GOOD)
    (submitted / "nobody").mkdir()
    (submitted / "only another").mkdir()
    (submitted / "only another" / "notes.txt").write_text("hello")
    (submitted / "sheet.ipynb").write_bytes(GOOD)
    for hidden in (".eve/ps1/sheet.ipynb", ".old/sheet.ipynb", ".zip", ".git/HEAD", ".DS_Store"):
        (submitted / hidden).parent.mkdir(parents=True, exist_ok=True)
        (submitted / hidden).write_bytes(GOOD)
    (submitted / "PS1" / "eve").mkdir(parents=True)
    (submitted / "PS1" / "eve" / "sheet.ipynb").write_bytes(GOOD)
    return folder, mlpkit(folder, "grade", "ps1", **CP1252)


def rows(done):
    return [line for line in done.stdout.splitlines() if "sheet " in line and " / 7" in line]


def test_no_character_ends_the_command(judged):
    assert judged[1].returncode == 0, judged[1].stderr
    assert "Traceback" not in judged[1].stderr
    assert "\\u738b" in judged[1].stdout


@pytest.mark.parametrize("name", [*NFC, *BRACKETS, *SCRIPTS, "Ada", "ada"])
def test_everybody_has_a_row_under_one_form_of_the_name(judged, name):
    folder, done = judged
    shown = name.encode("cp1252", "backslashreplace").decode("cp1252")
    assert len([row for row in rows(done) if row.split()[0] == shown]) == 1
    result = journal_of(Course(folder), "ps1").find(name, "sheet")[1]
    assert result.points == 4.0


@pytest.mark.parametrize(
    "words",
    [
        "Nothing of ps1 from: nobody, only another",
        "no student's folder: '.eve', '.old', '.zip', 'PS1' and 'sheet.ipynb'",
        "differ only in case: Ada and ada",
    ],
)
def test_who_has_no_row_and_which_names_are_too_much_alike_is_said(judged, words):
    assert words in judged[1].stdout


def test_two_folders_of_one_name_are_one_student_and_it_is_said(judged):
    result = journal_of(Course(judged[0]), "ps1").find(NFC[0], "sheet")[1]
    assert "are one student's" in result.repairs[0]


def test_who_was_imported_in_another_form_of_the_name_is_the_same_student(judged):
    with open_gradebook(Course(judged[0])) as gradebook:
        found = [s for s in gradebook.students if unicodedata.normalize("NFC", s.id) == NFC[1]]
        assert [(s.id, s.first_name) for s in found] == [(NFC[1], "Anders")]


def renamed(folder, ways):
    """Give a course whose student was renamed, each to the next id; ben was the first."""
    course = make_released_course(folder, {"ben": GOOD})
    (folder / "students.csv").write_text("id,last_name\nben,B\n")
    assert mlpkit(folder, "grade", "ps1").returncode == 0
    for old, new in itertools.pairwise(["ben", *ways]):
        assert mlpkit(folder, "students", "rename", old, new).returncode == 0
    return course


OLD = {
    "the old id alone": (["benny"], "ben", True, "the folder 'ben' has the id that benny had"),
    "both": (["benny"], "ben", False, "the folders 'benny' and 'ben' are one student's"),
    "renamed twice": (["benny", "b2"], "benny", False, "the folders 'b2' and 'benny' are one"),
}


@pytest.mark.parametrize("which", few(OLD, 1))
def test_a_folder_of_an_earlier_id_is_the_students_and_it_is_said(tmp_path, which):
    ways, old, alone, said = OLD[which]
    course = renamed(tmp_path, ways)
    if alone:
        (tmp_path / "submitted" / ways[-1]).rename(tmp_path / "submitted" / old)
    else:
        hand_in(tmp_path, old, GOOD)
    done = mlpkit(tmp_path, "grade", "ps1")
    assert [row.split()[0] for row in rows(done)] == [ways[-1]]
    assert said in done.stdout and "no folder" not in done.stdout
    with open_gradebook(course) as gradebook:
        assert [student.id for student in gradebook.students] == [ways[-1]]


UNREADABLE = ["eve\u200b", "eve\x1b[2J", "eve\udcff"]


def test_a_name_that_no_gradebook_holds_is_named_and_the_class_goes_on(tmp_path, capsys):
    course = make_course(tmp_path, {"ada": GOOD, **dict.fromkeys(UNREADABLE, GOOD)})
    assert main(["--course", str(tmp_path), "grade", "ps1"]) == 0
    told = capsys.readouterr().out
    assert "1 judged" in told and "\x1b" not in told
    for name in UNREADABLE:
        assert ascii(name) in told
    assert "can't stand for a student: rename the folder" in told
    with open_gradebook(course) as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


LISTED = {
    "a stranger": ("id\nada\n", "In no class list, and graded all the same: ben."),
    "two": ("id\neve\n", "In no class list, and graded all the same: ada, ben."),
    "nobody": ("id\nada\nben\n", ""),
    "no list": ("", ""),
}


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """Grade two students; give their course's folder."""
    folder = tmp_path_factory.mktemp("two")
    grade(make_course(folder, {"ada": GOOD, "ben": GOOD}))
    return folder


@pytest.mark.parametrize("content, said", LISTED.values(), ids=LISTED)
def test_who_is_in_no_class_list_is_named(two, content, said, capsys):
    if content:
        (two / "students.csv").write_text(content)
    for force in ([], ["--force"]):
        assert main(["--course", str(two), "grade", "ps1", *force]) == 0
        told = capsys.readouterr().out
        assert told.count("class list") == bool(said)
        assert said in told
    (two / "students.csv").unlink(missing_ok=True)


@pytest.mark.thorough
def test_nbgraders_commands_find_names_with_brackets(judged):
    folder, _ = judged
    assert nbgrader(folder, "generate_feedback", "ps1").returncode == 0
    for name in BRACKETS:
        assert (folder / "feedback" / name / "ps1" / "sheet.html").exists()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_the_check_of_the_environment_is_readable_on_every_terminal(encoding):
    command = [sys.executable, "-m", "mlpkit.environment"]
    done = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": encoding})
    told = done.stdout.decode(encoding)
    assert b"Traceback" not in done.stderr
    assert "the course's packages" in told and "\\u" not in told


def test_signs_stay_where_a_terminal_has_them():
    assert in_letters("✓ here", "utf-8") == "✓ here"
    assert in_letters("✗ a – b", "cp1252") == "MISSING: a - b"
    assert in_letters("✓ here", None) == "ok: here"
