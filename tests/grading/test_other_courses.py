"""Other people's courses: what nbgrader makes of a source, of files and of cells is judged."""

import json
import os

import nbformat
import pytest

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import Options, grade_class
from mlpkit.grading.job import CourseError
from mlpkit.grading.room.bubblewrap import check_bubblewrap
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.course_factory import grade, make_course, make_released_course, marks

pytestmark = pytest.mark.sandbox
GOOD = notebooks.answered()
TURN_ON = "from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)\n"
TEMPLATES = """\
python3:
    dispatch: "type({{snippet}})"
    normalize: "str({{snippet}})"
    check: 'assert {{snippet}} == "{{value}}", "{{message}}"'
    templates:
        default:
            - test: "type({{snippet}})"
              fail: "type of {{snippet}} is not right"
            - test: "{{snippet}}"
              fail: "value of {{snippet}} is not right"
"""


def points(course):
    found = {}
    for (student, _), (automatic, *_) in marks(course).items():
        found[student] = found.get(student, 0.0) + (automatic or 0.0)
    return found


def automatic(extra=""):
    answer = "### BEGIN SOLUTION\na = 5\nb = [1, 'x']\n### END SOLUTION"
    return notebooks.notebook(
        notebooks.solution("answer", answer),
        notebooks.check("check", f"{extra}### AUTOTEST a\n### AUTOTEST b"),
    )


@pytest.mark.slow
def test_a_test_that_nbgrader_writes_out_is_judged_as_it_stands_in_the_gradebook(tmp_path):
    book = automatic()
    right = notebooks.release(book)
    right.cells[0].source = "a = 5\nb = [1, 'x']"
    wrong = nbformat.reads(nbformat.writes(right), as_version=4)
    wrong.cells[0].source = "a = 5\nb = [1, 'y']"
    typed = nbformat.reads(nbformat.writes(right), as_version=4)
    typed.cells[0].source = "a = 5.0\nb = [1, 'x']"
    handed_in = {"right": right, "wrong": wrong, "typed": typed, "blank": notebooks.release(book)}
    course = make_course(tmp_path, handed_in, book=book)
    (tmp_path / "autotests.yml").write_text(TEMPLATES)
    with pytest.raises(CourseError, match="run nbgrader generate_assignment"):
        grade(course)
    assert nbgrader(tmp_path, "generate_assignment", "ps1").returncode == 0
    grade(Course(tmp_path))
    assert points(course) == {"right": 2.0, "wrong": 0.0, "typed": 0.0, "blank": 0.0}
    # Of another source than that of which the gradebook has the test, none can be known.
    source = tmp_path / "solutions/ps1/sheet.ipynb"
    source.write_bytes(notebooks.content(automatic("limit = 3\n")))
    with pytest.raises(CourseError, match="in the cell 'check' AUTOTEST stands for a test"):
        grade(Course(tmp_path))


READS = "def double(x):\n    return x * float(open({name!r}).read())"


@pytest.mark.parametrize(
    ("name", "line", "there"),
    [
        ("answers.npz", "c.CourseDirectory.ignore = ['answers.npz']", False),
        ("kept/answers.txt", "c.CourseDirectory.ignore = ['kept']", False),
        ("answers.key", "c.CourseDirectory.ignore = ['*.key']", False),
        (".params", "", True),
        ("data/deep/given.dat", "", True),
    ],
)
def test_a_submission_finds_the_files_that_nbgrader_gives_it_and_no_others(
    tmp_path, name, line, there
):
    handed_in = notebooks.answered(double=READS.format(name=name))
    course = make_course(tmp_path, {"ada": handed_in}, config=line + "\n")
    path = tmp_path / "solutions/ps1" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("2")
    assert course.files("ps1") == ({name: b"2"} if there else {})
    grade(course)
    assert points(course) == {"ada": 4.0 if there else 2.0}


@pytest.mark.slow
def test_points_and_cells_that_changed_since_the_release_are_those_of_the_source(tmp_path):
    course = make_released_course(tmp_path, {"ada": GOOD, "ben": GOOD}, TURN_ON)
    book = notebooks.course()
    book.cells[3].metadata.nbgrader.points = 5
    book.cells.insert(4, notebooks.check("check-more", "assert double(1) == 2", points=1))
    (tmp_path / "solutions/ps1/sheet.ipynb").write_bytes(notebooks.content(book))
    done = nbgrader(tmp_path, "autograde", "ps1")
    assert done.returncode == 0, done.stderr
    assert points(course) == {"ada": 8.0, "ben": 8.0}
    assert {maximum for (_, cell), (*_, maximum) in marks(course).items() if cell == "check-double"}
    assert marks(course)["ada", "check-double"][3] == 5.0


