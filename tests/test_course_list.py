"""What the course says of its parts is written from `course.toml` and the notebooks alone."""

import json
import shutil
from pathlib import Path

import pytest

from tools.course.__main__ import main
from tools.course.listing import ListError, read
from tools.course.places import sentences, written
from tools.course.words import duration, listed, number

ROOT = Path(__file__).parents[1]
COPIED = ("course.toml", "README.md", "CITATION.cff", "book/*.md", "assignments/README.md",
          "solutions/README.md", "solutions/*/*.ipynb", "lectures/*.ipynb")  # fmt: skip


@pytest.fixture(scope="module")
def without_outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for path in (path for pattern in COPIED for path in ROOT.glob(pattern)):
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
        if path.suffix == ".ipynb":
            edit(copy, lambda cells: [cell.pop("outputs", None) for cell in cells])
    return folder


@pytest.fixture
def course(without_outputs, tmp_path):
    """A course's folder of one's own; its notebooks have lost their outputs."""
    return shutil.copytree(without_outputs, tmp_path / "course")


def edit(path, change):
    notebook = json.loads(path.read_text("utf-8"))
    change(notebook["cells"])
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    path.write_text(text, "utf-8")


def put(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def run(course, capsys, *words):
    status = main(["--course", str(course), *words])
    said = capsys.readouterr()
    return status, said.out + said.err


def points(cells, name, worth):
    (cell,) = [cell for cell in cells if cell["id"] == name]
    cell["metadata"]["nbgrader"]["points"] = worth


def test_each_place_of_the_course_says_what_the_list_and_the_notebooks_say():
    _, differences = written(read(), ROOT)
    assert differences == [], "python -m tools.course writes them"


README, GUIDE, LIST = "README.md", "solutions/README.md", "course.toml"
PS1, PS2 = "solutions/ps1/ps1.ipynb", "solutions/ps2/ps2.ipynb"
LECTURE_5 = "lectures/05_backpropagation.ipynb"


@pytest.mark.parametrize(
    ("file", "old", "new", "places"),
    [
        (README, "| (9)–(12) |", "| (9)–(11) |", {README}),
        (README, "Nine lectures", "Ten lectures", {README}),
        ("CITATION.cff", "six assignments", "five assignments", {"CITATION.cff"}),
        ("book/index.md", "lectures/06_deep_networks\n", "", {"book/index.md"}),
        ("book/about.md", "half an hour (ps0)", "three hours (ps0)", {"book/about.md"}),
        (GUIDE, "| 8 | 6: initial", "| 9 | 6: initial", {GUIDE}),
        (GUIDE, "5, 33, 40", "5, 33, 41", {GUIDE}),
        (GUIDE, "`log_softmax`, 4 points", "`log_softmax`, 5 points", {GUIDE}),
        (GUIDE, "### ps3. Many layers", "### ps3. Layers", {GUIDE}),
        (GUIDE, "**Time.** About four hours", "**Time.** An hour", {GUIDE}),
        (LECTURE_5, "next: [6. Deep", "next: [6. Very deep", {LECTURE_5}),
        (PS2, "| 5. A gradient checker | 6 |", "| 5. A gradient checker | 7 |", {PS2}),
        (PS2, "## 6. An epoch", "## 7. An epoch", {PS2}),
        (PS2, '@graded(4, \\"7. Digits', '@graded(3, \\"7. Digits', {PS2}),
        (PS1, '\\"stuck_minimum\\", ', "", {PS1}),
        (LIST, 'title = "Deep networks"', 'title = "Deeper"',
         {README, GUIDE, "book/index.md", "lectures/00_start_here.ipynb", LECTURE_5,
          "lectures/07_cost_of_backpropagation.ipynb"}),
        (LIST, "lectures = [4, 5]", "lectures = [4, 5, 6]",
         {README, GUIDE, "lectures/00_start_here.ipynb"}),
    ],
)  # fmt: skip
def test_a_difference_is_found_named_and_written(file, old, new, places, course, capsys):
    before = {each: (course / each).read_bytes() for each in places}
    put(course / file, old, new)
    status, said = run(course, capsys, "--check")
    assert status == 1 and said.endswith("Write them: python -m tools.course\n")
    assert {line.partition(": ")[0] for line in said.splitlines()[:-1]} == places
    assert run(course, capsys)[0] == 0
    assert run(course, capsys, "--check") == (0, "")
    same = {each for each in places if (course / each).read_bytes() == before[each]}
    assert same == (set() if file == LIST else places)
    assert not list(course.rglob("*.new"))


def test_points_are_written_wherever_they_are_said(course, capsys):
    edit(course / PS2, lambda cells: points(cells, "epoch_test", 2.5))
    assert run(course, capsys)[0] == 0
    text, guide = (course / PS2).read_text("utf-8"), (course / GUIDE).read_text("utf-8")
    for said in ("## 6. An epoch without replacement (2.5 points)", '@graded(2.5, \\"6. An epoch',
                 "| 6. An epoch without replacement | 2.5 |"):  # fmt: skip
        assert said in text
    assert "(`epoch`, 2.5 points" in guide and "propagation (38.5 points)" in guide
    assert "5, 33, 38.5, 40" in guide


def test_only_sources_of_a_notebook_are_changed(course, capsys):
    lecture = course / LECTURE_5
    shutil.copy(ROOT / LECTURE_5, lecture)
    before = json.loads(lecture.read_text("utf-8"))
    put(course / LIST, 'title = "Deep networks"', 'title = "Deeper"')
    assert run(course, capsys)[0] == 0
    after = json.loads(lecture.read_text("utf-8"))
    assert "next: [6. Deeper]" in "".join(after["cells"][0]["source"])
    after["cells"][0]["source"] = before["cells"][0]["source"]
    assert after == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lectures = [8]", "lectures = [18]", "course.toml, ps5: there is no lecture 18"),
        ("lectures = [8]", "lectures = []", "course.toml, ps5: it needs at least one lecture"),
        ("lectures = [8]", "lecture = [8]", "[assignment] ps5: lectures is missing"),
        ("due = 1", "due = 'one'", "[assignment] ps0: due must be of type int, got 'one'"),
        ('file = "05_back', 'file = "5_back', "lecture 5 must be named like 05_topic"),
        ('name = "ps5"', 'name = "ps4"', "course.toml lists ps4 twice"),
        ('name = "ps5"', 'name = "ps6"', "lists ps6, but there is no solutions/ps6/ps6.ipynb"),
        ('"Wide networks"\n', '"Wide networks"\nminutes = 90\n', "expected file, title, about"),
        ('weeks = [""]', "weeks = [1]", "weeks must be texts, got [1]"),
        ("[calendar]", "[calendar", "course.toml can't be read"),
        ("[calendar]", "[[books]]\n[calendar]", "got books too"),
    ],
)
def test_a_wrong_list_is_refused_in_a_line(old, new, said, course, capsys):
    put(course / LIST, old, new)
    status, words = run(course, capsys)
    assert status == 1 and said in words and len(words.splitlines()) == 1


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (LECTURE_5, "lists 05_backpropagation, which isn't in lectures/"),
        (PS2, "lists ps2, but there is no solutions/ps2/ps2.ipynb"),
        (LIST, "course.toml can't be read"),
        (README, "README.md can't be read"),
    ],
)
def test_a_file_that_is_gone_is_named(file, said, course, capsys):
    (course / file).unlink()
    status, words = run(course, capsys, "--check")
    assert status == 1 and said in words and len(words.splitlines()) == 1


