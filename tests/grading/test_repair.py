"""Every submission is brought into the shape of the instructor's notebook, or has a reason."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from mlpkit.grading.course.hand_ins import Submission, read
from mlpkit.grading.course.listing import Found
from mlpkit.grading.text.handed_in import Unreadable
from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.text.repair import repair
from tests.grading import notebooks
from tests.grading.malformed import KEPT, LOST, PLAN, VALUES, tree, written

GOOD, MB = notebooks.GOOD_SECOND, 1024**2
NAMES = [cell.grade_id for cell in PLAN.cells if cell.grade_id]


def mended(change):
    """Apply a change to a good submission and give what the repair makes of it."""
    book = tree()
    content = change(book)
    return repair(content if isinstance(content, bytes) else written(book), PLAN)


@pytest.mark.parametrize("change", KEPT.values(), ids=KEPT.keys())
def test_answers_survive(change):
    pieces, _, reason = mended(change)
    assert reason is None
    by_name = {p.planned.grade_id: p for p in pieces if p.planned}
    assert list(by_name) == NAMES
    assert by_name["double"].source == "def double(x):\n    return 2 * x"
    assert by_name["mean_square"].source == GOOD
    assert by_name["words"].source == "Since it is so."
    assert by_name["check-double"].source == PLAN.named["check-double"].released
    assert by_name["check-double"].cell_type == by_name["double"].cell_type == "code"


@pytest.mark.parametrize(
    "answer",
    [
        new_markdown_cell("I have drawn a tree of the calls below."),
        new_code_cell("# This draws the tree of all calls that are made.\nprint('tree')"),
        new_markdown_cell("![tree](https://example.org/tree.png)"),
    ],
)
@pytest.mark.parametrize("task", [True, False])
def test_that_a_task_is_answered_in_other_cells_is_no_news(task, answer):
    metadata = notebooks.about("draw", task=task, grade=not task, solution=not task, points=2)
    book = notebooks.notebook(new_markdown_cell("Draw the calls.", metadata=metadata))
    plan = read_plan(notebooks.content(book), notebooks.content(book))
    handed_in = notebooks.notebook(*book.cells, answer)
    pieces, repairs, _ = repair(notebooks.content(handed_in), plan)
    assert [piece.near for piece in pieces if piece.planned] == [True]  # a person reads it
    assert any("is as released" in said for said in repairs) is not task


@pytest.mark.parametrize(
    "name, words",
    [
        ("copied test", "'check-double' was there more than once"),
        ("deleted test", "was missing"),
        ("reversed", "another order"),
        ("solution turned to Markdown", "another type"),
        ("no metadata", "had lost their names"),
        ("other kernel", "'ir'"),
        ("nbformat 3", "nbformat 3"),
        ("UTF-8 BOM", "byte order mark"),
        ("Latin-1", "Latin-1"),
        ("edited test", "had been edited"),
        ("cells that are no cells", "are no cells"),
    ],
)
def test_what_was_mended_is_said(name, words):
    _, repairs, _ = mended(KEPT[name])
    assert any(words in repaired for repaired in repairs)


def test_nothing_is_said_of_a_good_submission():
    assert mended(KEPT["untouched"])[1] == []
    assert mended(KEPT["own cells"])[1] == []


@pytest.mark.parametrize("content", LOST.values(), ids=LOST.keys())
def test_the_rest_has_a_reason(content):
    pieces, _, reason = repair(content, PLAN)
    assert reason
    assert [p.planned.grade_id for p in pieces] == NAMES
    assert all(p.source == p.planned.released for p in pieces)


@pytest.mark.parametrize("name", ["double", "check-double", "imports"])
@pytest.mark.parametrize("outputs", [True, False])
def test_a_cell_that_had_become_raw_is_code_again_and_it_is_said(name, outputs):
    book = tree()
    cell = next(c for c in book["cells"] if c["id"] == f"id-{name}")
    cell["cell_type"] = "raw"
    if not outputs:
        del cell["outputs"], cell["execution_count"]
    pieces, said, _ = repair(written(book), PLAN)
    assert all(piece.is_code for piece in pieces if piece.name == repr(name))
    assert said == [f"the cell {name!r} had become another type; it has its own again"]


@pytest.mark.parametrize("lost", ["metadata", "metadata and ids", "ids"])
def test_tests_that_lost_their_names_are_no_copies(lost):
    book = tree()
    for number, cell in enumerate(book["cells"]):
        cell["metadata"] = {} if "metadata" in lost else cell["metadata"]
        cell["id"] = f"new-{number}" if "ids" in lost else cell["id"]
    _, said, _ = repair(written(book), PLAN)
    assert len(said) == ("metadata" in lost)
    assert all("had lost their names" in sentence for sentence in said)


@given(st.data())
def test_a_notebook_with_anything_anywhere_gives_every_place_once(data):
    book = tree()
    for _ in range(data.draw(st.integers(1, 4))):
        place, key = book, data.draw(st.sampled_from(list(book)))
        while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
            place = place[key]
            keys = list(place) if isinstance(place, dict) else range(len(place))
            key = data.draw(st.sampled_from(keys))
        place[key] = data.draw(VALUES)
    pieces, _, _ = repair(written(book), PLAN)
    assert [p.planned.grade_id for p in pieces if p.planned] == NAMES
    assert all(isinstance(p.source, str) for p in pieces)


@given(st.binary())
def test_any_bytes_give_every_place_once(content):
    pieces, _, reason = repair(content, PLAN)
    assert reason
    assert [p.planned.grade_id for p in pieces if p.planned] == NAMES


@pytest.mark.parametrize("size", [50 * MB + 1, 51 * MB, 75 * MB])
def test_a_hand_in_that_is_too_large_is_told_so_in_the_same_words_everywhere(size, tmp_path):
    content = b"x" * size
    path = tmp_path / "sheet.ipynb"
    path.write_bytes(content)
    handed_in = Submission("ada", "sheet", Found("sheet.ipynb", path))
    _, _, reason = repair(content, PLAN)
    with pytest.raises(Unreadable) as caught:
        read(handed_in)
    assert str(caught.value) == reason
    assert f"the notebook has {-(-size // MB)} MB, more than the 50 MB" in reason


def test_the_largest_that_is_read_is_not_too_large(tmp_path):
    content = b"x" * (50 * MB)
    path = tmp_path / "sheet.ipynb"
    path.write_bytes(content)
    handed_in = Submission("ada", "sheet", Found("sheet.ipynb", path))
    assert "MB" not in repair(content, PLAN)[2]
    assert read(handed_in) == content


STUB = "def mean_square(x):\n    raise NotImplementedError\n"
MANY = {
    "copies of a stub": ("code", [f"{STUB}# {number}" for number in range(4000)]),
    "functions": (
        "code",
        [f"def f{number}(x):\n    return x\n" * 5 for number in range(4000)],
    ),
    "heads that never end": ("code", ["def f(" + ':"' * 200_000, *["def g(" + ":'" * 450] * 2000]),
    "pictures": ("markdown", [f"![](p{number}.png) here" for number in range(1000)]),
    "one long text": ("markdown", ["![" * 400_000]),
}


@pytest.mark.parametrize("kind,sources", MANY.values(), ids=MANY.keys())
def test_however_many_cells_there_are_reading_them_takes_seconds(kind, sources):
    book = tree()
    for one in book["cells"]:
        name = one["metadata"].get("nbgrader", {}).get("grade_id")
        if name in ("double", "words"):
            one["source"] = PLAN.named[name].released
    one = new_code_cell() if kind == "code" else new_markdown_cell()
    book["cells"] += [
        {**one, "id": f"cell{number}", "source": source} for number, source in enumerate(sources)
    ]
    files = {f"file{number}.png": b"" for number in range(50)}
    start = time.process_time()
    repair(written(book), PLAN, files)
    assert time.process_time() - start < 20
