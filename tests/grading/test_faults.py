"""Any process may be killed at any moment: the row comes all the same, and nothing is left."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from mlpkit.grading.workers.servers import Servers, judge_submission
from tests.grading.processes import below, processes, slow_job
from tests.tiers import few

pytestmark = pytest.mark.sandbox

ROOT = Path(__file__).parents[2]


@pytest.fixture
def servers():
    servers = Servers()
    yield servers
    servers.close()


def judged_while(servers, strike):
    """Judge a slow job, and meanwhile do something to its processes."""
    before = set(below(os.getpid()))
    found = []
    thread = threading.Thread(target=lambda: found.append(judge_submission(slow_job(), servers)))
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


def is_server(words, pid, mine):
    return judging(mine)[:1] == [pid]


def is_judge(words, pid, mine):
    """The server's fork for one job; until a kernel runs, a fork may be about to be a sandbox."""
    return len(zygotes(mine)) >= 3 and judging(mine)[1:2] == [pid]


def judging(mine):
    return sorted(pid for pid, words in mine.items() if "mlpkit.grading.workers.serve" in words)


def zygotes(mine):
    return [p for p, w in mine.items() if "zygote.py" in w and not w.startswith("bwrap")]


def is_bubblewrap(words, pid, mine):
    """One with a kernel in it: another, started ahead of the job, is replaced and not counted."""
    return len(zygotes(mine)) >= 3 and words.startswith("bwrap")


def is_kernel(words, pid, mine):
    """A process whose grandparent is the zygote: the last of the chain."""
    return len(zygotes(mine)) >= 3 and pid == max(zygotes(mine))


@pytest.mark.parametrize("who", few([is_judge, is_kernel, is_server, is_bubblewrap], 2))
def test_whoever_is_killed_the_job_is_done_again_and_that_is_counted(servers, who):
    result = judged_while(servers, lambda mine: kill_first(mine, who))
    assert (result.points, result.failure, result.tries) == (4.0, None, 2)
    again = judge_submission(slow_job(), servers)
    assert (again.points, again.tries) == (4.0, 1)


def test_a_killed_worker_leaves_no_process_behind(tmp_path):
    code = (
        "from tests.grading.processes import slow_job\n"
        "from mlpkit.grading.workers.servers import judge_submission\n"
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


def test_closing_the_servers_ends_everything(servers):
    before = set(below(os.getpid()))
    assert judge_submission(slow_job(), servers).points == 4.0
    assert set(below(os.getpid())) - before
    servers.close()
    assert set(below(os.getpid())) <= before
