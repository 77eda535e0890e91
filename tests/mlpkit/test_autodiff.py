"""The tape: every operation against finite differences and PyTorch, and MLP's own gradients."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, mutually_broadcastable_shapes

from mlpkit import autodiff
from mlpkit.autodiff import Variable, gradients, trace
from mlpkit.autodiff_static import Symbol, compile_graph, where
from mlpkit.gradcheck import numerical_gradient, relative_error
from mlpkit.losses import one_hot
from mlpkit.network import MLP
from mlpkit.operations import BINARY, SHARES, UNARY

quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
seeds = st.integers(0, 2**32 - 1)
pairs = mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3)

BINARY_FORMS = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "truediv": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
}
UNARY_FORMS = {name: (lambda a, name=name: getattr(a, name)()) for name in UNARY}


def positive(rng, shape):
    """Numbers in [0.5, 2]: in the domain of log, power and division, away from ReLU's kink."""
    return rng.uniform(0.5, 2, shape)


def assert_differentiates(form, *arrays):
    """The gradient of a weighted sum of form(…) in each argument is the numerical one."""
    rng = np.random.default_rng(0)
    variables = [Variable(array) for array in arrays]
    out = form(*variables)
    weights = rng.standard_normal(out.shape)
    found = gradients((out * weights).sum(), variables)
    for position, array in enumerate(arrays):

        def value(x, position=position):
            given = [*arrays[:position], x, *arrays[position + 1 :]]
            return float((form(*map(Variable, given)).value * weights).sum())

        expected = numerical_gradient(value, array)
        assert found[position].shape == array.shape
        np.testing.assert_allclose(found[position], expected, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", BINARY_FORMS)
@given(shapes=pairs, seed=seeds)
@quick
def test_binary_operations_differentiate_for_any_broadcasting_shapes(name, shapes, seed):
    rng = np.random.default_rng(seed)
    a, b = (positive(rng, shape) for shape in shapes.input_shapes)
    assert_differentiates(BINARY_FORMS[name], a, b)


@pytest.mark.parametrize("name", UNARY_FORMS)
@given(shape=array_shapes(min_dims=0, max_dims=3, max_side=3), seed=seeds)
@quick
def test_unary_operations_differentiate_for_any_shape(name, shape, seed):
    rng = np.random.default_rng(seed)
    sign = 1 if name == "log" else rng.choice([-1, 1], shape)
    assert_differentiates(UNARY_FORMS[name], sign * positive(rng, shape))


@given(
    shapes=mutually_broadcastable_shapes(
        signature="(n?,k),(k,m?)->(n?,m?)", max_dims=2, max_side=3
    ),
    seed=seeds,
)
@settings(quick, max_examples=60)
def test_matrix_products_differentiate_for_vectors_matrices_and_batches(shapes, seed):
    rng = np.random.default_rng(seed)
    assert_differentiates(
        lambda A, B: A @ B, *(rng.standard_normal(shape) for shape in shapes.input_shapes)
    )


@pytest.mark.parametrize("name", SHARES)
@given(shape=array_shapes(max_dims=3, max_side=3), seed=seeds, data=st.data())
@quick
def test_reductions_differentiate_over_any_axes(name, shape, seed, data):
    axes = st.integers(-len(shape), len(shape) - 1)
    every = st.sets(st.integers(0, len(shape) - 1), min_size=1).map(lambda s: tuple(sorted(s)))
    axis = data.draw(st.none() | axes | every)
    keepdims = data.draw(st.booleans())
    # A permutation of 0, 1, 2, …: no two entries within a finite difference of each other.
    a = np.random.default_rng(seed).permutation(np.prod(shape)).reshape(shape).astype(float)
    assert_differentiates(lambda x: getattr(x, name)(axis=axis, keepdims=keepdims), a)


@given(shape=array_shapes(max_dims=3, max_side=3), seed=seeds, data=st.data())
@quick
def test_reshape_transpose_and_indexing_differentiate(shape, seed, data):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal(shape)
    axes = data.draw(st.permutations(range(len(shape))))
    rows = rng.integers(0, shape[0], 4)  # with repeats
    assert_differentiates(lambda x: x.reshape(-1), a)
    assert_differentiates(lambda x: x.reshape(1, *shape), a)
    assert_differentiates(lambda x: x.transpose(*axes), a)
    assert_differentiates(lambda x: x.T, a)
    assert_differentiates(lambda x: x[rows], a)
    assert_differentiates(lambda x: x[..., 0], a)
    assert_differentiates(lambda x: x[::-1], a)


def test_every_operation_is_covered_above():
    assert set(BINARY) - {"matmul", "gt"} == set(BINARY_FORMS)
    assert set(UNARY) == {"exp", "log", "relu", "tanh", "sigmoid", "identity"}


def test_numbers_and_arrays_on_the_left_work_as_on_the_right():
    x = Variable([1.0, 2.0, 4.0])
    plain = np.array([3.0, 5.0, 7.0])
    for form in BINARY_FORMS.values():
        for left in (plain, 2.0):
            np.testing.assert_array_equal(form(left, x).value, form(left, x.value))
    np.testing.assert_array_equal((plain @ x).value, plain @ x.value)
    np.testing.assert_array_equal((-x).value, -x.value)


def test_float32_stays_float32():
    x = Variable(np.ones((2, 3), np.float32))
    out = ((2 * x - 1) / 3 + x**2).relu().mean()
    assert out.value.dtype == np.float32
    assert gradients(out, [x])[0].dtype == np.float32


def test_a_power_at_zero_has_the_derivative_of_its_polynomial():
    x = Variable([0.0, 0.0, 0.0])
    np.testing.assert_array_equal(gradients((x ** np.array([0, 1, 2.0])).sum(), [x])[0], [0, 1, 0])


def test_equal_maxima_share_the_gradient():
    x = Variable([[1.0, 3.0, 3.0]])
    np.testing.assert_array_equal(gradients(x.max(), [x])[0], [[0, 0.5, 0.5]])


# ------------------------------------------------------------------ against PyTorch


def random_expression(rng, a, b, W):
    """The same random expression for Variables and for tensors: shapes (n, 3), (3,), (3, 3)."""
    steps = [
        lambda x: x + b,
        lambda x: x * b - x,
        lambda x: x @ W,
        lambda x: x / (b * b + 1),
        lambda x: x.tanh(),
        lambda x: x.sigmoid() * x,
        lambda x: x.relu() - a,
        lambda x: x.tanh().exp(),
        lambda x: (x * x + 1).log(),
        lambda x: (x * x + 1) ** 0.5,
        lambda x: x - x.mean(1, True),
        lambda x: x / (x * x + 1).sum(0, True),
        lambda x: x.reshape(3, -1).T + x,
        lambda x: x[[2, 0, 0]] + x[:, 1:2],
    ]
    x = a
    for choice in rng.integers(0, len(steps), 7):
        x = steps[choice](x)
    return (x * x * 0.5 + x).mean()


@pytest.mark.frameworks
@given(seed=seeds)
@settings(max_examples=60, deadline=None)
def test_random_expressions_have_the_gradients_of_pytorch(seed):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal(shape) for shape in ((3, 3), (3,), (3, 3))]
    ours = [Variable(array) for array in arrays]
    theirs = [torch.tensor(array, requires_grad=True) for array in arrays]
    out = random_expression(np.random.default_rng(seed), *ours)
    expected = random_expression(np.random.default_rng(seed), *theirs)
    np.testing.assert_allclose(out.value, expected.item(), rtol=1e-10)
    wanted = torch.autograd.grad(expected, theirs, allow_unused=True)
    for found, tensor, array in zip(gradients(out, ours), wanted, arrays, strict=True):
        tensor = np.zeros_like(array) if tensor is None else tensor.numpy()
        np.testing.assert_allclose(found, tensor, rtol=1e-9, atol=1e-9 * max(1, abs(tensor).max()))


