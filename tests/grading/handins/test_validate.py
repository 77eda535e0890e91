"""What Validate calls a success, `mlpkit grade` gives full marks for the visible tests."""

import json

import pytest

from tests.commands import nbgrader
from tests.grading.handins.corpus import CORPUS
from tests.grading.handins.handin import as_bytes
from tests.tiers import few

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def opened(handin):
    """Give the notebook as a student opens and validates it; None if there is none to open."""
    if callable(handin.put):
        return None
    content = as_bytes(handin.put)
    try:
        return content if json.loads(content)["nbformat"] == 4 else None
    except (ValueError, KeyError):
        return None


OPENED = {name: opened(handin) for name, handin in CORPUS.items() if opened(handin) is not None}


def validates(folder, content):
    """Tell whether nbgrader's Validate says that all went well."""
    (folder / "sheet.ipynb").write_bytes(content)
    said = nbgrader(folder, "validate", "sheet.ipynb", "--Validator.timeout=60")
    return "Success! Your notebook passes all the tests." in said.stdout


# The one in which Validate runs what is found elsewhere, and one that it would have taken away.
FIRST = ("stub, above the test's own text", "one line, from the kit, above a helper")


@pytest.mark.parametrize("name", few(sorted(OPENED, key=lambda name: name not in FIRST), 2))
def test_a_success_in_validate_is_one_in_grading(name, tmp_path):
    if validates(tmp_path, OPENED[name]):
        assert CORPUS[name].points == 4.0
