"""A term goes into one file, which is checked before anything is taken away."""

import hashlib
import json
import os
import zipfile

import pytest

from mlpkit.grading.cli import main
from tests.grading.term.marked import give, given, make_marked_course


@pytest.fixture
def course(tmp_path):
    made = make_marked_course(tmp_path / "course", ["ada", "ben"])
    for name in ("submitted/ada/ps1/ps1.ipynb", "autograded/ada/ps1/ps1.ipynb", "reports/ps1.html",
                 "feedback/bén/ps1/ps1.html", ".mlpkit/judged/ps1/ada/ps1.json", "students.csv",
                 "submitted/ada/ps1/.hidden", "gradebook.db.before-1"):  # fmt: skip
        (made.root / name).parent.mkdir(parents=True, exist_ok=True)
        (made.root / name).write_text(f"of {name}")
    (made.root / "students.csv").write_text("id\nada\nben\n")
    give(made, "ps1", "ada", "words", 2.5, "Good.")
    return made


def archive(course, *words):
    return main(["--course", str(course.root), "archive", *map(str, words)])


def files(root):
    skip = ("archives", "gradebook.db")
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] not in skip
    }


def test_a_term_is_packed_cleared_looked_at_and_restored(course, capsys):
    before, marks = files(course.root), given(course)
    assert archive(course, "make", "2026") == 0
    assert files(course.root) == before and given(course) == marks
    assert archive(course, "make", "2026") == 1  # never written over
    assert archive(course, "check", "2026") == 0 and archive(course, "clear", "2026") == 0
    left = {name.partition("/")[0] for name in files(course.root)}
    assert left == {"solutions", "nbgrader_config.py"}
    assert not (course.root / "gradebook.db").exists()
    capsys.readouterr()
    assert archive(course, "marks", "2026") == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert rows == [["id", "name", "ps1", "ps2", "total"], ["ada", "5.5", "3.0", "8.5"],
                    ["ben", "3.0", "3.0", "6.0"]]  # fmt: skip
    there = course.root.parent / "looked at"
    assert archive(course, "unpack", "2026", there) == 0
    assert files(there) == before
    assert archive(course, "unpack", "2026", there) == 1
    assert archive(course, "restore", "2026") == 0
    assert files(course.root) == before and given(course) == marks


def test_what_changed_after_the_archive_stays(course, capsys):
    archive(course, "make", "2026")
    (course.root / "submitted" / "ada" / "ps1" / "ps1.ipynb").write_text("later")
    (course.root / "reports" / "new.html").write_text("new")
    capsys.readouterr()
    assert archive(course, "clear", "2026") == 0
    said = capsys.readouterr().out
    assert "submitted/ada/ps1/ps1.ipynb" in said and "reports/new.html" in said
    kept = files(course.root)
    assert kept["submitted/ada/ps1/ps1.ipynb"] == b"later" and kept["reports/new.html"] == b"new"


def test_a_mark_given_after_the_archive_stops_the_clearing(course, capsys):
    archive(course, "make", "2026")
    give(course, "ps2", "ben", "words", 1.0)
    before = files(course.root)
    assert archive(course, "clear", "2026") == 1
    assert "has changed since" in capsys.readouterr().err and files(course.root) == before


def changed(archive_file, how):
    """Write an archive anew with one file of it changed, added or missing; or cut it off."""
    if how == "cut":
        archive_file.write_bytes(archive_file.read_bytes()[:-200])
        return
    with zipfile.ZipFile(archive_file) as old:
        content = {name: old.read(name) for name in old.namelist()}
    name = "submitted/ada/ps1/ps1.ipynb"
    if how == "missing":
        del content[name]
    else:
        content[{"other": name, "added": "submitted/eve/ps1/ps1.ipynb"}[how]] = b"other"
    with zipfile.ZipFile(archive_file, "w") as new:
        for each, value in content.items():
            new.writestr(each, value)


@pytest.mark.parametrize(
    ("how", "words"),
    [(how, ["check"]) for how in ("other", "added", "missing", "cut")]
    + [("other", ["clear"]), ("missing", ["clear"]), ("added", ["unpack"])],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_an_archive_that_is_not_as_it_was_written_is_refused(course, capsys, how, words):
    archive(course, "make", "2026")
    changed(course.root / "archives" / "2026.zip", how)
    before = files(course.root)
    more = [course.root.parent / "there"] if words == ["unpack"] else []
    assert archive(course, *words, "2026", *more) == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert files(course.root) == before and (course.root / "gradebook.db").exists()


def test_links_and_pipes_are_left_and_named(course, capsys):
    folder = course.root / "submitted" / "ben"
    folder.mkdir()
    os.symlink("/etc/passwd", folder / "link.ipynb")
    os.symlink("/etc", folder / "etc")
    os.mkfifo(folder / "pipe")
    assert archive(course, "make", "2026") == 0
    said = capsys.readouterr().out
    assert all(
        f"Not packed: submitted/ben/{name}" in said for name in ("link.ipynb", "etc", "pipe")
    )
    assert archive(course, "clear", "2026") == 0
    assert sorted(os.listdir(folder)) == ["etc", "link.ipynb", "pipe"]


@pytest.mark.parametrize("name", ["../x", ".x", "a/b", "a\x1b"])
def test_an_archive_needs_a_name(course, capsys, name):
    assert archive(course, "make", name) == 1
    assert "can't name an archive" in capsys.readouterr().err


@pytest.mark.parametrize("kept", [b"junk" * 100, b"SQLite format 3\0" + b"\xff" * 5000, None])
def test_the_marks_of_an_archive_with_a_damaged_gradebook_are_no_traceback(course, capsys, kept):
    assert archive(course, "make", "2026") == 0
    file = course.root / "archives" / "2026.zip"
    with zipfile.ZipFile(file) as term:
        content = {name: term.read(name) for name in term.namelist()}
    del content["MANIFEST.json"], content["gradebook.db"]
    content |= {"gradebook.db": kept} if kept else {}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in content.items()}
    with zipfile.ZipFile(file, "w") as term:
        for name, data in {**content, "MANIFEST.json": json.dumps(digests).encode()}.items():
            term.writestr(name, data)
    capsys.readouterr()
    assert archive(course, "marks", "2026") == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 2 and "can't be read" in said
