"""Settings every test shares: no progress bars, the same property-based examples each time."""

import os
from importlib.util import find_spec

import pytest
from hypothesis import settings

os.environ["TQDM_DISABLE"] = "1"
settings.register_profile("kit", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("kit")

# What these two print is partly PyTorch's and TensorFlow's, which are an extra.
WITH_FRAMEWORKS = ("06_automatic_differentiation.ipynb", "08_cost_of_backpropagation.ipynb")
MISSING = [name for name in ("torch", "tensorflow") if find_spec(name) is None]


def pytest_ignore_collect(collection_path):
    """Leave out notebooks whose stored outputs can't come out here; None lets pytest decide."""
    return True if MISSING and collection_path.name in WITH_FRAMEWORKS else None


def pytest_report_header():
    """Say what is left out."""
    if MISSING:
        return f"not run, as {' and '.join(MISSING)} is missing: {', '.join(WITH_FRAMEWORKS)}"


@pytest.hookimpl(tryfirst=True)  # before the workers read the groups
def pytest_collection_modifyitems(items):
    """Keep a file's tests on one worker, for its fixtures, but for those marked `spread`."""
    for item in items:
        if not item.get_closest_marker("spread"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