# ------------------------------------------------------------------ (8) and (12) for nothing


def cross_entropy(parameters, X, E, activation):
    """The loss of (9), written once; of Variables it gives a Variable, of Symbols a Symbol."""
    *hidden, (C, b) = parameters
    H = X
    for W, shift in hidden:
        H = getattr(H @ W.T + shift, activation)()
    U = H @ C.T + b
    shifted = U - U.max(axis=1, keepdims=True)
    return (shifted.exp().sum(axis=1).log() - (shifted * E).sum(axis=1)).mean()


@given(
    sizes=st.tuples(*[st.integers(1, 6)] * 4),
    L=st.integers(1, 4),
    activation=st.sampled_from(["relu", "tanh", "sigmoid"]),
    seed=seeds,
)
@settings(max_examples=40, deadline=None)
def test_the_tape_finds_the_gradients_of_backpropagation(sizes, L, activation, seed):
    N, d, d_H, K = sizes
    rng = np.random.default_rng(seed)
    network = MLP(d, d_H, K, L, activation=activation, seed=rng)
    X, y = rng.standard_normal((N, d)), rng.integers(0, K, N)
    W, b = [Variable(w) for w in network.W], [Variable(v) for v in network.b]
    pairs_ = list(zip(W, b, strict=True))
    loss = cross_entropy(pairs_, X, one_hot(y, K), activation)
    rho, expected = network.gradients(X, y)
    found = gradients(loss, W + b)
    assert abs(loss.value - rho) < 1e-12
    for mine, theirs in zip(found, expected.W + expected.b, strict=True):
        assert np.abs(mine - theirs).max() < 1e-12

    symbols = [(Symbol(f"W{i}"), Symbol(f"b{i}")) for i in range(L + 1)]
    inputs = [s for pair in symbols for s in pair]
    run = compile_graph(cross_entropy(symbols, X, one_hot(y, K), activation), inputs, inputs)
    value, static = run(*(v.value for pair in pairs_ for v in pair))
    assert value == loss.value
    for position in range(L + 1):
        np.testing.assert_array_equal(static[2 * position], found[position])
        np.testing.assert_array_equal(static[2 * position + 1], found[L + 1 + position])


