"""The formulas (13)–(15), printed and counted."""

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpkit import costs
from mlpkit.network import MLP

SYMBOLS = sympy.symbols("N L d d_H K", positive=True, integer=True)
DIFFERENCES = ("operations", "memory")
FORMULAS = [
    *(f"{name}_{form}" for name in DIFFERENCES for form in ("counted", "as_printed", "difference")),
    *(f"parameters_{form}" for form in ("counted", "as_printed")),
]
huge = st.integers(1, 10**30)


def call(name, sizes):
    """Call a formula with (N, L, d, d_H, K); the parameters don't depend on N."""
    return getattr(costs, name)(*(sizes[1:] if name.startswith("parameters") else sizes))


@pytest.mark.parametrize(
    "name, text",
    {
        "operations": "N*((L-1)*(3*d_H**2+d_H)+d_H*(2*d_H+d+3*K+1)+2*K)",
        "parameters": "(L-1)*(d_H**2+d_H)+d_H*(d+K)+K",
        "memory": "(L-1)*(d_H**2+d_H)+d_H*(d+K)+K+2*N*d_H",
    }.items(),
)
def test_printed_formulas_are_the_lectures_to_the_letter(name, text):
    names = dict(zip(("N", "L", "d", "d_H", "K"), SYMBOLS, strict=True))
    difference = call(f"{name}_as_printed", SYMBOLS) - sympy.sympify(text, locals=names)
    assert sympy.expand(difference) == 0


@pytest.mark.parametrize("name", DIFFERENCES)
def test_differences_are_counted_minus_printed_and_simplified(name):
    counted, printed, difference = (
        call(f"{name}_{form}", SYMBOLS) for form in ("counted", "as_printed", "difference")
    )
    assert sympy.expand(counted - printed - difference) == 0
    assert sympy.count_ops(difference) <= sympy.count_ops(sympy.factor(counted - printed))


def test_the_printed_parameters_forget_one_bias_of_each_unit_of_the_first_layer():
    counted, printed = (call(f"parameters_{form}", SYMBOLS) for form in ("counted", "as_printed"))
    assert sympy.expand(counted - printed) == SYMBOLS[3]  # d_H


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=20, deadline=None)
@given(sizes=st.tuples(huge, huge, huge, huge, huge))
def test_huge_integers_are_exact(name, sizes):
    exact = call(name, SYMBOLS).subs(dict(zip(SYMBOLS, sizes, strict=True)))
    value = call(name, sizes)
    assert type(value) is int and value == int(exact)


@given(sizes=st.tuples(huge, huge, huge, huge, huge))
def test_printed_operations_are_right_just_where_d_is_twice_d_H(sizes):
    N, L, d, d_H, K = sizes
    assert (costs.operations_difference(*sizes) == 0) == (d == 2 * d_H)
    assert costs.operations_difference(N, L, 2 * d_H, d_H, K) == 0


@given(st.tuples(*[st.integers(1, 6)] * 4))
def test_counted_parameters_are_the_length_of_theta(sizes):
    L, d, d_H, K = sizes
    assert costs.parameters_counted(L, d, d_H, K) == MLP(d, d_H, K, L).theta.size


def test_numpy_integers_do_not_overflow():
    big = np.int64(2**40)
    expected = costs.memory_as_printed(*[2**40] * 5), costs.operations_counted(*[2**40] * 5)
    assert costs.memory_as_printed(*[big] * 5) == expected[0]
    assert costs.operations_counted(*[big] * 5) == expected[1]


def test_all_multiplications_outside_sigma_are_what_is_called_operations():
    for loss in ("cross_entropy", "squared_error"):
        table = costs.arithmetic_counted(*SYMBOLS, activation="tanh", loss=loss)
        total = sum(
            table[phase].get(kind, 0)
            for phase in ("forward", "loss", "backward")
            for kind in ("multiply_adds", "multiplications")
        )
        assert sympy.expand(total - costs.operations_counted(*SYMBOLS)) == 0


@pytest.mark.parametrize("bad", [0, -1, 2.0, "3", True, None])
@pytest.mark.parametrize("place", range(5))
def test_sizes_that_are_no_counts_are_refused_by_name(bad, place):
    sizes = [1, 1, 1, 1, 1]
    sizes[place] = bad
    name = ("N", "L", "d", "d_H", "K")[place]
    for formula in (costs.operations_as_printed, costs.memory_counted, costs.arithmetic_counted):
        with pytest.raises(ValueError, match=f"^{name} must be an integer >= 1"):
            formula(*sizes)


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="activation must be one of"):
        costs.arithmetic_counted(1, 1, 1, 1, 1, activation="gelu")
    with pytest.raises(ValueError, match="loss must be one of"):
        costs.arithmetic_counted(1, 1, 1, 1, 1, loss="hinge")
