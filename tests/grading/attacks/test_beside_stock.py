"""Attacks graded by the whole pipeline, and beside it what stock nbgrader does with them.

What exhausts memory, disk or processes runs under the judge alone (test_exhaust.py): without a
sandbox it would exhaust the machine that runs these tests. What ends nbgrader's run of a whole
class, or rewrites its marks, is in test_preprocessor.py.
"""

import os
import signal

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from mlpkit.grading.course.files import Course
from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.attacks.injections import MARKDOWN, OUTPUTS, SETUP, Page
from tests.grading.attacks.patches import PATCHES, WRONG
from tests.grading.course_factory import grade, make_released_course, marks
from tests.grading.processes import marked

pytestmark = pytest.mark.sandbox

SEE = {
    "by failing": "def double(x): return x if hasattr(x, 'shape') else 1 / 0",
    "by raising the argument": "def double(x):\n    if hasattr(x, 'shape'): return 2 * x\n"
    "    raise ValueError(repr(x))",
    "by printing the cell": "def double(x):\n    print(get_ipython().user_ns.get('In', [''])[-1])\n"
    "    return 2 * x",
}
WRONG_TOO = "def mean_square(x):\n    return 0.0"
NAMES = "import os, socket\n"
REACH = {
    "solutions": "found = open('../../../solutions/ps1/sheet.ipynb').read()",
    "another's submission": "found = open('../../../submitted/honest/ps1/sheet.ipynb').read()",
    "marks": "found = open('../../../gradebook.db', 'rb').read()",
    "settings": "found = open('../../../nbgrader_config.py', 'a')",
    "environment": "found = os.environ['MLPKIT_TEST_SECRET']",
    "processes": "found = len([p for p in os.listdir('/proc') if p.isdigit()]) > 1",
    "the machine's name": f"found = socket.gethostname() == {os.uname().nodename!r}",
}
OUTLIVE = """\
import subprocess, sys
quiet = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", {mark!r}],
                 start_new_session=True, **quiet)"""


def with_cells(*cells):
    submission = notebooks.answered()
    submission.cells += cells
    return submission


def handed_in(mark, outputs):
    """Return {(kind, name): submission} of all attacks, and of one honest student."""
    found = {("honest", ""): notebooks.answered()}
    for name, patch in PATCHES.items():
        text = patch if "def double" in patch else WRONG + patch
        found["gain", name] = notebooks.answered(double=text, mean_square=WRONG_TOO)
    for name, answer in SEE.items():
        found["see", name] = notebooks.answered(double=answer)
    for name, code in REACH.items():
        cell = new_code_cell(f"{NAMES}{code}\nif found: print('REACHED')")
        found["reach", name] = with_cells(cell)
    # nbconvert itself stops at a missing attachment.
    texts = [text for name, text in MARKDOWN.items() if name != "attachment"]
    found["inject", "markdown"] = with_cells(*map(new_markdown_cell, texts))
    found["inject", "output"] = with_cells(*[new_code_cell(SETUP + c) for c in outputs.values()])
    found["outlive", ""] = with_cells(new_code_cell(OUTLIVE.format(mark=mark)))
    return found


class Graded:
    """A graded class: what each attack came to."""

    def __init__(self, folder, students, mark):
        self.folder, self.students, self.mark = folder, students, mark
        self.marks = marks(Course(folder))

    def score(self, student, cell):
        return self.marks[student, cell][0] or 0.0

    def page(self, student):
        return (self.folder / "feedback" / student / "ps1" / "sheet.html").read_text()

    def printed(self, student):
        content = (self.folder / "autograded" / student / "ps1" / "sheet.ipynb").read_bytes()
        cells = [cell for cell in notebooks.read(content).cells if cell.cell_type == "code"]
        return "".join(each.get("text", "") for cell in cells for each in cell.outputs)

    def worked(self, kind, student):
        """Whether the attack got what it wanted."""
        if kind == "gain":
            return self.score(student, "check-double") + self.score(student, "check-mean") > 0
        if kind == "see":
            return any(secret in self.page(student) for secret in notebooks.SECRETS)
        if kind == "reach":
            return "REACHED" in self.printed(student)
        if kind == "inject":
            return Page(self.page(student)).found != Page(self.page("honest")).found
        return bool(marked(self.mark))

    def successes(self):
        return {
            attack
            for attack, student in self.students.items()
            if attack[0] != "honest" and self.worked(attack[0], student)
        }


def graded(folder, autograde, outputs=OUTPUTS):
    """Let a class of attackers be graded, and end what they left running."""
    mark = f"mlpkit-{os.getpid()}-{folder.name}"
    submissions = handed_in(mark, outputs)
    students = {
        (kind, name): f"{kind}-{number}" if name else kind
        for number, (kind, name) in enumerate(submissions)
    }
    by_student = {students[attack]: book for attack, book in submissions.items()}
    make_released_course(folder, by_student, "c.ExecutePreprocessor.timeout = 6\n")
    try:
        autograde(folder)
        for kind in ("honest", "see-*", "inject-*"):
            assert nbgrader(folder, "generate_feedback", "ps1", f"--student={kind}").returncode == 0
        result = Graded(folder, students, mark)
        return result, result.successes()
    finally:
        for process in marked(mark):
            os.kill(process, signal.SIGKILL)


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("MLPKIT_TEST_SECRET", "token")


# Of the ways to gain points that stock nbgrader is open to; of all others that are tried here, to
# see, reach, inject and outlive, it is open to each.
GAINS_WITH_STOCK = {
    "drop lines with an input transformer",
    "patch run_cell_async",
    "replace assert_allclose",
    "replace the module testing",
}


@pytest.mark.thorough
@pytest.mark.slow
def test_no_attack_works_on_the_judge(tmp_path):
    found, successes = graded(tmp_path, lambda folder: grade(Course(folder)))
    assert successes == set()
    for (kind, _), student in found.students.items():  # and nobody lost what was earned
        if kind != "see":
            assert found.score(student, "check-double") == (0.0 if kind == "gain" else 2.0), student
        assert found.score(student, "check-mean") == (0.0 if kind == "gain" else 2.0), student


# ipykernel can't send a lone surrogate, and its thread then misses that more waits to be sent: a
# flush stands still for ten seconds, longer than a cell has, and the submission stays ungraded.
SENDABLE = {name: code for name, code in OUTPUTS.items() if name != "bytes"}


def autograde(folder):
    done = nbgrader(folder, "autograde", "ps1")
    assert done.returncode == 0, done.stderr


@pytest.mark.thorough
@pytest.mark.slow
def test_stock_nbgrader_is_open_to_these(tmp_path):
    found, successes = graded(tmp_path, autograde, SENDABLE)
    assert {name for kind, name in successes if kind == "gain"} == GAINS_WITH_STOCK
    others = {attack for attack in found.students if attack[0] not in ("gain", "honest")}
    assert {attack for attack in successes if attack[0] != "gain"} == others
    assert found.score("honest", "check-double") == found.score("honest", "check-mean") == 2.0
