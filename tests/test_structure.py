"""What holds of the tests themselves."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import exercises

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


@pytest.mark.parametrize(
    ("node", "scope"),
    [
        ("lectures/03_loss_landscape.ipynb::Cell 7", "lectures/03_loss_landscape.ipynb"),
        ("tests/mlpkit/test_costs.py::test_a[1]", "tests/mlpkit/test_costs.py"),
        ("tests/assignments/test_answers.py::test_a[ps0-x]", None),
    ],
)
@pytest.mark.parametrize("distribution", ["load", "loadscope"])
def test_workers_are_given_whole_notebooks_and_modules(node, scope, distribution, pytestconfig):
    options = {"dist": distribution, "tx": ["2*popen"], "loadscopereorder": True}
    config = SimpleNamespace(
        option=SimpleNamespace(**options), getoption=options.get, getvalue=options.get
    )
    make = pytestconfig.hook.pytest_xdist_make_scheduler
    scheduler = make(config=config, log=None)
    assert scheduler._split_scope(node) == (scope or node)
    assert config.option.loadscopereorder is False


def test_nothing_imports_a_test_module():
    found = {path: collected(path.read_text(encoding="utf-8")) for path in TESTS.rglob("*.py")}
    assert len(found) > 50
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("values", "marks"),
    [
        (["ps2"], ["ps2"]),
        (["ps2", "scores_gradient"], ["ps2", "ps2_3"]),
        (["ps1", "scores_gradient"], ["ps1"]),
        (["scores_gradient", 3, None], []),
    ],
)
def test_a_test_is_marked_by_its_assignment_and_exercise(values, marks, pytestconfig):
    found = []
    parameters = SimpleNamespace(params=dict(enumerate(values)))
    item = SimpleNamespace(callspec=parameters, config=pytestconfig, add_marker=found.append)
    exercises.pytest_itemcollected(item)
    assert found == marks
    registered = [line.split(":")[0] for line in pytestconfig.getini("markers")]
    assert set(marks) <= set(registered)


def test_each_exercise_has_the_number_of_its_heading():
    for name, listed in exercises.numbered().items():
        source = (exercises.SOLUTIONS / name / f"{name}.ipynb").read_text(encoding="utf-8")
        headings = re.findall(r'"## (\d+)\. [^"]*points?', source)
        assert [int(number) for number in headings] == list(range(1, len(listed) + 1))


@pytest.mark.parametrize(
    "name",
    [
        *("gradebook.db", "gradebook.db.before-1", "gradebook.db.damaged-1"),
        *("submitted/ada/ps1/ps1.ipynb", "autograded/ada/ps1/ps1.ipynb", "feedback/ada/x.html"),
        *("students.csv", ".mlpkit/judged/ps1/ada/ps1.json", "reports/ps1.html", "exchange/mlp"),
    ],
)
def test_nothing_of_a_students_is_committed_by_mistake(name):
    ran = subprocess.run(["git", "check-ignore", "--quiet", "--no-index", name], cwd=TESTS.parent)
    assert ran.returncode == 0


@pytest.mark.parametrize("stamp", ["lab", "tools", "grading", "site", "test"])
def test_a_stamp_installs_extras_that_there_are(stamp):
    # The environment's folder is named here: a caller's own may lie elsewhere, as .ci/run's does.
    words = ["make", "--dry-run", "--always-make", "VENV=.venv", f".venv/{stamp}.stamp"]
    shown = subprocess.run(
        words, cwd=TESTS.parent, capture_output=True, text=True, check=True
    ).stdout
    (extras,) = re.findall(r'--editable "\.\[([a-z,]+)\]" \|\|', shown)
    known = tomllib.loads((TESTS.parent / "pyproject.toml").read_text())["project"][
        "optional-dependencies"
    ]
    assert {"lab", stamp} <= set(extras.split(",")) <= set(known)
