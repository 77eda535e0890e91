"""Which of the files that were handed in is an assignment's notebook: names with numbers in them,
cells that all assignments have, archives, checkpoints."""

import gzip
import io
import json
import shutil
import tarfile

import pytest

from mlpkit.grading.course import archives
from mlpkit.grading.course.beside import read_beside, told
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.hand_ins import read
from mlpkit.grading.text.handed_in import Unreadable
from tests.grading import notebooks
from tests.grading.handins.filed import tar_of, zip_of
from tests.grading.handins.handin import as_bytes
from tests.grading.term.platforms import zipped

IMPORTS = notebooks.locked("setup", "import numpy as np")
READY = notebooks.locked("ready", "print('ready')")
STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def sheet(answered=0, names=("double", "triple"), drop=0):
    """Give a notebook with cells that every assignment has around its own."""
    own = []
    for at, name in enumerate(names[drop:]):
        own += [
            notebooks.solution(name, f"def {name}(x):\n    return x" if at < answered else STUB),
            notebooks.check(f"{name}_test", f"assert {name}(1)"),
        ]
    return as_bytes(notebooks.notebook(IMPORTS, *own, READY))


BLANK, HALF, GOOD = sheet(), sheet(1), sheet(2)
OTHER = sheet(2, ("mean", "spread"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Give a course of ps1 and ps2."""
    folder = tmp_path_factory.mktemp("course")
    for name, source in {"ps1": OTHER, "ps2": GOOD}.items():
        (folder / "solutions" / name).mkdir(parents=True)
        (folder / "solutions" / name / f"{name}.ipynb").write_bytes(source)
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.source_directory = 'solutions'\n"
    )
    return Course(folder)


@pytest.fixture
def found(course):
    """Give what is found of one student's files for ps2."""
    root = course.root / "submitted"

    def find(files):
        for name, content in files.items():
            path = root / "ada/ps2" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (only,) = course.submissions("ps2")
        return only

    yield find
    shutil.rmtree(root)


TREE = {"work/ps1/ps1.ipynb": OTHER, "work/ps2/ps2.ipynb": GOOD, "work/README.md": b"x"}
TAKEN = {
    "among all assignments": (TREE, "work/ps2/ps2.ipynb", ""),
    "among all assignments, half done": (
        TREE | {"work/ps2/ps2.ipynb": HALF},
        "work/ps2/ps2.ipynb",
        "",
    ),
    "among all assignments, in a zip": ({"a.zip": zip_of(TREE)}, "a.zip/work/ps2/ps2.ipynb", ""),
    "among lectures": (
        {"01_intro.ipynb": as_bytes({"cells": [], "nbformat": 4}), "x/ps2.ipynb": GOOD},
        "x/ps2.ipynb",
        "",
    ),
    "the name of another": ({"ps1.ipynb": GOOD}, "ps1.ipynb", ""),
    "a number behind its own": ({"ps2-1.ipynb": GOOD, "ps1.ipynb": OTHER}, "ps2-1.ipynb", ""),
    "two versions, the second with more": (
        {"ps2_v1.ipynb": HALF, "ps2_v2.ipynb": GOOD},
        "ps2_v2.ipynb",
        "'ps2_v1.ipynb' may be meant too",
    ),
    "two versions, the first with more": (
        {"new.ipynb": GOOD, "old.ipynb": HALF},
        "new.ipynb",
        "'old.ipynb' may be meant too",
    ),
    "two versions of a platform's": (
        {"Version 1/ps2.ipynb": GOOD, "Version 2/ps2.ipynb": GOOD, "Version 10/ps2.ipynb": GOOD},
        "Version 10/ps2.ipynb",
        "'Version 1/ps2.ipynb' and 'Version 2/ps2.ipynb' may be meant too",
    ),
    "two versions, as much in both": (
        {"ps2_v1.ipynb": GOOD, "ps2_v2.ipynb": GOOD},
        "ps2_v2.ipynb",
        "'ps2_v1.ipynb' may be meant too",
    ),
    "two days": (
        {"ps2 2026-09-30.ipynb": GOOD, "ps2 2026-10-01.ipynb": GOOD},
        "ps2 2026-10-01.ipynb",
        "'ps2 2026-09-30.ipynb' may be meant too",
    ),
    "its own name, and less": (
        {"ps2.ipynb": HALF, "work.ipynb": GOOD},
        "ps2.ipynb",
        "'work.ipynb' may be meant too",
    ),
    "a tar": ({"ps2.tar.gz": tar_of({"ps2/ps2.ipynb": GOOD})}, "ps2.tar.gz/ps2/ps2.ipynb", ""),
    "a tar of bzip2": ({"a.tbz2": tar_of({"ps2.ipynb": GOOD}, "bz2")}, "a.tbz2/ps2.ipynb", ""),
    "a tar of xz": ({"a.tar.xz": tar_of({"ps2.ipynb": GOOD}, "xz")}, "a.tar.xz/ps2.ipynb", ""),
    "a tar, not packed": ({"a.tar": tar_of({"ps2.ipynb": GOOD}, "")}, "a.tar/ps2.ipynb", ""),
    "a tar in a zip": (
        {"a.zip": zip_of({"b.tgz": tar_of({"ps2.ipynb": GOOD})})},
        "a.zip/b.tgz/ps2.ipynb",
        "",
    ),
    "packed alone": ({"ps2.ipynb.gz": gzip.compress(GOOD)}, "ps2.ipynb.gz/ps2.ipynb", ""),
    "a zip of its own name": (
        {"ps2.ipynb": zip_of({"ps2.ipynb": GOOD})},
        "ps2.ipynb/ps2.ipynb",
        "",
    ),
    "a zip whose names are UTF-8 and don't say so": (
        {"a.zip": zipped({"Übung 2/Lösung.ipynb": GOOD}, utf8=False)},
        "a.zip/Übung 2/Lösung.ipynb",
        "",
    ),
    "a zip with backslashes": (
        {"a.zip": zip_of({"work/ps2.ipynb": GOOD}).replace(b"work/", b"work\\")},
        "a.zip/work/ps2.ipynb",
        "",
    ),
    "a zip in such a zip": (
        {"a.zip": zipped({"für Sie.zip": zip_of({"ps2.ipynb": GOOD})}, utf8=False)},
        "a.zip/für Sie.zip/ps2.ipynb",
        "",
    ),
    "packed, under its own name": ({"ps2.ipynb": gzip.compress(GOOD)}, "ps2.ipynb/ps2", ""),
    "a tar without an ending": ({"work": tar_of({"ps2.ipynb": GOOD})}, "work/ps2.ipynb", ""),
    "another program's ending": ({"ps2.py": GOOD}, "ps2.py", ""),
    "the ending of a document": ({"homework.pdf": b"\xef\xbb\xbf" + GOOD}, "homework.pdf", ""),
    "the ending of an archive": ({"ps2.zip": GOOD}, "ps2.zip", ""),
    "hidden": ({".ps2.ipynb": GOOD, "._ps2.ipynb": b"\0\5", ".~ps2.ipynb": b"x"}, ".ps2.ipynb", ""),
    "deep in folders": ({f"{'a/' * 20}ps2.ipynb": GOOD}, f"{'a/' * 20}ps2.ipynb", ""),
    "behind an environment": (
        {f"env/lib/python/m{number}.py": b"" for number in range(2500)} | {"work/ps2.ipynb": GOOD},
        "work/ps2.ipynb",
        "",
    ),
    "in a folder of its own name": ({"ps2.ipynb/ps2.ipynb": GOOD}, "ps2.ipynb/ps2.ipynb", ""),
    "another in such a folder": ({"ps2.ipynb/work.ipynb": GOOD}, "ps2.ipynb/work.ipynb", ""),
    "a zip in such a folder": (
        {"ps2.ipynb/a.zip": zip_of({"ps2.ipynb": GOOD})},
        "ps2.ipynb/a.zip/ps2.ipynb",
        "",
    ),
    "a checkpoint alone": (
        {".ipynb_checkpoints/ps2-checkpoint.ipynb": GOOD},
        ".ipynb_checkpoints/ps2-checkpoint.ipynb",
        "",
    ),
    "a checkpoint, and the release": (
        {"ps2.ipynb": BLANK, ".ipynb_checkpoints/ps2-checkpoint.ipynb": GOOD},
        ".ipynb_checkpoints/ps2-checkpoint.ipynb",
        "'ps2.ipynb' may be meant too",
    ),
    "a checkpoint, and an empty file": (
        {"ps2.ipynb": b"", "x/.ipynb_checkpoints/ps2-checkpoint.ipynb": HALF},
        "x/.ipynb_checkpoints/ps2-checkpoint.ipynb",
        "'ps2.ipynb' may be meant too",
    ),
    "a checkpoint in a zip": (
        {"a.zip": zip_of({"ps2/.ipynb_checkpoints/ps2-checkpoint.ipynb": GOOD})},
        "a.zip/ps2/.ipynb_checkpoints/ps2-checkpoint.ipynb",
        "",
    ),
}


@pytest.mark.parametrize("files, name, also", TAKEN.values(), ids=TAKEN)
def test_the_worked_notebook_of_the_assignment_is_taken_and_others_that_are_it_are_named(
    found, files, name, also
):
    taken = found(files)
    assert taken.file is not None
    assert taken.file.name == name
    said = " ".join(taken.notes)
    assert f"handed in as {name!r}" in said or name == "ps2.ipynb"
    assert also in said
    assert ("may be meant" in said) == bool(also)


KEPT = {
    "a checkpoint of it": {".ipynb_checkpoints/ps2-checkpoint.ipynb": HALF},
    "a checkpoint in a folder": {"a/.ipynb_checkpoints/ps2-checkpoint.ipynb": BLANK},
    "a checkpoint of another": {".ipynb_checkpoints/ps1-checkpoint.ipynb": OTHER},
    "another assignment": {"ps1.ipynb": OTHER},
    "an archive of it": {"ps2.tar.gz": b"\x1f\x8bjunk"},
}


@pytest.mark.parametrize("beside", KEPT.values(), ids=KEPT)
def test_a_worked_notebook_under_its_own_name_is_taken_without_a_word(found, beside):
    taken = found({"ps2.ipynb": GOOD, **beside})
    assert (taken.file.name, taken.notes) == ("ps2.ipynb", ())


NOT_ONE = {
    "a blank checkpoint": {".ipynb_checkpoints/ps2-checkpoint.ipynb": BLANK},
    "a checkpoint of another": {".ipynb_checkpoints/ps1-checkpoint.ipynb": OTHER},
    "an archive cut off": {"ps2.tar.gz": tar_of({"ps2.ipynb": GOOD})[:60]},
    "an archive of another kind": {"ps2.7z": b"7z\xbc\xaf'\x1c"},
    "a bomb": {"ps2.gz": gzip.compress(bytes(2 * 1024**2))},
}


@pytest.mark.parametrize("files", NOT_ONE.values(), ids=NOT_ONE)
def test_what_holds_no_work_is_no_notebook(found, monkeypatch, files):
    monkeypatch.setattr(archives, "LARGEST_UNPACKED", 1024**2)
    taken = found(files)
    assert taken.file is None
    assert taken.problem.startswith(("no notebook was handed in", "ps2.ipynb was not handed in"))
    assert all(repr(name) in taken.problem for name in files if not name.startswith("."))


@pytest.mark.parametrize("name", [".work/ps2.ipynb", ".Trash-0/files/a.ipynb", ".answer.txt"])
def test_what_is_hidden_is_named_where_nothing_else_was_handed_in(found, name):
    hidden = name.partition("/")[0]
    assert found({name: GOOD, ".DS_Store": b"", ".git/HEAD": b""}).problem == (
        f"ps2.ipynb was not handed in, but {hidden!r}, hidden"
    )


DOCUMENT = zip_of({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<w/>"})
ODT = zip_of({"mimetype": b"x", "META-INF/manifest.xml": b"<x/>"})
JAR = zip_of({"A.class": b"x", "m/B.class": b"x"})
LONG = "语" * 100
PLACES = {
    "a document of a word processor": ({"p.docx": DOCUMENT}, ["p.docx"], ["p.docx"]),
    "one of another": ({"p.odt": ODT}, ["p.odt"], ["p.odt"]),
    "a program's": ({"x.jar": JAR}, ["x.jar"], ["x.jar"]),
    "a file where a folder is": (
        {"data": b"1", "../data/two.txt": b"2"}, ["data"], ["../data/two.txt", "data"]
    ),
    "a folder where a file is": (
        {"a/data/two.txt": b"2", "../a/data": b"1"}, ["a/data/two.txt"], ["../a/data"]
    ),
    "under one of the course's": ({"given.csv/a.txt": b"1"}, [], ["given.csv/a.txt"]),
    "a name that no disk takes": (
        {"a.zip": zip_of({f"{LONG}.csv": b"1", "b.csv": b"2"})}, ["a.zip/b.csv"],
        [f"a.zip/{LONG}.csv"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("files, there, named", PLACES.values(), ids=PLACES)
def test_what_lies_beside_can_all_be_put_in_one_folder_or_is_named(found, files, there, named):
    taken = found({"ps2.ipynb": GOOD} | files)
    beside = read_beside(taken.file, taken.beside, {"given.csv"})
    assert (list(beside.helpers), sorted(beside.others)) == (there, named)


def running(line):
    """Give a worked notebook with one more cell."""
    book = json.loads(GOOD)
    book["cells"].append(notebooks.solution("more", line))
    return as_bytes(book)


RUN = {
    "run": ("%run mine.ipynb", True),
    "run with options, in a folder": ("%run -i 'more/mine.ipynb'", True),
    "run by a path of Colab": ("%run /content/mine.ipynb", True),
    "run by a variable": ("name = 'mine'\n%run $name.ipynb", True),
    "run by an expression": ("%run -i {folder}/mine.ipynb", True),
    "run by a quoted variable": ('%run "$name"', True),
    "run by a call": ("get_ipython().run_line_magic('run', 'mine.ipynb')", True),
    "run by a name alone": ("%run helper.py\nx = {1: 2}", False),
    "named in a comment": ("# as in mine.ipynb", False),
    "not named": ("1 + 1", False),
}


@pytest.mark.parametrize("line, there", RUN.values(), ids=RUN)
def test_a_notebook_that_the_taken_one_runs_is_there_and_named(found, line, there):
    taken = found({"ps2.ipynb": running(line), "mine.ipynb": as_bytes({"cells": []})})
    beside = read_beside(taken.file, taken.beside, ())
    assert list(beside.helpers) == ["mine.ipynb"] * there
    assert ("mine.ipynb" in " ".join(told(beside, {}))) == there


def test_an_empty_folder_in_the_notebooks_place_is_named(found, course):
    (course.root / "submitted/ada/ps2/ps2.ipynb").mkdir(parents=True)
    with pytest.raises(Unreadable, match="it is a folder"):
        read(found({"../x.pdf": b"%PDF"}))


def link_in_a_tar():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        entry = tarfile.TarInfo("ps2.ipynb")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    return file.getvalue()


def test_a_link_in_a_tar_is_no_file(found):
    assert found({"a.tgz": link_in_a_tar()}).file is None


@pytest.mark.parametrize(
    "content, of",
    [
        (OTHER, "ps1"),
        (sheet(0, ("mean", "spread")), "ps1"),
        (sheet(1, ("mean", "spread"), drop=1), "ps1"),
        (GOOD, None),
        (sheet(2, drop=1), None),
        (as_bytes(notebooks.notebook(IMPORTS, READY)), None),
    ],
    ids=["answered", "blank", "half of it", "this one's", "half of this one's", "what all have"],
)
def test_a_notebook_is_known_by_the_cells_that_its_assignment_alone_has(course, content, of):
    told = course.of_another(content, "ps2")
    assert told == (of and f"the notebook handed in is that of {of!r}, not of 'ps2'")


OUTSIDE = {
    "a document": ({"Exercise 8.pdf": b"%PDF-1.4"}, "../Exercise 8.pdf"),
    "a picture in a folder": ({"pics/proof.jpg": b"\xff\xd8\xff"}, "../pics/proof.jpg"),
    "in a zip": ({"scans.zip": zip_of({"proof.png": b"\x89PNG"})}, "../scans.zip/proof.png"),
}


@pytest.mark.parametrize("files, name", OUTSIDE.values(), ids=OUTSIDE)
def test_what_lies_beside_the_folder_of_the_assignment_is_handed_in_with_it(found, files, name):
    taken = found(
        {"ps2.ipynb": GOOD, "../ps1/ps1.ipynb": OTHER, "../ps1/other.pdf": b"%PDF"}
        | {f"../{path}": content for path, content in files.items()}
    )
    assert name in [each.name for each in taken.beside]
    assert not any("ps1" in each.name for each in taken.beside)
    assert taken.notes == ()


def test_another_worked_notebook_beside_the_folder_is_named(found):
    taken = found({"ps2.ipynb": HALF, "../ps2.ipynb": GOOD, "../ps1.ipynb": OTHER})
    assert taken.file.name == "ps2.ipynb"
    assert taken.notes == ("'ps2.ipynb' was taken; '../ps2.ipynb' may be meant too",)


def test_pictures_and_helpers_beside_the_folder_are_there_under_their_own_names(found):
    taken = found({"ps2.ipynb": GOOD, "../pics/a.png": b"\x89PNG", "../helper.py": b"x = 1"})
    beside = read_beside(taken.file, taken.beside, ())
    assert (list(beside.pictures), list(beside.helpers)) == (["pics/a.png"], ["helper.py"])
