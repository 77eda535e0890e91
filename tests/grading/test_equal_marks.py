"""Judge and nbgrader give the same marks: for every planted answer of every assignment.

What nbgrader gives is known by tests/assignments/harness.py, which scores by nbgrader's own rules;
that it agrees with nbgrader itself is held in tests/assignments/test_round_trip.py.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from mlpkit.grading.workers.servers import Servers, judge_submission
from tests.assignments.harness import NAMES, cases, exercises, load, run, submitted, with_answers
from tests.grading import notebooks
from tests.grading.judging import judge
from tests.tiers import few

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
SEED = 1
# All answers are judged in so many parts, of which one is run in every test.
PARTS = 32
# How a test of 2 points can end so that nbgrader is wrong → what nbgrader gives, what is right.
NBGRADER_IS_WRONG = {
    "np.float64(0.0)": (2.0, 0.0),
    "np.float32(0.5)": (2.0, 0.5),
    "float('nan')": (2.0, 0.0),
    "-1.0": (2.0, 0.0),
    "True": (2.0, 0.0),
    "'half of it'": (2.0, 0.0),
    "print('a remark', file=sys.stderr)": (0.0, 2.0),
    "warnings.warn('a remark')": (0.0, 2.0),
}


def batches(name):
    """Spread all answers over notebooks, each with at most one for an exercise.

    Yields
    ------
    dict of str to str, dict of str to object
        By exercise: the answers' titles, and the answers. The rest is the solution.
    """
    waiting = {
        exercise: [*planted.mistakes.items(), *planted.right.items()]
        for exercise, planted in cases(name).items()
    }
    yield {}, {}
    while any(waiting.values()):
        chosen = {exercise: left.pop() for exercise, left in waiting.items() if left}
        yield {e: title for e, (title, _) in chosen.items()}, {e: a for e, (_, a) in chosen.items()}


@pytest.fixture(scope="module")
def servers():
    """Give servers whose tests draw the harness's numbers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "MLPKIT_SEED", str(SEED))
        servers = Servers()
        servers.start()
        servers.start()
    yield servers
    servers.close()


def judged(servers, name, book):
    """Return the judge's points of each autograded cell, and why the run ended early."""
    job = notebooks.job(book, load("solutions", name), assignment=name, notebook=name)
    result = judge_submission(job, servers)
    return {g.grade_id: g.points for g in result.grades if g.kind == "test"}, result.failure


@pytest.mark.parametrize("name", NAMES)
def test_each_answer_is_in_one_batch(name):
    found = Counter(pair for titles, _ in batches(name) for pair in titles.items())
    answers = {(e, t) for e, c in cases(name).items() for t in (*c.mistakes, *c.right)}
    assert found == dict.fromkeys(answers, 1)


@pytest.mark.parametrize("part", few(range(PARTS), 1))
@pytest.mark.parametrize("name", NAMES)
def test_every_answer_earns_what_nbgrader_gives_it(servers, name, part):
    different, source = {}, load("solutions", name)
    chosen = list(batches(name))[part::PARTS]
    books = [submitted(name, answers) for _, answers in chosen]
    # Before the threads start: Python 3.11 can't parse in two at once.
    all_expected = [run(with_answers(source, answers), seed=SEED).points for _, answers in chosen]
    with ThreadPoolExecutor(2) as two:
        found = two.map(lambda book: judged(servers, name, book), books)
        for (titles, _), expected, (points, failure) in zip(
            chosen, all_expected, found, strict=True
        ):
            assert failure is None
            assert set(points) == set(expected)
            for exercise in exercises(source):
                pair = points[f"{exercise}_test"], expected[f"{exercise}_test"]
                if pair[0] != pair[1]:
                    different[exercise, titles.get(exercise, "the solution")] = pair
    assert different == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_earns_nothing(servers, name):
    points, failure = judged(servers, name, load("assignments", name))
    assert failure is None
    assert set(points.values()) == {0.0}


@pytest.mark.parametrize("ending", NBGRADER_IS_WRONG)
def test_where_nbgrader_is_wrong_the_judge_is_not(ending):
    start = "import sys, warnings\nimport numpy as np\n"
    book = notebooks.notebook(notebooks.check("check", start + ending))
    by_nbgrader = run(book).points["check"]
    assert (by_nbgrader, judge(notebooks.release(book), book).points) == NBGRADER_IS_WRONG[ending]
