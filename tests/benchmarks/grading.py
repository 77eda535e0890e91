"""Grading a class: the judge in its sandbox beside stock `nbgrader autograde`.

python -m tests.benchmarks.grading [--copies 32] [--many 1000]

With these numbers about ten minutes on two cores; --copies 8 --many 100 takes two.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import psutil

from tests.assignments.harness import load, submitted
from tests.benchmarks.processes import table
from tests.grading import notebooks
from tests.grading.course_factory import CONFIG

BIN = Path(sys.executable).parent
SOLVED = ("ps2", load("solutions", "ps2"), submitted("ps2", {}))
TRIVIAL = ("sheet", notebooks.course(), notebooks.answered())
CORES = 2
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def command(*words):
    """Start a command of this environment in the current folder."""
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return psutil.Popen([str(BIN / words[0]), *words[1:]], env=environment, **quiet)


def finish(process):
    """Wait for a command's end; one that failed measures nothing."""
    if process.wait():
        raise RuntimeError(f"{process.args} ended with status {process.returncode}")


def seconds(*words):
    """Time a command."""
    start = time.perf_counter()
    finish(command(*words))
    return time.perf_counter() - start


def enter_course(name, source, submission, copies):
    """Go to a new course folder with this many copies of one submission, and a gradebook."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    os.chdir(folder)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    place = folder / "solutions" / name / f"{name}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(source, place)
    for number in range(copies):
        place = folder / "submitted" / f"student-{number:04d}" / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(submission, place)
    finish(command("nbgrader", "generate_assignment", name))
    return folder


def forget_marks(before):
    """Make the course as it was before anything was graded."""
    for folder in ("autograded", ".mlpkit"):
        shutil.rmtree(folder, ignore_errors=True)
    Path("gradebook.db").write_bytes(before)


def beside_nbgrader(title, kind, copies):
    """Print how long the same class takes both graders."""
    folder, name = enter_course(*kind, copies), kind[0]
    before = Path("gradebook.db").read_bytes()
    times = {"nbgrader autograde": seconds("nbgrader", "autograde", name)}
    forget_marks(before)
    times["mlpkit grade"] = seconds("mlpkit", "grade", name, "--workers", str(CORES))
    table(f"{copies} copies of {title}", times, "mlpkit grade")
    shutil.rmtree(folder)


def held(process):
    """Return the memory of a process and all below it, in MB, shared pages counted once."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        try:
            total += each.memory_full_info().pss
        except psutil.Error:
            continue  # it has ended
    return total / 1024**2


def memory(many):
    """Print what a long run holds as it goes on."""
    folder = enter_course(*TRIVIAL, many)
    start, rows = time.perf_counter(), []
    process = command("mlpkit", "grade", "sheet", "--workers", str(CORES))
    while process.poll() is None:
        done = len(list(folder.glob("autograded/*/sheet/sheet.ipynb")))
        rows.append((done, held(process)))
        time.sleep(0.5)
    finish(process)
    taken = time.perf_counter() - start
    print(f"\n{many} submissions in {taken:.0f} s: {many / taken:.1f} a second; held meanwhile")
    for before, share in zip((0.0, *SHARES), SHARES, strict=False):
        found = [size for done, size in rows if before * many < done <= share * many]
        if found:
            print(f"  up to {share * many:6.0f} graded {sorted(found)[len(found) // 2]:9.0f} MB")
    shutil.rmtree(folder)


def with_workers(number, name):
    """Time grading by a scheduler with this many worker processes, warmed up."""
    file = str(Path("scheduler.json").resolve())
    words = ("--scheduler-file", file, "--host", "127.0.0.1", "--no-dashboard")
    started = [command("dask", "scheduler", *words, "--port", "0")]
    try:
        while not Path(file).exists():
            time.sleep(0.1)
        for _ in range(number):
            started.append(command("dask", "worker", *words, "--nthreads", "1", "--no-nanny"))
        from distributed import Client

        with Client(scheduler_file=file) as client:
            client.wait_for_workers(number, timeout=120)
            address = client.scheduler.address
        return seconds("mlpkit", "grade", name, "--scheduler", address)
    finally:
        # The scheduler last: a worker that loses it while it closes may hang.
        for process in reversed(started):
            process.terminate()
            if psutil.wait_procs([process], timeout=15)[1]:
                process.kill()
        Path(file).unlink(missing_ok=True)


def scaling(copies):
    """Print what a second worker process gains."""
    folder = enter_course(*SOLVED, copies)
    before, times = Path("gradebook.db").read_bytes(), {}
    for label, number in (("one worker", 1), ("two workers", 2)):
        forget_marks(before)
        times[label] = with_workers(number, "ps2")
    table(f"{copies} copies of ps2's solution, by a Dask scheduler", times, "two workers")
    shutil.rmtree(folder)


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.grading")
    parser.add_argument("--copies", type=int, default=32, help="of each class beside nbgrader")
    parser.add_argument("--many", type=int, default=1000, help="submissions of the long run")
    options = parser.parse_args(arguments)
    beside_nbgrader("ps2's solution", SOLVED, options.copies)
    beside_nbgrader("a trivial notebook", TRIVIAL, options.copies)
    scaling(options.copies)
    memory(options.many)


if __name__ == "__main__":
    main()
