"""Is everything here that an instructor needs? `make check` in a clone asks this."""

import sys

from mlpkit.environment import check, missing_packages, tell
from mlpkit.grading.room.bubblewrap import SandboxMissing, check_bubblewrap

WHAT = "the sandbox in which students' code is judged"


def check_grading() -> list[str]:
    """Look for what grading needs, and say how to mend what is not there.

    Returns
    -------
    list of str
        A line for each thing, as :func:`mlpkit.environment.check` gives.
    """
    lacking = missing_packages("grading")
    packages = "the packages for grading"
    return [
        f"– {packages}: not all are here; make grade installs them" if lacking else f"✓ {packages}",
        _sandbox(),
    ]


def _sandbox() -> str:
    if sys.platform != "linux":
        return f"– {WHAT}: only Linux has it; see section 5 of solutions/README.md"
    try:
        check_bubblewrap()
    except SandboxMissing as error:
        return f"✗ {WHAT}: {str(error).partition(chr(10))[0]}"
    return f"✓ {WHAT}"


if __name__ == "__main__":
    raise SystemExit(tell([*check(), *check_grading()]))
