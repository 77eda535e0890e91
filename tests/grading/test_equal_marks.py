"""Judge and nbgrader give the same marks: for every planted answer of every assignment.

What nbgrader gives is known by tests/assignments/harness.py, which scores by nbgrader's own rules;
that it agrees with nbgrader itself is held in tests/assignments/test_round_trip.py.
"""

import os

import pytest

from mlpkit.grading import Job
from mlpkit.grading.server import Pool
from tests.assignments.harness import NAMES, cases, exercises, load, run, with_answers
from tests.assignments.test_round_trip import submitted
from tests.grading import notebooks

pytestmark = pytest.mark.slow
SEED = 1
# Where stock nbgrader is wrong, and the judge is not: {(assignment, exercise, answer): why}.
WRONG = {}


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
def pool():
    """Give a pool whose tests draw the harness's numbers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "MLPKIT_SEED", str(SEED))
        pool = Pool()
        pool.judge(Job("x", "x", "x", b"", notebooks.content(notebooks.course())))
    yield pool
    pool.close()


def judged(pool, name, book):
    """Return the judge's points of each autograded cell, and why the run ended early."""
    source = notebooks.content(load("solutions", name))
    result = pool.judge(Job("ada", name, name, notebooks.content(book), source))
    return {g.grade_id: g.points for g in result.grades if g.kind == "test"}, result.failure


@pytest.mark.parametrize("name", NAMES)
def test_every_answer_earns_what_nbgrader_gives_it(pool, name):
    different, compared = {}, 0
    for titles, answers in batches(name):
        expected = run(with_answers(load("solutions", name), answers), seed=SEED).points
        found, failure = judged(pool, name, submitted(name, answers))
        assert failure is None
        assert set(found) == set(expected)
        compared += len(titles)
        for exercise in exercises(load("solutions", name)):
            test, case = f"{exercise}_test", (name, exercise, titles.get(exercise, "the solution"))
            if found[test] != expected[test] and case not in WRONG:
                different[case] = (found[test], expected[test])
    assert different == {}
    assert compared == sum(len(c.mistakes) + len(c.right) for c in cases(name).values())


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_earns_nothing(pool, name):
    points, failure = judged(pool, name, load("assignments", name))
    assert failure is None
    assert set(points.values()) == {0.0}
