"""A newer bundle over an older one: what a student wrote is never lost, and it is said in words."""

import json
import os
import subprocess
import sys
import zipfile

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import make_release, update_course

OLD, NEW = "1.0.0-aaaaaa", "1.1.0-bbbbbb"


def book(*texts, output=None):
    cells = [new_code_cell(text, id=f"c{number}") for number, text in enumerate(texts)]
    cells[0:0] = [new_markdown_cell("# Title", id="title")]
    if output:
        cells[-1].outputs = [new_output("stream", text=output)]
        cells[-1].execution_count = 7
    return nbformat.writes(new_notebook(cells=cells)).encode()


BEFORE = {
    "assignments/ps1/ps1.ipynb": book("def f(x):\n    raise NotImplementedError()"),
    "lectures/01.ipynb": book("print(1)"),
    "lectures/02_old_name.ipynb": book("print(2)"),
    "mlpkit/network.py": b"one = 1\n",
    "pyproject.toml": b"[project]\n",
}
AFTER = {
    "assignments/ps1/ps1.ipynb": book("def f(x, y):\n    raise NotImplementedError()"),
    "assignments/ps2/ps2.ipynb": book("def g(x):\n    raise NotImplementedError()"),
    "lectures/01.ipynb": book("print(10)"),
    "lectures/03_new_name.ipynb": book("print(2)"),
    "mlpkit/network.py": b"one = 1.0\n",
    "pyproject.toml": b"[project]\n",
}


def pack(path, files, edition):
    """Write a bundle as make_release does."""
    listed = {name: update_course.digest(name, content) for name, content in files.items()}
    about = {"version": edition.partition("-")[0], "edition": edition, "files": listed}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (files | {"release.json": json.dumps(about).encode()}).items():
            archive.writestr(f"mlp-course-{edition}/{name}", content)
    return path


@pytest.fixture
def bundle(tmp_path):
    return pack(tmp_path / "mlp-course-student.zip", AFTER, NEW)


@pytest.fixture
def course(tmp_path):
    """The older course, as unpacked."""
    zipfile.ZipFile(pack(tmp_path / "old.zip", BEFORE, OLD)).extractall(tmp_path)
    return tmp_path / f"mlp-course-{OLD}"


def update(course, bundle):
    return "\n".join(update_course.update(course, *update_course.read_bundle(bundle)))


def content(course):
    paths = [path for path in course.rglob("*") if path.is_file()]
    return {path.relative_to(course).as_posix(): path.read_bytes() for path in paths}


def test_what_was_not_touched_is_brought_up_to_date(course, bundle):
    said = update(course, bundle)
    found = content(course)
    assert {name: found[name] for name in AFTER} == AFTER
    assert found[f"kept/{NEW}/lectures/02_old_name.ipynb"] == BEFORE["lectures/02_old_name.ipynb"]
    assert "lectures/02_old_name.ipynb" not in found
    assert said.endswith(f"This is {NEW} now.") and "make lab" not in said
    assert update(course, bundle) == f"This is {NEW} already: nothing to do."


WORK = {
    "an answer": book("def f(x):\n    return 2 * x"),
    "an answer that was run": book("def f(x):\n    return 2 * x", output="4"),
    "a cell added": book("def f(x):\n    raise NotImplementedError()", "f(1)"),
    "half a file": b'{"cells": [',
    "another programme's file": b"\xff\xfe{",
}


@pytest.mark.parametrize("what", WORK)
def test_a_notebook_that_was_worked_on_stays_and_the_new_one_lies_beside_it(course, bundle, what):
    name = "assignments/ps1/ps1.ipynb"
    (course / name).write_bytes(WORK[what])
    said = update(course, bundle)
    assert content(course)[name] == WORK[what]
    assert content(course)[f"assignments/ps1/ps1 ({NEW}).ipynb"] == AFTER[name]
    assert f"ps1.ipynb: yours stays; the new one is ps1 ({NEW}).ipynb" in said


def test_a_lecture_that_was_only_run_is_brought_up_to_date(course, bundle):
    (course / "lectures/01.ipynb").write_bytes(book("print(1)", output="1"))
    update(course, bundle)
    assert content(course)["lectures/01.ipynb"] == AFTER["lectures/01.ipynb"]


def test_line_ends_of_another_system_are_no_work(course, bundle):
    path = course / "mlpkit/network.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert "you had another" not in update(course, bundle)


def test_a_changed_file_of_the_package_is_replaced_and_kept(course, bundle):
    (course / "mlpkit/network.py").write_bytes(b"mine = 2\n")
    (course / "notes.txt").write_text("all mine")
    said = update(course, bundle)
    found = content(course)
    assert found["mlpkit/network.py"] == AFTER["mlpkit/network.py"]
    assert found[f"kept/{NEW}/mlpkit/network.py"] == b"mine = 2\n"
    assert f"kept/{NEW}/mlpkit/network.py" in said and found["notes.txt"] == b"all mine"


@pytest.mark.parametrize("listed", [None, b"", b"[", b"{}"])
def test_of_a_bundle_without_a_list_everything_may_be_work(course, bundle, listed):
    (course / "release.json").unlink()
    if listed is not None:
        (course / "release.json").write_bytes(listed)
    before = content(course)
    update(course, bundle)
    found = content(course)
    for name, old in before.items():
        if name != "release.json":
            assert old in (found.get(name), found.get(f"kept/{NEW}/{name}")), name


@pytest.mark.parametrize("number", range(4))
def test_stopped_at_any_file_it_goes_on_the_next_time(course, bundle, number, monkeypatch):
    name = "assignments/ps1/ps1.ipynb"
    (course / name).write_bytes(WORK["an answer"])
    real, left = update_course._write, [number]

    def stopping(path, new):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device", str(path))
        real(path, new)

    with monkeypatch.context() as patch:
        patch.setattr(update_course, "_write", stopping)
        assert update_course.main([str(bundle)], course) == 1
    assert update_course.main([str(bundle)], course) == 0
    assert content(course)[name] == WORK["an answer"]
    assert content(course)["lectures/01.ipynb"] == AFTER["lectures/01.ipynb"]


def not_ours(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/y.txt", "z")


def leading_out(path):
    pack(path, AFTER | {"../../evil.txt": b"x"}, NEW)


BAD = {
    "not there": lambda path: path.unlink(),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-200]),
    "another zip": not_ours,
    "leading out of the folder": leading_out,
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_bundle_is_said_and_nothing_changed(course, bundle, what, capsys):
    before = content(course)
    BAD[what](bundle)
    assert update_course.main([str(bundle)], course) == 1
    assert "is no bundle of this course" in capsys.readouterr().out
    assert content(course) == before


def test_the_newest_bundle_nearby_is_found_by_the_script_alone(course, bundle, tmp_path):
    """As a student does, without git, make or this project's package."""
    (course / "update.py").write_bytes((make_release.ROOT / "tools/update_course.py").read_bytes())
    older = pack(course / "mlp-course-student (1).zip", BEFORE, OLD)
    os.utime(older, (0, 0))
    command = [sys.executable, "-I", str(course / "update.py")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert f"Taking {bundle}." in done.stdout and f"This is {NEW} now." in done.stdout


def test_what_is_packed_updates_itself(tmp_path):
    packed = tmp_path / "course.zip"
    top = make_release.write(packed)
    zipfile.ZipFile(packed).extractall(tmp_path)
    assert "nothing to do" in update(tmp_path / top, packed)
    (tmp_path / top / "release.json").unlink()
    assert update(tmp_path / top, packed).startswith("0 files were written")
