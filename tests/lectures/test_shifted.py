"""A lecture's assertions hold whatever its seeds are, and a shift of seeds reaches all of them."""

import ast
import re
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.lectures.notebooks import LECTURES, ROOT, code
from tests.lectures.shifted import failures
from tests.tiers import few

IMPORTS = "import mlpkit.approximation, mlpkit.network\nimport numpy as np"
DRAWS = [
    "np.random.default_rng(0).normal()",
    "np.random.default_rng(np.int64(0)).normal()",
    "np.random.default_rng((0, 1)).normal()",
    "mlpkit.network.MLP(2, 3, 2).theta[0]",
    "mlpkit.network.MLP(2, 3, 2, seed=5).theta[0]",
    "mlpkit.approximation.trained(abs, 1, epochs=1).theta[0]",
]
TORCH = "torch.rand(1, generator=torch.manual_seed(0)).item()"
# A process of the lecture's own, and the same seed in it.
ASIDE = """
import subprocess, sys
code = "import numpy as np; print(np.random.default_rng(0).normal())"
said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
assert float(said.stdout) == np.random.default_rng(0).normal()"""
LINES = "def f():\n    assert a == 2, 'a is 1'\n\nf()"


def lecture(folder, *cells):
    """Write a notebook of these cells, each a source or a pair (source, tag)."""
    pairs = [(cell, None) if isinstance(cell, str) else cell for cell in cells]
    code = [new_code_cell(s, metadata={"tags": [tag] if tag else []}) for s, tag in pairs]
    path = folder / "lecture.ipynb"
    nbformat.write(new_notebook(cells=code), path)
    return path


@pytest.mark.slow
def test_each_way_to_give_a_seed_is_shifted_in_all_processes_of_a_lecture(tmp_path):
    names = {}
    exec(IMPORTS, names)
    cells = [f"assert {draw} == {float(eval(draw, names))!r}" for draw in DRAWS]
    path = lecture(tmp_path, IMPORTS, ASIDE, *cells)
    assert failures(path, 0) == ""
    failed = [line.split(":")[0] for line in failures(path, 1).splitlines() if "Error" in line]
    assert failed == [f"cell [{number + 2}]" for number in range(len(DRAWS))]


@pytest.mark.slow
@pytest.mark.frameworks
def test_seeds_of_pytorch_are_shifted_wherever_it_is_imported(tmp_path):
    expected = eval(TORCH, {"torch": pytest.importorskip("torch")})
    command = [sys.executable, "-c", f"import torch; print({TORCH})"]
    aside = f"said = subprocess.run({command}, capture_output=True, text=True, check=True).stdout"
    cells = ["import subprocess, torch", f"assert {TORCH} == {expected}", aside]
    path = lecture(tmp_path, *cells, f"assert float(said) == {expected}")
    assert failures(path, 0) == ""
    failed = [line.split(":")[0] for line in failures(path, 1).splitlines() if "Error" in line]
    assert failed == ["cell [1]", "cell [3]"]


SEEDING = re.compile(r"(.*\.)?(\w*seed|RandomState|Random|Generator|default_rng)")
SHIFTED = {"np.random.default_rng", "torch.manual_seed"}
SCRIPTS = sorted((ROOT / "lectures").glob("*.py"))


def seeds_set(code):
    """The functions and classes that code gives a seed to, as it names them."""
    called = [node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    names = {ast.unparse(function) for function in called}
    return {name for name in names if SEEDING.fullmatch(name)}


@pytest.mark.parametrize("path", [*LECTURES, *SCRIPTS], ids=lambda path: path.stem)
def test_a_lecture_gives_seeds_only_to_what_shifts_them(path):
    of = code(path) if path.suffix == ".ipynb" else path.read_text()
    assert seeds_set(of) <= SHIFTED


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("rng = np.random.RandomState(0)", {"np.random.RandomState"}),
        (
            "g = torch.Generator().manual_seed(1)",
            {"torch.Generator", "torch.Generator().manual_seed"},
        ),
        ("np.random.seed(3); random.shuffle(a)", {"np.random.seed"}),
        ("random.Random(2).random()", {"random.Random"}),
        ("tf.random.Generator.from_seed(1)", {"tf.random.Generator.from_seed"}),
        ("np.random.default_rng(0).choice(4); MLP(1, 2, 3, seed=5)", {"np.random.default_rng"}),
    ],
)
def test_whatever_is_given_a_seed_is_found(code, found):
    assert seeds_set(code) == found


@pytest.mark.slow
def test_each_cell_that_fails_is_named_with_its_line_but_not_explorers_and_errors_shown(tmp_path):
    tagged = [("1 / 0", tag) for tag in ("explorer", "raises-exception")]
    assert failures(lecture(tmp_path, "1 / 0", "a = 1", LINES, *tagged), 1).splitlines() == [
        "cell [0]: ZeroDivisionError: division by zero",
        "  line 1: 1 / 0",
        "cell [2]: AssertionError: a is 1",
        "  line 4: f()",
        "  line 2: assert a == 2, 'a is 1'",
    ]


@pytest.mark.slow
def test_a_process_that_ends_early_is_no_success(tmp_path):
    with pytest.raises(RuntimeError, match="didn't run to its end"):
        failures(lecture(tmp_path, "import os; os._exit(0)"), 1)


@pytest.mark.notebook
@pytest.mark.parametrize("shift", few(range(1, 6), 1))
@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_every_assertion_holds_with_all_seeds_shifted(path, shift):
    assert failures(path, shift) == ""