@pytest.mark.slow
def test_without_a_sandbox_nothing_is_half_made_and_the_commands_own_option_is_named(
    tmp_path, monkeypatch
):
    course = make_released_course(tmp_path, {"ada": GOOD}, TURN_ON)
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "bwrap").write_text("#!/bin/sh\necho 'no namespaces' >&2\nexit 1\n")
    (fake / "bwrap").chmod(0o755)
    before = os.environ["PATH"]
    done = nbgrader(tmp_path, "autograde", "ps1", PATH=f"{fake}:{before}")
    assert done.returncode == 1 and "no namespaces" in done.stderr
    assert "--Judge.unsandboxed=True" in done.stderr and " --unsandboxed" not in done.stderr
    assert not (tmp_path / "autograded").exists() and points(course) == {}
    monkeypatch.setenv("PATH", f"{fake}:{before}")
    check_bubblewrap.cache_clear()
    try:
        with pytest.raises(RuntimeError, match=" --unsandboxed"):
            grade(course)
    finally:
        check_bubblewrap.cache_clear()
    monkeypatch.undo()
    assert nbgrader(tmp_path, "autograde", "ps1").returncode == 0
    assert points(course) == {"ada": 4.0}


MARKS = """\
c.ClearSolutions.text_stub = "SCHREIB HIER"
c.ClearSolutions.code_stub = {"python": "# DEIN CODE"}
c.ClearHiddenTests.begin_test_delimeter = "VERSTECKT"
c.ClearHiddenTests.end_test_delimeter = "SICHTBAR"
c.IncludeHeaderFooter.header = "head.ipynb"
"""


def test_the_courses_own_stubs_marks_and_header_are_those_that_count(tmp_path):
    book = notebooks.course()
    book.cells[3].source = (
        book.cells[3]
        .source.replace("BEGIN HIDDEN TESTS", "VERSTECKT")
        .replace("END HIDDEN TESTS", "SICHTBAR")
    )
    book.cells = [
        cell for cell in book.cells if cell.cell_type != "code" or "import" not in cell.source
    ]
    head = notebooks.notebook(notebooks.locked("head", "import numpy as np\nlimit = 3"))
    course = make_course(tmp_path, {}, book=book, config=MARKS)
    (tmp_path / "head.ipynb").write_bytes(notebooks.content(head))
    source, released = course.sources("ps1")["sheet"]
    assert b"SCHREIB HIER" in released and b"DEIN CODE" in released
    assert b"limit = 3" in released and b"secret_words" not in released
    wrong = nbformat.reads(released.decode(), as_version=4)
    for cell in wrong.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "double":
            cell.source = "def double(x):\n    return x * (2 if hasattr(x, 'shape') else 3)"
    for student, content in (("right", source), ("blank", released), ("wrong", wrong)):
        folder = tmp_path / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        content = content if isinstance(content, bytes) else notebooks.content(content)
        (folder / "sheet.ipynb").write_bytes(content)
    results = {result.student: result for result in grade(course).results}
    assert {name: result.points for name, result in results.items()} == {
        "right": 4.0, "blank": 0.0, "wrong": 0.0,
    }  # fmt: skip
    assert marks(course)["blank", "words"][:3] == (0.0, None, False)
    assert results["wrong"].grades[0].hidden
    for page in tmp_path.glob("autograded/*/ps1/sheet.ipynb"):
        text = page.read_text()
        assert "secret_words" not in text and "VERSTECKT" not in text


OWN_STEP = """
from nbgrader.preprocessors import NbGraderPreprocessor

class Untitled(NbGraderPreprocessor):
    def preprocess(self, notebook, resources):
        notebook.cells[0].source = "# Set in class"
        return notebook, resources
"""
STEPS = "c.GenerateAssignment.preprocessors = ['own_step.Untitled', 'nbgrader.preprocessors.{}']\n"


