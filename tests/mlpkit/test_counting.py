"""The counter against the formulas, PyTorch's counter, a count by hand, and plain NumPy."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpkit import costs
from mlpkit.activations import ACTIVATIONS
from mlpkit.arithmetic import FREE, UncountedError
from mlpkit.counted_array import CountedArray
from mlpkit.counting import Counter, watch
from mlpkit.losses import LOSSES
from mlpkit.network import MLP
from mlpkit.training import sgd

# N, L, d, d_H, K
sizes = st.tuples(
    st.integers(1, 6), st.integers(1, 8), st.integers(1, 6), st.integers(1, 5), st.integers(1, 5)
)
activations, losses = st.sampled_from(sorted(ACTIVATIONS)), st.sampled_from(sorted(LOSSES))
dtypes = st.sampled_from(["float16", "float32", "float64"])


def make(size, activation="relu", loss="cross_entropy", dtype="float64"):
    N, L, d, d_H, K = size
    network = MLP(d, d_H, K, L, activation=activation, loss=loss, dtype=dtype, scale="lecun")
    rng = np.random.default_rng(7)
    network.theta[:] += 0.1 * rng.standard_normal(network.theta.shape).astype(dtype)
    y = rng.integers(0, K, N) if loss == "cross_entropy" else rng.standard_normal((N, K))
    return network, rng.standard_normal((N, d)), y


def without_zeros(table):
    table = {
        phase: {kind: int(number) for kind, number in kinds.items() if number}
        for phase, kinds in table.items()
    }
    return {phase: kinds for phase, kinds in table.items() if kinds}


@settings(deadline=None, max_examples=50)
@given(size=sizes, activation=activations, loss=losses, dtype=dtypes)
def test_one_step_of_sgd_counts_what_the_formulas_say_in_each_phase_and_kind(
    size, activation, loss, dtype
):
    network, X, y = make(size, activation, loss, dtype)
    counter, watched = watch(network)
    sgd(watched, X, y, learning_rate=0.1, batch_size=len(X), progress=False)
    assert counter.by_phase() == without_zeros(
        costs.arithmetic_counted(*size, activation=activation, loss=loss)
    )


@settings(deadline=None, max_examples=50)
@given(size=sizes, activation=activations, loss=losses)
def test_gradients_take_the_counted_operations_and_multiply_adds(size, activation, loss):
    network, X, y = make(size, activation, loss)
    counter, watched = watch(network)
    watched.gradients(X, y)
    assert counter.total("multiply_adds") == costs.multiply_adds_counted(*size)
    multiplications = sum(
        counter.total("multiplications", phase) for phase in ("forward", "loss", "backward")
    )
    assert counter.total("multiply_adds") + multiplications == costs.operations_counted(*size)


@settings(deadline=None, max_examples=25)
@given(size=sizes, activation=activations, loss=losses, dtype=dtypes)
def test_counted_results_are_those_of_plain_code_to_the_last_bit(size, activation, loss, dtype):
    network, X, y = make(size, activation, loss, dtype)
    _, watched = watch(network)
    plain, plain_history = sgd(network, X, y, learning_rate=0.01, epochs=2, progress=False)
    counted, history = sgd(watched, X, y, learning_rate=0.01, epochs=2, progress=False)
    assert isinstance(counted.theta, CountedArray)
    np.testing.assert_array_equal(np.asarray(counted.theta), plain.theta)
    assert counted.theta.dtype == plain.theta.dtype
    assert history == plain_history
    # What the network was is left alone.
    assert type(network.theta) is np.ndarray


def test_forward_alone_counts_no_backward():
    network, X, _ = make((4, 3, 7, 5, 2))
    counter, watched = watch(network)
    watched.forward(X)
    assert set(counter.by_phase()) == {"forward", "activation"}
    assert counter.total("multiply_adds") == 4 * (7 * 5 + 2 * 25 + 5 * 2)


def test_a_network_small_enough_to_count_by_hand():
    # N = d = L = 1, d_H = 2, K = 1, identity, squared error. Forward: Z = W x (2) + b (2 +),
    # U = C H (2) + b (1 +). Loss: U − y (1 +), its square and 2/N times it (2 ·).
    # Backward: ∂C (2), δ = C ∂U (2), δ ⊙ σ′ (2 ·), ∂W (2). θ has 7 numbers.
    network, X, y = make((1, 1, 1, 2, 1), "identity", "squared_error")
    counter, watched = watch(network)
    sgd(watched, X, y, learning_rate=0.1, progress=False)
    assert counter.by_phase() == {
        "forward": {"multiply_adds": 4, "additions": 3},
        "loss": {"additions": 1, "multiplications": 2},
        "backward": {"multiply_adds": 6, "multiplications": 2},
        "update": {"multiplications": 7, "additions": 7},
    }


@pytest.mark.frameworks
@pytest.mark.parametrize("size", [(4, 3, 784, 100, 10), (2, 1, 3, 5, 4), (3, 2, 6, 3, 2)])
def test_pytorch_counts_twice_the_multiply_adds(size):
    torch = pytest.importorskip("torch")
    from torch.utils.flop_counter import FlopCounterMode

    N, L, d, d_H, K = size
    widths = [d] + [d_H] * L
    layers = [torch.nn.Linear(*pair) for pair in zip(widths, [*widths[1:], K], strict=True)]
    network = torch.nn.Sequential(*[part for layer in layers for part in (layer, torch.nn.ReLU())])
    with FlopCounterMode(display=False) as flops:
        scores = network[:-1](torch.ones(N, d))
        torch.nn.functional.cross_entropy(scores, torch.zeros(N, dtype=int)).backward()
    assert flops.get_total_flops() == 2 * costs.multiply_adds_counted(*size)
    assert sum(p.numel() for p in network.parameters()) == costs.parameters_counted(*size[1:])


def array(*shape, dtype="float64"):
    rng = np.random.default_rng(3)
    return rng.uniform(1, 5, shape).astype(dtype)


OPERATIONS = {
    "matmul operator": (lambda a, b: a @ b, {"multiply_adds": 2 * 3 * 4}),
    "matmul in place": (lambda a, b: a.__imatmul__(array(3, 3)), {"multiply_adds": 18}),
    "matmul out": (
        lambda a, b: np.matmul(a, b, out=np.empty((2, 4), a.dtype)),
        {"multiply_adds": 24},
    ),
    "matmul by axes": (
        lambda a, b: np.matmul(a.T, b, axes=[(1, 0), (0, 1), (0, 1)]),
        {"multiply_adds": 24},
    ),
    "matmul of vectors": (lambda a, b: a[0] @ b[:, 0], {"multiply_adds": 3}),
    "matmul of stacks": (lambda a, b: np.stack([a, a]) @ b, {"multiply_adds": 48}),
    "dot": (lambda a, b: np.dot(a, b), {"multiply_adds": 24}),
    "dot method": (lambda a, b: a.dot(b), {"multiply_adds": 24}),
    "dot by number": (lambda a, b: a.dot(2), {"multiplications": 6}),
    "inner": (lambda a, b: np.inner(a, b.T), {"multiply_adds": 24}),
    "vdot": (lambda a, b: np.vdot(a, a), {"multiply_adds": 6}),
    "tensordot": (lambda a, b: np.tensordot(a, b, ([1], [0])), {"multiply_adds": 24}),
    "einsum product": (lambda a, b: np.einsum("ij,jk->ik", a, b), {"multiply_adds": 24}),
    "einsum outer": (lambda a, b: np.einsum("i,j->ij", a[0], b[0]), {"multiplications": 12}),
    "einsum sum": (lambda a, b: np.einsum("ij->j", a), {"reductions": 3}),
    "tensordot outer": (lambda a, b: np.tensordot(a, b, 0), {"multiplications": 72}),
    "outer": (lambda a, b: np.outer(a[0], b[0]), {"multiplications": 12}),
    "outer of a ufunc": (lambda a, b: np.add.outer(a[0], b[0]), {"additions": 12}),
    "broadcast": (lambda a, b: a + b[:, 0], {"additions": 6}),
    "reflected": (lambda a, b: 1 - a, {"additions": 6}),
    "in place": (lambda a, b: a.__imul__(2), {"multiplications": 6}),
    "out": (lambda a, b: np.exp(a, out=np.empty_like(a)), {"transcendentals": 6}),
    "division": (lambda a, b: a / 3, {"multiplications": 6}),
    "comparison": (lambda a, b: np.maximum(a, 2) > 2, {"comparisons": 12}),
    "where": (lambda a, b: np.where(a > 2, a, 0), {"comparisons": 6}),
    "sum": (lambda a, b: a.sum(), {"reductions": 5}),
    "sum of an axis": (lambda a, b: np.sum(a, axis=0), {"reductions": 3}),
    "reduce with out": (lambda a, b: np.add.reduce(a, axis=1, out=np.empty(2)), {"reductions": 4}),
    "reduce with initial": (lambda a, b: np.sum(a, initial=1.0), {"reductions": 6}),
    "accumulate": (lambda a, b: np.add.accumulate(a, axis=1), {"reductions": 4}),
    "max": (lambda a, b: a.max(axis=1, keepdims=True), {"reductions": 4}),
    "mean": (lambda a, b: a.mean(), {"reductions": 5, "multiplications": 1}),
    "argmax": (lambda a, b: a.argmax(axis=1), {"reductions": 4}),
    "scalars": (
        lambda a, b: a.sum() * a[0, 0] + 1,
        dict(reductions=5, multiplications=1, additions=1),
    ),
    "loop": (lambda a, b: sum(x * x for x in a[0]), {"multiplications": 3, "additions": 3}),
    "fancy in place": (lambda a, b: a[[0, 1], [1, 1]] - 1, {"additions": 2}),
    "moved only": (lambda a, b: np.concatenate([a.T.reshape(2, 3), a[::-1]]).copy(), {}),
    "copied only": (lambda a, b: copy.deepcopy(a.ravel())[::2], {}),
    "same dtype": (lambda a, b: a.astype(a.dtype, copy=False), {}),
    "converted only": (lambda a, b: a.astype("float32"), {}),
    "variance": (
        lambda a, b: a.var(axis=0),
        {"reductions": 6, "multiplications": 12, "additions": 6},
    ),
}
if hasattr(np, "vecdot"):  # NumPy 2
    OPERATIONS["vecdot"] = (lambda a, b: np.vecdot(a, a, axis=0), {"multiply_adds": 6})


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_way_to_write_an_operation_is_counted_and_changes_nothing(name):
    operation, expected = OPERATIONS[name]
    counter = Counter()
    counted = operation(counter.array(array(2, 3)), counter.array(array(3, 4)))
    plain = operation(array(2, 3), array(3, 4))
    assert counter.by_phase() == ({"elsewhere": expected} if expected else {})
    assert isinstance(counted, CountedArray) or "out" in name
    assert counted.dtype == plain.dtype and counted.shape == plain.shape
    assert np.asarray(counted).tobytes() == plain.tobytes()


@pytest.mark.parametrize("dtype", ["bool", "int32", "uint8", "float16", "longdouble", "complex64"])
def test_every_dtype_is_counted(dtype):
    counter = Counter()
    a = counter.array(np.ones((2, 3), dtype))
    assert (a @ a.T).dtype == np.ones(1, dtype).dtype
    assert (a * a).dtype == np.ones(1, dtype).dtype
    assert counter.by_phase() == {"elsewhere": {"multiply_adds": 12, "multiplications": 6}}


def test_one_counted_side_is_enough():
    counter = Counter()
    a = array(2, 3)
    assert isinstance(a @ counter.array(array(3, 4)), CountedArray)
    a += counter.array(array(2, 3)) * 2
    assert counter.by_phase() == {
        "elsewhere": {"multiply_adds": 24, "multiplications": 6, "additions": 6}
    }


def test_a_scalar_changed_in_place_is_a_new_one_as_in_numpy():
    s = Counter().array(array(3)).sum()
    same = s
    s += 1
    assert float(same) == float(array(3).sum()) and float(s) == float(array(3).sum() + 1)


def test_numbers_handed_out_to_python_are_reported():
    counter = Counter()
    a = counter.array(array(3))
    assert float(a[0]) + a[1].item() == array(3)[0] + array(3)[1]
    assert a.tolist() == array(3).tolist()
    assert counter.handed_out == 5 and not counter.counts


REFUSED = {
    "linalg": lambda a: np.linalg.inv(a),
    "norm": lambda a: np.linalg.norm(a),
    "sort": lambda a: a.sort(),
    "np.sort": lambda a: np.sort(a),
    "cumsum": lambda a: a.cumsum(),
    "trace": lambda a: a.trace(),
    "round": lambda a: a.round(),
    "clip": lambda a: np.clip(a, 0, 1),
    "convolve": lambda a: np.convolve(a[0], a[1]),
    "fft": lambda a: np.fft.fft(a),
    "divmod": lambda a: divmod(a, 2),
    "at": lambda a: np.add.at(a, [0, 0], 1),
    "reduceat": lambda a: np.add.reduceat(a, [0]),
    "where option": lambda a: np.exp(a, where=a > 1, out=a.copy()),
    "sum where": lambda a: np.sum(a, where=a > 1),
    "einsum of three": lambda a: np.einsum("ij,jk,kl->il", a, a, a),
    "einsum ellipsis": lambda a: np.einsum("...i->...", a),
    "contains": lambda a: 1.0 in a,
    "flat": lambda a: list(a.flat),
    "own ufunc": lambda a: np.frompyfunc(lambda x: x * x, 1, 1)(a),
    "dot of a plain array": lambda a: np.ones((3, 3)).dot(a),
    "dot of a plain vector": lambda a: np.ones(3).dot(a[0]),
    "masked array": lambda a: np.ma.mean(a),
    "matrix": lambda a: a.view(np.matrix),
    "view as plain": lambda a: a.view(np.ndarray),
    "vectorized": lambda a: np.vectorize(lambda x: x * x)(a),
    "list of arrays beside an array": lambda a: np.interp(a, [a[0], a[1]], [a[1], a[2]]),
    "two counters": lambda a: a + Counter().array(array(3, 3)),
    "no counter": lambda a: np.ones(3).view(CountedArray) + 1,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_counted_raises(name):
    with pytest.raises(UncountedError):
        REFUSED[name](Counter().array(array(3, 3)))


# Functions that give out plain arrays, as NumPy lets nobody watch them, or tell about an array.
CONVERSIONS = """array asarray asanyarray asarray_chkfinite ascontiguousarray asfortranarray require
bmat row_stack from_dlpack frombuffer fromstring isfortran isscalar iterable mintypecode
printoptions"""


def public_functions():
    """Every function of numpy, numpy.linalg and numpy.fft."""
    other = {"test", "save", "savetxt", "savez", "savez_compressed"}
    for module in (np, np.linalg, np.fft):
        for name in sorted(set(dir(module)) - other):
            function = getattr(module, name)
            if name[0] != "_" and callable(function) and not isinstance(function, type):
                yield pytest.param(function, id=f"{module.__name__}.{name}")


def argument_lists(a):
    """What a function of one to three arrays, of axes or of an index may be called with."""
    v, i = a[0], a[0].astype(int)
    yield from ((a,), (v,), (i,), (a, a), (v, v), (i, i), (a, a, a), (v, v, v), (v, 2, 3))
    yield from ((a, 0), (a, 1.5), (a, (0, 1)), (a, 0, 1), (v, [1, 2]))
    yield from ((a > 2, a), (a > 2, a, a), ("ij,jk", a, a), ("ij,kl", a, a))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("function", list(public_functions()))
def test_every_function_of_numpy_is_counted_refused_or_computes_nothing(function):
    for number in range(len(list(argument_lists(Counter().array(array(3, 3)))))):
        counter = Counter()
        arguments = list(argument_lists(counter.array(array(3, 3))))[number]
        counter.counts.clear()
        try:
            result = function(*arguments)
        except Exception:  # refused, or no way to call it
            continue
        if not counter.counts and isinstance(result, np.ndarray | np.generic):
            free = function in FREE or function.__name__ in CONVERSIONS.split()
            assert free or counter.handed_out, [type(argument) for argument in arguments]


# Made of ufuncs, or without arithmetic.
HARMLESS = "all any max mean min prod std sum var fill setflags"


def test_a_method_is_known_or_refused_and_none_slips_through():
    # Methods in C see no hook: each must be our own or on the list.
    methods = {name for name in dir(np.ndarray) if callable(getattr(np.ndarray, name))}
    unknown = methods - set(vars(CountedArray)) - set(HARMLESS.split())
    for name in unknown:
        if not name.startswith("_"):
            with pytest.raises(UncountedError, match=rf"ndarray\.{name} has no price"):
                getattr(Counter().array(array(3, 3)), name)


def test_phases_are_the_innermost_named_function_with_its_line():
    def outside(a):
        a = a + 1
        return inside(a) * 2

    def inside(a):
        return a @ a

    counter = Counter({outside: "first", inside: "second"})
    outside(counter.array(array(3, 3))) - 1
    assert {entry: number for entry, number in counter.counts.items()} == {
        ("first", "a = a + 1", "additions"): 9,
        ("second", "return a @ a", "multiply_adds"): 27,
        ("first", "return inside(a) * 2", "multiplications"): 9,
        ("elsewhere", "", "additions"): 9,
    }


def test_a_phase_that_is_no_python_function_is_refused():
    with pytest.raises(ValueError, match="phases must name Python functions"):
        Counter({np.exp: "forward"})


def test_checks_of_arguments_are_not_charged():
    network, X, y = make((2, 1, 3, 2, 2))
    counter, watched = watch(network)
    watched.check_batch(counter.array(X), y)
    assert not counter.counts


def test_no_copy_is_made_where_plain_code_makes_none():
    a = Counter().array(array(2, 3))
    assert a.astype(a.dtype, copy=False) is a
    assert np.shares_memory(np.asarray(a.T.reshape(6, order="F")), np.asarray(a))
