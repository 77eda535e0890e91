"""One answer of a group, to be shown to an instructor without its author."""

import json

from mlpkit.grading.insight.bare import without_comments
from mlpkit.grading.text.blocks import made
from mlpkit.grading.text.names import loaded

LONGEST = 4000


def example(judged: bytes, test: str) -> str:
    """Give the code of the answer that a test is about, without comments and docstrings.

    Parameters
    ----------
    judged : bytes
        The judged notebook.
    test : str
        The test's name.

    Returns
    -------
    str
        Empty where there is none.
    """
    try:
        cells = json.loads(judged)["cells"]
    except (ValueError, KeyError, TypeError):
        return ""
    code = [cell for cell in cells if cell.get("cell_type") == "code"]
    about = [(cell["source"], cell["metadata"].get("nbgrader", {})) for cell in code]
    asked = frozenset[str]().union(
        *(loaded(source) for source, mark in about if mark.get("grade_id") == test)
    )
    answers = [s for s, mark in about if mark.get("solution") and made(s) & asked]
    return "\n\n".join(map(without_comments, answers))[:LONGEST]
