"""What a notebook prints doesn't depend on the processor's arithmetic."""

import os
import platform
import subprocess
import sys

import pytest

from tests.lectures.notebooks import LECTURES, ROOT

SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
# An older processor's kernels add in another order and round at other places.
OLDER = {
    "OPENBLAS_CORETYPE": "Prescott",
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX2 FMA3",
}


@pytest.mark.thorough
@pytest.mark.notebook
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="x86-64's arithmetic")
@pytest.mark.parametrize("path", [*LECTURES, *SOLUTIONS], ids=lambda path: path.stem)
def test_a_notebook_prints_the_same_with_an_older_processors_arithmetic(path):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(path)],
        cwd=ROOT, env=os.environ | OLDER, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
