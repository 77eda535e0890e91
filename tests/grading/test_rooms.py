"""The rooms hold: imports run one way, and the judging processes import no more than they need."""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.grading import notebooks
from tests.tiers import few

ROOT = Path(__file__).parents[2]
LINT = Path(sys.executable).with_name("lint-imports")
ROOMS = "In mlpkit/grading each room imports only from those below it"
TEACHING = "The teaching part never imports the part that grades"
INSIDE = "What runs in the sandbox imports nothing of the part that grades"
CIRCLES = "No import runs in a circle"
WRONG = [
    ("grading/text/clean.py", "import mlpkit.grading.room.kernel", ROOMS),
    ("grading/judging/bench.py", "def f():\n    from mlpkit.grading.workers import serve", ROOMS),
    ("grading/workers/serve.py", "import mlpkit.grading.course.run", ROOMS),
    ("grading/job.py", "from mlpkit.grading.text import page", ROOMS),
    ("network.py", "def f():\n    import mlpkit.grading.job", TEACHING),
    ("plots/style.py", "from mlpkit.grading import Limits", TEACHING),
    ("environment.py", "import mlpkit.grading.course.files", TEACHING),
    ("grading/room/inside/wire.py", "from mlpkit.grading.job import Limits", INSIDE),
    ("grading/room/inside/bridge.py", "import mlpkit.grading.text.names", INSIDE),
    ("grading/room/inside/confine.py", "import mlpkit.grading.room.sandbox", INSIDE),
    ("losses.py", "import mlpkit.network", CIRCLES),
    ("grading/judging/words.py", "import mlpkit.grading.judging.bench", CIRCLES),
    ("grading/job.py", "import mlpkit.grading.cli", CIRCLES),
]
# What the command and its gradebook need, and the tests' process doesn't.
FOREIGN = ("nbgrader", "nbformat", "jsonschema", "jupyter_client", "IPython", "sqlalchemy", "dask")


def broken(folder, file=None, line=""):
    """Give what import-linter says of a copy of the package, with a line added to one file."""
    shutil.copytree(
        ROOT / "mlpkit", folder / "mlpkit", ignore=shutil.ignore_patterns("data", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    if file:
        with open(folder / "mlpkit" / file, "a") as target:
            target.write(f"\n\n{line}\n")
    command = [LINT, "--no-logo", "--no-cache"]
    done = subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True, text=True,
    )  # fmt: skip
    names = [line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if "BROKEN" in line]
    assert bool(done.returncode) == bool(names), done.stdout + done.stderr
    return names


def test_all_imports_run_one_way(tmp_path):
    assert broken(tmp_path) == []


# Of every third, one breaks each contract.
@pytest.mark.slow
@pytest.mark.parametrize("wrong", few([*WRONG[::3], *WRONG[1::3], *WRONG[2::3]], 5))
def test_a_wrong_import_is_refused(tmp_path, wrong):
    file, line, contract = wrong
    assert contract in broken(tmp_path, file, line)


@pytest.mark.parametrize(
    "module",
    [
        "workers.serve",
        "workers.servers",
        "workers.pool",
        "judging.submission",
        "room.kernel",
        "text.plan",
    ],
)
def test_a_judging_process_imports_nothing_of_nbgraders(module):
    program = (
        f"import sys, mlpkit.grading.{module}\n"
        f"print([name for name in {FOREIGN!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.sandbox
def test_a_submission_is_judged_without_nbgrader(tmp_path):
    """Also by what is imported only on the way: an import of nbgrader's fails in every process."""
    for name in FOREIGN:
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('{name} was imported')")
    program = (
        "import sys, pickle\nfrom mlpkit.grading.workers.servers import judge_submission, shared\n"
        "result = judge_submission(pickle.load(sys.stdin.buffer))\nshared().close()\n"
        "print(result.points, result.failure)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=pickle.dumps(notebooks.job(notebooks.answered())),
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
    )
    assert done.stdout.decode().strip() == "4.0 None", done.stderr.decode()
