"""Stubs of an assignment, its exercises, a lecture and an explorer pass the tests straight away."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

import pytest

from tests.course import copy_course
from tools.course.listing import read

pytestmark = pytest.mark.slow
thorough = pytest.mark.thorough
PARTS = read()
PS, LECTURE = f"ps{len(PARTS.assignments)}", f"{len(PARTS.lectures):02}_convolution"
MLPKIT = "import sys; from mlpkit.grading.cli import main; sys.exit(main(sys.argv[1:]))"
MADE = (
    f"assignment {PS} --title Convolutions --lectures 5 {len(PARTS.lectures)}",
    f"exercise {PS} convolve --points 6",
    f'exercise {PS} dropout --points 2.5 --title "Dropout: (15) again, & what isn\'t σ′?"',
    f"exercise {PS} why_it_is_equivariant --written --points 3",
)


@pytest.fixture(scope="module")
def with_lecture(tmp_path_factory):
    """A copy of the course in which a lecture was made, and what was said."""
    folder = copy_course(tmp_path_factory.mktemp("clone"))
    return folder, [new(folder, f"lecture {LECTURE}")]


@pytest.fixture(scope="module")
def clone(with_lecture):
    """The same with one of each kind made."""
    folder, said = with_lecture
    return folder, [*said, *(new(folder, words) for words in ("explorer convolution", *MADE))]


def python(folder, *words):
    variables = os.environ | {"PYTHONPATH": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=variables, capture_output=True, text=True
    )


def new(folder, words):
    done = python(folder, "-c", MLPKIT, "new", *shlex.split(words))
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


def passed(folder, *words):
    done = python(folder, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *words)
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


def test_a_lecture_s_stub_has_the_form_of_a_lecture(with_lecture):
    folder, _ = with_lecture
    said = passed(
        folder, "tests/lectures/test_lectures.py", "tests/mlpkit/test_alt_texts.py",
        "tests/lectures/test_optional_sections.py", "-k", f"{LECTURE} or map or file",
    )  # fmt: skip
    assert int(re.search(r"(\d+) passed", said)[1]) > 15


@thorough
def test_each_command_says_what_it_wrote_and_what_remains(clone):
    folder, said = clone
    for words in said:
        written, _, to_do = words.partition("To do, in this order:\n")
        names = [line.strip() for line in written.splitlines()[1:]]
        assert names and all((folder / name).is_file() for name in names)
        assert to_do.startswith("  1. ") and not list(folder.glob(".new-*"))


@thorough
def test_the_tests_of_the_assignment_pass(clone):
    said = passed(clone[0], "tests/assignments", "tests/grading/test_marking.py", "-m", PS)
    assert " passed" in said and " skipped" not in said


@thorough
def test_the_tests_of_the_lecture_and_the_explorer_pass(clone):
    passed(
        clone[0], "tests/lectures/test_lectures.py", "tests/lectures/test_core_counts.py",
        "tests/lectures/test_optional_sections.py", "tests/mlpkit/test_alt_texts.py",
        "tests/mlpkit/test_explorers_convolution.py", "tests/test_course_list.py", "tests/book",
        "tests/test_pictures.py", f"lectures/{LECTURE}.ipynb",
    )  # fmt: skip


@thorough
def test_what_is_new_is_in_style_and_listed(clone):
    folder, _ = clone
    for words in (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("tools.course",)):
        last = ["--check"] if words == ("tools.course",) else []
        done = python(folder, "-m", *words, *last)
        assert done.returncode == 0, done.stdout + done.stderr
    assert f"[{PS}](assignments/{PS}/{PS}.ipynb)" in (folder / "README.md").read_text("utf-8")
    assert f"lectures/{LECTURE}\n" in (folder / "book/index.md").read_text("utf-8")
    assert f"### {PS}. Convolutions (11.5 points)" in (folder / "solutions/README.md").read_text()


@thorough
def test_the_release_is_what_the_solution_gives(clone):
    folder, _ = clone
    before = (folder / f"assignments/{PS}/{PS}.ipynb").read_bytes()
    assert b"raise NotImplementedError" in before and b"return 2 * x" not in before
    done = python(folder, "tools/make_assignments.py", PS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (folder / f"assignments/{PS}/{PS}.ipynb").read_bytes() == before


@thorough
@pytest.mark.parametrize(
    "file",
    [f"lectures/{LECTURE}.ipynb", f"solutions/{PS}/{PS}.ipynb", "course.toml", "README.md"],
)
def test_without_one_of_its_files_the_check_fails(file, clone, tmp_path):
    folder = shutil.copytree(clone[0], tmp_path / "course")
    (folder / file).unlink()
    done = python(folder, "-m", "tools.course", "--check")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr


@thorough
def test_an_exercise_can_be_added_to_an_assignment_that_is_there(clone, tmp_path):
    folder = shutil.copytree(clone[0], tmp_path / "course")
    path = folder / "solutions/ps0/ps0.ipynb"
    before = json.loads(path.read_text("utf-8"))["cells"]
    new(folder, "exercise ps0 more --points 1")
    after = {cell["id"]: cell for cell in json.loads(path.read_text("utf-8"))["cells"]}
    assert set(after) == {cell["id"] for cell in before} | {"more-text", "more", "more_test"}
    kept = [cell for cell in before if cell["id"] not in ("cell-000", "ready")]
    assert all(after[cell["id"]]["source"] == cell["source"] for cell in kept)
    passed(folder, "tests/assignments", "-m", "ps0")
