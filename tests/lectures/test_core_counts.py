"""What is counted as a lecture's core, and what isn't."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools.count_lectures import Count, count, main, words

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
        ([new_code_cell("import os\n\nimport re"), new_code_cell("a\n\nb")], 2, [3, 3]),
        ([new_code_cell("a = 1"), new_code_cell("import re")], 2, [1, 1]),
        (["## ★ A", new_code_cell("a"), "## B", new_code_cell("import re\nb")], 2, [1, 2]),
        ([new_code_cell("a", metadata={"tags": ["answer"]}), new_code_cell("")], 0, [1]),
    ],
)
def test_lines_are_those_of_the_core_without_the_imports_and_lengths_of_all_cells(
    cells, lines, of_cells
):
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


def test_each_lecture_is_read_in_ninety_minutes_and_its_cells_at_a_glance():
    assert main([]) == 0


@pytest.mark.parametrize(
    ("found", "over"),
    [
        (Count(1650, 130, 4, [8, 20, 1]), []),
        (Count(1651, 131, 5, []), ["words", "lines", "figures"]),
        (Count(0, 0, 0, [1, 9, 9]), ["median cell"]),
        (Count(0, 0, 0, [8, 9]), ["median cell"]),
        (Count(0, 0, 0, [1, 1, 21]), ["longest"]),
    ],
)
def test_what_passes_a_limit_is_named(found, over):
    assert found.over() == over


def test_the_command_fails_where_a_limit_is_passed(tmp_path, capsys):
    for lines in (8, 9):
        cells = [new_code_cell("\n".join("abcdefghi"[:lines]))]
        nbformat.write(new_notebook(cells=cells), tmp_path / f"{lines}.ipynb")
    assert main([tmp_path / "8.ipynb"]) == 0
    assert main([tmp_path / "8.ipynb", tmp_path / "9.ipynb"]) == 1
    assert capsys.readouterr().out.endswith("\n9: median cell above 8\n")
