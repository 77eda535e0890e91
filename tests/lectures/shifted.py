"""Run a lecture with all its seeds shifted, and say which of its assertions fail.

    python -m tests.lectures.shifted lectures/03_loss_landscape.ipynb --shift 1

Each cell runs once, in order, in a process of its own for the lecture. Explorers are left out and
figures are made but not drawn. A cell that fails doesn't stop those after it. Shift 0 leaves all
seeds as they are.
"""

import argparse
import os
import subprocess
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHIFT_FOLDER = Path(__file__).parent / "shift"


def failures(path, shift):
    """Run a lecture in a new process and return what it said of the cells that failed.

    Parameters
    ----------
    path : Path
        Of a notebook.
    shift : int
        By how many steps its seeds move.

    Returns
    -------
    str
        Empty if no cell failed.

    Raises
    ------
    RuntimeError
        If the process ended otherwise than by running all cells.
    """
    paths = [str(SHIFT_FOLDER), str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {
        "SEED_SHIFT": str(shift),
        "PYTHONPATH": os.pathsep.join(paths),
        "OPENBLAS_NUM_THREADS": "1",
        "TQDM_DISABLE": "1",
    }
    command = [sys.executable, "-m", "tests.lectures.shifted", "--here", str(path.resolve())]
    done = subprocess.run(
        command, cwd=path.parent, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode or not done.stdout.endswith("END\n"):
        raise RuntimeError(f"{path.name} didn't run to its end:\n{done.stdout}{done.stderr}")
    return done.stdout.removesuffix("END\n").rstrip()


def run_here(path):
    """Run the cells in this process, whose seeds are shifted, and yield a text for each failure."""
    import nbformat
    import numpy as np
    from IPython.core.interactiveshell import InteractiveShell
    from matplotlib.figure import Figure
    from traitlets.config import Config

    if np.random.default_rng.__module__ != "sitecustomize":
        raise RuntimeError(f"{SHIFT_FOLDER} must come first on PYTHONPATH, so that seeds shift")
    Figure.draw = lambda self, renderer: None
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.showtraceback = shell.showsyntaxerror = lambda *args, **options: None
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or "explorer" in tags:
            continue
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            result = shell.run_cell(cell.source)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and "raises-exception" not in tags:
            yield f"cell [{number}]: {_where(error)}"


def _where(error):
    """Say which error it is, and in which lines of cells it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        f"\n  line {frame.lineno}: {frame.line}" for frame in frames if "<ipython" in frame.filename
    ]
    return f"{type(error).__name__}: {error}{''.join(lines)}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", type=Path, nargs="+")
    parser.add_argument("--shift", type=int, nargs="+", default=[1], help="one or several")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(*run_here(options.notebooks[0]), "END", sep="\n")
        return 0
    found = 0
    for path in options.notebooks:
        for shift in options.shift:
            said = failures(path, shift)
            found += bool(said)
            print(f"{path.name}, shift {shift}: {said or 'every assertion holds'}", flush=True)
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
