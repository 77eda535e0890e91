"""The students' archive: all that they need, and nothing they mustn't see."""

import io
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest

from tests.lectures.notebooks import LECTURES, links
from tools import make_release

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("dist") / "course.zip"
    make_release.write(path)
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def names(archive):
    return {name.removeprefix("mlp-course/") for name in archive.namelist()}


def lines(notebook):
    return {line.strip() for cell in notebook.cells for line in cell.source.splitlines()}


def marked_lines(notebook, private):
    """Yield the lines inside (or outside) the marks of solutions and hidden tests."""
    for cell in notebook.cells:
        inside = False
        for line in map(str.strip, cell.source.splitlines()):
            inside = (inside or "### BEGIN" in line) and "### END" not in line
            if inside == private and not line.startswith("### BEGIN"):
                yield line


def test_lectures_assignments_and_the_package_are_there(names):
    assert {f"lectures/{path.name}" for path in LECTURES} <= names
    assignments = {path.parent.name for path in (ROOT / "solutions").glob("*/*.ipynb")}
    assert {f"assignments/{name}/{name}.ipynb" for name in assignments} <= names
    assert {"README.md", "LICENSE", "Makefile", "pyproject.toml", "mlpkit/data/digits.npz"} <= names


def test_no_solution_no_hidden_test_and_no_grading_package_is_in_it(archive, names):
    kept_back = ("solutions", "tests", "tools", "submitted", "autograded", "instructor.mk")
    assert not [name for name in names if "grading" in name or name.startswith(kept_back)]
    everything = "\n".join(
        archive.read(name).decode("utf-8", "replace")
        for name in archive.namelist()
        if not name.endswith(".npz")
    )
    for mark in ("BEGIN SOLUTION", "BEGIN HIDDEN TESTS", "mlpkit.grading"):
        assert mark not in everything, mark


def test_no_line_of_a_solution_or_hidden_test_is_in_its_assignment(archive):
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        packed = archive.read(f"mlp-course/assignments/{path.parent.name}/{path.name}").decode()
        public = lines(nbformat.reads(packed, as_version=4))
        source = nbformat.read(path, as_version=4)
        private = {line for line in marked_lines(source, private=True) if len(line) > 20}
        assert len(private) > 20
        # What the visible part says in the same words is no secret.
        assert not (private & public) - set(marked_lines(source, private=False))


def test_links_of_its_readme_lead_to_files_in_it(archive, names):
    for link in links(archive.read("mlp-course/README.md").decode()):
        assert link.startswith("http") or link in names, link


def test_its_list_of_packages_is_whole_without_the_commands_for_grading(archive):
    theirs = tomllib.loads(archive.read("mlp-course/pyproject.toml").decode())
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert theirs["project"]["optional-dependencies"] == ours["project"]["optional-dependencies"]
    assert not {"scripts", "entry-points"} & set(theirs["project"])


def test_the_same_course_gives_the_same_bytes(tmp_path):
    for name in ("one.zip", "two.zip"):
        make_release.write(tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.install
@pytest.mark.slow
def test_by_itself_it_installs_and_passes_its_own_check(archive, tmp_path):
    zipfile.ZipFile(io.BytesIO(Path(archive.filename).read_bytes())).extractall(tmp_path)
    course = tmp_path / "mlp-course"
    # A student has neither this environment nor this folder's package.
    ours = ("VENV", "PYTHONPATH", "VIRTUAL_ENV", "MLPKIT_DATA")
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    for command in (
        ["make", f"PYTHON={sys.executable}", "check"],
        [course / ".venv/bin/jupyter", "execute", "--inplace", "lectures/00_start_here.ipynb"],
    ):
        ran = subprocess.run(command, cwd=course, env=variables, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    lines = stdout_of(course / "lectures/00_start_here.ipynb")
    assert len(lines) >= 3 and not [line for line in lines if line.startswith("✗")]
    assert sum(line.startswith("✓") for line in lines) >= 3


def stdout_of(path):
    """What the first code cell of a notebook printed."""
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return "".join(output.text for output in code[0].outputs).splitlines()
