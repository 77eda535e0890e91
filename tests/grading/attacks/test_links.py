"""Nobody gets marks for, or sees, what a link in a hand-in leads to; a pipe holds nobody up."""

import os

import pytest

from mlpkit.grading.course.gradebook import Writer
from mlpkit.grading.course.reading import read_below
from mlpkit.grading.text.handed_in import Unreadable
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.attacks.hostile_class import TURNED_ON
from tests.grading.course_factory import grade, make_course, marks

pytestmark = pytest.mark.sandbox
SHEET = "sheet.ipynb"


def instead_of(folder, target):
    folder.rmdir()
    folder.symlink_to(target)


# By student, what is put in the place of an empty folder submitted/STUDENT/ps1.
WAYS = {
    "file": lambda folder: (folder / SHEET).symlink_to("../../honest/ps1/sheet.ipynb"),
    "model": lambda folder: (folder / SHEET).symlink_to("../../../solutions/ps1/sheet.ipynb"),
    "folder": lambda folder: instead_of(folder, "../honest/ps1"),
    "solutions": lambda folder: instead_of(folder, "../../solutions/ps1"),
    "hard": lambda folder: os.link(folder / "../../honest/ps1/sheet.ipynb", folder / SHEET),
    "hard-model": lambda folder: os.link(
        folder / "../../../solutions/ps1/sheet.ipynb", folder / SHEET
    ),
    "pipe": lambda folder: os.mkfifo(folder / SHEET),
    "stamp": lambda folder: (
        (folder / SHEET).write_bytes(notebooks.content(notebooks.answered())),
        os.mkfifo(folder / "timestamp.txt"),
    ),
    "beside": lambda folder: (
        (folder / SHEET).write_bytes(notebooks.content(notebooks.answered())),
        (folder / "notes.txt").symlink_to("../../../gradebook.db"),
    ),
}
# Whose own notebook is there: its marks are theirs.
OWN = ("stamp", "beside")


def class_of_links(folder):
    course = make_course(folder, {"honest": notebooks.answered(), **WAYS}, config=TURNED_ON)
    os.symlink("honest", folder / "submitted" / "student")  # the whole student
    os.symlink("../solutions", folder / "submitted" / "above")
    return course


def earned(course):
    points = {}
    for (student, _), (automatic, *_) in marks(course).items():
        points[student] = points.get(student, 0.0) + (automatic or 0.0)
    return points


@pytest.fixture
def judged(tmp_path):
    course = class_of_links(tmp_path)
    return course, grade(course)


def test_mlpkit_grade_gives_each_a_row_and_none_another_ones_marks(judged):
    summary = judged[1]
    rows = {result.student: result for result in summary.results}
    assert set(rows) >= {*WAYS, "student"}
    for name, result in rows.items():
        if name in OWN:
            assert result.points == 4.0
        elif name != "honest":
            assert result.points == 0.0 and result.failure, name
            assert "Because." not in result.judged.decode()
    assert "link" in rows["student"].failure and "hard link" in rows["hard"].failure
    assert "a pipe" in rows["pipe"].failure


def test_nbgrader_autograde_gives_each_a_row_and_none_another_ones_marks(tmp_path):
    course = class_of_links(tmp_path)
    # A hard link has two names; the honest one's own must not suffer from it here.
    for name in ("hard", "hard-model"):
        target = tmp_path / "submitted" / name / "ps1" / SHEET
        os.unlink(target)
        os.link(tmp_path / "nbgrader_config.py", target)
    writer = Writer(course, "ps1")
    writer.prepare()
    writer.close()
    done = nbgrader(tmp_path, "autograde", "ps1", "--create")
    assert earned(course).pop("honest") == 4.0
    points = earned(course)
    for name in (*WAYS, "student"):
        assert points[name] == (4.0 if name in OWN else 0.0), name
        assert name in OWN or f"{name}: the " in done.stderr, name
    assert not list(tmp_path.glob("autograded/*/ps1/notes.txt"))


@pytest.mark.parametrize("kind", ["last", "middle", "first"])
def test_no_part_of_a_path_is_a_link(tmp_path, kind):
    (tmp_path / "root/a/b").mkdir(parents=True)
    (tmp_path / "root/a/b/file").write_bytes(b"own")
    assert read_below(tmp_path / "root", tmp_path / "root/a/b/file", 10) == b"own"
    (tmp_path / "as_link").symlink_to(tmp_path / "root")
    assert read_below(tmp_path / "as_link", tmp_path / "as_link/a/b/file", 10) == b"own"
    link = {"last": "root/a/b/file", "middle": "root/a/b", "first": "root/a"}[kind]
    (tmp_path / link).rename(tmp_path / "elsewhere")
    (tmp_path / link).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unreadable, match="is a link"):
        read_below(tmp_path / "root", tmp_path / "root/a/b/file", 10)
