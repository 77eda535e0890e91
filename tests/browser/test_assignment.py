"""A student does an exercise: Validate says what fails, then that all is well."""

import nbformat
import pytest

from tests.browser.lab import (
    open_notebook,
    shut_kernels_down,
    tracebacks,
    type_answers,
    validate,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_validate_names_what_fails_and_then_that_all_passes(page, lab):
    address, folder = lab
    path = "assignments/ps0/ps0.ipynb"
    released = nbformat.read(folder / path, as_version=4)
    solved = nbformat.read(folder / "solutions/ps0/ps0.ipynb", as_version=4)
    stubs = [cell for cell in released.cells if "raise NotImplementedError" in cell.source]
    assert len(stubs) >= 3
    open_notebook(page, address, path, len(released.cells))
    failed = validate(page)
    assert "The following cell failed:" in failed and "NotImplementedError" in failed
    type_answers(page, released, solved)
    said = validate(page)
    assert "Success! Your notebook passes all the tests." in said
    told = (folder / "assignments/README.md").read_text()
    assert "Success! Your notebook passes" in told and "The following cell failed:" in told
    assert tracebacks(page) == []
    shut_kernels_down(page, address)
