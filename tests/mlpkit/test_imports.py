"""What importing the package costs and pulls in."""

import subprocess
import sys

import pytest

HEAVY = (
    "matplotlib",
    "ipywidgets",
    "IPython",
    "nbgrader",
    "pooch",
    "tqdm",
    "torch",
    "mlpkit.grading",
)
TEACHING = ("activations", "losses", "network", "training", "gradcheck", "datasets")


@pytest.mark.parametrize("module", TEACHING)
def test_the_teaching_part_imports_nothing_heavy(module):
    program = (
        f"import sys, mlpkit.{module}\nprint([name for name in {HEAVY!r} if name in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
