"""What holds of the tests themselves."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent


def imported(source):
    """Yield the dotted name of whatever a program imports, each name of a `from` too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (f"{module}.{name.name}" for name in node.names)


def collected(source):
    """List what is imported of a module that pytest collects, or of a conftest."""
    names = list(imported(source))
    return [n for n in names if any(p == "conftest" or p[:5] == "test_" for p in n.split("."))]


@pytest.mark.parametrize(
    ("source", "number"),
    [
        ("from tests.grading.test_faults import marked", 1),
        ("from tests.grading import test_faults, notebooks", 1),
        ("import tests.browser.conftest", 1),
        ("def f():\n    from . import test_faults", 1),
        ("from tests.grading import notebooks, course_factory\nimport pytest", 0),
    ],
)
def test_an_import_of_a_test_module_would_be_found(source, number):
    assert len(collected(source)) == number


def test_nothing_imports_a_test_module():
    found = {path: collected(path.read_text(encoding="utf-8")) for path in TESTS.rglob("*.py")}
    assert len(found) > 50
    assert {path: names for path, names in found.items() if names} == {}
