"""What a call came to, as a short text: equal for answers that differ from the right one alike.

Numbers are compared by their difference from the right ones, to as many digits as rounding leaves:
two people's code for one mistake agrees in these, and other mistakes don't.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpkit.grading.judging.proxy import MIRRORS

RIGHT, SLOW = "=", "slow"
# Answers that agree so far differ by rounding.
ROUNDING, NOTHING = 1e-10, 1e-12
# What cancels, but for rounding at larger numbers.
VANISHED = 1e-9
SINGLE = 1e-4
MOST_DIGITS = 5
# Numbers that people write fall on no border between two steps of this size.
STEP, OFFSET = 0.7193, 0.3871
DIGITS = re.compile(r"\d+")
Array = NDArray[Any]


def token(answer: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """Write what a call came to.

    Parameters
    ----------
    answer, right : dict
        ``{"value": …}``, ``{"error": {"type", "message"}}`` or ``{"unsendable": why}``, of the
        answer and of the official solution; or ``{"slow": True}``.

    Returns
    -------
    str
        "=" where the answer is right; else what is wrong, without spaces.
    """
    if "slow" in answer:
        return SLOW
    if "value" in answer:
        return _value(answer["value"], right["value"]) if "value" in right else "returns"
    if "error" in answer:
        kind = _error(answer["error"])
        same = "error" in right and _error(right["error"]).split(":")[0] == kind.split(":")[0]
        return RIGHT if same else kind
    return "unsendable"


def _error(error: object) -> str:
    """Give an exception's kind and the numbers in its words: words differ between versions."""
    kind, words = "exception", ""
    if isinstance(error, Mapping):
        known, words = error.get("type"), str(error.get("message") or "")
        kind = known if isinstance(known, str) and known in MIRRORS else kind
    return f"!{kind}:{'.'.join(DIGITS.findall(words)[:8])}"


def carries(found: str) -> bool:
    """Whether a text of :func:`token` tells of wrong values, and not only that something failed.

    Numbers, numbers of single precision, sizes of another type.
    """
    return "#" in found or "/" in found or found.endswith("single")


def only_zeros(got: Any, right: Any) -> bool:
    """Whether all that is wrong in a result is 0: many mistakes come to that.

    Parameters
    ----------
    got, right : plain data
        What an answer and the official solution returned.
    """
    parts = _parts(got, right)
    if parts is None:
        return _value(got, right) == RIGHT or _vanishes(got, right)
    return all(only_zeros(*pair) for pair in parts)


def _parts(got: Any, right: Any) -> list[tuple[Any, Any]] | None:
    """Give what a result holds, each beside what is right; None where that holds no more parts."""
    if isinstance(right, dict):
        if isinstance(got, dict):
            return [(got[name], right[name]) for name in right if name in got]
        return [(got, None)]
    if isinstance(right, list | tuple) and _numbers(right) is None:
        if isinstance(got, list | tuple) and len(got) == len(right):
            return list(zip(got, right, strict=True))
        return [(got, None)]
    return None


def _vanishes(got: Any, right: Any) -> bool:
    found, expected = _numbers(got), _numbers(right)
    if found is None or not found.size:
        return False
    scale = 1.0 if expected is None else float(np.abs(expected).max(initial=0)) or 1.0
    return bool(np.all(np.abs(found) <= VANISHED * scale))


def digest(tokens: Sequence[str]) -> str:
    """Give one short text for all that an answer's calls came to."""
    return _hash("\n".join(tokens).encode())


def _hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()


def _value(got: Any, right: Any) -> str:
    if isinstance(right, dict):
        return _dict(got, right)
    expected = _numbers(right)
    if expected is not None:
        return _numeric(got, right, expected)
    if isinstance(right, list | tuple):
        return _sequence(got, right)
    return RIGHT if type(got) is type(right) and got == right else plain(got)


def _dict(got: Any, right: dict[Any, Any]) -> str:
    if not isinstance(got, dict):
        return plain(got)
    parts = [
        f"{name}:{_value(got[name], right[name]) if name in got else 'missing'}" for name in right
    ]
    parts += [f"{name}:more" for name in sorted(map(str, set(got) - set(right)))]
    return RIGHT if all(part.endswith(f":{RIGHT}") for part in parts) else ",".join(parts)


