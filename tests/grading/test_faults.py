"""Any process may be killed at any moment: the row comes all the same, and nothing is left."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlpkit.grading.workers.serve import Pool
from tests.grading.processes import below, processes, slow_job

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pool():
    pool = Pool()
    yield pool
    pool.close()


def judged_while(pool, strike):
    """Judge a slow job, and meanwhile do something to its processes."""
    before = set(below(os.getpid()))
    found = []
    thread = threading.Thread(target=lambda: found.append(pool.judge(slow_job())))
    thread.start()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        mine = {pid: words for pid, words in below(os.getpid()).items() if pid not in before}
        if strike(mine):
            break
        time.sleep(0.02)
    else:
        pytest.fail("nothing to strike at")
    thread.join(60)
    assert not thread.is_alive()
    return found[0]


def kill_first(mine, wanted):
    for pid in sorted(mine, reverse=True):
        if wanted(mine[pid], pid, mine):
            os.kill(pid, signal.SIGKILL)
            return True
    return False


def is_starter(words, pid, mine):
    return judging(mine)[:1] == [pid]


def is_server(words, pid, mine):
    return judging(mine)[1:2] == [pid]


def is_judge(words, pid, mine):
    """The server's fork for one job; until a kernel runs, a fork may be about to be a sandbox."""
    return len(zygotes(mine)) >= 3 and judging(mine)[2:3] == [pid]


def judging(mine):
    return sorted(pid for pid, words in mine.items() if "mlpkit.grading.workers.starter" in words)


def zygotes(mine):
    return [p for p, w in mine.items() if "zygote.py" in w and not w.startswith("bwrap")]


def is_bubblewrap(words, pid, mine):
    return words.startswith("bwrap")


def is_kernel(words, pid, mine):
    """A process whose grandparent is the zygote: the last of the chain."""
    return len(zygotes(mine)) >= 3 and pid == max(zygotes(mine))


@pytest.mark.parametrize("who", [is_starter, is_server])
def test_a_killed_server_is_replaced_and_the_job_done_again(pool, who):
    result = judged_while(pool, lambda mine: kill_first(mine, who))
    assert result.points == 4.0
    assert pool.judge(slow_job()).points == 4.0


def test_a_killed_judge_is_a_reason_and_the_next_is_fine(pool):
    result = judged_while(pool, lambda mine: kill_first(mine, is_judge))
    assert len(result.grades) == 3
    assert "the tests' process ended" in result.failure
    assert pool.judge(slow_job()).points == 4.0


@pytest.mark.parametrize("who", [is_bubblewrap, is_kernel])
def test_a_killed_sandbox_is_a_reason_and_the_next_is_fine(pool, who):
    result = judged_while(pool, lambda mine: kill_first(mine, who))
    assert len(result.grades) == 3
    assert result.failure or result.points == 4.0
    assert pool.judge(slow_job()).points == 4.0


def test_a_killed_worker_leaves_no_process_behind(tmp_path):
    code = (
        "from tests.grading.processes import slow_job\n"
        "from mlpkit.grading.judging.submission import judge_submission\n"
        "judge_submission(slow_job())\nprint('ready', flush=True)\n"
        "judge_submission(slow_job())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout.readline() == "ready\n"
        time.sleep(0.5)
        family = below(worker.pid)
        assert any("zygote" in words for words in family.values())
        worker.kill()
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        table = processes()
        left = [pid for pid in family if table.get(pid, (0, ""))[1] == family[pid]]
        if not left:
            break
        time.sleep(0.1)
    assert left == []


def test_closing_a_pool_ends_everything(pool):
    before = set(below(os.getpid()))
    assert pool.judge(slow_job()).points == 4.0
    assert set(below(os.getpid())) - before
    pool.close()
    assert set(below(os.getpid())) <= before
