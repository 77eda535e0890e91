"""Nothing handed in is lost, misread or passed over: each kind's inputs, through `mlpkit grade`."""

import json
import re
import subprocess

import pytest

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import journal_of
from tests.commands import BIN
from tests.grading import notebooks
from tests.grading.course_factory import make_course
from tests.grading.handins import answers, saved
from tests.grading.handins.handin import as_bytes

pytestmark = pytest.mark.sandbox

CORPUS = {
    f"{kind}, {name}": handin
    for kind, handins in {
        "stub": answers.STUBS,
        "written": answers.WRITTEN_ANSWERS,
        "line ends": saved.LINE_ENDS,
        "many": saved.MANY,
    }.items()
    for name, handin in handins.items()
}
LIMITS = 'c.Judge.limits = {"cell_seconds": 5.0, "submission_seconds": 30.0}\n'


def mlpkit(folder, *words, **variables):
    """Run the command as an instructor does."""
    return subprocess.run(
        [BIN / "mlpkit", "--course", folder, *words],
        capture_output=True, text=True, timeout=300, **variables,
    )  # fmt: skip


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """Grade all of them in one class; give the results by student, and what was printed."""
    folder = tmp_path_factory.mktemp("handins")
    students = {f"s{number}": handin for number, handin in enumerate(CORPUS.values())}
    puts = {student: each.put for student, each in students.items()}
    puts = {student: put if callable(put) else as_bytes(put) for student, put in puts.items()}
    make_course(folder, puts, config=LIMITS)
    done = mlpkit(folder, "grade", "ps1", "--workers", "2")
    assert done.returncode == 0, done.stderr
    journal = journal_of(Course(folder), "ps1")
    found = {name: journal.find(f"s{at}", "sheet")[1] for at, name in enumerate(CORPUS)}
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("s")}
    return found, {name: rows[f"s{at}"] for at, name in enumerate(CORPUS)}


def plain(text):
    """Give a page's or a row's words without the marks that keep them from being mark-up."""
    return re.sub(r"\s+", " ", text.replace("\\", ""))


@pytest.mark.parametrize("name", CORPUS)
def test_a_hand_in_gets_its_row_and_is_told_what_was_made_of_it(judged, name):
    expected, result, row = CORPUS[name], judged[0][name], judged[1][name]
    page = notebooks.read(result.judged)
    first = page.cells[0].source if page.cells[0].id == "told" else ""
    assert result.points == expected.points, (result.repairs, result.failure)
    for words in expected.said:
        assert words in plain(row)
        assert words in plain(first)
    if expected.silent:
        assert (result.repairs, result.failure, first) == ([], None, "")
    if expected.waits is not None:
        marks = {grade.grade_id: grade.points for grade in result.grades}
        assert marks["words"] == (None if expected.waits else 0.0)


def test_each_kind_is_said_in_one_sentence(judged):
    for result in judged[0].values():
        assert len(result.repairs) <= 6
        assert max(map(len, result.repairs), default=0) < 500
        json.dumps(result.repairs).encode("ascii")
