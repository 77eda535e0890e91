"""A new assignment whose cases aren't written yet stops nobody's tests, and needs no framework."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.course import copy_course

pytestmark = pytest.mark.slow

# As in an environment of `make teeth`: without what only other tests need.
WITHOUT = """
import sys
missing = "torch", "tensorflow", "sklearn", "playwright", "axe_playwright_python", "distributed"
for name in missing:
    sys.modules[name] = None
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the course with an assignment that nobody has written cases for."""
    folder = copy_course(tmp_path_factory.mktemp("clone"))
    shutil.copytree(folder / "solutions/ps0", folder / "solutions/ps9")
    (folder / "solutions/ps9/ps0.ipynb").rename(folder / "solutions/ps9/ps9.ipynb")
    return folder


def pytest_in(folder, *words):
    command = [sys.executable, "-c", WITHOUT, "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
    variables = os.environ | {"PYTHONPATH": str(folder)}
    return subprocess.run(
        [*command, *words], cwd=folder, env=variables, capture_output=True, text=True
    )


def test_all_others_are_collected_and_pass(clone):
    done = pytest_in(clone, "tests/assignments", "-m", "ps0", "-k", "cases or solution_earns")
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout and "error" not in done.stdout


def test_its_own_fail_and_say_what_to_write(clone):
    done = pytest_in(clone, "tests/assignments/test_answers.py", "-k", "ps9 and enough_cases")
    assert done.returncode == 1
    assert "write tests/assignments/ps9_cases.py: no cases of" in done.stdout
    assert "ERROR" not in done.stdout
