"""The plan: the instructor's notebook, read; what each cell is for, and whose each name is."""

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

from mlpkit.grading.text.by_hand import by_hand
from mlpkit.grading.text.checks import HIDDEN_MARKS, Check, checks, hidden_lines
from mlpkit.grading.text.names import bound, imports, loaded
from mlpkit.grading.text.vocabulary import Vocabulary, vocabulary_of

SKIP = "skip-execution"  # nbclient's and so nbgrader's
TESTS = re.compile(r"^\s*#+\s*tests\s*:\s*(inside|outside)\s*$", re.MULTILINE | re.IGNORECASE)


@dataclass
class PlannedCell:
    """One cell of the instructor's notebook.

    Parameters
    ----------
    kind : {"test", "manual", "solution", "locked", "plain"}
        Tests are locked and graded by running; manual ones are graded by a person; solutions are
        written by students; locked ones are the instructor's and run on both sides; plain ones
        have no nbgrader metadata.
    cell_type : {"code", "markdown", "raw"}
    full, released : str
        The source with solutions and hidden tests, and as students get it.
    grade_id : str or None
    points : float
    inside : bool
        A test that runs in the student's process, as under nbgrader.
    skipped : bool
        The instructor's tag says that it isn't run here, such as a long training.
    """

    index: int
    kind: str
    cell_type: str
    full: str
    released: str
    grade_id: str | None
    points: float
    metadata: dict[str, Any]
    cell_id: str | None
    binds: frozenset[str]
    loads: frozenset[str]
    hidden: list[tuple[int, int]]
    checks: list[Check]
    inside: bool
    skipped: bool

    @property
    def is_code(self) -> bool:
        """Whether it is run at all."""
        return self.cell_type == "code"


@dataclass
class Plan:
    """The instructor's notebook, read.

    Parameters
    ----------
    cells : list of PlannedCell
    metadata : dict
        The notebook's own.
    by_hand : list of str
        Modules that can't be imported in the sandbox.
    """

    cells: list[PlannedCell]
    metadata: dict[str, Any]
    by_hand: list[str]

    @property
    def named(self) -> dict[str, PlannedCell]:
        """The cells that nbgrader knows, by grade_id."""
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}

    @property
    def answers(self) -> set[str]:
        """The names that students' cells make."""
        return set().union(*(cell.binds for cell in self.cells if cell.kind == "solution"))

    def skips(self, source: str) -> bool:
        """Whether a cell that isn't a test is one that the instructor's tag says not to run."""
        skipped = [cell.released.strip() for cell in self.cells if cell.skipped]
        return bool(skipped) and source.strip() in skipped

    @functools.cached_property
    def vocabulary(self) -> Vocabulary:
        """What messages of hidden parts may say."""
        own = [cell for cell in self.cells if cell.kind != "solution"]
        code = [cell.full for cell in own if cell.is_code]
        return vocabulary_of(code, [cell.released for cell in self.cells])

    @functools.cached_property
    def text_lines(self) -> frozenset[str]:
        """The lines of the instructor's texts, without the spaces around them."""
        texts = (cell.released for cell in self.cells if not cell.is_code)
        return frozenset(line.strip() for text in texts for line in text.splitlines())

    def modules(self, tests: bool = False) -> list[str]:
        """List the modules that students' cells import, or with ``tests`` all cells."""
        found = []
        for cell in self.cells:
            if cell.is_code and (tests or cell.kind != "test" or cell.inside):
                source = cell.full if tests or cell.inside else cell.released
                found += [module for module, _ in imports(source).values()]
        return sorted(set(found))

    def instructors_imports(self) -> dict[str, str]:
        """Give the statements for modules that any of the instructor's cells import, by name.

        From plain cells anything they import; from the cells that students write only whole
        modules (``import numpy as np``), since a function's name there may be what they are
        asked to write.
        """
        found: dict[str, str] = {}
        for cell in self.cells:
            for name, (_, statement) in imports(cell.full).items() if cell.is_code else ():
                if statement.startswith("import ") or cell.kind == "plain":
                    found.setdefault(name, statement)
        return found


