"""Settings every test shares: no progress bars, and the same property-based examples each time."""

import os

import pytest
from hypothesis import settings

os.environ["TQDM_DISABLE"] = "1"
settings.register_profile("kit", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("kit")


@pytest.hookimpl(tryfirst=True)  # before the workers read the groups
def pytest_collection_modifyitems(items):
    """Keep a file's tests on one worker, for its fixtures, but for those marked `spread`."""
    for item in items:
        if not item.get_closest_marker("spread"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.split("::")[0]))
