"""Set this environment's JupyterLab up for the course: `python -m mlpkit.lab`.

It doesn't ask at every start for its makers' news, and it has no panels of nbgrader's for
instructors, unless it is told that one works here: `python -m mlpkit.lab --instructor`.
"""

import argparse
import json
import sys
from pathlib import Path

NEWS = "@jupyterlab/apputils-extension:announcements"
INSTRUCTORS = ("@jupyter/nbgrader:create-assignment", "@jupyter/nbgrader:formgrader")


def set_up(prefix=sys.prefix, instructor=False):
    """Write the course's settings beside those that an environment has.

    Parameters
    ----------
    prefix : str or path
        The environment's folder.
    instructor : bool
        Whether the panels for instructors stay.
    """
    hidden = {NEWS: True} | dict.fromkeys(INSTRUCTORS, not instructor)
    folder = Path(prefix, "etc", "jupyter", "labconfig", "page_config.d")
    _write(folder / "mlpkit.json", {"disabledExtensions": hidden})


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".json.new")
    beside.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--instructor", action="store_true", help="keep the panels for instructors")
    set_up(instructor=parser.parse_args().instructor)
