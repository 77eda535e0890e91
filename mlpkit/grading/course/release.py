"""The notebook as students get it, by nbgrader's own preprocessors."""

from typing import Any

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets import import_item
from traitlets.config import Config

# What nbgrader does besides when it makes a release: done before, or nothing to a cell's text.
OTHERS = {
    "IncludeHeaderFooter", "InstantiateTests", "LockCells", "ClearOutput", "CheckCellMetadata",
    "ComputeChecksums", "SaveCells", "KeepMarks",
}  # fmt: skip


def release(source: bytes, config: Config | None = None) -> bytes:
    """Take solutions, hidden tests and mark schemes out of a notebook.

    Parameters
    ----------
    source : bytes
    config : traitlets.config.Config, optional
        The course's: it may name other marks.

    Raises
    ------
    ValueError
        If it is no notebook, or nbgrader refuses it.
    """
    try:
        notebook = nbformat.reads(source.decode("utf-8-sig"), as_version=4)
        for step in _steps(config):
            notebook, _ = step(config=config).preprocess(notebook, {})
    except Exception as error:
        raise ValueError(f"the instructor's notebook can't be read: {error}") from None
    text: str = nbformat.writes(notebook)
    return text.encode()


def _steps(config: Config | None) -> list[Any]:
    """List nbgrader's steps, and those of the course's own that it names among them."""
    named = config.GenerateAssignment.get("preprocessors") if config is not None else None
    if not named:
        return [ClearSolutions, ClearHiddenTests, ClearMarkScheme]
    found = [import_item(each) if isinstance(each, str) else each for each in named]
    return [each for each in found if each.__name__ not in OTHERS]
