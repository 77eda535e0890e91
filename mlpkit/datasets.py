"""The course's data: handwritten digits, small ones shipped with the package, and MNIST."""

from importlib.resources import files
from typing import NamedTuple

import numpy as np

from mlpkit.mnist import MnistUnavailable, read_mnist

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


def load_mnist(dtype=np.float32):
    """Load MNIST's handwritten digits, downloading them the first time.

    Parameters
    ----------
    dtype : numpy dtype
        Of the pixels, a float type; the images take 220 MB as float32.

    Returns
    -------
    Dataset
        60,000 training and 10,000 test images of 28×28 pixels, d = 784.

    Raises
    ------
    MnistUnavailable
        If it is neither in $MLPKIT_DATA nor in the user's cache, nor to be had from a mirror.
    ValueError
        If dtype is no float type.

    References
    ----------
    LeCun, Bottou, Bengio and Haffner (1998), doi:10.1109/5.726791.
    """
    if np.dtype(dtype).kind != "f":
        raise ValueError(f"dtype must be a float type, got {dtype!r}")
    images, labels, test_images, test_labels = read_mnist()
    return Dataset(
        _pixels(images, dtype),
        labels.astype(np.int64),
        _pixels(test_images, dtype),
        test_labels.astype(np.int64),
    )


def _pixels(images, dtype):
    return np.divide(images.reshape(len(images), -1), 255, dtype=dtype)
