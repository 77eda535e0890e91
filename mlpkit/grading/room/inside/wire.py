"""Plain data as JSON text and back; arrays of numbers only. Nothing is unpickled or run.

This file is read on both sides: by the judge, and inside the sandbox, where it stands alone and
so imports nothing of the kit. What the judge reads was written by code that nobody trusts.
"""

import base64
import json
import math
import re
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

MAX_DEPTH = 50
MAX_AXES = 64
MAX_ITEMS = 2_000_000
# Of a dict's keys, those whose hash another key has; of an honest one's hardly two.
MOST_ALIKE = 1000
NUMERIC = "biufc"
# What JSON has too: most of all items are of these, and need not be looked at any further.
PLAIN = frozenset({bool, int, float, str, type(None)})
DTYPE = re.compile(rf"[<>=|][{NUMERIC}]\d{{1,2}}")


class WireError(ValueError):
    """The value can't cross; the message says why, in words."""


def dumps(value: object, limit: int) -> str:
    """Write a value as text.

    Parameters
    ----------
    value : plain data
        None, bool, int, float, complex, str, list, tuple, dict of them, numeric arrays; a
        Fraction crosses as a float.
    limit : int
        Most characters that the text may have.

    Raises
    ------
    WireError
        If the value holds anything else, or is too large.
    """
    text = json.dumps(_tree(value, 0))
    if len(text) > limit:
        raise WireError(f"a value of {len(text):,} bytes is larger than the {limit:,} allowed")
    return text


def loads(text: object, limit: int, resolve: Callable[..., Any] | None = None) -> Any:
    """Read a value; the opposite of :func:`dumps`.

    Parameters
    ----------
    text : str
    limit : int
        Longer texts are refused unread.
    resolve : callable, optional
        Turns ``("name", name)`` or ``("import", module, name)`` into an object. Only the sandbox
        has one: what comes out of it never names code.

    Raises
    ------
    WireError
        For anything that is no such text.
    """
    if not isinstance(text, str) or len(text) > limit:
        raise WireError(f"a value larger than the {limit:,} bytes allowed")
    if sum(text.count(sign) for sign in ",[{") > MAX_ITEMS:
        raise WireError(f"a value of more than {MAX_ITEMS:,} items")
    try:
        return _value(json.loads(text), resolve, 0)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"unreadable data ({type(error).__name__})") from None


def _tree(value: object, depth: int) -> Any:
    """Give the JSON tree of a value; what JSON lacks becomes an object with one key."""
    if type(value) in PLAIN:
        return value
    if depth > MAX_DEPTH:
        raise WireError(f"data nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, np.generic):
        return {"scalar": _array(np.asarray(value))}
    if isinstance(value, np.ndarray):
        return {"array": _array(np.asarray(value))}
    if isinstance(value, int | float | str):
        return _number_or_text(value)
    if isinstance(value, Fraction):  # a right answer in another form
        return float(value)
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, list):
        return [_tree(item, depth + 1) for item in value]
    if isinstance(value, tuple):
        return {"tuple": [_tree(item, depth + 1) for item in value]}
    if isinstance(value, dict):
        pairs = [[_tree(k, depth + 1), _tree(v, depth + 1)] for k, v in value.items()]
        return {"dict": pairs}
    return _reference(value)


def _number_or_text(value: int | float | str) -> int | float | str:
    """Strip subclasses: an int, float or str of somebody's own class is a plain one here."""
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str.__str__(value)


def _reference(value: object) -> dict[str, Any]:
    """Name a function instead of sending it: one of the student's, or one of a library's."""
    name: Any = getattr(value, "__name__", None)
    student = getattr(type(value), "is_student_function", False)
    if student:
        return {"name": name}
    module = getattr(value, "__module__", None) or ("numpy" if isinstance(value, np.ufunc) else "")
    importable = callable(value) and isinstance(name, str) and module not in ("", "__main__")
    if importable and getattr(sys.modules.get(module), name, None) is value:
        return {"import": [module, name]}
    raise WireError(f"a value of type {type(value).__name__!r} is not plain data")


def _array(array: Any) -> list[Any]:
    """Give dtype, shape, order in memory and bytes: an npy's header takes three times as long."""
    if array.dtype.kind not in NUMERIC:
        raise WireError(f"an array of dtype {array.dtype} is not numeric")
    order = "F" if array.flags.fnc else "C"
    content = base64.b64encode(array.tobytes(order)).decode("ascii")
    return [array.dtype.str, array.shape, order, content]


def _value(tree: Any, resolve: Callable[..., Any] | None, depth: int) -> Any:
    if type(tree) in PLAIN:
        return tree
    if depth > MAX_DEPTH + 1:
        raise WireError(f"data nested deeper than {MAX_DEPTH} levels")
    if isinstance(tree, list):
        return [_value(item, resolve, depth + 1) for item in tree]
    if len(tree) != 1:
        raise WireError("unreadable data")
    ((tag, body),) = tree.items()
    if tag == "array":
        return _read_array(body)
    if tag == "scalar" and body[1] == []:
        return _read_array(body)[()]
    if tag == "complex":
        return complex(float(body[0]), float(body[1]))
    if tag == "tuple":
        return tuple(_value(item, resolve, depth + 1) for item in body)
    if tag == "dict":
        return _read_dict([[_value(each, resolve, depth + 1) for each in pair] for pair in body])
    if tag == "name" and resolve:
        return resolve("name", body)
    if tag == "import" and resolve:
        return resolve("import", *body)
    raise WireError("unreadable data")


def _read_dict(pairs: list[list[Any]]) -> dict[Any, Any]:
    """Make a dict; keys chosen to get into each other's way would take minutes to be put in."""
    if len(pairs) - len({hash(key) for key, _ in pairs}) > MOST_ALIKE:
        raise WireError("a dict whose keys can't be told apart quickly")
    return dict(pairs)


def _read_array(parts: list[Any]) -> Any:
    """Read an array; what is said of it is checked against the bytes before any memory is taken."""
    dtype_text, shape, order, text = parts
    if not DTYPE.fullmatch(dtype_text) or order not in ("C", "F"):
        raise WireError("an array that is not numeric")
    dtype, content = np.dtype(dtype_text), base64.b64decode(text, validate=True)
    # Multiplied, thousands of large sizes would take minutes.
    if len(shape) > MAX_AXES or not all(
        type(size) is int and 0 <= size < 1 << 63 for size in shape
    ):
        raise WireError("an array of a size that is no number")
    if math.prod(shape) * dtype.itemsize != len(content):
        raise WireError("an array whose shape disagrees with its data")
    if not content and max(shape, default=0) > MAX_ITEMS:
        raise WireError("an array of nothing that never ends")
    array = np.frombuffer(content, dtype=dtype).reshape(shape, order=order).copy(order)
    if dtype.kind == "b":
        # A truth value's byte can be 2, which compares as neither.
        array = np.asarray(array.view(np.uint8) != 0)
    return array
