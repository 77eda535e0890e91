"""Programs drawn at random, out of all that ps5 allows.

A program is a list of lines (name, operation, inputs); `by_tape` runs and differentiates it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlpkit.autodiff import Variable
from mlpkit.exercises.by_tape import OPERATIONS, Line, Numbers, right_step
from mlpkit.exercises.drawn import labels

# A drawn program's values are smaller than this, so that its softmax isn't certain of one class.
LARGEST = 10.0

# Names are any strings: what a program could take for something else, or for each other.
PAIRS = [("loss", "Loss"), ("W", "w"), ("", " "), ("0", "-1"), ("None", "none"), ("@", "+")]
PAIRS += [("relu", "ReLU"), ("x", "Y"), ("δ", "Δ"), *((f"v{k}", f"V{k}") for k in range(20))]


class _Draft:
    """A program in the making: its lines, and what each name stands for."""

    def __init__(self, rng: np.random.Generator, N: int, d: int, y: NDArray[np.int64]) -> None:
        self.rng, self.theta = rng, dict[str, Numbers]()
        self.lines = list[Line]()
        self.values: dict[str, Any] = {"y": y, "X": Variable(rng.normal(size=(N, d)))}

    def shape(self, name: str) -> tuple[int, ...]:
        return tuple(self.values[name].shape)

    def parameter(self, *shape: int) -> str:
        name = f"p{len(self.theta)}"
        self.theta[name] = self.rng.normal(size=shape) / np.sqrt(shape[0])
        self.values[name] = Variable(self.theta[name])
        return name

    def line(self, operation: str, *inputs: str) -> str:
        name = f"v{len(self.lines)}"
        self.lines.append((name, operation, list(inputs)))
        self.values[name] = OPERATIONS[operation](*(self.values[i] for i in inputs))
        return name

    def one_of(self, fits: Callable[[tuple[int, ...]], object], *shape: int) -> str:
        """Choose a value, rather a late one; or make a parameter of this shape, if one is given."""
        names = [name for name in self.values if name != "y" and fits(self.shape(name))]
        if shape and (not names or self.rng.random() < 0.4):
            return self.parameter(*shape)
        return names[int(self.rng.integers(len(names), size=2).max())]

    def extend(self) -> None:
        """Add a line that a network may have."""
        name = self.one_of(bool)
        shape = self.shape(name)
        kinds = ["transpose", "@", "bias", "same", "relu"][3 * (len(shape) == 1) :]
        kind = kinds[int(self.rng.integers(len(kinds)))]
        if kind in ("transpose", "relu"):
            self.line(kind, name)
        elif kind == "@":
            width = int(self.rng.integers(1, 5))
            other = self.one_of(lambda s: len(s) == 2 and s[0] == shape[1], shape[1], width)
            self.line("@", name, other)
        else:
            wanted = shape if kind == "same" else shape[1:]
            self.line("+", name, self.one_of(lambda s: s == wanted, *wanted))

    def loss(self, N: int, K: int) -> str:
        """Add lines from some value with a row a sample to a cross-entropy."""
        H = self.one_of(lambda s: len(s) == 2 and s[0] == N)
        U = self.line("@", H, self.parameter(self.shape(H)[1], K))
        U = self.line("+", U, self.one_of(lambda s: s in ((N, K), (K,)), K))
        return self.line("cross_entropy", U, "y")


def drawn_program(
    rng: np.random.Generator,
) -> tuple[list[Line], dict[str, Numbers], dict[str, Any]]:
    """Draw a program out of all that ps5 allows, its parameters and its data.

    Parameters
    ----------
    rng : numpy.random.Generator

    Returns
    -------
    program, theta, data
        Sizes from 1 on, often equal; values that are used again; lines and parameters that ρ
        isn't made of; biases, sums of two vectors, of two matrices and of two losses. ρ depends
        on some parameter. Names are any, many of which differ by case alone.
    """
    while True:
        N, d, K = (int(size) for size in rng.integers((1, 1, 2), 5))
        kinds = labels(rng, N, K)
        draft = _Draft(rng, N, d, kinds[int(rng.integers(len(kinds)))])
        for _ in range(int(rng.integers(2, 9))):
            draft.extend()
        rho = draft.loss(N, K)
        if rng.random() < 0.6:
            rho = draft.line("+", rho, rho if rng.random() < 0.4 else draft.loss(N, K))
        if rng.random() < 0.3:
            draft.line("relu", rho)
        data = {"X": draft.values["X"].value.copy(), "y": draft.values["y"]}
        largest = max(np.abs(value.value).max() for k, value in draft.values.items() if k != "y")
        gradient = right_step(draft.lines, draft.theta, data)[1].values()
        if largest < LARGEST and max(np.abs(each).max() for each in gradient) > 1e-3:
            return *_renamed(rng, draft.lines, draft.theta), data


def _renamed(
    rng: np.random.Generator, lines: list[Line], theta: dict[str, Numbers]
) -> tuple[list[Line], dict[str, Numbers]]:
    """Give parameters and lines other names; one of the first three is "rho", so ρ isn't."""
    pairs = [PAIRS[place] for place in rng.permutation(len(PAIRS))]
    pairs.insert(int(rng.integers(2)), ("rho", "Rho"))
    old = [*theta, *(name for name, _, _ in lines)]
    new = dict(zip(old, (name for pair in pairs for name in pair), strict=False))
    new |= {"X": "X", "y": "y"}
    renamed = [(new[name], word, [new[i] for i in inputs]) for name, word, inputs in lines]
    return renamed, {new[name]: value for name, value in theta.items()}
