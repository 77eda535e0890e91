"""What is counted as a lecture's core, and what isn't."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.lectures.notebooks import LECTURES, read
from tools.count_lectures import count, words

PICTURE = new_output("display_data", {"image/png": "AA=="})


def counted(*cells):
    made = [new_markdown_cell(c) if isinstance(c, str) else c for c in cells]
    return count(new_notebook(cells=made))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("One, two and three.", 4),
        ("a formula $x + y = z$ is one", 5),
        ("so is $$\nx + y\n\\tag{8}$$ and `X @ W.T`", 5),
        ("[two words](03_loss_landscape.ipynb#anchor)", 2),
        ("| a | b |\n|---|---|\n| c | d |", 4),
        ("<details><summary>one</summary>", 1),
        ("```\nnone of this\n```", 0),
        ("it isn't well-known", 3),
    ],
)
def test_words_are_those_of_prose(text, number):
    assert words(text) == number


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        (["## A\none", "## ★ B\nno", "no", "## C\none"], 4),
        (["## ★ A\nno\n### B\nno", "### C\nno", "## D\none"], 2),
        (["## A\none\n### ★ B\nno\n### C\none"], 4),
        (["# 9. ★ All of it\nno\n## A\nno"], 0),
        (["## Symbols and shapes\nno", "## A\none", "## 12. Exercises\nno\n### First\nno"], 2),
        (["one", new_markdown_cell("no", metadata={"tags": ["answer"]})], 1),
        (["```\n## ★ no heading\n```\none"], 1),
    ],
)
def test_words_of_optional_and_looked_up_sections_and_of_answers_do_not_count(cells, number):
    assert counted(*cells).words == number


@pytest.mark.parametrize(
    ("cells", "lines", "of_cells"),
    [
        ([new_code_cell("import os\n\nimport re"), new_code_cell("a\n\nb")], 2, [3]),
        ([new_code_cell("a = 1"), new_code_cell("import re")], 2, [1, 1]),
        (["## ★ A", new_code_cell("a"), "## B", new_code_cell("import re\nb")], 2, [2]),
        ([new_code_cell("a", metadata={"tags": ["answer"]}), new_code_cell("")], 0, []),
    ],
)
def test_lines_of_code_are_those_of_core_cells_without_the_imports(cells, lines, of_cells):
    found = counted(*cells)
    assert (found.lines, found.cells) == (lines, of_cells)


@pytest.mark.parametrize(
    ("cells", "number"),
    [
        ([new_code_cell("a", outputs=[PICTURE, PICTURE])], 2),
        ([new_code_cell("a", outputs=[PICTURE], metadata={"tags": ["explorer"]})], 1),
        ([new_code_cell("a", metadata={"tags": ["explorer"]})], 1),
        (["## ★ A", new_code_cell("a", outputs=[PICTURE])], 0),
    ],
)
def test_figures_are_pictures_and_explorers(cells, number):
    assert counted(*cells).figures == number


@pytest.mark.parametrize("path", LECTURES[1:], ids=lambda path: path.stem)
def test_the_core_of_a_lecture_is_read_in_ninety_minutes(path):
    found = count(read(path))
    assert found.words <= 1650
    assert found.lines <= 130
    assert found.figures <= 5
    assert found.median_lines <= 8
    assert found.most_lines <= 20
