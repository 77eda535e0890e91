"""A function that a test calls finds Python and NumPy as they were at the start, and no other."""

import os
import random
import sys
import warnings

import numpy as np
import pytest

from mlpkit.exercises import call
from mlpkit.plain_state import plain_state


def settings():
    """Give what the module is about, as it is now."""
    return {
        "folder": os.getcwd(),
        "recursion": sys.getrecursionlimit(),
        "printing": np.get_printoptions(),
        "errors": np.geterr(),
        "filters": list(warnings.filters),
        "random": random.getstate(),
    }


CHANGES = {
    "folder": lambda: os.chdir("/"),
    "recursion": lambda: sys.setrecursionlimit(4321),
    "printing": lambda: np.set_printoptions(precision=1, threshold=3),
    "errors": lambda: np.seterr(all="raise"),
    "filters": lambda: warnings.simplefilter("error"),
    "random": lambda: random.seed(3),
}


@pytest.fixture(autouse=True)
def as_before():
    before, errors = settings(), np.geterr()
    with warnings.catch_warnings():
        yield
    os.chdir(before["folder"])
    sys.setrecursionlimit(before["recursion"])
    np.set_printoptions(**before["printing"])
    np.seterr(**errors)


@pytest.mark.parametrize("what", CHANGES)
def test_a_setting_does_not_reach_a_call_and_is_there_again_after_it(what):
    with plain_state():
        plain = settings()[what]
    CHANGES[what]()
    changed = settings()[what]
    inside = call(lambda: settings()[what])
    assert (inside == plain) == (what != "random")
    assert inside != changed
    assert settings()[what] == changed


def test_two_calls_draw_different_numbers_whatever_was_seeded():
    def draw():
        return random.random(), float(np.random.rand())  # noqa: NPY002

    drawn = []
    for _ in range(3):
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002
        drawn.append(call(draw))
    assert len(set(drawn)) == 3


def test_a_folder_that_is_gone_is_left(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()
    assert call(os.getcwd)


def test_a_warning_or_a_floating_point_error_ends_no_call():
    np.seterr(all="raise")
    warnings.simplefilter("error")

    def noisy():
        warnings.warn("look", stacklevel=2)
        return float(np.exp(1e4))

    assert call(noisy) == np.inf
