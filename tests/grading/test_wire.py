"""Plain data crosses unchanged; everything else is refused in words."""

import base64
import contextlib
import json
import time
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
def test_any_layout_of_an_array_crosses_and_one_that_is_whole_stays(array):
    back = there_and_back(array)
    np.testing.assert_array_equal(back, array)
    assert back.flags.f_contiguous or not array.flags.f_contiguous


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


def array(dtype, shape, content, order="C"):
    if isinstance(content, bytes):
        content = base64.b64encode(content).decode()
    return {"array": [dtype, shape, order, content]}


@pytest.mark.parametrize(
    "tree",
    [
        array("|O", [1], bytes(8)),
        array("i4,f8", [1], bytes(12)),
        array("<U4", [1], bytes(16)),
        array("|V0", [99], b""),
        array("(2,)<f8", [1], bytes(16)),
        array("<f7", [1], bytes(7)),
        array("__import__('os').system('true')", [1], bytes(8)),
        array(3, [1], bytes(8)),
        array("<f8", [10**9], bytes(8)),
        array("<f8", [10**9, 10**9, 0, 10**400], bytes(8)),
        array("<f8", [1] * 100, bytes(8)),
        array("<f8", [-1], bytes(8)),
        array("<f8", [-1, -1], bytes(8)),
        array("<f8", [True], bytes(8)),
        array("<f8", [1.0], bytes(8)),
        array("<f8", "1", bytes(8)),
        array("<f8", 1, bytes(8)),
        array("<f8", [1], bytes(8), "A"),
        array("<f8", [1], bytes(8), None),
        array("<f8", [1], "not base64!"),
        array("<f8", [1], 3),
        {"array": 3},
        {"array": ["<f8", [1]]},
        {"scalar": array("<f8", [2], bytes(16))["array"]},
        {"scalar": 3},
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


PRIME = 2**61 - 1  # numbers that differ by a multiple of it have one hash
SLOW = {
    "whole numbers of one hash": {"dict": [[each * PRIME, 0] for each in range(30_000)]},
    "tuples of one hash": {"dict": [[{"tuple": [each * PRIME]}, 0] for each in range(15_000)]},
    "complex numbers of one hash": {
        "dict": [[{"complex": [-1000003.0 * each, each]}, 0] for each in range(15_000)]
    },
    "nothing, very often": array("<f8", [10**18, 0], b""),
    "nothing, in many axes": array("<f8", [10**6] * 63 + [0], b""),
    "sizes without end": array("<f8", [10**4000] * 700 + [0], b""),
}


@pytest.mark.parametrize("tree", SLOW.values(), ids=SLOW)
def test_an_answer_that_would_hold_its_reader_up_is_refused_at_once(tree):
    text = json.dumps(tree)
    start = time.process_time()
    with contextlib.suppress(wire.WireError):
        value = wire.loads(text, 32 * 1024**2)
        assert value.size == 0 and max(value.shape) <= wire.MAX_ITEMS
    assert time.process_time() - start < 1


def test_a_large_dict_crosses():
    for keys in (range(100_000), [f"x{each}" for each in range(50_000)], [(1, 2.0), -1, -2, "a"]):
        value = dict.fromkeys(keys, 0.5)
        assert wire.loads(wire.dumps(value, 1 << 24), 1 << 24) == value


def test_a_truth_value_is_true_or_false():
    forged = np.array([0, 1, 2, 255], dtype=np.uint8).view(bool)
    back = wire.loads(json.dumps(array("|b1", [4], forged.tobytes())), LIMIT)
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


@given(st.text() | st.from_regex(r'\{"(array|scalar|dict|tuple)": .*\}'))
def test_no_text_at_all_raises_anything_else(text):
    with contextlib.suppress(wire.WireError):
        wire.loads(text, LIMIT)


@pytest.mark.parametrize("value", [Fraction(1, 3), Fraction(-7), Fraction(10**20, 3)])
def test_a_fraction_crosses_as_the_nearest_float(value):
    assert wire.loads(wire.dumps([value], LIMIT), LIMIT) == [float(value)]
