"""Independent weights of any distribution pass for every seed, dependent and other ones don't."""

import numpy as np
import pytest

from mlpkit.exercises.weights import Weights, check_no_frame, check_weights
from tests.tiers import few

LONG, VARIANCES = 3000, (0.5, 2.0, 1.0, 3.0, 0.1, 1.6)
SHAPES = [(LONG, 1), (2, LONG), (LONG, 2), (3, LONG), (LONG, 3), (1, LONG)]


def signs(rng, shape):
    return rng.choice([-1, 1], size=shape) * (1 + 0.01 * rng.normal(size=shape)) / 1.00005


RIGHT = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "uniform": lambda rng, shape: rng.uniform(-1, 1, size=shape) * np.sqrt(3),
    "Laplace": lambda rng, shape: rng.laplace(size=shape) / np.sqrt(2),
    "of nearly one size": signs,
    "single precision": lambda rng, shape: rng.standard_normal(shape, dtype=np.float32),
    "Student's t with 7 degrees of freedom": lambda rng, shape: (
        rng.standard_t(7, size=shape) / np.sqrt(7 / 5)
    ),
}


def scaled(numbers):
    return numbers / np.sqrt(np.mean(numbers**2))


def mirrored(rng, shape):
    numbers = rng.normal(size=shape)
    half = max(shape) // 2
    if shape[0] > shape[1]:
        numbers[-half:] = -numbers[:half]
    else:
        numbers[:, -half:] = -numbers[:, :half]
    return numbers


def truncated(rng, shape):
    numbers = rng.normal(size=shape)
    while (far := np.abs(numbers) > 3).any():
        numbers[far] = rng.normal(size=far.sum())
    return numbers


def orthonormal(rng, shape):
    q, _ = np.linalg.qr(rng.normal(size=(max(shape), min(shape))))
    return np.sqrt(max(shape)) * (q if shape[0] > shape[1] else q.T)


def walk(rng, shape):
    numbers = rng.normal(size=(2, max(shape), min(shape)))
    numbers = 0.995 * numbers[0] + 0.1 * np.roll(numbers[0], 1, axis=0)
    return numbers if shape[0] > shape[1] else numbers.T


WRONG = {
    "Student's t with 5 degrees of freedom": lambda rng, shape: (
        rng.standard_t(5, size=shape) / np.sqrt(5 / 3)
    ),
    "a variance 4 % too small": lambda rng, shape: 0.98 * rng.normal(size=shape),
    "cut off at three deviations": truncated,
    "clipped at three deviations": lambda rng, shape: np.clip(rng.normal(size=shape), -3, 3),
    "a mean of a tenth": lambda rng, shape: scaled(0.1 + rng.normal(size=shape)),
    "a mean of 3 %": lambda rng, shape: scaled(0.03 + rng.normal(size=shape)),
    "exponential, less its mean": lambda rng, shape: rng.exponential(size=shape) - 1,
    "scaled to the exact mean square": lambda rng, shape: scaled(rng.normal(size=shape)),
    "moved to a mean of exactly 0": lambda rng, shape: (lambda A: A - A.mean())(
        rng.normal(size=shape)
    ),
    "half of them with the other sign again": mirrored,
    "orthonormal": orthonormal,
    "a size for each row": lambda rng, shape: (
        rng.normal(size=shape) * scaled(rng.uniform(0.5, 1.5, size=(shape[0], 1)))
    ),
    "a size for each column": lambda rng, shape: (
        rng.normal(size=shape) * scaled(rng.uniform(0.5, 1.5, size=(1, shape[1])))
    ),
    "each near the one before": walk,
    "three digits": lambda rng, shape: np.round(rng.normal(size=shape), 3),
    "signs": lambda rng, shape: rng.choice([-1.0, 1.0], size=shape),
    "evenly spread and shuffled": lambda rng, shape: (
        np.sqrt(3) * rng.permutation(np.linspace(-1, 1, np.prod(shape))).reshape(shape)
    ),
    "the same in each layer": lambda rng, shape: np.random.default_rng(7).normal(size=shape),
    "unit rows": lambda rng, shape: (
        lambda A: A / np.sqrt(np.mean(A**2, axis=1, keepdims=True)) * (A.shape[1] > 1)
    )(rng.normal(size=shape)),
}


def drawn(draw, seed):
    rng = np.random.default_rng(seed)
    return [
        [
            Weights(f"W^{layer}", np.sqrt(variance) * draw(rng, shape), variance)
            for layer, (variance, shape) in enumerate(zip(VARIANCES, SHAPES, strict=True), start=1)
        ]
        for _ in range(10)
    ]


@pytest.mark.parametrize("seed", few(range(100), 2))
@pytest.mark.parametrize("name", RIGHT)
def test_independent_weights_pass_for_every_seed(name, seed):
    check_weights(drawn(RIGHT[name], seed))


@pytest.mark.parametrize("seed", few(range(10), 1))
@pytest.mark.parametrize("name", WRONG)
def test_other_weights_fail_for_every_seed(name, seed):
    with pytest.raises(AssertionError, match=r"^(W|all)"):
        check_weights(drawn(WRONG[name], seed))


@pytest.mark.parametrize("shape", [(20, 20), (5, 30), (30, 5)])
@pytest.mark.parametrize("name", RIGHT)
def test_independent_weights_are_no_frame(name, shape):
    for seed in range(20):
        check_no_frame("W", RIGHT[name](np.random.default_rng(seed), shape))


FRAMES = {
    "orthonormal": lambda A: np.linalg.svd(A, full_matrices=False)[0],
    "orthonormal, in single precision": lambda A: np.linalg.svd(A.astype(np.float32))[0],
    "rows of one length": lambda A: A / np.linalg.norm(A, axis=1, keepdims=True),
    "columns of one length": lambda A: A / np.linalg.norm(A, axis=0),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_is_refused(name):
    made = FRAMES[name](np.random.default_rng(0).normal(size=(20, 20)))
    with pytest.raises(AssertionError, match="which is no chance"):
        check_no_frame("W", made)
