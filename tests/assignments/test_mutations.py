"""Every first-order mutation of a solution loses points, or is listed as a right answer."""

import ast

import pytest

from mlpkit.grading.insight.mutations import mutations
from tests.assignments.harness import NAMES, cases, exercises, load
from tests.assignments.known import Known
from tests.assignments.mutants import bounded, survivors

EXERCISES = [(name, each) for name in NAMES for each in exercises(load("solutions", name))]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name,exercise",
    [
        (name, each)
        for name, each in EXERCISES
        if not getattr(cases(name).get(each), "open_ended", "")
    ],
)
def test_each_mutation_loses_points_or_is_equivalent(name, exercise):
    _, kept = survivors(load("solutions", name), exercise, known=Known(name))
    assert set(kept) == set(cases(name)[exercise].equivalent)


@pytest.mark.parametrize("name,exercise", EXERCISES)
def test_each_equivalent_mutation_has_a_reason(name, exercise):
    for title, reason in cases(name)[exercise].equivalent.items():
        assert len(reason.split()) >= 3, title


@pytest.mark.parametrize(
    "code,expected",
    {
        "a + b": {"a - b", "a", "b"},
        "x < 3": {"x <= 3", "x > 3", "x < 4", "x < 2", "x < -3"},
        "f(a, b)": {"f(b, a)", "f(b)", "f(a)"},
        "max(a, b)": {"min(a, b)", "max(b)", "max(a)"},
        "a.sum(axis=0, keepdims=True)": {
            "a.mean(axis=0, keepdims=True)",
            "a.sum(axis=0)",
            "a.sum(keepdims=True)",
            "a.sum(axis=1, keepdims=True)",
            "a.sum(axis=-1, keepdims=True)",
            "a.sum(axis=0, keepdims=False)",
        },
        "a and b": {"a or b", "a", "b"},
        "x[1:]": {"x[1 + 1:]", "x[1 - 1:]", "x[:]", "x[2:]", "x[0:]", "x[-1:]"},
        "(a, b)": {"(b, a)"},
        "A.T @ B": {"A.T * B", "B @ A.T", "A.T", "B", "A @ B"},
    }.items(),
)
def test_mutations_of_an_expression_are_all_there(code, expected):
    made = mutations(f"y = {code}").values()
    assert {each.removeprefix("y = ") for each in made} == expected | {"pass"}


def test_mutations_differ_from_the_solution_and_from_each_other():
    for name, exercise in EXERCISES[::5]:
        source = next(c.source for c in load("solutions", name).cells if c.id == exercise)
        made = list(mutations(source).values())
        assert len(set(made)) == len(made)
        assert ast.unparse(ast.parse(source)) not in made


@pytest.mark.parametrize("code", ["while True: pass", "[0] * 10**12", "x = 'a' * 10**12"])
def test_what_does_not_end_or_grows_is_stopped(code):
    with pytest.raises(BaseException) as raised, bounded(seconds=0.2, memory=64 << 30):
        exec(code)
    assert raised.type.__name__ in ("TimeUp", "MemoryError")
