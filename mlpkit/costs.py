"""The lecture's cost formulas (13)–(15): as printed, and as counted in the code that runs.

Plain arithmetic, exact for integers of any size and for SymPy symbols.

What one operation is. (13) doesn't say, and at least five meanings fit its small terms. Here it is
one **multiplication**: `operations_counted` has those of one forward and one backward step:
a multiply-add in a matrix product is one, δ ⊙ σ′(Z) is one for each hidden unit, and the loss
takes two for each score (cross-entropy: by the softmax's sum and by N; squared error: the square
and by 2/N). A division is a multiplication. What σ and σ′ do inside, additions outside matrix
products, comparisons, calls of exp or log, and the update of θ are no part of (13);
`arithmetic_counted` has them all.
"""

import operator

from mlpkit.checks import check_choice

# Of σ and of σ′, for each hidden unit: what `activations` does.
SIGMA = {
    "relu": {"comparisons": 1},
    "tanh": {"transcendentals": 1},
    "sigmoid": {"additions": 2, "transcendentals": 2},
    "identity": {},
}
SIGMA_PRIME = {
    "relu": {"comparisons": 1},
    "tanh": {"additions": 1, "multiplications": 1},
    "sigmoid": {"additions": 1, "multiplications": 1},
    "identity": {},
}


def operations_as_printed(N, L, d, d_H, K):
    """Return (13) as it is printed; it is right only where d = 2 d_H.

    Parameters
    ----------
    N, L, d, d_H, K : int or SymPy expression
        Samples, hidden layers, inputs, units in each hidden layer, outputs.

    Raises
    ------
    ValueError
        If a size is neither an integer >= 1 nor a SymPy expression.
    """
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return N * ((L - 1) * (3 * d_H**2 + d_H) + d_H * (2 * d_H + d + 3 * K + 1) + 2 * K)


def operations_counted(N, L, d, d_H, K):
    """Return the multiplications of one forward and one backward step over N samples.

    It is (13) with 2d where 2d_H + d is printed: the first layer costs d·d_H forward and d·d_H
    for ∂ρ/∂W¹, and ∂ρ/∂x isn't needed. Arguments and exceptions: `operations_as_printed`.
    """
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return N * ((L - 1) * (3 * d_H**2 + d_H) + d_H * (2 * d + 3 * K + 1) + 2 * K)


def operations_difference(N, L, d, d_H, K):
    """Return `operations_counted` − `operations_as_printed`, simplified; same arguments."""
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return N * d_H * (d - 2 * d_H)


def multiply_adds_counted(N, L, d, d_H, K):
    """Return the multiply-adds in matrix products alone: half of what FlopCounterMode reports.

    Arguments and exceptions: `operations_as_printed`.
    """
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return N * (3 * (L - 1) * d_H**2 + 2 * d * d_H + 3 * K * d_H)


def parameters_as_printed(L, d, d_H, K):
    """Return (14) as it is printed; arguments and exceptions: `operations_as_printed`."""
    L, d, d_H, K = _sizes(L=L, d=d, d_H=d_H, K=K)
    return (L - 1) * (d_H**2 + d_H) + d_H * (d + K) + K


def parameters_counted(L, d, d_H, K):
    """Return the length of θ: (14) with the d_H biases b¹ that it forgets; same arguments."""
    L, d, d_H, K = _sizes(L=L, d=d, d_H=d_H, K=K)
    return (L - 1) * (d_H**2 + d_H) + d_H * (d + K + 1) + K


def memory_as_printed(N, L, d, d_H, K):
    """Return (15) as it is printed, in numbers; arguments as for `operations_as_printed`."""
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return parameters_as_printed(L, d, d_H, K) + 2 * N * d_H


def memory_counted(N, L, d, d_H, K):
    """Return the numbers kept for the backward step: θ, and Z^ℓ and H^ℓ of all L layers.

    Not in it, as not in (15): X, U, the gradient, and what a step needs for a moment. Arguments
    and exceptions: `operations_as_printed`.
    """
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return parameters_counted(L, d, d_H, K) + 2 * N * L * d_H