@functools.lru_cache(maxsize=16)
def read_plan(source: bytes, released: bytes) -> Plan:
    """Read the instructor's notebook; the same bytes are read once, so treat it as constant.

    Parameters
    ----------
    source, released : bytes
        The notebook with solutions and hidden tests, and as students get it.

    Raises
    ------
    ValueError
        If one of them is no notebook, they differ in their cells, or two cells have one name.
    """
    notebook, release = _notebook(source), _notebook(released)
    try:
        pairs = zip(notebook["cells"], release["cells"], strict=True)
        settings = _settings(notebook["metadata"])
        cells = [_planned(index, *pair, settings) for index, pair in enumerate(pairs)]
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise ValueError(f"the instructor's notebook can't be read: {error}") from None
    names = [cell.grade_id for cell in cells if cell.grade_id]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the instructor's notebook has two cells named {name!r}")
    return Plan(cells, notebook["metadata"], _by_hand(notebook["metadata"], cells))


def _notebook(content: bytes) -> dict[str, Any]:
    """Read a file of nbformat 4 by hand: nbformat takes longer to import than all the rest."""
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise ValueError(f"the instructor's notebook can't be read: {error}") from None
    if not isinstance(notebook, dict) or notebook.get("nbformat") != 4:
        raise ValueError("the instructor's notebook can't be read: it is not of nbformat 4")
    return {"cells": [], "metadata": {}, **notebook}


def _by_hand(metadata: dict[str, Any], cells: list[PlannedCell]) -> list[str]:
    code = [cell for cell in cells if cell.is_code]
    checks = [cell.full for cell in code if cell.kind in ("locked", "test")]
    # A test that runs with the answer imports there what it needs.
    given = [cell.full for cell in code if cell.kind != "test" or cell.inside]
    return by_hand(metadata, checks, given)


def _settings(metadata: dict[str, Any]) -> dict[str, Any]:
    """Give what the notebook says of its tests, some of it put there from the course's settings."""
    return {"hidden": HIDDEN_MARKS, "tests": "outside"} | dict(metadata.get("mlpkit", {}))


def _inside(code: str, settings: dict[str, Any]) -> bool:
    """Whether a test runs inside: as its own line says, else as all of the notebook do."""
    said = [str(word).lower() for word in TESTS.findall(code)]
    return (said or [settings["tests"]])[0] == "inside"


def _planned(
    index: int, cell: dict[str, Any], released: dict[str, Any], settings: dict[str, Any]
) -> PlannedCell:
    about = dict(cell.get("metadata", {}).get("nbgrader", {}))
    kind, code = _kind(cell, about), cell["cell_type"] == "code"
    full, given = _text(cell), _text(released)
    hidden = hidden_lines(full, settings["hidden"])
    return PlannedCell(
        index=index,
        kind=kind,
        cell_type=cell["cell_type"],
        full=full,
        released=given,
        grade_id=about.get("grade_id") if kind != "plain" else None,
        points=float(about.get("points") or 0.0) if kind in ("test", "manual") else 0.0,
        metadata=about,
        cell_id=cell.get("id"),
        binds=bound(full) | bound(given) if code else frozenset(),
        loads=loaded(full) if code else frozenset(),
        hidden=hidden,
        checks=checks(full, hidden) if kind == "test" else [],
        inside=kind == "test" and _inside(full, settings),
        skipped=kind in ("plain", "locked") and SKIP in _tags(cell),
    )


def _tags(cell: dict[str, Any]) -> list[str]:
    tags = cell.get("metadata", {}).get("tags", [])
    return tags if isinstance(tags, list) else []


def _kind(cell: dict[str, Any], about: dict[str, Any]) -> str:
    grade, solution = about.get("grade", False), about.get("solution", False)
    if (grade and (solution or cell["cell_type"] != "code")) or about.get("task"):
        return "manual"
    if grade:
        return "test"
    if solution:
        return "solution"
    return "locked" if about.get("locked") else "plain"


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return one_line_end(source if isinstance(source, str) else "".join(source))


def one_line_end(text: str) -> str:
    """Give a text whose lines end in one way, whatever system or program wrote it."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
