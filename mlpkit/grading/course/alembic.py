"""nbgrader makes its database with the command alembic, which lies beside this Python."""

import os
import sys
from pathlib import Path


def find_alembic() -> None:
    """Put the folder of this Python's commands first on PATH, for what nbgrader calls."""
    beside, path = str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)
    if path.split(os.pathsep)[0] != beside:
        os.environ["PATH"] = os.pathsep.join([beside, path])
