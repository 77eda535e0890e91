"""What the book makes of a notebook's cells: folded, described, and no word changed."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.book.cells import NoDescription, pictures, prepare
from tools.book.lectures import ROOT, notebooks


def figure(**about):
    return new_output("display_data", {"image/png": "AAAA"}, metadata={"image/png": about})


def prepared(*cells):
    return prepare(new_notebook(cells=list(cells)), "lecture").cells


@pytest.mark.parametrize(
    "tags, outputs, hidden",
    [
        (["prediction"], [], "hide-output"),
        (["prediction"], [figure(alt="A hill.")], "hide-output"),
        (["answer"], [figure(alt="A hill.")], "hide-cell"),
        ([], [figure(alt="A hill.")], "hide-input"),
        (["check"], [], "hide-input"),
        ([], [new_output("stream", text="1\n")], None),
    ],
)
def test_a_cell_is_folded_by_what_it_is(tags, outputs, hidden):
    (cell,) = prepared(new_code_cell("1", outputs=outputs, metadata={"tags": tags}))
    found = [tag for tag in cell.metadata.get("tags", []) if tag.startswith("hide-")]
    assert found == ([hidden] if hidden else [])
    assert bool(cell.metadata.get("mystnb", {}).get("code_prompt_show")) == bool(hidden)


def test_visible_tests_of_an_assignment_are_folded_and_answers_are_not():
    test = {"grade": True, "locked": True, "solution": False}
    stub = {"grade": False, "locked": False, "solution": True}
    first, second = prepared(*[new_code_cell("1", metadata={"nbgrader": a}) for a in (test, stub)])
    assert "hide-input" in first.metadata.tags and "tags" not in second.metadata


@pytest.mark.parametrize("about", [{}, {"alt": ""}, {"alt": "  "}])
def test_a_figure_without_words_is_refused_with_its_place(about):
    with pytest.raises(NoDescription, match="lecture, cell 1: the figure has no alt text"):
        prepared(new_markdown_cell("a"), new_code_cell("1", outputs=[figure(**about)]))


def test_an_explorer_is_said_to_be_a_still_picture():
    cell = new_code_cell("1", outputs=[figure(alt="A hill.")], metadata={"tags": ["explorer"]})
    assert "still picture" in prepared(cell)[1].source


def test_a_recording_stands_in_the_place_of_an_explorers_picture():
    cell = new_code_cell("1", outputs=[figure(alt="A hill.")], metadata={"tags": ["explorer"]})
    cells = prepare(new_notebook(cells=[cell]), "lecture", {0: "<div>plays</div>"}).cells
    assert len(cells) == 1 and "hide-input" in cells[0].metadata.tags
    assert [output.data for output in cells[0].outputs] == [{"text/html": "<div>plays</div>"}]


def test_of_a_still_explorer_the_picture_is_shown_and_not_the_notebooks_own_page():
    output, image = figure(alt="A hill."), '<img class="mlpkit-figure" alt="A hill." src="data:,"/>'
    output.data["text/html"] = f"<div>{image}<p>run this cell</p></div>"
    cell = new_code_cell("1", outputs=[output], metadata={"tags": ["explorer"]})
    assert prepared(cell)[0].outputs[0].data["text/html"] == image


def test_no_still_explorer_is_shown_without_the_themes_colours():
    shown = []
    for path in sorted(ROOT.glob("lectures/*.ipynb")):
        cells = prepare(nbformat.read(path, as_version=4), path.stem).cells
        there = [cell for cell in cells if "explorer" in cell.metadata.get("tags", [])]
        shown += [output.data["text/html"] for cell in there for output in pictures(cell)]
    assert len(shown) >= 9 and all(html.startswith('<img class="mlpkit-figure"') for html in shown)


def test_an_output_that_holds_nothing_is_left_out():
    outputs = [new_output("display_data"), new_output("stream", text="1\n")]
    (cell,) = prepared(new_code_cell("1", outputs=outputs, metadata={"tags": ["prediction"]}))
    assert [output.output_type for output in cell.outputs] == ["stream"]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_each_figure_of_the_course_keeps_its_own_words(path):
    before = nbformat.read(path, as_version=4)
    kept = [out.metadata["image/png"]["alt"] for c in before.cells for out in pictures(c)]
    after = prepare(nbformat.read(path, as_version=4), path.stem)
    shown = [c.metadata.mystnb.image["alt"] for c in after.cells if pictures(c)]
    assert shown == kept


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_no_column_is_headed_by_a_formula_alone_which_not_every_reader_aloud_can_say(path):
    cells = nbformat.read(path, as_version=4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    rows = re.findall(r"^\|(.*)\|\n\|[-:| ]+\|$", text, re.MULTILINE)
    heads = [head.strip() for row in rows for head in row.split("|")]
    assert not [head for head in heads if re.fullmatch(r"\$[^$]+\$", head)]
