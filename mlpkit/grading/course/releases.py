"""The releases that were given out: a cell of an earlier one was edited by no student."""

import json
from collections.abc import Mapping
from pathlib import Path

from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.text.digests import Digests, digests


def remember(root: Path, assignment: str, notebook: str, released: bytes) -> None:
    """Keep the digests of a release's cells in the course's ``.mlpkit/``, beside earlier ones.

    Parameters
    ----------
    root : Path
        The course's folder.
    assignment, notebook : str
    released : bytes
        The notebook as students get it.
    """
    known = _known(root, assignment, notebook)
    merged = {
        name: sorted({*each, *known.get(name, [])}) for name, each in digests(released).items()
    }
    merged = {**known, **merged}
    if merged != known:
        write_whole(_path(root, assignment, notebook), json.dumps(merged, indent=1).encode())


def earlier(root: Path, assignment: str, notebook: str, released: bytes) -> Digests:
    """Give the digests of earlier releases' cells, by the cells' names.

    Returns
    -------
    dict of str to list of str
        Without those of the present release; "" stands for cells without a name.
    """
    known, now = _known(root, assignment, notebook), digests(released)
    other = {name: sorted({*each} - {*now.get(name, [])}) for name, each in known.items()}
    return {name: each for name, each in other.items() if each}


def _path(root: Path, assignment: str, notebook: str) -> Path:
    return root / ".mlpkit" / "releases" / assignment / f"{notebook}.json"


def _known(root: Path, assignment: str, notebook: str) -> Mapping[str, list[str]]:
    try:
        known: dict[str, list[str]] = json.loads(_path(root, assignment, notebook).read_bytes())
    except (OSError, ValueError):
        return {}  # none, or half a file of another program's: nothing is lost but a word
    return known
