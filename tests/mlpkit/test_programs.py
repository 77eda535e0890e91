"""Drawn programs are as varied as they promise, and lists of answers are compared one by one."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.exercises import by_tape, check_arrays, programs


def shapes_of(program, theta, data):
    """Give the shape of each name; run every line, in the order in which they stand."""
    values = {**theta, **data}
    for name, operation, inputs in program:
        assert name not in values
        assert all(type(word) is str for word in (name, operation, *inputs))
        a, b = values[inputs[0]], values[inputs[-1]]
        made = {"+": lambda a, b: a + b, "@": lambda a, b: a @ b, "transpose": lambda a, _: a.T}
        made |= {"relu": lambda a, _: np.maximum(a, 0), "cross_entropy": lambda *_: np.array(0.5)}
        values[name] = made[operation](a, b)
    return {name: np.shape(value) for name, value in values.items()}


@given(st.integers(0, 2**32 - 1))
def test_a_drawn_program_runs_to_one_number_and_has_a_gradient(seed):
    program, theta, data = programs.drawn_program(np.random.default_rng(seed))
    shapes = shapes_of(program, theta, data)
    assert shapes[program[-1][0]] == ()
    assert {len(shapes[name]) for name in theta} <= {1, 2}
    rho, gradient = by_tape.right_step(program, theta, data)
    assert np.isfinite(rho)
    assert {name: np.shape(value) for name, value in gradient.items()} == {
        name: value.shape for name, value in theta.items()
    }
    assert max(abs(value).max() for value in gradient.values()) > 1e-3


def test_twenty_drawn_programs_have_each_kind_of_line_whatever_the_seed():
    for seed in range(20):
        rng, kinds = np.random.default_rng(seed), Counter()
        for _ in range(20):
            program, theta, data = programs.drawn_program(rng)
            shapes = shapes_of(program, theta, data)
            for _, operation, inputs in program:
                kinds[operation, *(len(shapes[name]) for name in inputs)] += 1
                kinds["twice"] += len(set(inputs)) < len(inputs)
            used = {name for _, _, inputs in program for name in inputs}
            kinds["dead"] += not {name for name, _, _ in program[:-1]} <= used
        wanted = [("transpose", 2), ("@", 2, 2), ("+", 2, 2), ("+", 2, 1), ("+", 0, 0)]
        wanted += [("relu", 2), ("relu", 0), ("cross_entropy", 2, 1), "twice", "dead"]
        assert all(kinds[kind] for kind in wanted), seed


def test_names_of_a_drawn_program_differ_by_case_alone_and_rho_is_not_the_last():
    for seed in range(20):
        program, theta, _ = programs.drawn_program(np.random.default_rng(seed))
        names = [*theta, *(name for name, _, _ in program)]
        assert len(set(names)) == len(names), seed
        assert len({name.lower() for name in names}) < len(names), seed
        assert "rho" in names[:-1], seed


@pytest.mark.parametrize(
    "got,message",
    [
        (None, "f: expected a pair, got None; does the function return"),
        ({}, "f: expected a pair, got dict"),
        ([[1.0, 2.0]], "f: expected a pair, got 1 things"),
        ([[1.0, 2.0], [3.0]], r"b: expected shape \(2,\), got shape \(1,\)"),
        (([1.0, 2.0], [3.0, 5.0]), r"b: entry \[1\] is 5, which is wrong"),
    ],
)
def test_check_arrays_says_which_array_is_wrong(got, message):
    right = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    check_arrays("f", ["a", "b"], [each.tolist() for each in right], right)
    with pytest.raises(AssertionError, match=f"^{message}"):
        check_arrays("f", ["a", "b"], got, right)
