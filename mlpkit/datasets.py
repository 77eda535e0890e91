"""The course's data: handwritten digits, small ones shipped with the package, and MNIST."""

from importlib.resources import files
from typing import NamedTuple

import numpy as np

from mlpkit.mnist import MnistUnavailable, load_mnist

__all__ = ["Dataset", "MnistUnavailable", "load_digits", "load_mnist"]


class Dataset(NamedTuple):
    """Images and labels, divided once and for all into rows to train and rows to test on.

    Attributes
    ----------
    X_train, X_test : numpy.ndarray of float, shape (N, d)
        One image a row, pixels from 0 (paper) to 1 (ink).
    y_train, y_test : numpy.ndarray of int64, shape (N,)
        Labels 0, …, 9.
    """

    X_train: np.ndarray
    y_train: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray


def load_digits(dtype=np.float64):
    """Load the UCI optical handwritten digits, which ship with the package.

    Parameters
    ----------
    dtype : numpy dtype
        Of the pixels.

    Returns
    -------
    Dataset
        1,437 training and 360 test images of 8×8 pixels, d = 64.

    References
    ----------
    Alpaydin and Kaynak (1998), UCI Machine Learning Repository, doi:10.24432/C50P49.
    """
    with (
        files("mlpkit").joinpath("data/digits.npz").open("rb") as file,
        np.load(file) as stored,
    ):
        X, y, test = stored["X"].astype(dtype) / 16, stored["y"].astype(np.int64), stored["test"]
    train = np.setdiff1d(np.arange(len(y)), test)
    return Dataset(X[train], y[train], X[test], y[test])
