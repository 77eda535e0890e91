"""A student does an exercise: Validate says what fails, then that all is well."""

import nbformat
import pytest

from tests.browser.lab import PANEL, keep_picture, open_notebook, shut_kernels_down, tracebacks
from tests.browser.lab import cell as cell_at

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def validate(page):
    """Press Validate and return what its dialog says."""
    page.click(f"{PANEL} button:has-text('Validate'), {PANEL} jp-button:has-text('Validate')")
    dialog = page.locator(".jp-Dialog, .nbgrader-ErrorDialog, .validate-message").first
    dialog.wait_for(timeout=120_000)
    page.wait_for_function(
        "() => /Success|failed|changed/.test(document.querySelector('.jp-Dialog')?.innerText)",
        timeout=120_000,
    )
    said = dialog.inner_text()
    keep_picture(page, f"validate-{'success' if 'Success' in said else 'failed'}")
    page.locator(".jp-Dialog button").last.click()
    dialog.wait_for(state="detached")
    return said


def type_answers(page, released, solved):
    """Replace each stub by the solution's cell, as if typed."""
    for number, cell in enumerate(released.cells):
        if "raise NotImplementedError" not in cell.source or cell.cell_type != "code":
            continue
        answer = next(each.source for each in solved.cells if each.id == cell.id)
        editor = cell_at(page, number).locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(answer)


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
