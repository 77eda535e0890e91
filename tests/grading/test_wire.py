"""Plain data crosses unchanged; everything else is refused in words."""

import base64
import contextlib
import io
import json
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mlpkit.grading.room.inside import wire

LIMIT = 1 << 20
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=4)
    ),
    max_leaves=12,
)
NUMBERS = hnp.arrays(
    st.sampled_from(["f8", "f4", "i8", "i4", "u1", "?", "c16", ">f8"]),
    hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)


def there_and_back(value):
    return wire.loads(wire.dumps(value, LIMIT), LIMIT)


@given(PLAIN)
def test_plain_data_comes_back_equal_and_of_the_same_type(value):
    back = there_and_back(value)
    assert back == value
    assert repr(back) == repr(value)


@given(NUMBERS)
def test_arrays_come_back_with_shape_dtype_and_bits(array):
    back = there_and_back(array)
    assert back.shape == array.shape
    assert back.dtype == array.dtype
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


@pytest.mark.parametrize(
    "array", [np.arange(12.0).reshape(3, 4).T, np.arange(10)[::3], np.ones((2, 3))[:, ::-1]]
)
def test_any_layout_of_an_array_crosses(array):
    np.testing.assert_array_equal(there_and_back(array), array)


@pytest.mark.parametrize("value", [np.float64(0.1), np.int32(3), np.True_, np.complex128(1j)])
def test_numpys_scalars_stay_numpys_scalars(value):
    assert there_and_back(value) == value
    assert type(there_and_back(value)) is type(value)


def test_special_floats_cross():
    back = there_and_back([float("nan"), float("inf"), -0.0])
    assert np.isnan(back[0])
    assert str(back[1:]) == "[inf, -0.0]"


def test_somebodys_own_number_becomes_a_plain_one():
    class Liar(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    back = there_and_back(Liar(1.0))
    assert type(back) is float
    assert back != 2.0


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, b"bytes", lambda: 1, np.array([None]), np.array(["a"]), range(3)],
)
def test_what_is_no_plain_data_is_refused(value):
    with pytest.raises(wire.WireError):
        wire.dumps(value, LIMIT)


def npy(array):
    file = io.BytesIO()
    np.save(file, array, allow_pickle=True)
    return base64.b64encode(file.getvalue()).decode()


def forged(header):
    head = header.ljust(53).encode() + b"\n"
    return base64.b64encode(b"\x93NUMPY\x01\x00" + bytes([len(head), 0]) + head).decode()


@pytest.mark.parametrize(
    "tree",
    [
        {"npy": npy(np.array([object], dtype=object))},
        {"npy": npy(np.array([(1, 2.0)], dtype="i4,f8"))},
        {"npy": npy(np.array(["text"]))},
        {"npy": forged("{'descr': '<f8', 'fortran_order': False, 'shape': (10**9,)}")},
        {"npy": forged("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999,)}")},
        {"npy": forged("{'descr': '|V0', 'fortran_order': False, 'shape': (99,)}")},
        {"npy": forged("__import__('os').system('true')")},
        {"npy": forged("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}")},
        {"npy": base64.b64encode(pickle.dumps(1)).decode()},
        {"npy": "not base64!"},
        {"npy": 3},
        {"scalar": npy(np.ones(2))},
        {"import": ["os", "_exit"]},
        {"name": "double"},
        {"unknown": 1},
        {"list": [1], "tuple": [2]},
        {"dict": [[[1], 2]]},
        {"dict": 3},
        {"complex": ["x", 0]},
        {},
    ],
)
def test_a_forged_answer_is_refused(tree):
    with pytest.raises(wire.WireError):
        wire.loads(json.dumps(tree), LIMIT)


def test_a_truth_value_is_true_or_false():
    forged = np.array([0, 1, 2, 255], dtype=np.uint8).view(bool)
    back = wire.loads(json.dumps({"npy": npy(forged)}), LIMIT)
    assert back.view(np.uint8).tolist() == [0, 1, 1, 1]


@pytest.mark.parametrize("text", ["", "{", "nul", "[" * 100_000, "9" * 10_000, None, b"1", "[1,]"])
def test_broken_text_is_refused(text):
    with pytest.raises(wire.WireError):
        wire.loads(text, LIMIT)


def test_too_much_is_refused_before_it_is_read():
    with pytest.raises(wire.WireError, match="larger"):
        wire.loads("1" * 11, 10)
    with pytest.raises(wire.WireError, match="items"):
        wire.loads("[" + "1," * wire.MAX_ITEMS + "1]", 1 << 30)
    with pytest.raises(wire.WireError, match="larger"):
        wire.dumps(np.zeros(10_000), 1000)


@given(st.text() | st.from_regex(r'\{"(npy|scalar|dict|tuple)": .*\}'))
def test_no_text_at_all_raises_anything_else(text):
    with contextlib.suppress(wire.WireError):
        wire.loads(text, LIMIT)


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(-7), Fraction(10**20, 3)])
def test_a_fraction_crosses_as_the_nearest_float(value):
    assert wire.loads(wire.dumps([value], LIMIT), LIMIT) == [float(value)]
