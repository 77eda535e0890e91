"""nbgrader's own tests of autograding, by both doors: what fails, the page says and why."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from tests.course import ROOT

pytestmark = [pytest.mark.sandbox, pytest.mark.slow, pytest.mark.thorough]
PAGE = ROOT / "docs" / "bringing_a_course.md"
TESTS = "nbgrader.tests.apps.test_nbgrader_autograde"
# Many of nbgrader's sources hold no answers, which the judge would ask about.
TURNED_ON = """\
from mlpkit.grading.course.preprocessor import turn_on
c = get_config()
turn_on(c)
c.Judge.accept_tests = True
"""
SECONDS = 3000


def run_theirs(folder, door, config):
    """Run nbgrader's tests in a process of their own; say who passed and who failed."""
    (folder / "nbgrader_config.py").write_text(config)
    (folder / "pytest.ini").write_text("[pytest]\n")
    plugin = "tests.grading.nbgraders_own.doors"
    command = [sys.executable, "-m", "pytest", "-q", "-c", "pytest.ini", "--junit-xml=told.xml"]
    command += ["-p", plugin, "-p", "no:cacheprovider", "--pyargs", TESTS]
    own = {"PYTHONPATH": str(ROOT), "MLPKIT_DOOR": door, "JUPYTER_CONFIG_DIR": str(folder)}
    subprocess.run(command, cwd=folder, env=os.environ | own, timeout=SECONDS, capture_output=True)
    found = {"passed": set(), "failed": set(), "skipped": set()}
    for case in ElementTree.parse(folder / "told.xml").iter("testcase"):
        kinds = {child.tag for child in case}
        kind = "skipped" if "skipped" in kinds else "failed" if kinds & {"failure", "error"} else ""
        found[kind or "passed"].add(case.get("name"))
    return found


def explained():
    """Return the tests that the page gives a reason for."""
    section = PAGE.read_text("utf-8").partition("## What differs from nbgrader on purpose")[2]
    return set(re.findall(r"^\| `(test_\w+)` \| \S", section, re.MULTILINE))


@pytest.mark.parametrize("door", ["judge", "mlpkit"])
def test_of_nbgraders_own_tests_those_fail_that_the_page_explains_and_no_other(tmp_path, door):
    found = run_theirs(tmp_path, door, TURNED_ON)
    assert found["failed"] == explained()
    assert len(found["passed"]) == 40 - len(explained())


def test_without_the_judge_all_of_them_pass_here(tmp_path):
    found = run_theirs(tmp_path, "stock", "c = get_config()\n")
    assert found["failed"] == set() and len(found["passed"]) == 40