# ------------------------------------------------------------------ safe to use twice


def test_walking_a_graph_twice_gives_the_same_and_accumulates_nothing():
    x = Variable(np.arange(1.0, 4.0))
    square = x * x
    out = square.sum()
    first, second = gradients(out, [x])[0], gradients(out, [x])[0]
    np.testing.assert_array_equal(first, second)
    first += 100  # a returned gradient is the caller's own
    np.testing.assert_array_equal(gradients(out, [x])[0], second)
    np.testing.assert_array_equal(gradients((square * 3).sum(), [x])[0], 3 * second)


def test_two_gradients_of_one_call_are_separate_arrays():
    a, b = Variable([1.0, 2.0]), Variable([3.0, 4.0])
    da, db = gradients((a + b).sum(), [a, b])
    da += 1
    np.testing.assert_array_equal(db, [1, 1])


def test_changing_data_later_does_not_reach_a_graph_already_made():
    data, rows = np.array([1.0, 2.0, 3.0]), np.array([0, 1])
    x = Variable(data)
    out = (x[rows] * x[rows]).sum()
    data[:], rows[:] = 100, 2
    np.testing.assert_array_equal(gradients(out, [x])[0], [2, 4, 0])
    for variable in trace(out):
        with pytest.raises(ValueError, match="read-only"):
            variable.value[...] = 0


def test_one_variable_used_many_times_gets_the_sum_of_its_parts():
    x = Variable(3.0)
    assert gradients(x * x * x + x / x + x - x, [x])[0] == 27


def test_gradients_in_inner_nodes_and_unused_inputs():
    x, unused = Variable([1.0, 2.0]), Variable(np.ones((2, 2)))
    inner = x * 2
    found = gradients((inner * inner).sum(), [inner, x, unused])
    np.testing.assert_array_equal(found[0], [4, 8])
    np.testing.assert_array_equal(found[1], [8, 16])
    np.testing.assert_array_equal(found[2], np.zeros((2, 2)))


def test_every_value_of_the_scalar_chain_has_the_gradient_found_by_hand():
    x, w, c, y = (Variable(number) for number in (2.0, 0.5, 3.0, 1.0))
    Z = w * x
    H = Z.relu()
    U = c * H
    r = U - y
    rho = r * r
    found = gradients(rho, [w, x, Z, H, c, U, y, r, rho])
    assert [float(g) for g in found] == [24, 6, 12, 12, 4, 4, -4, 4, 1]


@given(uses=st.lists(st.tuples(*[st.integers(0, 2**31)] * 2), max_size=30))
def test_a_trace_has_what_the_output_is_made_of_once_and_after_its_parents(uses):
    values = [Variable(1.0)]
    for pair in uses:
        a, b = (values[number % len(values)] for number in pair)
        values.append(a + b)
    nodes = trace(values[-1])
    needed, waiting = set(), [values[-1]]
    while waiting:
        node = waiting.pop()
        needed.add(node)
        waiting += [parent for parent in node.parents if parent not in needed]
    assert set(nodes) == needed
    assert len(nodes) == len(needed)
    assert nodes[-1] is values[-1]
    place = {node: number for number, node in enumerate(nodes)}
    assert all(place[parent] < place[node] for node in nodes for parent in node.parents)


def test_forty_sums_are_forty_one_values_whatever_the_number_of_paths():
    x = Variable(1.0)
    out = x
    for _ in range(40):
        out = out + out
    assert len(trace(out)) == 41
    assert gradients(out, [x])[0] == 2**40


def test_a_graph_of_twenty_thousand_operations_needs_no_recursion():
    x = Variable(1.0)
    out = x
    for _ in range(20_000):
        out = out + 0.001
    assert gradients(out, [x])[0] == 1


