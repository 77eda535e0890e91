"""What all tests share: settings, which notebooks are left out, and what xdist keeps together."""

import os
from importlib.util import find_spec

import pytest

os.environ["TQDM_DISABLE"] = "1"
# Several tests install a whole environment to import a part of it: pip needn't compile the rest.
os.environ["PIP_COMPILE"] = "0"
# Others call make: what this run's make was given isn't meant for theirs.
for name in ("ARGS", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL"):
    os.environ.pop(name, None)
pytest_plugins = ["tests.tiers", "tests.exercises"]
pytest_plugins += ["tests.kernels"] if find_spec("nbval") else []

# What these two print is partly PyTorch's and TensorFlow's, which are an extra.
WITH_FRAMEWORKS = ("08_automatic_differentiation.ipynb", "07_cost_of_backpropagation.ipynb")
MISSING = [name for name in ("torch", "tensorflow") if find_spec(name) is None]
PYTHONS, ANSWERS = "tests/test_interpreters.py::", "tests/assignments/test_answers.py::"


def pytest_ignore_collect(collection_path):
    """Leave out notebooks whose stored outputs can't come out here; None lets pytest decide."""
    return True if MISSING and collection_path.name in WITH_FRAMEWORKS else None


def pytest_collection_modifyitems(items):
    """Begin with the Pythons, which take longest: at the end all would wait for the last one."""
    items.sort(key=lambda item: not item.nodeid.startswith(PYTHONS))


def pytest_report_header():
    """Say what is left out."""
    if MISSING:
        return f"not run, as {' and '.join(MISSING)} is missing: {', '.join(WITH_FRAMEWORKS)}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep the cells of a notebook, or the tests of a module, together; None lets xdist decide.

    "load" is what `-n 2` alone comes to. Only what takes longest, the runs of each exercise and of
    each Python, is handed out one by one. What takes long comes early in the order of collection:
    xdist's own order begins with the modules of the most tests.
    """
    if config.getoption("dist") not in ("load", "loadscope"):
        return None
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            alone = nodeid.startswith((PYTHONS, ANSWERS))
            return nodeid if alone else super()._split_scope(nodeid)

    config.option.loadscopereorder = False
    return Scheduling(config, log)
