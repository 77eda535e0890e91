"""Settings every test shares: no progress bars, and the same property-based examples each time."""

import os

from hypothesis import settings

os.environ["TQDM_DISABLE"] = "1"
settings.register_profile("kit", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("kit")
