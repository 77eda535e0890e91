"""nbgrader's own commands, with and without the judge: what stock nbgrader gives to cheats."""

import nbformat
import pytest

from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.course_factory import make_released_course, totals
from tests.tiers import few

pytestmark = pytest.mark.sandbox

TURN_ON = "from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)\n"
WRONG = "def double(x):\n    return x\n"
CHEATS = {
    "replaced": WRONG + "import numpy as np\n"
    "np.testing.assert_allclose = lambda *a, **k: None\n"
    "class Yes(float):\n    __eq__ = lambda s, o: True\n"
    "def double(x): return x if hasattr(x, 'shape') else Yes()",
    "transformer": WRONG + "def drop(lines):\n"
    "    return [l for l in lines if 'assert' not in l]\n"
    "get_ipython().input_transformers_cleanup.append(drop)",
    "patched": WRONG + "from IPython.core.interactiveshell import InteractiveShell as S\n"
    "real = S.run_cell_async\n"
    "async def patched(self, raw, *a, **k):\n"
    "    if 'assert' in raw: raw = k['transformed_cell'] = ''\n"
    "    return await real(self, raw, *a, **k)\n"
    "S.run_cell_async = patched",
    "reader": "import json, glob\n"
    "for path in glob.glob('../../../solutions/ps1/sheet.ipynb'):\n"
    "    for cell in json.load(open(path))['cells']:\n"
    "        if 'def double' in ''.join(cell['source']): exec(''.join(cell['source']))",
}
HONEST = {"good": 4.0, "wrong": 2.0, "blank": 0.0}


def submissions():
    found = {name: notebooks.answered(double=text) for name, text in CHEATS.items()}
    copied = notebooks.answered()
    copied.cells.append(nbformat.from_dict(copied.cells[3] | {"id": "copied"}))
    return found | {
        "good": notebooks.answered(),
        "wrong": notebooks.answered(double=WRONG),
        "blank": notebooks.release(notebooks.course()),
        "copied": copied,
    }


def with_a_helper(folder):
    """Hand in a notebook that needs the file beside it."""
    given = notebooks.answered(double="from helper import double")
    (folder / "sheet.ipynb").write_bytes(notebooks.content(given))
    (folder / "helper.py").write_text("def double(x):\n    return 2 * x\n")


@pytest.mark.slow
def test_nbgraders_commands_work_with_the_judge(tmp_path):
    handed_in = submissions() | {"helped": with_a_helper}
    course = make_released_course(tmp_path, handed_in, TURN_ON)
    done = nbgrader(tmp_path, "autograde", "ps1")
    assert done.returncode == 0, done.stderr
    assert totals(course) == HONEST | dict.fromkeys(CHEATS, 2.0) | {"copied": 4.0, "helped": 4.0}
    assert nbgrader(tmp_path, "generate_feedback", "ps1").returncode == 0
    for page in tmp_path.glob("feedback/*/ps1/sheet.html"):
        assert "secret_words" not in page.read_text()
    assert "double is wrong" in (tmp_path / "feedback/wrong/ps1/sheet.html").read_text()


@pytest.mark.thorough
@pytest.mark.slow
def test_stock_nbgrader_pays_for_what_the_judge_does_not(tmp_path):
    # A copied test cell would end the run of the whole class.
    chosen = {name: book for name, book in submissions().items() if name != "copied"}
    course = make_released_course(tmp_path, chosen)
    assert nbgrader(tmp_path, "autograde", "ps1").returncode == 0
    found = totals(course)
    assert {name: found[name] for name in HONEST} == HONEST
    assert {name: found[name] for name in CHEATS} == dict.fromkeys(CHEATS, 4.0)
    assert nbgrader(tmp_path, "generate_feedback", "ps1").returncode == 0
    assert "secret_words" in (tmp_path / "feedback/wrong/ps1/sheet.html").read_text()


TOUCH_OTHERS = {
    "marks of the class": WRONG + "import glob, sqlite3\n"
    "for path in glob.glob('../../../gradebook.db'):\n"
    "    with sqlite3.connect(path) as book: book.execute('UPDATE grade SET auto_score = 2')",
    "the run": WRONG + "import os, signal\nos.kill(os.getppid(), signal.SIGTERM)",
}


@pytest.mark.thorough
@pytest.mark.slow
@pytest.mark.parametrize("what", few(TOUCH_OTHERS, 1))
def test_one_submission_touches_others_with_stock_nbgrader_and_not_with_the_judge(tmp_path, what):
    handed_in = {
        "ada": notebooks.release(notebooks.course()),
        "eve": notebooks.answered(double=TOUCH_OTHERS[what]),
        "zoe": notebooks.answered(),
    }
    done, found = {}, {}
    for grader, config in (("stock", ""), ("judge", TURN_ON)):
        folder = tmp_path / grader
        folder.mkdir()
        course = make_released_course(folder, handed_in, config)
        done[grader] = nbgrader(folder, "autograde", "ps1").returncode
        found[grader] = totals(course)
    assert done["judge"] == 0
    assert found["judge"] == {"ada": 0.0, "eve": 2.0, "zoe": 4.0}
    if what == "the run":
        assert done["stock"] != 0
        assert found["stock"].get("zoe", 0.0) == 0.0
    else:
        assert found["stock"]["ada"] == 6.0  # 2 for each of her three cells
