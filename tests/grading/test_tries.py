"""What is judged again: where something died, whatever is said of it; and how often."""

import pytest

from mlpkit.grading import Result
from mlpkit.grading.workers.servers import TRIES, judge_submission
from tests.grading import notebooks


class Results:
    """Stands for the servers: gives one prepared result after the other."""

    def __init__(self, *results):
        self.left = list(results)

    def judge(self, job):
        return self.left.pop(0)


def result(failure, died=False):
    return Result("ada", "ps1", "sheet", failure=failure, died=died)


@pytest.fixture(autouse=True)
def no_sandbox(monkeypatch):
    monkeypatch.setattr("mlpkit.grading.workers.servers.check_bubblewrap", lambda: None)


JOB = notebooks.job(b"{}")


@pytest.mark.parametrize(
    "words",
    [
        "in the cell 'the sandbox': it took longer than 60 seconds and could not be interrupted",
        "in the cell 'judging process': it wrote more than 64 MB of output",
        "in the cell 'signal 9': more than 64 processes",
        "the notebook has more than 5000 cells",
    ],
)
def test_words_alone_are_no_reason_to_judge_again(words):
    servers = Results(result(words), result("a second time"))
    found = judge_submission(JOB, servers)
    assert (found.failure, found.tries) == (words, 1)
    assert len(servers.left) == 1


@pytest.mark.parametrize(
    "words", ["the kernel was killed by signal 9", "the tests' process ended", "anything else"]
)
def test_what_died_is_judged_again_and_that_is_counted(words):
    found = judge_submission(JOB, Results(result(words, died=True), result(None)))
    assert (found.failure, found.tries) == (None, 2)


def test_it_is_judged_again_a_few_times_at_most():
    servers = Results(*(result(str(number), died=True) for number in range(100)))
    found = judge_submission(JOB, servers)
    assert (found.failure, found.tries) == (str(TRIES - 1), TRIES)
    assert len(servers.left) == 100 - TRIES
