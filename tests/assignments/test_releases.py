"""What holds of each assignment as it is written, and of what students get of it."""

import filecmp
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbformat
import pytest
from nbgrader import utils

from mlpkit.by_hand import BY_HAND
from tests.assignments.harness import (
    NAMES,
    ROOT,
    cell_of,
    exercises,
    identity,
    load,
    points,
    private_lines,
    run,
)
from tests.benchmarks.processes import processor_seconds
from tools.make_assignments import generate

SANITIZE = ROOT / "tests" / "lectures" / "sanitize.cfg"


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def regenerated(tmp_path_factory):
    target = tmp_path_factory.mktemp("release")
    generate(target)
    return target


def nbval(path, folder):
    """Run a notebook under nbval; return the ids of the cells that fail."""
    report = folder / "report.xml"
    # A run of its own, with nothing of this project's settings for pytest.
    command = [sys.executable, "-m", "pytest", "-q", f"--rootdir={folder}"]
    command += ["-p", "no:cacheprovider", "-p", "tests.kernels"]
    command += ["-c", os.devnull, "-o", "junit_family=xunit1", f"--junitxml={report}"]
    command += ["--nbval", f"--nbval-sanitize-with={SANITIZE}"]
    command += ["--nbval-kernel-name=python3", str(path)]
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = dict(os.environ, PATH=binaries, OPENBLAS_NUM_THREADS="1")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert report.exists(), done.stdout + done.stderr
    code = [identity(cell) for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
    failed = []
    for case in ElementTree.parse(report).iter("testcase"):
        number = int(re.search(r"Cell (\d+)", case.get("name"))[1])
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(code[number])
    return failed


def uncompared(notebook):
    """List the exercises of whose graded cell nothing is stored to compare with."""
    tests = {name: cell_of(notebook, f"{name}_test") for name in exercises(notebook)}
    return [name for name, cell in tests.items() if not cell.outputs]


@pytest.mark.slow
def test_release_regenerates_without_a_difference(name, regenerated):
    committed = ROOT / "assignments" / name
    found = filecmp.dircmp(committed, regenerated / name, ignore=[".ipynb_checkpoints"])
    assert not found.left_only + found.right_only
    _, different, errors = filecmp.cmpfiles(
        committed, regenerated / name, found.common_files, shallow=False
    )
    assert not different + errors, "run make assignments"


@pytest.mark.slow
def test_generating_leaves_nothing_else_behind(regenerated):
    assert sorted(path.name for path in regenerated.iterdir()) == NAMES


def test_release_holds_no_answer_and_no_hidden_test(name):
    source = load("solutions", name)
    private = private_lines(source)
    assert private or not exercises(source)  # so that a search for nothing can't pass
    text = (ROOT / "assignments" / name / f"{name}.ipynb").read_text()
    sources = "\n".join(cell.source for cell in load("assignments", name).cells)
    lines = {line.strip() for line in sources.splitlines()}
    assert not private & lines
    assert not [word for word in ("HIDDEN TESTS", "BEGIN SOLUTION") if word in text]
    assert not any(cell.get("outputs") for cell in load("assignments", name).cells)


@pytest.mark.notebook
def test_solution_passes_strict_nbval_in_forty_seconds(name, tmp_path):
    path = ROOT / "solutions" / name / f"{name}.ipynb"
    before = processor_seconds()
    failed = nbval(path, tmp_path)
    assert 1 < processor_seconds() - before < 40
    assert not failed
    assert not uncompared(load("solutions", name))


def test_cleared_solution_is_refused(name):
    # nbval passes it, as it has nothing to compare.
    cleared = load("solutions", name)
    for cell in cleared.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    assert uncompared(cleared) == exercises(cleared)


def test_blank_release_fails_in_its_graded_cells_and_nowhere_else(name):
    tests = [f"{exercise}_test" for exercise in exercises(load("solutions", name))]
    assert run(load("assignments", name)).failed == tests


def test_each_exercise_has_a_stub_visible_tests_hidden_tests_and_a_hint(name):
    source, release = load("solutions", name), load("assignments", name)
    for exercise in exercises(source):
        assert "raise NotImplementedError()" in cell_of(release, exercise).source, exercise
        assert re.search(r'""".+"""', cell_of(release, exercise).source, re.DOTALL), exercise
        test = cell_of(source, f"{exercise}_test").source
        assert "credit.part(" in test, exercise
        assert "credit.hidden(" in test, exercise
        assert "### BEGIN HIDDEN TESTS" in test, exercise
        assert test.endswith((f"\n{exercise}_test", "credit.total()")), exercise
    prose = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    assert prose.count("<details><summary>Hint") >= len(exercises(source))
    assert prose.count("<details>") == prose.count("</details>")


def test_notebook_says_what_a_student_must_know(name):
    source = load("solutions", name)
    first = source.cells[0].source
    assert first.startswith("# Assignment ")
    for word in ("**What you may use.**", "| symbol | code | shape |", "| exercise | points |"):
        assert word in first
    assert re.search(r"second|minute", first)
    assert identity(source.cells[-1]) == "ready"
    answers = [identity(cell) for cell in source.cells if utils.is_solution(cell)]
    assert all(f'"{answer}"' in source.cells[-1].source for answer in answers)


def test_points_in_the_text_are_those_of_the_cells(name):
    source = load("solutions", name)
    given = [
        float(number)
        for number in re.findall(r"^\| \d+\..*\| ([\d.]+) \|$", source.cells[0].source, re.M)
    ]
    assert given == list(points(source).values())


def test_what_is_by_hand_is_what_the_tests_enforce(name):
    for kind in ("solutions", "assignments"):
        assert load(kind, name).metadata.mlpkit.by_hand == list(BY_HAND)


def test_graded_cells_are_locked_and_answers_are_not(name):
    for cell in load("solutions", name).cells:
        data = cell.metadata.get("nbgrader")
        if data:
            assert data["schema_version"] == 3
            assert data["locked"] is not data["solution"], data["grade_id"]
            assert cell.id == data["grade_id"]
