"""The package's own tests, under every Python from 3.11 to 3.13 that this machine has.

The oldest supported NumPy is run with the oldest Python, the newest with the others.
"""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHONS = ("3.11", "3.12", "3.13")
# What needs NumPy, pytest and hypothesis and nothing else.
TESTED = ("activations", "losses", "network", "training", "gradcheck", "mnist", "counting")


def find(version):
    """Return a Python of this version that runs, or None."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for candidate in (shutil.which(f"python{version}"), *map(str, kept)):
        if candidate is None:
            continue
        said = subprocess.run([candidate, "--version"], capture_output=True, text=True)
        if said.returncode == 0 and f"Python {version}." in said.stdout:
            return candidate
    return None


def oldest_numpy():
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    (numpy,) = [re.fullmatch(r"numpy>=([\d.]+)", line) for line in listed if "numpy" in line]
    return f"numpy=={numpy.group(1)}.*"


@pytest.mark.slow
@pytest.mark.parametrize("version", PYTHONS)
def test_the_package_passes_its_tests_without_a_warning(version, tmp_path):
    python = find(version)
    if python is None:
        pytest.skip(f"no Python {version} on this machine")
    subprocess.run([python, "-m", "venv", tmp_path / "venv"], check=True)
    binary = tmp_path / "venv" / "bin" / "python"
    numpy = oldest_numpy() if version == PYTHONS[0] else "numpy"
    # Installed as a user would, not editable: what isn't packed is missing here.
    packages = [numpy, "hypothesis", "pytest", str(ROOT)]
    install = [binary, "-m", "pip", "install", "--quiet", *packages]
    subprocess.run(install, check=True, cwd=tmp_path, capture_output=True)
    files = [ROOT / "tests" / "mlpkit" / f"test_{name}.py" for name in TESTED]
    # Not this project's settings for pytest: they ask for nbval.
    settings = ["-c", os.devnull, f"--rootdir={ROOT}", "-p", "no:cacheprovider", "-q"]
    settings += ["-o", "markers=slow: takes more than a few seconds", "-m", "not slow"]
    ran = subprocess.run(
        [binary, "-W", "error", "-m", "pytest", "-W", "error", *settings, *files],
        cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"TQDM_DISABLE": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
