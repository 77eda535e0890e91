"""The source as nbgrader would set it: header and footer, tests written out, the course's marks."""

import contextlib
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import ClearHiddenTests, IncludeHeaderFooter, InstantiateTests
from nbgrader.utils import is_grade
from traitlets.config import Config

from mlpkit.grading.course.database import is_missing

# Kernels of other languages whose names don't say so, for notebooks that don't either.
OTHERS = ("ir", "bash", "octave", "matlab", "julia", "sas", "stata", "javascript", "ijavascript")


def as_set(
    source: bytes, config: Config, root: Path, tests: str, gradebook: Mapping[str, str]
) -> bytes:
    """Give the instructor's notebook as it is judged.

    Parameters
    ----------
    source : bytes
        As it lies in the source directory.
    config : traitlets.config.Config
        The course's.
    root : Path
        The course's folder, from which header and footer are named.
    tests : {"outside", "inside"}
        Where the course's tests run.
    gradebook : dict of str to str
        The sources of cells as `nbgrader generate_assignment` kept them, by name.

    Returns
    -------
    bytes
        The same bytes, where there is nothing to do.

    Raises
    ------
    ValueError
        If it is of another language than Python, a test isn't written out yet, or a cell's
        points or name can't be read.
    """
    try:
        notebook = nbformat.reads(source.decode("utf-8-sig"), as_version=4)
    except Exception as error:
        raise ValueError(f"the instructor's notebook can't be read: {error}") from None
    _check_language(notebook)
    _check_points(notebook)
    before = nbformat.writes(notebook)
    _include(notebook, config, root)
    _write_out_tests(notebook, config, gradebook)
    _say_settings(notebook, config, tests)
    after: str = nbformat.writes(notebook)
    return source if after == before else after.encode()


def _check_language(notebook: NotebookNode) -> None:
    about = notebook.metadata.get("kernelspec", {})
    told = notebook.metadata.get("language_info", {}).get("name")
    language = about.get("language") or told or about.get("name") or "python"
    if "python" in language.lower():
        return
    if about.get("language") or told or language.lower().partition("-")[0] in OTHERS:
        raise ValueError(f"it is written for {language}, and the judge runs Python alone")


def _check_points(notebook: NotebookNode) -> None:
    """Refuse what nbgrader refuses when it makes a release, and fails at later."""
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader") or {}
        if not (about.get("grade") or about.get("task")):
            continue
        name, points = about.get("grade_id"), about.get("points")
        if not name or not isinstance(name, str):
            raise ValueError(f"a graded cell has no name: {cell.source.strip()[:60]!r}")
        number = (
            math.nan if not isinstance(points, int | float) or points is True else float(points)
        )
        if not 0 <= number < math.inf:
            told = "missing" if points is None else repr(points)
            raise ValueError(
                f"the points of the cell {name!r} are {told}, and not a number from 0 on"
            )


def _include(notebook: NotebookNode, config: Config, root: Path) -> None:
    wanted = config.IncludeHeaderFooter
    if wanted.get("header") or wanted.get("footer"):
        try:
            with contextlib.chdir(root):
                IncludeHeaderFooter(config=config).preprocess(notebook, {})
        except OSError as error:
            raise ValueError(f"its header or footer can't be read: {error}") from None


def _write_out_tests(notebook: NotebookNode, config: Config, gradebook: Mapping[str, str]) -> None:
    """Put nbgrader's tests for the place of AUTOTEST lines, which are comments."""
    delimiter = InstantiateTests(config=config).autotest_delimiter
    for cell in notebook.cells:
        if cell.cell_type != "code" or not _asks(cell.source, delimiter):
            continue
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        written = gradebook.get(name, "") if is_grade(cell) else ""
        if (
            not written
            or _asks(written, delimiter)
            or not _rest_is_in(cell.source, written, delimiter)
        ):
            raise ValueError(
                f"in the cell {name!r} {delimiter} stands for a test that nbgrader writes out, and "
                "the gradebook has none of this source: run nbgrader generate_assignment"
            )
        cell.source = written


def asks_for_tests(source: bytes, config: Config) -> bool:
    """Whether nbgrader is to write tests into a source: its gradebook has to be looked at."""
    return InstantiateTests(config=config).autotest_delimiter.encode() in source


def _asks(text: str, delimiter: str) -> bool:
    return any(delimiter in line and line.strip().startswith("#") for line in text.splitlines())


def _rest_is_in(source: str, written: str, delimiter: str) -> bool:
    """Whether a cell's own lines stand in what was made of it, in their order."""
    made = iter(written.splitlines())
    own = [line for line in source.splitlines() if not _asks(line, delimiter)]
    return all(line in made for line in own)


def _say_settings(notebook: NotebookNode, config: Config, tests: str) -> None:
    """Note in the notebook what the plan has to know of the course's settings."""
    marks = ClearHiddenTests(config=config)
    begin, end = marks.begin_test_delimeter, marks.end_test_delimeter
    settings: dict[str, Any] = {}
    if (begin, end) != ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"):
        settings["hidden"] = [begin, end]
    if tests == "inside":
        settings["tests"] = tests
    if settings:
        notebook.metadata["mlpkit"] = settings | dict(notebook.metadata.get("mlpkit", {}))


def written_out(db_url: str, course_id: str, assignment: str, notebook: str) -> dict[str, str]:
    """Give the sources of a notebook's cells as the gradebook has them, by name."""
    if is_missing(db_url):
        return {}
    with Gradebook(db_url, course_id) as gradebook:
        try:
            found = gradebook.find_notebook(notebook, assignment)
        except MissingEntry:
            return {}
        return {cell.name: cell.source for cell in found.source_cells}
