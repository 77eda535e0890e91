"""The command `mlpkit`, as an instructor calls it."""

import os
import subprocess

from tests.commands import BIN

LIMITS = 'c.Judge.limits = {"cell_seconds": 30.0, "submission_seconds": 120.0}\n'


def mlpkit(folder, *words, **variables):
    """Run it in a course's folder, with further environment variables."""
    return subprocess.run(
        [BIN / "mlpkit", "--course", folder, *words],
        capture_output=True, timeout=900, env=os.environ | variables,
        encoding=variables.get("PYTHONIOENCODING", "utf-8"),
    )  # fmt: skip
