"""Before a class is judged its tests are tried with the course's own answers, and with none."""

import json

import pytest

from mlpkit.grading.course.run import Options, grade_class
from mlpkit.grading.job import CourseError
from tests.grading import notebooks
from tests.grading.course_factory import QUICK, make_course, marks
from tests.tiers import few

pytestmark = pytest.mark.sandbox

GREET = "def greet(name):\n    ### BEGIN SOLUTION\n    print('Hello,', name)\n    ### END SOLUTION"
PRINTED = (
    "import io, contextlib\nsaid = io.StringIO()\nwith contextlib.redirect_stdout(said):\n"
    "    greet('Ada')\nassert said.getvalue() == 'Hello, Ada\\n'"
)
COUNT = "count = None\n### BEGIN SOLUTION\ncount = {1, 2}\n### END SOLUTION"


def book(printed=PRINTED, empty="assert True", counted="assert count == {1, 2}"):
    return notebooks.notebook(
        notebooks.solution("greet", GREET),
        notebooks.check("check-greet", printed),
        notebooks.check("check-empty", empty),
        notebooks.solution("count", COUNT),
        notebooks.check("check-count", counted),
    )


def graded(course, **options):
    return grade_class(course, "ps1", Options(limits=QUICK, **options))


def test_nobody_is_judged_by_tests_that_give_wrong_marks_until_that_is_accepted(tmp_path):
    given = notebooks.release(book())
    course = make_course(tmp_path, {"ada": book(), "ben": given}, book=book())
    with pytest.raises(CourseError) as refused:
        graded(course)
    told = str(refused.value).split("\n")
    assert [line.partition(": ")[0] for line in told[:-2:2]] == [
        "sheet, check-greet",
        "sheet, check-empty",
        "sheet, check-count",
    ]
    assert "earn 0 of 2 points" in told[0] and "printed output" in told[1]
    assert "the blank release earns 2 of 2 points" in told[2]
    assert "neither a function nor plain data" in told[4] and "# tests: inside" in told[5]
    assert "--accept-tests" in told[-1]
    assert marks(course) == {} and not (tmp_path / "autograded").exists()
    assert [result.points for result in graded(course, accept_tests=True).results] == [2.0, 2.0]
    # It was said once; it needn't be said again, until the source is another.
    assert graded(course, force=True).judged == 2
    source = tmp_path / "solutions" / "ps1" / "sheet.ipynb"
    source.write_bytes(notebooks.content(book(empty="assert 1")))
    with pytest.raises(CourseError, match="check-empty"):
        graded(course)


def test_what_is_settled_is_judged_and_not_looked_at_twice(tmp_path):
    inside = "# tests: inside\n"
    mended = book(inside + PRINTED, "greet", inside + "assert count == {1, 2}")
    # A test whose last value is a function earns all, as under nbgrader, so it asks for points.
    mended.cells[2].metadata.nbgrader.points = 0
    blank = notebooks.release(mended)
    course = make_course(tmp_path, {"ada": mended, "ben": blank}, book=mended)
    assert [result.points for result in graded(course).results] == [4.0, 0.0]
    kept = tmp_path / ".mlpkit" / "preflight" / "ps1" / "sheet.json"
    assert json.loads(kept.read_bytes())["findings"] == []
    before = kept.stat().st_mtime_ns
    assert graded(course, force=True).judged == 2
    assert kept.stat().st_mtime_ns == before


SAID = {
    # A test's lines; then words of the remedy, and whether all tests inside are offered.
    "import nosuch_package\nassert greet": ("install 'nosuch_package' where it is judged", False),
    "# by hand: statistics\nassert greets(1) is None": ("'# by hand: nothing'", False),
    "%%capture said\nassert greet('Ada') is None": ("", None),
    "!test -f report.txt": ("it looks at IPython's !test: write '# tests: inside'", True),
    "# tests: inside\nassert greet('Ada')": ("run the source from a clean kernel", False),
    "assert open('out.txt').read()": ("it looks at files that the notebook writes", True),
    "greet('Ada')\nTrue": ("let it end in nothing, or in a number", True),
    "greet('Ada')\n'All passed'": ("let it end in nothing, or in a number", True),
    "assert list(map(type, kept))": ("it looks at an object that is no plain data", True),
    "assert greet.nosuch": ("it looks at an object that is no plain data", True),
    "assert greet.__name__ == 'x'": ("it looks at a function's source, signature", True),
}


@pytest.mark.parametrize("test", few(SAID, 3))
def test_the_remedy_is_for_the_cause(tmp_path, test):
    asked, offered = SAID[test]
    answers = GREET.partition(":")[2].replace("print(", "import statistics; print(")
    source = notebooks.notebook(
        notebooks.solution("greet", GREET),
        notebooks.solution("kept", "### BEGIN SOLUTION\nkept = {1}\n### END SOLUTION"),
        notebooks.solution("greets", "def greets(name):" + answers),
        notebooks.check("check", test),
    )
    course = make_course(tmp_path, {"ada": source}, book=source)
    if offered is None:
        assert graded(course).judged == 1
        return
    with pytest.raises(CourseError) as refused:
        graded(course)
    assert asked in str(refused.value)
    assert ("let all tests run inside" in str(refused.value)) is offered


HANDED_IN = {
    "helper.py": ("import helper\nassert helper.f() == 1", "the module 'helper', which students"),
    "tool/__init__.py": (
        "from tool import f\nassert f() == 1",
        "the module 'tool', which",
    ),
    "other.py": ("import helper\nassert helper.f() == 1", "install 'helper' where it is judged"),
}


@pytest.mark.parametrize("name", few(HANDED_IN, 1))
def test_a_module_that_students_hand_in_is_none_of_the_tests_own(tmp_path, name):
    test, told = HANDED_IN[name]
    source = notebooks.notebook(
        notebooks.solution("a", "### BEGIN SOLUTION\na = 1\n### END SOLUTION"),
        notebooks.check("check", test),
    )
    line = f"c.Autograde.exclude_overwriting = {{'ps1': [{name!r}]}}\n"
    course = make_course(tmp_path, {"ada": source}, book=source, config=line)
    path = tmp_path / "solutions/ps1" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("def f():\n    return 1\n")
    with pytest.raises(CourseError) as refused:
        graded(course)
    assert told in str(refused.value)
