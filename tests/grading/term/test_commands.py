"""What is typed is read in any order, and every command is told of."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from mlpkit.grading.cli import main, parser
from tests.grading.term.marked import make_marked_course

SAME = [
    ("collect ps1 there.zip --look --times t.csv", "collect ps1 --times t.csv there.zip --look"),
    ("collect ps1 there.zip --look", "collect --look ps1 there.zip"),
    ("export canvas ps1 ps2 --to out", "export canvas --to out ps1 ps2"),
    ("extend ps1 ada 2d --why ill", "extend ps1 --why ill ada 2d"),
    ("merge other.db", "merge other.db"),
    ("students add ada --email a@b", "students add --email a@b ada"),
    ("grade ps1 --student ada --force", "grade --student ada ps1 --force"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_options_may_stand_anywhere(one, other):
    first, second = (vars(parser().parse_args(words.split())) for words in (one, other))
    assert first == second


@pytest.mark.parametrize("words", ["collect", "export", "archive", "due ps1 a b", "merge a b"])
def test_what_is_missing_or_too_much_is_said(words, capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(words.split())
    assert "usage: mlpkit" in capsys.readouterr().err


@pytest.mark.parametrize("words", ["extend ps1 ada", "collect ps1", "merge"])
def test_half_a_command_says_how_it_goes(words, tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\n")
    assert main(["--course", str(tmp_path), *words.split()]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_guide_tells_of_every_command_of_a_term():
    guide = (Path(__file__).parents[3] / "solutions" / "README.md").read_text("utf-8")
    for command in ("due", "extend", "collect", "students", "export", "merge", "archive"):
        assert f"ARGS='{command} " in guide or f"ARGS={command}\n" in guide, command


@pytest.mark.parametrize(
    "words, there",
    [
        ("report", "reports/term.html"),
        ("export canvas", "reports/ps1-canvas.csv"),
        ("export excel", "reports/marks.csv"),
    ],
)
def test_what_is_written_goes_to_the_course_from_wherever_it_is_called(
    tmp_path, monkeypatch, words, there
):
    course = make_marked_course(tmp_path / "course", ["ada"])
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert main(["--course", "../course", *words.split()]) == 0
    assert not list(Path().iterdir())
    assert (course.root / there).is_file()


@pytest.mark.slow  # it waits for a gradebook that is in use
def test_what_the_disk_or_another_program_stands_in_the_way_of_is_said(tmp_path, capsys):
    course = make_marked_course(tmp_path / "course", ["ada"])
    (course.root / "taken").write_text("a file")
    words = ["--course", str(course.root)]
    assert main([*words, "export", "canvas", "--to", str(course.root / "taken")]) == 1
    assert "taken" in (said := capsys.readouterr().err) and len(said.splitlines()) == 2
    with contextlib.closing(sqlite3.connect(course.root / "gradebook.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert main([*words, "due", "ps1", "none"]) == 1
    said = capsys.readouterr().err
    assert "locked" in said and len(said.splitlines()) == 2
    assert main([*words, "due", "ps1", "none"]) == 0
