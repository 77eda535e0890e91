"""Planted mistakes lose points in their own exercise only; right answers keep them all."""

import ast
import functools
import gc
import itertools
import re

import numpy as np
import pytest

import mlpkit.exercises
from mlpkit.by_hand import BY_HAND, without
from tests.assignments.harness import (
    NAMES,
    cases,
    cell_of,
    costly,
    exercises,
    load,
    points,
    run,
    with_answers,
)
from tests.assignments.known import Known
from tests.tiers import tier

# Read once: nobody here changes a notebook that was read, but a copy of it.
load = functools.cache(load)
EXERCISES = [(name, exercise) for name in NAMES for exercise in exercises(load("solutions", name))]


@pytest.fixture(scope="module", autouse=True)
def large_packages_are_hidden():
    """Hide what other tests have imported: else each call of an answer does, module by module."""
    gc.freeze()  # nor need the collector of garbage go through it in each of the many runs
    with without(tuple(name for name in BY_HAND if name != "mlpkit"), {}):
        yield


@pytest.fixture(scope="module", params=NAMES)
def assignment(request):
    return request.param


def answers(name, exercise):
    """All answers to an exercise: the solution itself, then the planted ones."""
    planted = cases(name)[exercise]
    return [("the solution", []), *planted.mistakes.items(), *planted.right.items()]


def changed(name, exercise, answer, kind="solutions"):
    source = with_answers(load("solutions", name), {exercise: answer})
    if kind == "solutions":
        return source
    return with_answers(load(kind, name), {exercise: cell_of(source, exercise).source})


def autograded(notebook):
    return {name + "_test": points(notebook)[name + "_test"] for name in exercises(notebook)}


def test_cases_cover_every_exercise(assignment):
    assert set(cases(assignment)) == set(exercises(load("solutions", assignment)))


@pytest.mark.parametrize("name,exercise", EXERCISES)
def test_exercise_has_enough_cases(name, exercise):
    planted = cases(name)[exercise]
    assert len(planted.mistakes) >= 5
    assert len(planted.right) >= 2


def test_solution_earns_everything(assignment):
    source = load("solutions", assignment)
    assert run(source).points == autograded(source)


def test_blank_release_earns_nothing(assignment):
    source, release = load("solutions", assignment), load("assignments", assignment)
    stubs = {name: cell_of(release, name).source for name in exercises(source)}
    assert run(with_answers(source, stubs)).points == dict.fromkeys(autograded(source), 0)


@pytest.mark.parametrize("name,exercise", EXERCISES)
def test_names_left_in_the_notebook_earn_nothing(name, exercise):
    # A part that fails early must not leave a later one to a variable of the student's.
    source, stub = load("solutions", name), cell_of(load("assignments", name), exercise).source
    test = ast.walk(ast.parse(cell_of(source, f"{exercise}_test").source))
    names = {node.id for node in test if isinstance(node, ast.Name) and is_stored(node)}
    known = Known(name)
    for value in ("1.0", "np.ones((9, 9))", "{}"):
        left = "\n".join(f"{each} = {value}" for each in sorted(names))
        notebook = with_answers(source, {exercise: f"{stub}\n\n{left}"})
        assert run(notebook, only=exercise, known=known).points == {f"{exercise}_test": 0}


def is_stored(node):
    return isinstance(node.ctx, ast.Store)


@pytest.mark.slow
@pytest.mark.parametrize("name,exercise", EXERCISES)
def test_planted_mistakes_lose_points_in_their_own_exercise_only(name, exercise, pytestconfig):
    # Test cells share no names, so that a few mistakes show it; each alone is judged below.
    source, known = load("solutions", name), Known(name)
    full, some = autograded(source), 3 if tier(pytestconfig) == "thorough" else 1
    for title, answer in itertools.islice(cases(name)[exercise].mistakes.items(), some):
        earned = run(changed(name, exercise, answer), known=known).points
        lost = {test for test in earned if earned[test] != full[test]}
        assert lost == {f"{exercise}_test"}, title


@pytest.mark.slow
@pytest.mark.parametrize("name,exercise", EXERCISES)
def test_verdicts_hold_for_each_seed_and_no_message_says_what_is_right(
    name, exercise, seeds, monkeypatch
):
    test, planted = f"{exercise}_test", cases(name)[exercise]
    full, known = points(load("solutions", name))[test], Known(name)
    right_digits = watch_answers(monkeypatch)
    for title, answer in answers(name, exercise):
        notebook, loses = changed(name, exercise, answer), title in planted.mistakes
        # To dock a right answer is worse than to miss a wrong one: it is tried with more seeds.
        for seed in seeds[::2] if loses else seeds:
            right_digits.clear()
            verdict = run(notebook, seed, exercise, known)
            earned = verdict.points[test]
            assert (earned < full) == loses, f"{title}: {earned} of {full} points, seed {seed}"
            if loses and seed == seeds[0]:
                check_message(verdict.messages[test], right_digits, title)


def check_message(message, right_digits, title):
    """A message names what is wrong, and no number that would have been right."""
    # How many entries are wrong is no answer, whatever the number.
    message = re.sub(r"\(\d+ of \d+ entries are\)", "", message)
    for line in re.findall(r"^- .*", message, re.MULTILINE) or [message]:
        assert re.search(r"^- \S.*: \S", line), f"{title}: no quantity is named in {line!r}"
    assert not right_digits & set(re.findall(r"-?\d\S*", message)), f"{title}: {message}"


@pytest.mark.thorough
@pytest.mark.parametrize("name,exercise", [pair for pair in EXERCISES if costly(pair[0])])
def test_what_is_kept_from_run_to_run_changes_no_verdict(name, exercise):
    known = Known(name)
    for title, answer in answers(name, exercise):
        notebook = changed(name, exercise, answer)
        verdict = run(notebook, only=exercise)
        assert run(notebook, only=exercise, known=known) == verdict, title
        assert run(notebook, only=exercise, known=known) == verdict, title


def watch_answers(monkeypatch):
    """Collect the numbers that would have been right where an answer is wrong."""
    digits, compare = set(), mlpkit.exercises.check_close

    def watched(name, got, expected, *tolerances, **named):
        try:
            compare(name, got, expected, *tolerances, **named)
        except AssertionError as error:
            index = re.search(r"entry \[([\d, ]*)\]", str(error))
            where = tuple(map(int, index[1].split(","))) if index else ()
            values = np.asarray(expected, float)
            if values[where].shape == () and values[where] not in (0, 1):
                digits.update({f"{values[where]:.4g}", f"{values[where]:.3g}"})
            raise

    monkeypatch.setattr(mlpkit.exercises, "check_close", watched)
    monkeypatch.setattr(mlpkit.exercises.compare, "check_close", watched)  # for check_arrays
    return digits


@pytest.mark.thorough
@pytest.mark.parametrize("name,exercise", EXERCISES)
def test_most_mistakes_are_seen_before_handing_in(name, exercise):
    # The rest are for hidden tests; a student who tests more than the notebook does finds them.
    test, planted = f"{exercise}_test", cases(name)[exercise].mistakes
    seen = [
        run(changed(name, exercise, answer, "assignments"), only=exercise).points[test] == 0
        for answer in planted.values()
    ]
    assert sum(seen) >= 0.3 * len(planted)