def _sequence(got: Any, right: Sequence[Any]) -> str:
    if isinstance(got, np.ndarray) and got.ndim:
        got = list(got)
    if not isinstance(got, list | tuple):
        return plain(got)
    if right and all(isinstance(item, tuple) for item in right):  # found things, in any order
        got, right = sorted(got, key=plain), sorted(right, key=plain)
    if len(got) != len(right):
        return f"{len(got)}of{len(right)}" + plain(got)
    parts = [_value(one, other) for one, other in zip(got, right, strict=True)]
    return RIGHT if all(part == RIGHT for part in parts) else f"[{','.join(parts)}]"


def _numbers(value: Any) -> Array | None:
    """Give numbers as an array; None for what is none."""
    if isinstance(value, str | dict) or value is None:
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biufc" and (array.size or value is array) else None


def _reals(numbers: Array) -> Array:
    """Give the real parts of all numbers, and the imaginary ones behind them."""
    flat = np.asarray(numbers, dtype=complex).ravel()
    return np.concatenate([flat.real, flat.imag])


def _numeric(got: Any, right: Any, expected: Array) -> str:
    found = _numbers(got)
    if found is None:
        return plain(got)
    mark = _mark(got, right, found, expected)
    if found.shape != expected.shape:
        return mark + plain(found)
    with np.errstate(all="ignore"):
        return mark + _difference(found, expected)


def _mark(got: Any, right: Any, found: Array, expected: Array) -> str:
    """Tell counts and sizes of another type: a list for a tuple, a float for an integer."""
    if expected.dtype.kind not in "bi":
        return ""
    other = type(got) is not type(right) and isinstance(right, list | tuple)
    kind = found.dtype.kind if found.dtype.kind != expected.dtype.kind else ""
    return f"{type(got).__name__ if other else ''}{kind}" + ("/" if other or kind else "")


def _difference(found: Array, expected: Array) -> str:
    single = found.dtype.itemsize <= 4 and found.dtype.kind == "f"
    got, right = _reals(found), _reals(expected)
    finite = np.isfinite(got) & np.isfinite(right)
    same = finite | (got == right) | (np.isnan(got) & np.isnan(right))
    difference = np.where(finite, got - right, 0.0)
    scale = float(np.abs(right[finite]).max(initial=0))
    off = float(np.abs(difference).max(initial=0))
    if same.all() and (off <= ROUNDING * scale or off <= NOTHING * (scale == 0)):
        return RIGHT
    if single and same.all() and off <= SINGLE * scale:
        return "single"
    size = max(scale, float(np.abs(got[finite]).max(initial=0)))
    # What isn't a number, then the difference.
    odd = np.select([same, np.isnan(got), got > 0], [0, 1, 2], 3).astype(np.int8)
    return "#" + _hash(odd.tobytes() + _rounded(difference, off, size).encode())


def _rounded(numbers: Array, top: float, size: float) -> str:
    """Write numbers to as many digits of the largest, `top`, as rounding at `size` leaves."""
    if not 0 < top < np.inf:
        return f"{top}"
    digits = int(np.clip(np.log10(top / size) + 12, 1, MOST_DIGITS))
    steps = np.floor(numbers / top * 10**digits * STEP + OFFSET).astype(np.int64)
    return f"{digits} {np.floor(np.log(top) * 10**digits * STEP + OFFSET)} {steps.tolist()}"


def plain(value: Any) -> str:
    """Write any plain data: its types, its shapes, and a digest of its numbers."""
    numbers = _numbers(value)
    if numbers is not None:
        real = _reals(numbers)
        with np.errstate(all="ignore"):
            top = float(np.abs(real[np.isfinite(real)]).max(initial=0))
            odd = np.where(np.isfinite(real), 0, np.where(np.isnan(real), 1, 2)).astype(np.int8)
            text = _rounded(np.where(np.isfinite(real), real, 0), top, top)
        shape = "x".join(map(str, numbers.shape))
        return f"({shape})#" + _hash(odd.tobytes() + text.encode())
    if isinstance(value, list | tuple):
        return f"{type(value).__name__}({','.join(map(plain, value[:1000]))})"
    if isinstance(value, dict):
        pairs = (f"{key}:{plain(value[key])}" for key in sorted(value, key=str))
        return f"dict({','.join(pairs)})"
    return "None" if value is None else f"{type(value).__name__}#{_hash(repr(value).encode())}"
