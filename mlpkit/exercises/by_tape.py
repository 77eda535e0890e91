"""Right answers for ps5's tests, by the package's own tape, `autodiff`.

A program is a list of lines (name, operation, inputs), as ps5 describes it. While a student's
function runs, nothing of this can be imported.
"""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpkit.autodiff import Variable, gradients
from mlpkit.losses import one_hot

Numbers = NDArray[np.float64]
Line = tuple[str, str, list[str]]


def _cross_entropy(U: Any, y: NDArray[np.int64]) -> Any:
    U = U - U.max(axis=1, keepdims=True)
    chosen = (U * one_hot(y, U.shape[1])).sum(axis=1)
    return (U.exp().sum(axis=1).log() - chosen).mean()


OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "×": operator.mul,
    "@": operator.matmul,
    "transpose": lambda A: A.T,
    "relu": lambda Z: Z.relu(),
    "cross_entropy": _cross_entropy,
}


def shares(operation: str, values: list[Any], g: Any) -> list[Numbers]:
    """Give (∂w/∂v)ᵀ g for each input v of w = operation(*values); labels, integers, have none."""
    given = [Variable(value) if value.dtype.kind == "f" else value for value in values]
    variables = [each for each in given if isinstance(each, Variable)]
    return list(gradients((OPERATIONS[operation](*given) * g).sum(), variables))


def right_step(
    program: list[Line], theta: dict[str, Numbers], data: dict[str, Any]
) -> tuple[float, dict[str, Numbers]]:
    """Give ρ of a program, the value of its last line, and its gradient in each parameter."""
    parameters = {name: Variable(value) for name, value in theta.items()}
    made: dict[str, Any] = {**parameters, "X": Variable(data["X"]), "y": data["y"]}
    for name, operation, inputs in program:
        made[name] = OPERATIONS[operation](*(made[i] for i in inputs))
    rho = made[program[-1][0]]
    found = gradients(rho, list(parameters.values()))
    return float(rho.value), dict(zip(theta, found, strict=True))


def bars(tape: list[dict[str, Any]], output: int) -> list[Numbers]:
    """Give the gradient of the number at position output in each value of a tape of Jacobians."""
    made: list[Any] = []
    for node in tape:
        pairs = zip(node["inputs"], node["jacobians"], strict=True)
        terms = [Variable(J) @ made[i] for i, J in pairs]
        made.append(sum(terms[1:], terms[0]) if terms else Variable(node["value"]))
    return list(gradients(made[output].sum(), made))


def loop(x: Numbers, W: Numbers, c: Numbers, limit: float) -> tuple[int, Numbers, Numbers]:
    """Give (T, ∂s/∂x, ∂s/∂W) of ps5's loop in forward mode: J = ∂h/∂(x, W) in each turn."""
    n, turns, h = len(x), 0, x
    J = np.hstack([np.eye(n), np.zeros((n, n * n))])
    in_row = J[:, n:].reshape(n, n, n)  # h's entry, W's row, W's column; of the same numbers
    while np.sqrt(np.sum(h * h)) > limit:
        H = np.tanh(h)
        J[:] = (W * (1 - H**2)) @ J
        in_row[np.arange(n), np.arange(n)] += H
        h, turns = W @ H, turns + 1
    found = c @ J
    return turns, found[:n], found[n:].reshape(n, n)
