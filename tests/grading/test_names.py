"""Cells are read by several threads at once."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from mlpkit.grading.text import names

SOURCES = {
    "nested": "x = " + "(" * 60 + "1" + ")" * 60,
    "a function": "def f(x):\n    return [g(y) for y in x if y > (1 + 2 * (3 - y))]\n" * 20,
    "a magic": "%time y = 1\n" + "z = [1, [2, [3, [4]]]]\n" * 50,
}


@pytest.fixture
def threads_change_in_the_middle():
    """Let another thread go on whenever garbage is collected, so also while a tree is made."""

    def let_go(phase, info):
        time.sleep(0)

    before = gc.get_threshold()
    gc.set_threshold(50)
    gc.callbacks.append(let_go)
    yield
    gc.callbacks.remove(let_go)
    gc.set_threshold(*before)


@pytest.mark.usefixtures("threads_change_in_the_middle")
@pytest.mark.parametrize("name", SOURCES)
def test_many_threads_read_cells_at_once(name):
    def read(number):
        return names.bound(f"{SOURCES[name]}\nlast_{number} = 1")

    with ThreadPoolExecutor(8) as threads:
        for number, found in enumerate(threads.map(read, range(40))):
            assert f"last_{number}" in found
