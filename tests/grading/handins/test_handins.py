"""Nothing handed in is lost, misread or passed over: each kind's inputs, through `mlpkit grade`."""

import base64
import io
import json
import re

import pytest
from PIL import Image

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import journal_of
from tests.grading import notebooks
from tests.grading.course_factory import make_course
from tests.grading.handins import filed
from tests.grading.handins.command import LIMITS, mlpkit
from tests.grading.handins.corpus import CHOSEN, CORPUS, marked
from tests.grading.handins.handin import as_bytes, course
from tests.tiers import tier

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def judged(tmp_path_factory, pytestconfig):
    """Grade this run's in one class; give the results by student, and what was printed."""
    names = list(CORPUS) if tier(pytestconfig) == "thorough" else sorted(CHOSEN)
    folder = tmp_path_factory.mktemp("handins")
    students = {f"s{number}": handin for number, handin in enumerate(map(CORPUS.get, names))}
    puts = {student: each.put for student, each in students.items()}
    puts = {student: put if callable(put) else as_bytes(put) for student, put in puts.items()}
    make_course(folder, puts, course(), config=LIMITS)
    (folder / "solutions/ps0").mkdir()
    (folder / "solutions/ps0/ps0.ipynb").write_bytes(filed.ELSE)
    done = mlpkit(folder, "grade", "ps1", "--workers", "2")
    assert done.returncode == 0, done.stderr
    journal = journal_of(Course(folder), "ps1")
    found = {name: journal.find(f"s{at}", "sheet")[1] for at, name in enumerate(names)}
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("s")}
    return found, {name: rows[f"s{at}"] for at, name in enumerate(names)}


def plain(text):
    """Give a page's or a row's words without the marks that keep them from being mark-up."""
    return re.sub(r"\s+", " ", text.replace("\\", ""))


@pytest.mark.parametrize("name", marked(CORPUS))
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


@pytest.mark.parametrize(
    "name", marked(n for n, each in CORPUS.items() if each.pictures is not None)
)
def test_a_page_shows_the_pictures_that_were_handed_in_and_the_text_behind_them(judged, name):
    page = notebooks.read(judged[0][name].judged)
    shown = []
    for cell in page.cells:
        for picture, bundle in cell.get("attachments", {}).items():
            (content,) = bundle.values()
            Image.open(io.BytesIO(base64.b64decode(content))).verify()
            shown += [picture] * cell.source.count(f"](attachment:{picture})")
    assert len(set(shown)) == len(shown) == CORPUS[name].pictures
    if "So it is." in str(CORPUS[name].put):
        assert any("So it is." in cell.source for cell in page.cells)


def test_each_kind_is_said_in_one_sentence(judged):
    for result in judged[0].values():
        assert len(result.repairs) <= 6
        assert max(map(len, result.repairs), default=0) < 500
        json.dumps(result.repairs).encode("ascii")
