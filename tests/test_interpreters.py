"""The package's own tests, under every Python from 3.11 to 3.13 that this machine has.

The oldest supported NumPy is run with the oldest Python, the newest with the others.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.course import ROOT, copy_course

PYTHONS = ("3.11", "3.12", "3.13")
# All of the package's tests run but those that look at the whole environment.
NEED_MORE = ("datasets", "environment_check", "imports")
FIGURES = ("anywidget", "ipywidgets", "matplotlib", "sympy")


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


@pytest.mark.install
@pytest.mark.slow
@pytest.mark.thorough
@pytest.mark.parametrize("version", PYTHONS)
def test_the_package_passes_its_tests_without_a_warning(version, tmp_path):
    python = find(version)
    if python is None:
        pytest.skip(f"no Python {version} here, on PATH or in ~/.pyenv/versions: not tested")
    binary = install(python, version, tmp_path)
    says_what_is_missing(binary, tmp_path)
    run_tests(binary, tmp_path)


def install(python, version, folder):
    """Install the package as a user would, not editable: what isn't packed is missing here."""
    subprocess.run([python, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    binary = folder / "venv" / "bin" / "python"
    numpy = oldest_numpy() if version == PYTHONS[0] else "numpy"
    # A build writes into its folder: in a shared one it meets the other Pythons' builds.
    course = copy_course(folder / "course")
    _pip(binary, folder, numpy, "hypothesis", "pytest", course)
    return binary


def says_what_is_missing(binary, folder):
    """See that without the extra "lab" its lack is named, with the command that installs it."""
    wanted = [binary, "-c", "import mlpkit.plots.style"]
    said = subprocess.run(wanted, cwd=folder, capture_output=True, text=True)
    assert said.returncode != 0
    assert "matplotlib is missing" in said.stderr and '".[lab]"' in said.stderr
    check = [binary, "-m", "mlpkit.environment"]
    said = subprocess.run(check, cwd=folder, capture_output=True, text=True)
    assert said.returncode == 1 and "✗ the course's packages: ipycanvas" in said.stdout


def _pip(binary, folder, *packages):
    ran = subprocess.run(
        [sys.executable, "-m", "pip", "--python", binary, "install", "--quiet", *packages],
        cwd=folder, capture_output=True, text=True,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]


def run_tests(binary, folder):
    """Add what figures need, and run the tests with every warning an error."""
    _pip(binary, folder, *FIGURES)
    tests = (ROOT / "tests" / "mlpkit").glob("test_*.py")
    files = [path for path in sorted(tests) if path.stem.removeprefix("test_") not in NEED_MORE]
    # Not this project's settings for pytest: they ask for nbval. Nor frameworks and what is slow.
    settings = ["-c", os.devnull, f"--rootdir={ROOT}", "-p", "no:cacheprovider", "-q", "--quick"]
    variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    ran = subprocess.run(
        [binary, "-W", "error", "-m", "pytest", "-W", "error", *settings, *files],
        cwd=folder, capture_output=True, text=True, env=variables | {"TQDM_DISABLE": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-2000:]
    assert " passed" in ran.stdout