def test_notebooks_that_the_list_forgets_are_named(course):
    shutil.copy(course / LECTURE_5, course / "lectures/10_more.ipynb")
    with pytest.raises(ListError, match=r"lectures/ holds 10_more\.ipynb, which course\.toml"):
        read(course)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (README, "<!-- from course.toml: lectures -->", "", "expected one block"),
        (README, "## The nine lectures", "## Lectures", "expected one sentence like"),
        (GUIDE, "### ps3. Many", "### ps9. Many", "expected one section '### ps3. …', found 0"),
        (GUIDE, "`epoch`, 4", "`period`, 4", "the section on ps2 lists log_softmax"),
        (LECTURE_5, "[Start](00_start_here.ipynb) ·", "Start", "expected one place like"),
        (PS2, "| exercise | points |", "| exercise |", "needs one table '| exercise | points |'"),
        (PS2, "★★, 20 minutes)", "★★)", "ps2.ipynb, exercise 6: its text must say how hard"),
        (PS2, "## 6. An epoch", "An epoch", "ps2.ipynb: epoch_test has no heading"),
    ],
)
def test_a_place_that_is_gone_is_named_and_nothing_is_written(file, old, new, said, course, capsys):
    put(course / LIST, 'title = "Deep networks"', 'title = "Deeper"')
    put(course / file, old, new)
    before = {path: path.read_bytes() for path in course.rglob("*") if path.is_file()}
    status, words = run(course, capsys)
    assert status == 1 and said in words and len(words.splitlines()) == 1
    assert {path: path.read_bytes() for path in course.rglob("*") if path.is_file()} == before


def test_a_sentence_that_an_author_wraps_anew_is_still_found(course):
    put(course / GUIDE, "weeks of two lecture", "weeks of\ntwo lecture")
    put(course / GUIDE, "5, 33, 40, 40", "5, 33,\n40, 40")
    assert written(read(course), course)[1] == []
    assert len({each.pattern for each in sentences(read(course))}) >= 8


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(8, "half an hour"), (32, "half an hour"), (60, "an hour"), (80, "an hour and a half"),
     (130, "two hours"), (200, "three and a half hours"), (660, "eleven hours")],
)  # fmt: skip
def test_a_time_is_said_to_the_next_half_hour(minutes, words):
    assert duration(minutes) == words


@pytest.mark.parametrize(("count", "word"), [(1, "one"), (9, "nine"), (20, "twenty"), (21, "21")])
def test_a_small_number_is_a_word(count, word):
    assert number(count) == word
    assert listed(["5", "33", word]) == f"5, 33 and {word}" and listed([word]) == word
