"""Who answered an earlier release edited nothing: it is called what it is."""

import pytest

from mlpkit.grading.course.releases import earlier, remember
from tests.grading import notebooks
from tests.grading.course_factory import grade, make_course
from tests.grading.handins.handin import DOUBLE, MEAN, WRITTEN, book, course

pytestmark = pytest.mark.sandbox

CHANGED = {  # the place in the source, and what is there from the second release on
    "title": "# A small sheet, mended",
    "imports": "import numpy as np\nimport math\nfrom mlpkit.exercises import call",
    "double": '    """Return twice x."""\n    ### BEGIN',
    "check-double": "# mended\n",
    "words": "Say why.\n### BEGIN SOLUTION\nBecause.\n### END SOLUTION",
}


def second():
    given = course()
    for cell in given.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", cell.id)
        if name == "double":
            cell.source = cell.source.replace("    ### BEGIN", CHANGED[name])
        elif name == "check-double":
            cell.source = CHANGED[name] + cell.source
        else:
            cell.source = CHANGED.get(name, cell.source)
    return given


def tampered(given, cells):
    cells["check-double"].source = "pass"


STUDENTS = {
    "answered": book(double=DOUBLE, mean_square=MEAN, words=WRITTEN),
    "half": book(mean_square=MEAN),
    "blank": book(title="# A small sheet"),
    "tampered": book(tampered),
}
MARKS = {"answered": 4.0, "half": 2.0, "blank": 0.0, "tampered": 4.0}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Grade the first release, change the source, and grade again."""
    class_of = make_course(tmp_path_factory.mktemp("releases"), STUDENTS, course())
    first = {result.student: result for result in grade(class_of).results}
    source = class_of.folder("source", ".", "ps1") / "sheet.ipynb"
    source.write_bytes(notebooks.content(second()))
    again = {result.student: result for result in grade(class_of).results}
    return first, again, grade(class_of)


@pytest.mark.parametrize("student", STUDENTS)
def test_an_earlier_release_is_called_one_and_an_edit_an_edit(results, student):
    first, again, _ = results
    said = " ".join(again[student].repairs)
    assert first[student].points == again[student].points == MARKS[student]
    assert "an earlier release" in said
    assert ("'check-double' had been edited" in said) == (student == "tampered")
    assert "'imports' had been edited" not in said
    assert not any("earlier" in sentence for sentence in first[student].repairs)


def test_an_answer_that_nobody_wrote_is_none_in_an_earlier_release_either(results):
    marks = {grade.grade_id: grade.points for grade in results[1]["half"].grades}
    assert marks["words"] == 0.0
    marks = {grade.grade_id: grade.points for grade in results[1]["answered"].grades}
    assert marks["words"] is None


def test_a_further_call_judges_nothing_anew(results):
    assert (results[2].judged, results[2].kept) == (0, len(STUDENTS))


def test_what_is_remembered_is_bounded_by_what_was_given_out(tmp_path):
    one = notebooks.released(notebooks.content(course()))
    two = notebooks.released(notebooks.content(second()))
    for release in (one, two, one, two, two):
        remember(tmp_path, "ps1", "sheet", release)
    before = earlier(tmp_path, "ps1", "sheet", two)
    assert set(before) == {"", "imports", "double", "check-double", "words"}
    assert all(len(each) == 1 for each in before.values())
    assert earlier(tmp_path, "ps2", "sheet", two) == {}
