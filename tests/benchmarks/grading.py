"""Grading a class: the judge in its sandbox beside stock `nbgrader autograde`.

python -m tests.benchmarks.grading [--further 8] [--copies 32] [--many 1000]

With these numbers a quarter of an hour on two cores, five minutes of it for the prices.
"""

import argparse
import shutil
import time
from pathlib import Path

import psutil

from tests.assignments.harness import load, submitted
from tests.benchmarks.courses import command, enter_course, finish, forget_marks, seconds
from tests.benchmarks.prices import prices
from tests.benchmarks.processes import table
from tests.grading import notebooks

SOLVED = ("ps2", load("solutions", "ps2"), submitted("ps2", {}))
TRIVIAL = ("sheet", notebooks.course(), notebooks.answered())
CORES = 2
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


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
    parser.add_argument("--further", type=int, default=8, help="submissions that are priced")
    options = parser.parse_args(arguments)
    prices(options.further)
    beside_nbgrader("ps2's solution", SOLVED, options.copies)
    beside_nbgrader("a trivial notebook", TRIVIAL, options.copies)
    scaling(options.copies)
    memory(options.many)


if __name__ == "__main__":
    main()
