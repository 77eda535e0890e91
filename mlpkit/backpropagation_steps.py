"""The algorithm of (8) for one sample of a network small enough to see, one line at a time."""

from typing import NamedTuple

import numpy as np

from mlpkit.activations import get_activation
from mlpkit.losses import one_hot, softmax

# d, d_H and K all differ, so that no shape can be mistaken for another.
W = np.array([[0.8, -0.4], [-0.6, 0.9], [0.3, 0.7], [-0.9, -0.5]])
b1 = np.array([[0.1], [-0.2], [0.3], [0.2]])
C = np.array([[0.7, -0.5, 0.4, -0.3], [-0.6, 0.8, 0.2, 0.5], [0.3, 0.1, -0.9, 0.6]])
b2 = np.array([[0.1], [0.0], [-0.1]])
FORWARD_STEPS = 6


class Step(NamedTuple):
    """One line of the algorithm: what it computes, by which equation, and the result.

    Attributes
    ----------
    symbol, formula : str
        Mathtext.
    name : str
        The symbol in plain text.
    equation : str
        The equation's number in the course.
    values : numpy.ndarray of float, two-dimensional
        What comes out, in the lecture's orientation: a sample is a column.
    node, edges : int or None, tuple of int
        Column of nodes, and gaps between columns, that take part.
    """

    symbol: str
    formula: str
    name: str
    equation: str
    values: np.ndarray
    node: int | None
    edges: tuple


def backpropagation_steps(x, y, activation="tanh"):
    """Compute the algorithm of (8) for one sample, line by line.

    Parameters
    ----------
    x : array_like of float, shape (2,)
        The sample.
    y : int
        Its label: 0, 1 or 2.
    activation : str or Activation
        σ.

    Returns
    -------
    list of Step
        Six steps forward, then six backward.

    Raises
    ------
    ValueError
        If the label or the activation is unknown.
    """
    sigma = get_activation(activation)
    x = np.reshape(np.asarray(x, float), (2, 1))
    e = one_hot([y], 3).T
    Z = W @ x + b1
    H = sigma(Z)
    U = C @ H + b2
    f = softmax(U.T).T
    rho = -np.log(f[[y]])
    dU = -(e - f)
    delta = C.T @ dU
    dZ = delta * sigma.derivative(Z, H)
    before = "the algorithm of (8)"
    return [
        Step("x", "$x$ is given", "x", "(6)", x, 0, ()),
        Step("Z", r"$Z = Wx + b^1$", "Z", "(6)", Z, 1, (0,)),
        Step("H", r"$H = \sigma(Z)$", "H", "(6)", H, 2, (1,)),
        Step("U", r"$U = CH + b^2$", "U", "(6)", U, 3, (2,)),
        Step("f", r"$f = F_{softmax}(U)$", "f", "(6)", f, 4, (3,)),
        Step(r"\rho", rf"$\rho = -\log\,f_{{{y}}}$", "ρ", "(7)", rho, 5, (4,)),
        Step(_partial("U"), r"$-(e(Y) - f)$", "∂ρ/∂U", f"(11), in {before}", dU, 3, (3, 4)),
        Step(_partial("b^2"), rf"${_partial('U')}$", "∂ρ/∂b²", before, dU, 3, ()),
        Step(_partial("C"), rf"${_partial('U')}\;H^T$", "∂ρ/∂C", before, dU @ H.T, None, (2,)),
        Step(r"\delta", rf"$C^T\;{_partial('U')}$", "δ = ∂ρ/∂H", before, delta, 2, (2,)),
        Step(_partial("b^1"), r"$\delta \odot \sigma'(Z)$", "∂ρ/∂b¹", "(8)", dZ, 1, (1,)),
        Step(
            _partial("W"),
            r"$(\delta \odot \sigma'(Z))\;x^T$",
            "∂ρ/∂W",
            "(8)",
            dZ @ x.T,
            None,
            (0,),
        ),
    ]


def _partial(name):
    return rf"\frac{{\partial\rho}}{{\partial {name}}}"
