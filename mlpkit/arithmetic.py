"""How much arithmetic an operation of NumPy does: the price list of `counting`.

One operation is one on numbers of the arrays' dtype, be they float16, int64 or complex. What
isn't in the list has no price, and `counting` refuses it.
"""

import math

import numpy as np

KINDS = (
    "multiply_adds",
    "additions",
    "multiplications",
    "comparisons",
    "transcendentals",
    "reductions",
)

_NAMES = {
    "additions": "add subtract negative",
    # A division is the multiplication by a reciprocal.
    "multiplications": "multiply divide square reciprocal floor_divide remainder",
    "comparisons": "greater greater_equal less less_equal equal not_equal maximum minimum fmax "
    "fmin sign absolute fabs isfinite isnan isinf signbit logical_and logical_or logical_not "
    "logical_xor bitwise_and bitwise_or bitwise_xor invert",
    "transcendentals": "exp exp2 expm1 log log2 log10 log1p logaddexp logaddexp2 sqrt cbrt power "
    "float_power sin cos tan sinh cosh tanh arcsin arccos arctan arctan2 arcsinh arccosh arctanh "
    "hypot",
}
UFUNC_KINDS = {getattr(np, name): kind for kind, names in _NAMES.items() for name in names.split()}

# They move, select, shape or convert numbers and compute none.
_FREE = """array_split atleast_1d atleast_2d broadcast_to column_stack concatenate copy copyto diag
diagonal empty_like expand_dims full_like hstack moveaxis ndim nonzero ones_like ravel repeat
reshape shape size split squeeze stack swapaxes take tile transpose vstack where zeros_like"""
FREE = {getattr(np, name) for name in _FREE.split()}

# Written in Python over ufuncs, which are then seen one by one.
MADE_OF_UFUNCS = {np.sum, np.prod, np.max, np.min, np.any, np.all, np.mean, np.var, np.std}


class UncountedError(TypeError):
    """An operation on a counted array for which there is no price."""


def ufunc_price(ufunc, method, inputs, options, result):
    """Return (kind, number) of a ufunc's call, reduction, accumulation or outer product.

    Parameters
    ----------
    ufunc : numpy.ufunc
        Which.
    method : str
        "__call__", "reduce", "accumulate" or "outer".
    inputs : list of numpy.ndarray
        Its arguments.
    options : dict
        Its keyword arguments; `where` is refused: the number would depend on its values.
    result : numpy.ndarray or number
        What it returned.

    Raises
    ------
    UncountedError
        If there is no price.
    """
    refused = options.get("where", True) is not True
    if ufunc.signature and method == "__call__" and not refused:
        # matmul, vecdot, matvec, vecmat: a number of the result sums over the first's last axis.
        axis = np.ravel(options["axes"][0])[-1] if "axes" in options else options.get("axis", -1)
        return "multiply_adds", np.size(result) * np.shape(inputs[0])[axis]
    kind = UFUNC_KINDS.get(ufunc)
    if kind is None or refused:
        raise UncountedError(f"numpy.{ufunc.__name__} with {sorted(options)} has no price")
    if method in ("__call__", "outer"):
        return kind, np.size(result)
    if method == "reduce":  # n numbers to one: n − 1 operations
        started = np.size(result) if "initial" in options else 0
        return "reductions", max(np.size(inputs[0]) - np.size(result) + started, 0)
    if method == "accumulate":
        n = np.shape(inputs[0])[options.get("axis", 0)]
        return "reductions", np.size(inputs[0]) // max(n, 1) * max(n - 1, 0)
    raise UncountedError(f"numpy.{ufunc.__name__}.{method} has no price")


def _dot(result, a, b, out=None):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return "multiplications", np.size(result)
    return "multiply_adds", np.size(result) * np.shape(a)[-1]


def _vdot(result, a, b):
    return "multiply_adds", np.size(a)


def _outer(result, a, b, out=None):
    return "multiplications", np.size(result)


def _tensordot(result, a, b, axes=2):
    axes = axes if isinstance(axes, int) else np.ravel(axes[0]).tolist()
    shape = np.shape(a)
    summed = shape[len(shape) - axes :] if isinstance(axes, int) else [shape[i] for i in axes]
    kind = "multiply_adds" if summed else "multiplications"  # an outer product adds nothing
    return kind, np.size(result) * math.prod(summed)


def _einsum(result, subscripts, *operands, **options):
    if not isinstance(subscripts, str) or "." in subscripts or len(operands) > 2:
        raise UncountedError("numpy.einsum has a price for one or two arrays and no ellipsis")
    extent = {}
    for labels, operand in zip(
        subscripts.replace(" ", "").split("->")[0].split(","), operands, strict=True
    ):
        for label, length in zip(labels, np.shape(operand), strict=True):
            extent[label] = max(length, extent.get(label, 0)) if length else 0
    points = math.prod(extent.values())
    if len(operands) == 1:
        return "reductions", max(points - np.size(result), 0)
    return ("multiplications" if points == np.size(result) else "multiply_adds"), points


def _arg_extreme(result, a, axis=None, out=None, **options):
    return "reductions", np.size(a) - np.size(result)


# Each price is called as price(result, *the function's own arguments).
FUNCTION_PRICES = {
    np.dot: _dot,
    np.inner: _dot,
    np.vdot: _vdot,
    np.outer: _outer,
    np.tensordot: _tensordot,
    np.einsum: _einsum,
    np.argmax: _arg_extreme,
    np.argmin: _arg_extreme,
}
