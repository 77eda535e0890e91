"""What importing the package costs and pulls in."""

import subprocess
import sys
from pathlib import Path

import pytest

import mlpkit

HEAVY = (
    "matplotlib",
    "ipywidgets",
    "IPython",
    "nbgrader",
    "pooch",
    "tqdm",
    "torch",
    "mlpkit.plots",
    "mlpkit.explorers",
    "mlpkit.grading",
)
MODELS = sorted(
    path.stem for path in Path(mlpkit.__file__).parent.glob("*.py") if path.stem != "__init__"
)
# After each module: which of the heavy ones are there now.
PROGRAM = f"""
import importlib, sys
for module in sys.argv[1:]:
    importlib.import_module(module)
    print(module, *[name for name in {HEAVY!r} if name in sys.modules])
"""


def imported(*modules):
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, *modules],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line.split() for line in result.stdout.splitlines()]


def test_what_computes_imports_nothing_heavy_and_nothing_that_draws():
    assert len(MODELS) > 20
    names = [f"mlpkit.{name}" for name in MODELS]
    assert imported(*names) == [[name] for name in names]


@pytest.mark.parametrize("module", ["matplotlib", "mlpkit.plots", "tqdm"])
def test_what_is_heavy_is_seen(module):
    assert module in imported("mlpkit.network", module)[1][1:]