def test_a_loop_whose_length_depends_on_the_data_is_differentiated():
    def doubled_until_large(x):
        while not x > 100:
            x = x * 2
        return x

    for start, slope in ((3.0, 64), (101.0, 1), (60.0, 2)):
        x = Variable(start)
        assert gradients(doubled_until_large(x), [x])[0] == slope


# ------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("form", "shapes"),
    [
        (lambda a, b: a + b, [(2, 3), (4,)]),
        (lambda a, b: a - b, [(2, 3), (3, 2)]),
        (lambda a, b: a * b, [(2,), (3,)]),
        (lambda a, b: a / b, [(5, 1, 2), (3,)]),
        (lambda a, b: a**b, [(2,), (3,)]),
        (lambda a, b: a @ b, [(2, 3), (2, 3)]),
        (lambda a, b: a @ b, [(), (3,)]),
        (lambda a, b: a.reshape(4, 2), [(2, 3), ()]),
    ],
)
def test_shapes_that_do_not_fit_are_both_named(form, shapes):
    arrays = [np.ones(shape) for shape in shapes]
    with pytest.raises(ValueError) as dynamic:
        form(*map(Variable, arrays))
    named = [shapes[0], (4, 2) if shapes[1] == () and shapes[0] else shapes[1]]
    symbols = [Symbol("a"), Symbol("b")]
    with pytest.raises(ValueError) as static:
        compile_graph(form(*symbols).sum() + 0 * symbols[1], symbols)(*arrays)
    for raised in (dynamic, static):
        assert all(str(shape) in str(raised.value) for shape in named), raised.value


def test_an_axis_that_is_not_there_names_the_shape():
    with pytest.raises(ValueError, match=r"sum over 2 does not fit \(2, 3\)"):
        Variable(np.ones((2, 3))).sum(axis=2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: gradients(x, [x]), r"output must have shape \(\), got \(2,\)"),
        (lambda x: gradients(x.sum(), [x.value]), "must be Variables, got ndarray"),
        (lambda x: gradients(3.0, [x]), "must be Variables, got float"),
        (lambda x: Variable(["a"]), "value must hold real numbers"),
        (lambda x: Variable([[1], [1, 2]]), "ragged"),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call(Variable([1.0, 2.0]))


# ------------------------------------------------------------------ define-and-run


def test_a_compiled_graph_runs_many_times_with_other_values_and_shapes():
    x = Symbol("x")
    run = compile_graph((x * x).mean(), [x], [x])
    rng = np.random.default_rng(0)
    for shape in ((3,), (2, 5), (4, 1, 2)):
        array = rng.standard_normal(shape)
        value, (gradient,) = run(array)
        assert relative_error(value, np.mean(array**2)) < 1e-12
        assert relative_error(gradient, 2 * array / array.size) < 1e-12


def test_constant_parts_are_computed_once_when_the_graph_is_compiled():
    x = Symbol("x")
    W = Symbol("W")
    fixed = compile_graph(W.exp().sum(), [W])(np.ones(3))
    out = compile_graph(x * (Symbol(constant=np.ones(3)).exp().sum() + 1), [x])
    assert len(out.steps) == 1
    assert float(out(2.0)) == pytest.approx(2 * (fixed + 1))


def test_a_symbol_refuses_to_be_a_condition():
    x = Symbol("x")
    with pytest.raises(TypeError, match="where"):
        _ = 1 if x > 0 else 2
    with pytest.raises(TypeError, match="where"):
        while x.sum() > 0:
            x = x - 1


def test_where_chooses_when_the_graph_runs_and_differentiates_the_branch_chosen():
    x = Symbol("x")
    run = compile_graph(where(x > 0, x * x, -x).sum(), [x], [x])
    value, (gradient,) = run(np.array([2.0, -3.0]))
    assert value == 7
    np.testing.assert_array_equal(gradient, [4, -1])


def test_a_graph_says_which_placeholder_or_array_is_missing():
    x, bias = Symbol("x"), Symbol("bias")
    with pytest.raises(ValueError, match="bias is missing"):
        compile_graph(x + bias, [x])
    with pytest.raises(ValueError, match="arrays must be 2 for the graph, got 1"):
        compile_graph(x + bias, [x, bias])(1.0)
    with pytest.raises(ValueError, match=r"output must have shape \(\), got \(2,\)"):
        compile_graph(x + bias, [x, bias], [x])(1.0, np.ones(2))


# ------------------------------------------------------------------ size


def test_the_tape_is_read_in_one_sitting():
    assert len(Path(autodiff.__file__).read_text().splitlines()) < 150
