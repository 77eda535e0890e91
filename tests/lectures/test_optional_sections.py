"""A ★ section can be skipped: no cell outside of them uses a name that only they define."""

import ast
import builtins

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.lectures.notebooks import LECTURES, read
from tools.count_lectures import core


def names_from_optional(cells):
    """List the names that core cells use and that only cells of ★ sections have defined."""
    known, optional, found, imports = set(dir(builtins)), set(), [], True
    for cell, text in core(cells):
        if cell.cell_type != "code":
            continue
        defined, used = names(cell.source)
        if text or imports:
            found += sorted((used - known - defined) & optional)
            known |= defined
        else:
            optional |= defined
        imports = False
    return found


def names(source):
    """Return the names that a cell binds and those that it reads, function bodies included."""
    defined, used = set(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else defined).add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined.add(node.name)
        elif isinstance(node, ast.arg):
            defined.add(node.arg)
        elif isinstance(node, ast.alias):
            defined.add((node.asname or node.name).split(".")[0])
    return defined, used


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_no_core_cell_needs_a_name_of_an_optional_section(path):
    assert names_from_optional(read(path).cells) == []


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["x = 1", "# ★ A", "y = 1", "# B", "z = x + y"], ["y"]),
        (["x = 1", "# ★ A", "def f(): pass", "# B", "f()"], ["f"]),
        (["x = 1", "# ★ A", "import os", "# B", "def g():\n    return os.name"], ["os"]),
        (["x = 1", "# ★ A", "y = x", "## C", "z = y", "# B", "z = 2\nz + x"], []),
        (["import os", "# ★ A", "import os", "# B", "os.name"], []),
    ],
)
def test_such_a_name_is_found_wherever_it_is_bound(cells, found):
    made = [new_markdown_cell(c) if c.startswith("#") else new_code_cell(c) for c in cells]
    assert names_from_optional(made) == found