def memory_with_H_alone(N, L, d, d_H, K):
    """Return the numbers kept where Z is forgotten: θ, and H^ℓ of all L layers.

    relu, tanh and sigmoid give σ′ from H, at (13)'s operations: `MLP.gradients(keep_Z=False)`.
    Arguments and exceptions: `operations_as_printed`.
    """
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return parameters_counted(L, d, d_H, K) + N * L * d_H


def memory_difference(N, L, d, d_H, K):
    """Return `memory_counted` − `memory_as_printed`, simplified; same arguments."""
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    return d_H * (2 * N * (L - 1) + 1)


def work_by_layer(N, L, d, d_H, K):
    """Return the multiply-adds of each phase in each layer.

    Parameters
    ----------
    N, L, d, d_H, K : int
        As for `operations_counted`.

    Returns
    -------
    dict of str to tuple of 3 int
        By phase ("forward", "∂ρ/∂W", "δ"): of the first layer, of the L − 1 inner ones together,
        and of the output layer. Their sum is `multiply_adds_counted`.
    """
    first, inner, output = N * d * d_H, N * (L - 1) * d_H**2, N * K * d_H
    return {
        "forward": (first, inner, output),
        "∂ρ/∂W": (first, inner, output),
        "δ": (0, inner, output),  # the data needs no δ
    }


def memory_by_holder(N, L, d, d_H, K):
    """Return the numbers that backpropagation holds, as a dict: θ, its gradient, X, Z and H, U."""
    P = parameters_counted(L, d, d_H, K)
    return {"θ": P, "gradient": P, "X": N * d, "Z, H": 2 * N * L * d_H, "U": N * K}


def arithmetic_counted(N, L, d, d_H, K, activation="relu", loss="cross_entropy"):
    """Return all array arithmetic of one step of SGD, by phase and kind, as `counting` has it.

    Parameters
    ----------
    N, L, d, d_H, K : int or SymPy expression
        As for `operations_as_printed`.
    activation : str
        One of `activations.ACTIVATIONS`.
    loss : str
        "cross_entropy" or "squared_error".

    Returns
    -------
    dict of str to dict of str to int or SymPy expression
        By phase ("forward", "activation", "loss", "backward", "derivative", "update"), then by
        kind (see `arithmetic.KINDS`); a kind that isn't there doesn't occur.

    Raises
    ------
    ValueError
        If a size is neither an integer >= 1 nor a SymPy expression, or a name is unknown.
    """
    N, L, d, d_H, K = _sizes(N=N, L=L, d=d, d_H=d_H, K=K)
    units, scores, P = N * L * d_H, N * K, parameters_counted(L, d, d_H, K)
    sigma = check_choice("activation", activation, SIGMA)
    cross_entropy = {
        "additions": scores + 2 * N,
        "multiplications": 2 * scores,
        "transcendentals": scores + N,
        "reductions": 2 * (scores - N) + N - 1,
    }
    squared = {"additions": scores, "multiplications": 2 * scores, "reductions": scores - 1}
    losses = {"cross_entropy": cross_entropy, "squared_error": squared}
    first, inner, last = N * d * d_H, N * (L - 1) * d_H**2, N * K * d_H
    return {
        "forward": {"multiply_adds": first + inner + last, "additions": units + scores},
        "activation": {kind: number * units for kind, number in sigma.items()},
        "loss": check_choice("loss", loss, losses),
        "backward": {
            "multiply_adds": first + 2 * inner + 2 * last,
            "multiplications": units,
            "reductions": (N - 1) * (L * d_H + K),
        },
        "derivative": {kind: number * units for kind, number in SIGMA_PRIME[activation].items()},
        "update": {"additions": P, "multiplications": P},
    }


def _sizes(**sizes):
    return [_size(name, size) for name, size in sizes.items()]


def _size(name, size):
    if hasattr(size, "free_symbols"):  # SymPy's, without an import of SymPy
        return size
    try:
        # A Python int grows as it must; a NumPy integer would overflow without a word.
        number = None if isinstance(size, bool) else operator.index(size)
    except TypeError:
        number = None
    if number is None or number < 1:
        raise ValueError(f"{name} must be an integer >= 1 or a SymPy expression, got {size!r}")
    return number
