"""The operations of `autodiff` on plain arrays, each beside its pullbacks.

A pullback takes g = ∂ρ/∂out to ∂ρ/∂argument; what broadcasting repeated is summed by `sum_to`,
once for all operations. No function here knows of a graph; `expression` is how they are written.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from mlpkit.activations import ACTIVATIONS


class Operation(NamedTuple):
    """A function of arrays and its derivative.

    Attributes
    ----------
    symbol : str
        As it is drawn and named in messages.
    forward : callable
        out = forward(*values).
    pullbacks : tuple of callable or None
        One for each argument: pullback(g, out, *values) is ∂ρ/∂argument; None stands for 0.
    """

    symbol: str
    forward: Callable
    pullbacks: tuple

    def __call__(self, *values):
        """Return forward(*values) as an array, or raise a ValueError that names all shapes."""
        try:
            return np.asarray(self.forward(*values))
        except ValueError as error:
            shapes = " and ".join(str(np.shape(value)) for value in values)
            raise ValueError(f"{self.symbol} does not fit {shapes}: {error}") from error


def sum_to(g, shape):
    """Sum g over the axes along which an array of this shape was repeated by broadcasting."""
    g = g.sum(axis=tuple(range(g.ndim - len(shape)))) if g.ndim > len(shape) else g
    repeated = tuple(i for i, n in enumerate(shape) if n != g.shape[i])
    return g.sum(axis=repeated, keepdims=True) if repeated else g


def _dot(A, B):
    # As in `network`: np.matmul is ten times slower where N = 1.
    return A.dot(B) if np.ndim(A) == np.ndim(B) == 2 else np.matmul(A, B)


def _dot_pullback(g, out, A, B, argument):
    # A vector counts as a row on the left of @ and as a column on its right.
    rows, columns = A[None] if A.ndim == 1 else A, B[:, None] if B.ndim == 1 else B
    g = np.expand_dims(g, tuple(axis for axis, M in ((-2, A), (-1, B)) if M.ndim == 1))
    part = _dot(rows.swapaxes(-1, -2), g) if argument else _dot(g, columns.swapaxes(-1, -2))
    return sum_to(part, (rows, columns)[argument].shape).reshape((A, B)[argument].shape)


def _nonlinearity(sigma):
    def pullback(g, out, a):
        return g * sigma.derivative(a, out)

    return Operation(sigma.name, sigma, (pullback,))


BINARY = {
    "add": Operation("+", np.add, (lambda g, out, a, b: g, lambda g, out, a, b: g)),
    "sub": Operation("−", np.subtract, (lambda g, out, a, b: g, lambda g, out, a, b: -g)),
    "mul": Operation("×", np.multiply, (lambda g, out, a, b: g * b, lambda g, out, a, b: g * a)),
    "truediv": Operation(
        "/", np.divide, (lambda g, out, a, b: g / b, lambda g, out, a, b: -g * out / b)
    ),
    "pow": Operation(
        "power",
        np.power,
        (  # a⁰ is constant, at a = 0 as well
            lambda g, out, a, p: g * p * a ** np.where(p == 0, 1, p - 1),
            lambda g, out, a, p: g * out * np.log(a),
        ),
    ),
    "matmul": Operation("@", _dot, tuple(partial(_dot_pullback, argument=i) for i in (0, 1))),
    "gt": Operation(">", np.greater, (None, None)),
}

UNARY = {
    "exp": Operation("exp", np.exp, (lambda g, out, a: g * out,)),
    "log": Operation("log", np.log, (lambda g, out, a: g / a,)),
}
UNARY |= {name: _nonlinearity(sigma) for name, sigma in ACTIVATIONS.items()}

# How much of g each entry of a takes, where a reduction gave out (with the axes kept).
SHARES = {
    "sum": lambda a, out, axis: 1,
    "mean": lambda a, out, axis: out.size / a.size,
    # Equal maxima share g.
    "max": lambda a, out, axis: (a == out) / (a == out).sum(axis=axis, keepdims=True),
}


def reduction(name, axis, keepdims):
    """Return the operation "sum", "mean" or "max" over some axes."""

    def pullback(g, out, a):
        if axis is not None and not keepdims:
            g, out = np.expand_dims(g, axis), np.expand_dims(out, axis)
        return np.broadcast_to(g * SHARES[name](a, out, axis), a.shape)

    forward = partial(getattr(np, name), axis=axis, keepdims=keepdims)
    return Operation(name if axis is None else f"{name} over {axis}", forward, (pullback,))


def reshape(shape):
    """Return the operation a.reshape(*shape)."""
    back = (lambda g, out, a: g.reshape(a.shape),)
    return Operation(f"reshape {shape}", lambda a: a.reshape(*shape), back)


def transpose(axes):
    """Return the operation a.transpose(*axes); no axes stand for all of them reversed."""
    back = (lambda g, out, a: g.transpose(np.argsort(axes) if axes else None),)
    return Operation("transpose", lambda a: a.transpose(*axes), back)


def take(index):
    """Return the operation a[index]; an entry taken twice gets both gradients."""

    def pullback(g, out, a):
        part = np.zeros_like(a)
        np.add.at(part, index, g)
        return part

    return Operation("index", lambda a: a[index], (pullback,))