def test_the_courses_own_step_in_making_releases_is_made_here_too(tmp_path):
    (tmp_path / "own_step.py").write_text(OWN_STEP)
    course = make_course(tmp_path, {}, config=STEPS.format("ClearSolutions"))
    released = course.sources("ps1")["sheet"][1].decode()
    assert "# Set in class" in released and "return 2 * x" not in released
    assert "secret_words" in released  # the step that clears hidden tests isn't named


def kernel(**about):
    book = notebooks.course()
    book.metadata["kernelspec"] = about
    return book


@pytest.mark.parametrize(
    ("book", "told"),
    [
        (kernel(name="ir", language="R", display_name="R"), "written for R"),
        (kernel(name="julia-1.10", display_name="Julia"), "written for julia-1.10"),
        (kernel(name="bash", language="bash", display_name="Bash"), "written for bash"),
    ],
)
def test_a_source_in_another_language_is_refused_before_anybody_is_judged(tmp_path, book, told):
    course = make_course(tmp_path, {"ada": GOOD}, book=book)
    with pytest.raises(CourseError, match=told):
        grade(course)
    assert points(course) == {} and not (tmp_path / "autograded").exists()


@pytest.mark.parametrize("name", ["python3", "python", "conda-env-course-py", "xpython"])
def test_a_source_in_python_is_judged_whatever_its_kernel_is_called(tmp_path, name):
    course = make_course(tmp_path, {}, book=kernel(name=name, language="python"))
    assert course.sources("ps1")


def test_data_that_does_not_fit_is_one_error_and_more_space_the_remedy(tmp_path):
    reads = (
        "def double(x):\n    import os\n    return x * (os.path.getsize('big.bin') // 40_000_000)"
    )
    handed_in = {"ada": notebooks.answered(double=reads), "ben": GOOD}
    course = make_course(tmp_path, handed_in)
    for name, size in (("big.bin", 80_000_000), ("small.csv", 10)):
        with open(tmp_path / "solutions/ps1" / name, "wb") as file:
            file.truncate(size)
    with pytest.raises(
        CourseError, match=r"76 MB, big.bin most of it.*\n.*c.Judge.limits"
    ) as refused:
        grade(course)
    assert points(course) == {}
    remedy = json.loads(str(refused.value).rpartition("c.Judge.limits = ")[2])
    with open(tmp_path / "nbgrader_config.py", "a") as file:
        print(f"c.Judge.limits = {remedy}", file=file)
    assert Course(tmp_path).files("ps1").keys() == {"big.bin", "small.csv"}


@pytest.mark.thorough
def test_data_for_which_space_was_made_is_there_when_it_is_judged(tmp_path):
    reads = (
        "def double(x):\n    import os\n    return x * (os.path.getsize('big.bin') // 40_000_000)"
    )
    limits = "c.Judge.limits = {'disk': 160_000_000}\n"
    course = make_course(tmp_path, {"ada": notebooks.answered(double=reads)}, config=limits)
    with open(tmp_path / "solutions/ps1/big.bin", "wb") as file:
        file.truncate(80_000_000)
    grade_class(course, "ps1", Options(limits=course.limits, preflight=False))
    assert points(course) == {"ada": 4.0}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"points": None}, "the points of the cell 'check' are missing"),
        ({"points": -1}, "the points of the cell 'check' are -1"),
        ({"points": "2"}, "the points of the cell 'check' are '2'"),
        ({"points": float("nan")}, "the points of the cell 'check' are nan"),
        ({"grade_id": ""}, "a graded cell has no name: 'assert a == 5'"),
        ({"grade_id": None}, "a graded cell has no name"),
    ],
)
def test_points_or_a_name_that_cant_be_read_stop_before_anybody(tmp_path, change, told):
    answer = "### BEGIN SOLUTION\na = 5\n### END SOLUTION"
    book = notebooks.notebook(
        notebooks.solution("answer", answer), notebooks.check("check", "assert a == 5")
    )
    about = book.cells[1].metadata["nbgrader"]
    about.update(change)
    for key in [key for key, value in change.items() if value is None]:
        del about[key]
    course = make_course(tmp_path, {"ada": book}, book=book)
    with pytest.raises(CourseError) as refused:
        course.sources("ps1")
    assert told in str(refused.value) and len(str(refused.value).splitlines()) == 2
