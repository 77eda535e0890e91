"""An answer that remembers its results by the shapes of its arguments loses points."""

import ast

import pytest

from tests.assignments.harness import NAMES, cell_of, exercises, load, points, run, with_answers
from tests.assignments.known import Known

# How the arguments are told apart: arrays by their shape, all else by what it is; where there are
# no arrays, lists by their length.
KEPT = """
import copy as _copy


def _shape(value, arrays):
    if isinstance(value, np.ndarray):
        arrays.append(value)
        return value.shape
    if isinstance(value, dict):
        return *value, *(_shape(each, arrays) for each in value.values())
    if isinstance(value, (list, tuple)):
        return len(value), *(_shape(each, arrays) for each in value)
    return value


def _length(value):
    if isinstance(value, dict):
        return *value, *map(_length, value.values())
    if isinstance(value, (list, tuple)):
        return len(value), *(_length(each) for each in value if isinstance(each, (list, dict)))
    return value


def {name}(*given, solved={name}, kept={{}}):
    arrays = []
    key = str(_shape(given, arrays))
    key = key if arrays else str([_length(each) for each in given])
    if key not in kept:
        kept[key] = solved(*given)
    return _copy.deepcopy(kept[key])
"""

# Of these an argument is a number, a text, or an array that is drawn once: nothing has a shape.
WHOLE = {("ps0", "forward_shapes"), ("ps0", "not_answered"), ("ps2", "train_digits")}
WHOLE |= {("ps4", "correction")}
EXERCISES = [(name, each) for name in NAMES for each in exercises(load("solutions", name))]


@pytest.mark.parametrize("name,exercise", [pair for pair in EXERCISES if pair not in WHOLE])
def test_answers_kept_by_the_shapes_of_arguments_lose_points(name, exercise):
    source = load("solutions", name)
    answer = cell_of(source, exercise).source + KEPT.format(name=exercise)
    assert ast.parse(answer)
    notebook, test = with_answers(source, {exercise: answer}), f"{exercise}_test"
    assert run(notebook, only=exercise, known=Known(name)).points[test] < points(source)[test]
