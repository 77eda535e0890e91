"""The notebook as students get it, by nbgrader's own preprocessors."""

import nbformat
from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme, ClearSolutions
from traitlets.config import Config


def release(source: bytes, config: Config | None = None) -> bytes:
    """Take solutions, hidden tests and mark schemes out of a notebook.

    Parameters
    ----------
    source : bytes
    config : traitlets.config.Config, optional
        The course's: it may name other marks.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        If it is no notebook, or nbgrader refuses it.
    """
    try:
        notebook = nbformat.reads(source.decode("utf-8-sig"), as_version=4)
        for step in (ClearSolutions, ClearHiddenTests, ClearMarkScheme):
            notebook, _ = step(config=config).preprocess(notebook, {})
    except Exception as error:
        raise ValueError(f"the instructor's notebook can't be read: {error}") from None
    text: str = nbformat.writes(notebook)
    return text.encode()
