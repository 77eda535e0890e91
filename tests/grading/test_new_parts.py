"""What `mlpkit new` refuses, in a line and with nothing written; and stubs that keep the style."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.making.staging import FILES, FOLDERS, draft
from mlpkit.grading.making.templates import cells, fill
from tools.course.listing import read

ROOT = Path(__file__).parents[2]
PARTS = read()
NEXT, LECTURE = f"ps{len(PARTS.assignments)}", f"{len(PARTS.lectures):02}"
NOTHING = "Nothing was written."


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """What is looked at before anything is made; nobody here changes it."""
    return copied(tmp_path_factory.mktemp("course"))


def copied(folder):
    for name in [*FILES, "nbgrader_config.py", "pyproject.toml"]:
        shutil.copy(ROOT / name, folder / name)
    for name in [*FOLDERS, "tools/course"]:
        shutil.copytree(ROOT / name, folder / name)
    for part in ("explorers", "plots"):  # for the names that are taken, and for those of imports
        (folder / "mlpkit" / part).mkdir()
        for path in (ROOT / "mlpkit" / part).glob("*.py"):
            (folder / "mlpkit" / part / path.name).touch()
    return folder


def tree(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(folder, capsys, *words):
    try:
        status = main(["--course", str(folder), "new", *words])
    except SystemExit as stopped:
        status = stopped.code
    said = capsys.readouterr()
    return status, said.out + said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("assignment ps0", "There is an assignment ps0 already."),
        ("assignment ps77", f"The next assignment is {NEXT}, got 'ps77'."),
        ("assignment homework", f"The next assignment is {NEXT}, got 'homework'."),
        (f"assignment {NEXT} --lectures 1 77", "--lectures: there is no lecture 77, but 0 to"),
        (f"assignment {NEXT} --title a|b", "--title: expected words without"),
        (f"assignment {NEXT} --title", "expected one argument"),
        ("exercise ps77 convolve", "There is no assignment 'ps77', but ps0, ps1"),
        ("exercise ps2 2fast", "An exercise is named as its function, such as log_softmax"),
        ("exercise ps2 lambda", "got 'lambda'."),
        ("exercise ps2 epoch", "There is a cell epoch already."),
        ("exercise ps2 epoch_test", "A name that ends in _test is a test's"),
        ("exercise ps2 more --points 0", "expected points above 0, in quarters, got '0'"),
        ("exercise ps2 more --points nan", "expected points above 0, in quarters, got 'nan'"),
        ("exercise ps2 more --points 1.1", "expected points above 0, in quarters, got '1.1'"),
        (f"lecture {LECTURE}_more --about what|is", "--about: expected words without"),
        (f"lecture {LECTURE}_more --title [more]", "--title: expected words without"),
        ("lecture 05_backpropagation", "There is a lecture 05_backpropagation already."),
        ("lecture 04_more", f"The next lecture is named {LECTURE}_topic, got '04_more'."),
        (f"lecture {LECTURE}-more", f"The next lecture is named {LECTURE}_topic"),
        (f"lecture {LECTURE}_../../more", f"The next lecture is named {LECTURE}_topic"),
        ("explorer softmax", "There is a file mlpkit/plots/softmax.py already."),
        ("explorer Soft-max", "An explorer is named as its module"),
        (f"explorer {'long' * 7}", "in at most 24 letters"),
        ("planet mars", "invalid choice: 'planet'"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words_and_nothing_is_written(
    words, said, course, capsys
):
    before = tree(course)
    status, told = run(course, capsys, *words.split())
    assert status in (1, 2) and said in told and "Traceback" not in told
    assert status == 2 or told.endswith(f"{NOTHING}\n")
    assert tree(course) == before and not list(course.glob(".new-*"))


@pytest.mark.parametrize("title", ["More (2 points)", "A (1 point) B", "A (2.5 points, by hand)"])
def test_a_title_that_says_points_itself_is_refused(title, course, capsys):
    status, told = run(course, capsys, "exercise", "ps2", "more", "--title", title)
    assert status == 1 and "points are said by --points" in told and told.endswith(f"{NOTHING}\n")


@pytest.mark.parametrize("missing", ["tests/assignments", "course.toml", "tools/course"])
def test_a_folder_without_what_it_writes_in_is_named_as_such(missing, tmp_path, capsys):
    course = copied(tmp_path)
    path = course / missing
    path.unlink() if path.is_file() else shutil.rmtree(path)
    status, told = run(course, capsys, "explorer", "convolution")
    assert status == 1 and f"There is no {missing} in " in told and len(told.splitlines()) == 2
    assert "writes into a clone of the course" in told and not list(course.glob(".new-*"))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("README.md", "<!-- from course.toml: lectures -->", "", "expected one block"),
        ("solutions/README.md", "### ps2. ", "### ps. ", "no section '### ps2. …'"),
        ("solutions/ps2/ps2.ipynb", '"id": "ready"', '"id": "last"', "no last cell 'ready'"),
        ("course.toml", "[calendar]", "[calendar", "course.toml can't be read"),
        ("course.toml", 'name = "ps1"', "name = 1", "course.toml, [[assignment]]: each needs its"),
        ("course.toml", 'name = "ps1"', 'named = "ps1"', "each needs its name, got"),
        ("course.toml", "[[assignment]]", "[assignments]", "can't be read"),
        ("solutions/ps2/ps2.ipynb", '"cells"', '"<<<<<<< HEAD', "ps2.ipynb is no notebook"),
        ("solutions/ps2/ps2.ipynb", '"cell_type"', '"kind"', "ps2.ipynb is no notebook"),
        ("lectures/05_backpropagation.ipynb", '"cells"', "cells", "05_backpropagation.ipynb is no"),
    ],
)
def test_a_course_that_it_cannot_write_in_is_left_as_it_was(file, old, new, said, tmp_path, capsys):
    course = copied(tmp_path)
    # A copy has no tools of its own here: this environment's are called.
    shutil.copytree(ROOT / "tools", course / "tools", dirs_exist_ok=True)
    (course / file).write_text((course / file).read_text("utf-8").replace(old, new), "utf-8")
    before = tree(course)
    status, told = run(course, capsys, "exercise", "ps2", "more")
    assert status == 1 and said in told and told.endswith(f"{NOTHING}\n"), told
    assert {path: text for path, text in tree(course).items() if path.suffix != ".pyc"} == {
        path: text for path, text in before.items() if path.suffix != ".pyc"
    }


@pytest.mark.parametrize("left", ["", "course.toml", "solutions/ps2/ps2.ipynb"])
def test_what_a_killed_call_left_is_swept_away_by_the_next(left, course, capsys):
    folder = course / ".new-abc123" / Path(left).parent
    folder.mkdir(parents=True)
    (folder / "half.txt").write_text("half")
    assert run(course, capsys, "explorer", "softmax")[0] == 1
    assert not list(course.glob(".new-*"))


def test_of_two_calls_at_a_time_the_second_waits_and_leaves_the_first_alone(course, capsys):
    with draft(course) as first:
        status, told = run(course, capsys, "explorer", "convolution")
        assert status == 1 and "Another mlpkit new is at work" in told
        assert (first.folder / "course.toml").is_file()


@pytest.mark.parametrize("blocked", ["a.txt", "b/c.txt", "z/y/x.txt"])
def test_where_one_file_cannot_be_put_in_place_none_is(blocked, course, tmp_path):
    with draft(course) as copy:
        copy.root = tmp_path
        (tmp_path / "b").mkdir()
        (tmp_path / "b/c.txt").write_text("before")
        for name in copy.changed():
            (copy.folder / name).unlink()
        for name in ("a.txt", "b/c.txt", "z/y/x.txt"):
            copy.write(name, "new")
        shutil.rmtree(tmp_path / "b") if blocked == "b/c.txt" else None
        (tmp_path / blocked).mkdir(parents=True)
        before = tree(tmp_path)
        with pytest.raises(Exception, match=NOTHING):
            copy.put_in_place()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["q", "convolution", "a_name_of_24_letters_xxx"])
def test_stubs_of_an_explorer_are_in_the_course_s_own_style(name, course, capsys):
    status, told = run(course, capsys, "explorer", name)
    files = [line.strip() for line in told.splitlines()[1:4]]
    assert status == 0 and len(files) == 3
    assert run(course, capsys, "explorer", name)[0] == 1
    assert all("TODO" in (course / file).read_text("utf-8") for file in files)
    for words in (["check"], ["format", "--check"]):
        command = [Path(sys.executable).parent / "ruff", *words, *files]
        done = subprocess.run(command, cwd=course, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    for file in files:
        (course / file).unlink()


@pytest.mark.parametrize("template", ["exercise", "written_exercise", "assignment", "lecture"])
def test_each_cell_of_a_stub_says_what_it_is_and_most_say_what_to_fill_in(template):
    values = dict.fromkeys(("number", "two_digits", "lectures", "worth"), "1")
    made = cells(template, name="convolve", title="Convolve", points="2.5", **values)
    assert len({cell["id"] for cell in made}) == len(made)
    for cell in made:
        about = cell["metadata"].get("nbgrader", {"grade_id": cell["id"]})
        assert about["grade_id"] == cell["id"]
    graded = [c for c in made if c["metadata"].get("nbgrader", {}).get("grade")]
    assert [c["metadata"]["nbgrader"]["points"] for c in graded] == [2.5] * len(graded)
    assert sum("TODO" in "".join(cell["source"]) for cell in made) >= 1
    assert "<<" not in fill(template, name="a", title="b", points="1", **values)
