"""The students' archive: all that they need, and nothing they mustn't see."""

import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbformat
import pytest

import mlpkit
from tests.lectures.notebooks import LECTURES, links
from tests.tiers import few
from tools import make_release

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("dist") / "course.zip"
    make_release.write(path)
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def names(archive):
    return {name.partition("/")[2] for name in archive.namelist()}


def read(archive, name):
    """Return a member's bytes, whatever the folder in the archive is called."""
    return archive.read(f"{archive.namelist()[0].partition('/')[0]}/{name}")


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
        packed = read(archive, f"assignments/{path.parent.name}/{path.name}").decode()
        public = lines(nbformat.reads(packed, as_version=4))
        source = nbformat.read(path, as_version=4)
        private = {line for line in marked_lines(source, private=True) if len(line) > 20}
        assert len(private) > 20
        # What the visible part says in the same words is no secret.
        assert not (private & public) - set(marked_lines(source, private=False))


def test_links_of_its_readme_lead_to_files_in_it(archive, names):
    for link in links(read(archive, "README.md").decode()):
        assert link.startswith("http") or link in names, link


def test_its_list_of_packages_is_whole_without_the_commands_for_grading(archive):
    theirs = tomllib.loads(read(archive, "pyproject.toml").decode())
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
    (course,) = tmp_path.glob("mlp-course-*")
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


def test_it_unpacks_with_rights_to_read_into_a_folder_named_for_its_content(archive, tmp_path):
    tops = {name.partition("/")[0] for name in archive.namelist()}
    (top,) = tops
    assert re.fullmatch(rf"mlp-course-{re.escape(mlpkit.__version__)}-[0-9a-f]{{6}}", top)
    assert {member.external_attr >> 16 for member in archive.infolist()} == {0o644}


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone in which one of each kind of file is known to git."""
    for name in ("README.md", "ps0/ps0.ipynb"):
        copy_to(tmp_path / "assignments" / name, ROOT / "assignments" / name)
    copy_to(tmp_path / "solutions/ps0/ps0.ipynb", ROOT / "solutions/ps0/ps0.ipynb")
    for name in ("pyproject.toml", "tools/update_course.py", "lectures/00_start_here.ipynb"):
        copy_to(tmp_path / name, ROOT / name)
    copy_to(tmp_path / "mlpkit/__init__.py", ROOT / "mlpkit/__init__.py")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", "--all")
    monkeypatch.setattr(make_release, "ROOT", tmp_path)
    return tmp_path


def copy_to(target, source):
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def git(folder, *words):
    subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)


def forget(clone):
    (clone / "lectures/00_start_here.ipynb").unlink()


def draft(name):
    def write(clone):
        (clone / name).parent.mkdir(exist_ok=True)
        (clone / name).write_text("{}")

    return write


def other_solution(clone):
    path = clone / "solutions/ps0/ps0.ipynb"
    path.write_text(path.read_text().replace("# Assignment 0", "# Assignment nought"))
    assert "nought" in path.read_text()


def stub(clone):
    path = clone / "lectures/00_start_here.ipynb"
    text = path.read_text("utf-8")
    path.write_text(text.replace("# Start here", "# Start here\\n\\nTODO: an example.", 1), "utf-8")


def new_assignment(clone):
    shutil.copytree(clone / "solutions/ps0", clone / "solutions/ps7")


STALE = {
    "a lecture that git doesn't know": (draft("lectures/10.ipynb"), "10.ipynb isn't known"),
    "a module that git doesn't know": (draft("mlpkit/new.py"), "mlpkit/new.py isn't known"),
    "a file in an assignment": (draft("assignments/ps0/data.csv"), "data.csv isn't known"),
    "a lecture that is gone": (forget, "00_start_here.ipynb is known to git and not there"),
    "a solution newer than its release": (other_solution, "solutions/ps0 gives: make assignments"),
    "a stub in a lecture": (stub, "lectures/00_start_here.ipynb says TODO once: write"),
    "an assignment never released": (new_assignment, "solutions/ps7 gives: make assignments"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("what", STALE)
def test_what_would_be_missing_or_old_is_named_and_nothing_is_packed(clone, what, capsys):
    change, words = STALE[what]
    change(clone)
    assert make_release.main(["--no-pdf", str(clone / "course.zip")]) == 1
    said = capsys.readouterr().out
    assert words in said and "Nothing is packed" in said
    assert not (clone / "course.zip").exists()


@pytest.mark.slow
def test_a_clone_in_order_is_packed_and_it_is_said_as_what(clone, capsys):
    assert make_release.main(["--no-pdf", str(clone / "course.zip")]) == 0
    number = len(make_release.members())
    assert f"course.zip: {number} files" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("how", few(["no git", "no clone", "a folder in another's clone"], 1))
def test_without_a_clone_what_lies_there_is_packed(clone, how, capsys, monkeypatch):
    members = set(make_release.members())
    shutil.rmtree(clone / ".git")
    if how == "a folder in another's clone":
        git(clone.parent, "init", "--quiet")
    elif how == "no git":
        monkeypatch.setenv("PATH", f"{sys.prefix}/bin")
    draft("mlpkit/__pycache__/x.pyc")(clone)
    assert set(make_release.members()) == members
    assert make_release.main(["--no-pdf", str(clone / "course.zip")]) == 0
    assert "No clone of git here" in capsys.readouterr().out
