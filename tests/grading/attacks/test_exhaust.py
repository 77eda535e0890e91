"""A submission that takes everything is stopped, gets its row, and takes nobody else with it."""

import os
import time

import pytest
from nbformat.v4 import new_code_cell

from tests.grading import notebooks
from tests.grading.judging import judge, points
from tests.grading.processes import marked
from tests.tiers import few

pytestmark = pytest.mark.sandbox

MB = 1024**2


def submit(code, at=5, **limits):
    """Judge the right answers with one more cell put between the two exercises."""
    submission = notebooks.answered()
    submission.cells.insert(at - 1, new_code_cell(code))
    return judge(submission, **limits)


def next_is_fine():
    return judge(notebooks.answered()).points == 4.0


def test_an_endless_loop_ends_with_its_cell():
    start = time.monotonic()
    result = submit("while True: pass", cell_seconds=1.0)
    assert points(result)["check-double"] == points(result)["check-mean"] == 2.0
    assert time.monotonic() - start < 20


def test_an_endless_loop_that_ignores_interrupts_keeps_what_was_earned():
    code = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    result = submit(code, cell_seconds=1.0)
    assert points(result) == {"check-double": 2.0, "check-mean": 0.0, "words": 0.0}
    assert "could not be interrupted" in result.failure
    assert next_is_fine()


def test_an_endless_function_costs_its_own_points():
    submission = notebooks.answered(double="def double(x):\n    while True: pass")
    result = judge(submission, call_seconds=1.0)
    assert points(result) == {"check-double": 0.0, "check-mean": 2.0, "words": 0.0}
    assert "longer than 1 seconds" in result.grades[0].messages[0]


HANGS = "sum(range(10**12))"  # in one step of Python's: no signal comes through


