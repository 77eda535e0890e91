"""The digits are scikit-learn's, divided once, and small."""

from importlib.resources import files

import numpy as np
import pytest

from mlpkit.datasets import load_digits


@pytest.mark.frameworks
def test_digits_are_scikit_learns_row_for_row():
    from sklearn import datasets  # here: each worker collects this file, and one runs it

    theirs = datasets.load_digits()
    ours = load_digits()
    with np.load(files("mlpkit").joinpath("data/digits.npz")) as stored:
        test = stored["test"]
    train = np.setdiff1d(np.arange(1797), test)
    np.testing.assert_array_equal(ours.X_test * 16, theirs.data[test])
    np.testing.assert_array_equal(ours.X_train * 16, theirs.data[train])
    np.testing.assert_array_equal(ours.y_test, theirs.target[test])
    np.testing.assert_array_equal(ours.y_train, theirs.target[train])


def test_the_split_is_fixed_and_every_class_is_on_both_sides():
    digits = load_digits()
    assert digits.X_train.shape == (1437, 64) and digits.X_test.shape == (360, 64)
    for y in (digits.y_train, digits.y_test):
        assert np.bincount(y, minlength=10).min() >= 20
    np.testing.assert_array_equal(digits.X_test, load_digits().X_test)


def test_pixels_run_from_0_to_1_in_the_dtype_asked_for():
    digits = load_digits(dtype=np.float32)
    assert digits.X_train.dtype == digits.X_test.dtype == np.float32
    assert (digits.X_train.min(), digits.X_train.max()) == (0, 1)


def test_the_shipped_file_is_under_120_kb_and_has_its_licence_beside_it():
    folder = files("mlpkit").joinpath("data")
    assert len(folder.joinpath("digits.npz").read_bytes()) < 120_000
    text = folder.joinpath("README.md").read_text()
    assert "CC BY 4.0" in text and "Alpaydin" in text
