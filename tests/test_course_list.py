"""What the course says of its parts is written from `course.toml` and the notebooks alone."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tools.course.__main__ import main
from tools.course.facts import Exercise
from tools.course.listing import Assignment, ListError, read
from tools.course.places import sentences, written
from tools.course.words import duration, listed, number

ROOT = Path(__file__).parents[1]
COPIED = ("course.toml", "*.md", "CITATION.cff", "book/*.md", "assignments/README.md",
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
    text, found = re.subn(old, new, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
    assert found
    path.write_text(text, "utf-8")


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
        (README, r"\| \(9\)–\(12\) \|", "| (9)–(11) |", {README}),
        (README, r"^\w+ lectures and", "Some lectures and", {README}),
        ("CITATION.cff", r"\w+ assignments", "no assignments", {"CITATION.cff"}),
        ("book/index.md", r"^lectures/06_deep_networks\n", "", {"book/index.md"}),
        ("book/about.md", r"half an hour \(ps0\)", "three hours (ps0)", {"book/about.md"}),
        (GUIDE, r"^\| 8 \| 6: initial", "| 9 | 6: initial", {GUIDE}),
        (GUIDE, r"The assignments have \d+", "The assignments have 99", {GUIDE}),
        (GUIDE, r"`log_softmax`, \d+ points", "`log_softmax`, 99 points", {GUIDE}),
        (GUIDE, r"^### ps3\. Many layers", "### ps3. Layers", {GUIDE}),
        (GUIDE, r"^\*\*Time\.\*\* About \w+", "**Time.** Eleven", {GUIDE}),
        (LECTURE_5, r"next: \[6\. Deep", "next: [6. Very deep", {LECTURE_5}),
        (PS2, r"\| 5\. (.*) \| [\d.]+ \|", r"| 5. \1 | 99 |", {PS2}),
        (PS2, r"## 6\. An epoch", "## 7. An epoch", {PS2}),
        (PS2, r"@graded\([\d.]+, (.*) Digits", r"@graded(99, \1 Digits", {PS2}),
        (PS1, r'\\"stuck_minimum\\", ', "", {PS1}),
        (LIST, r'^title = "Deep networks"', 'title = "Deeper"',
         {README, GUIDE, "book/index.md", "lectures/00_start_here.ipynb", LECTURE_5,
          "lectures/07_cost_of_backpropagation.ipynb"}),
        (LIST, r"^lectures = \[4, 5\]", "lectures = [4, 5, 6]",
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
    for said in ("An epoch without replacement (2.5 points)", "| 2.5 |"):
        assert said in text
    assert re.search(r'@graded\(2\.5, \\"\d\. An epoch without replacement', text)
    (total,) = [each.points for each in read(course).assignments if each.name == "ps2"]
    assert not float(total).is_integer() and "(`epoch`, 2.5 points" in guide
    assert f"### ps2. Softmax, cross-entropy and backpropagation ({total} points)" in guide
    assert re.search(rf"The assignments have .* {total}, ", guide)


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
        (r"lectures = \[8\]", "lectures = [18]", "course.toml, ps5: there is no lecture 18"),
        (r"lectures = \[8\]", "lectures = []", "course.toml, ps5: it needs at least one lecture"),
        (r"lectures = \[8\]", "lecture = [8]", "[assignment] ps5: lectures is missing"),
        ("due = 1", "due = 'one'", "[assignment] ps0: due must be of type int, got 'one'"),
        ('file = "05_back', 'file = "5_back', "lecture 5 must be named like 05_topic"),
        ('name = "ps5"', 'name = "ps4"', "course.toml lists ps4 twice"),
        ('name = "ps5"', 'name = "ps77"', "lists ps77, but there is no solutions/ps77/ps77.ipynb"),
        ('"Wide networks"\n', '"Wide networks"\nminutes = 90\n', "expected file, title, about"),
        (r'weeks = \[""\]', "weeks = [1]", "weeks must be texts, got [1]"),
        (r"\[calendar\]", "[calendar", "course.toml can't be read"),
        (r"\[calendar\]", "[[books]]\n[calendar]", "got books too"),
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
        (README, r"## The \w+ lectures", "## Lectures", "expected one sentence like"),
        (GUIDE, r"### ps3\. Many", "### ps9. Many", "expected one section '### ps3. …', found 0"),
        (GUIDE, "`epoch`, ", "`period`, ", "the section on ps2 lists log_softmax"),
        (LECTURE_5, r"\[Start\]\(00_start_here.ipynb\) ·", "Start", "expected one place like"),
        (
            PS2,
            r"\| exercise \| points \|",
            "| exercise |",
            "needs one table '| exercise | points |'",
        ),
        (PS2, r"^{", "<<<<<<< HEAD", "ps2.ipynb is no notebook"),
        (LECTURE_5, r'"cell_type"', '"kind"', "05_backpropagation.ipynb is no notebook"),
        ("lectures/09_wide_networks.ipynb", r"^{", "[", "09_wide_networks.ipynb is no notebook"),
        (PS2, r"★★, 20 minutes\)", "★★)", "ps2.ipynb, exercise 6: its text must say how hard"),
        (PS2, r"## \d\. An epoch", "An epoch", "ps2.ipynb: epoch_test has no heading"),
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
    put(course / GUIDE, r"(The assignments have [^ ]*) ", r"\1\n")
    assert written(read(course), course)[1] == []
    assert len({each.pattern for each in sentences(read(course))}) >= 8


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(8, "half an hour"), (32, "half an hour"), (60, "an hour"), (80, "an hour and a half"),
     (130, "two hours"), (200, "three and a half hours"), (660, "eleven hours")],
)  # fmt: skip
def test_a_time_is_said_to_the_next_half_hour(minutes, words):
    exercise = Exercise(1, "Words", "words", 1, minutes, False)
    assert duration(Assignment("ps0", [0], 1, "Title", [exercise]).half_hours) == words


@pytest.mark.parametrize(("count", "word"), [(1, "one"), (9, "nine"), (20, "twenty"), (21, "21")])
def test_a_small_number_is_a_word(count, word):
    assert number(count) == word
    assert listed(["5", "33", word]) == f"5, 33 and {word}" and listed([word]) == word