@pytest.mark.parametrize(
    ("answer", "test", "place"),
    [
        (f"def f():\n    return 1\n{HANGS}", "assert f() == 1", "answer"),
        (f"def f():\n    return {HANGS}", "assert f() == 1", "check"),
        (f"def f():\n    return {HANGS}", "# tests: inside\nassert f() == 1", "check"),
    ],
)
def test_the_row_names_the_cell_or_the_test_that_didnt_end(answer, test, place):
    book = notebooks.notebook(
        notebooks.solution("answer", "### BEGIN SOLUTION\ndef f(): return 1\n### END SOLUTION"),
        notebooks.check("check", test),
        notebooks.solution("next", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"),
        notebooks.check("check-next", "assert x == 1"),
    )
    submission = notebooks.answered(book, answer=answer, next="x = 1")
    result = judge(submission, book, cell_seconds=5.0, call_seconds=1.0)
    assert result.failure.startswith(f"in the cell {place!r}: it took longer than ")
    assert points(result) == {"check": 0.0, "check-next": 0.0}


def test_a_sleep_is_no_way_around_the_submissions_time():
    code = "import time\ntry:\n    time.sleep(100)\nexcept BaseException: time.sleep(100)"
    start = time.monotonic()
    result = submit(code, submission_seconds=2.0)
    assert "the submission took longer than 2 seconds" in result.failure
    assert time.monotonic() - start < 20


def test_memory_is_bounded():
    result = submit("x = bytearray(600 * 1024**2)", memory=300 * MB)
    assert result.points == 4.0  # a MemoryError in one cell is no reason to lose the others
    assert "MemoryError" in result.judged.decode()


def test_memory_of_many_processes_is_bounded_together():
    code = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        try:
            x = bytearray(os.urandom(1)) * (80 * 1024**2)
            time.sleep(30)
        finally:
            os._exit(0)
time.sleep(5)
"""
    result = submit(code, memory=400 * MB)
    assert "out of memory" in result.failure
    assert points(result)["check-double"] == 2.0
    assert next_is_fine()


def test_a_fork_bomb_stays_inside():
    code = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
    result = submit(code, cell_seconds=2.0)
    assert result.failure
    assert points(result)["check-double"] == 2.0
    assert next_is_fine()


def test_threads_are_bounded():
    code = """
import threading, time
threads = []
try:
    for _ in range(500):
        threads.append(threading.Thread(target=time.sleep, args=(0.5,)))
        threads[-1].start()
except RuntimeError:
    print("stopped at", len(threads) < 100)
"""
    result = submit(code)
    assert "stopped at True" in result.judged.decode() or os.geteuid() != 0


def test_the_disk_is_bounded():
    code = """
try:
    for i in range(100):
        with open(f"big{i}", "wb") as file:
            file.write(bytes(10 * 1024**2))
except OSError as error:
    print("stopped at", i)
"""
    result = submit(code, disk=32 * MB)
    assert "stopped at 3" in result.judged.decode()
    assert result.points == 4.0


def test_small_files_are_bounded_too():
    code = """
try:
    for i in range(1_000_000):
        open(f"f{i}", "w").close()
except OSError:
    print("stopped", i < 100_000)
"""
    result = submit(code)
    assert "stopped True" in result.judged.decode()


def test_open_files_are_bounded():
    code = """
kept = []
try:
    while True:
        kept.append(open("/dev/null"))
except OSError:
    print("stopped", len(kept) < 300)
    kept = None
"""
    result = submit(code)
    assert "stopped True" in result.judged.decode()
    assert result.points == 4.0


def test_output_is_bounded():
    result = submit("for _ in range(3000): print('x' * 10_000)", output=8 * MB)
    assert "MB of output" in result.failure
    assert len(result.judged) < 2 * MB
    assert next_is_fine()


def test_one_giant_line_is_cut():
    result = submit("print('x' * 5_000_000)")
    assert len(result.judged) < MB
    assert result.points == 4.0


def test_a_giant_result_fails_its_own_test():
    big = "import numpy as np\ndef double(x):\n    return np.zeros(10_000_000)"
    result = judge(notebooks.answered(double=big))
    assert points(result) == {"check-double": 0.0, "check-mean": 2.0, "words": 0.0}
    assert "larger than" in result.grades[0].messages[0]


def test_a_deep_result_fails_its_own_test():
    deep = "def double(x):\n    r = []\n    for _ in range(10_000): r = [r]\n    return r"
    result = judge(notebooks.answered(double=deep))
    assert points(result) == {"check-double": 0.0, "check-mean": 2.0, "words": 0.0}


def test_a_result_that_holds_itself_fails_its_own_test():
    loop = "def double(x):\n    r = []\n    r.append(r)\n    return r"
    assert points(judge(notebooks.answered(double=loop)))["check-double"] == 0.0


@pytest.mark.parametrize("how", ["os._exit(0)", "os.kill(os.getpid(), 11)", "os.abort()"])
def test_a_dead_kernel_keeps_what_was_earned(how):
    # Process 1 of a namespace can't kill itself by a signal that it doesn't handle.
    result = submit(f"import os, ctypes\n{how}\nctypes.string_at(0)")
    assert points(result) == {"check-double": 2.0, "check-mean": 0.0, "words": 0.0}
    assert result.failure
    assert next_is_fine()


def test_a_function_that_kills_the_kernel_is_told_so():
    result = judge(notebooks.answered(double="import os\ndef double(x):\n    os._exit(3)"))
    assert points(result) == {"check-double": 0.0, "check-mean": 0.0, "words": 0.0}
    assert "kernel" in result.grades[0].messages[0]


def test_nothing_outlives_its_submission():
    mark = f"mlpkit-{os.getpid()}-outlive"
    code = f"""
import subprocess, sys, os
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", {mark!r}],
                 start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        import time
        time.sleep(600)
    os._exit(0)
import threading
threading.Thread(target=__import__("time").sleep, args=(600,)).start()
"""
    result = submit(code)
    assert result.points == 4.0
    assert marked(mark) == []


def test_flooding_from_a_thread_does_not_stop_the_judge():
    code = """
import threading
def flood():
    while True:
        print("x" * 1000)
threading.Thread(target=flood, daemon=True).start()
"""
    result = submit(code, output=4 * MB, submission_seconds=30.0)
    assert points(result)["check-double"] == 2.0
    assert next_is_fine()


# What no process's own size shows.
UNSEEN = {
    "shared memory": "import mmap\nmmap.mmap(-1, 1 << 20)",
    "shared memory of a device": """
import mmap, os
mmap.mmap(os.open("/dev/zero", os.O_RDWR), 1 << 20)""",
}


@pytest.mark.parametrize("code", UNSEEN.values(), ids=UNSEEN.keys())
def test_memory_that_no_size_shows_can_not_be_had(code):
    result = submit(code)
    assert "Error" in result.judged.decode()
    assert result.points == 4.0


def test_memory_mapped_files_and_pools_still_work():
    code = """
import multiprocessing, numpy as np
np.save("x.npy", np.arange(5.0))
with multiprocessing.get_context("fork").Pool(2) as pool:
    print("sum", sum(pool.map(abs, [-1, -2])), np.load("x.npy", mmap_mode="r").sum())
value = multiprocessing.Value("d", 2.5)
print("value", value.value)"""
    words = submit(code).judged.decode()
    assert "sum 3 10.0" in words and "value 2.5" in words


def test_open_files_of_many_processes_are_bounded_together():
    code = """
import os, socket, time
for _ in range(20):
    if os.fork() == 0:
        kept = [socket.socketpair() for _ in range(80)]
        time.sleep(20)
        os._exit(0)
time.sleep(20)
"""
    result = submit(code)
    assert "more than 1,024 open files" in result.failure
    assert points(result)["check-double"] == 2.0
    assert next_is_fine()


@pytest.mark.parametrize("piece", few(["a=", "-", "(", "a<"], 1))
def test_a_line_that_takes_python_minutes_holds_nobody_up(piece):
    # The answer has lost its name: the judge looks for it among the cells.
    submission = notebooks.answered()
    submission.cells[2].metadata = {}
    submission.cells[2].id = "lost"
    submission.cells.append(new_code_cell(piece * 400_000))
    start = time.monotonic()
    result = judge(submission, cell_seconds=2.0, submission_seconds=20.0)
    assert points(result)["check-double"] == points(result)["check-mean"] == 2.0
    assert time.monotonic() - start < 60
