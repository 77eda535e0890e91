"""Cells that come or go after students have handed in: what stays keeps its marks.

nbgrader refuses such an assignment, and can only remove it, with its due date and all marks that
people gave.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    MissingEntry,
    Notebook,
    SubmittedNotebook,
    TaskCell,
)
from nbgrader.preprocessors import SaveCells

from mlpkit.grading.course.database import copy_database, file_of, name_beside
from mlpkit.grading.text.notes import listed

# The words that nbgrader's methods and attributes have for the kinds of cells.
WORDS = ("grade", "solution", "task", "source")
MARKED: tuple[tuple[type[Any], tuple[str, ...]], ...] = (
    (Grade, ("GradeCell", "TaskCell")),
    (Comment, ("SolutionCell", "TaskCell")),
)


class KeepMarks(SaveCells):  # type: ignore[misc]  # nbgrader has no types
    """nbgrader's step that tells the gradebook of a notebook's cells, where it would refuse."""

    told: tuple[str, ...] = ()

    def _create_notebook(self, nb: NotebookNode) -> None:
        with contextlib.suppress(MissingEntry):
            notebook = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
            if notebook.submissions:
                self.told = self._follow(notebook)
        super()._create_notebook(nb)

    def _follow(self, notebook: Notebook) -> tuple[str, ...]:
        """Take away the cells that went, and add those that came; say which, in a line."""
        there = {(word, cell.name): cell for word in WORDS for cell in _cells(notebook, word)}
        wanted = {
            (word, name): about
            for word in WORDS
            for name, about in getattr(self, f"new_{word}_cells").items()
        }
        gone = [cell for key, cell in there.items() if key not in wanted]
        came = [key for key in wanted if key not in there]
        if not gone and not came:
            return ()
        kept = set_beside(self.db_url) if any(map(_has_marks_by_hand, gone)) else None
        for cell in gone:
            remove(self.gradebook, cell)
        for word, name in came:
            add = getattr(self.gradebook, f"add_{word}_cell")
            add(name, self.notebook_id, self.assignment_id, **wanted[word, name])
        _give_rows(self.gradebook, notebook)
        self.gradebook.db.commit()
        before, after = ({name for _, name in cells} for cells in (there, wanted))
        return (_said(self.notebook_id, before, after, kept),)


def _cells(notebook: Notebook, word: str) -> list[Any]:
    return list(getattr(notebook, f"{word}_cells"))


def _said(notebook: str, before: set[str], after: set[str], kept: Path | None) -> str:
    changes = [
        f"{', '.join(sorted(names))} {word}"
        for names, word in ((after - before, "came"), (before - after, "went"))
        if names
    ]
    what = " and ".join(changes) or "some changed in kind"
    words = f"Of the cells of {notebook}, {what}; marks and comments of all others stay."
    if kept is not None:
        words += f" Marks by hand of those that went are in {kept.name}, the gradebook as it was."
    return words


def _has_marks_by_hand(cell: Any) -> bool:
    marks = any(
        grade.manual_score is not None or grade.extra_credit is not None
        for grade in getattr(cell, "grades", ())
    )
    return marks or any(each.manual_comment is not None for each in getattr(cell, "comments", ()))


def above_their_points(gradebook: Gradebook, assignment: str) -> list[str]:
    """Say which marks by hand are more than their cells are worth, as when that was lowered."""
    found = []
    for kind in (GradeCell, TaskCell):
        asked = gradebook.db.query(Grade, kind).join(kind, Grade.cell_id == kind.id)
        for grade, cell in asked.filter(Grade.manual_score > kind.max_score):
            if cell.notebook.assignment.name == assignment:
                points = f"{grade.manual_score:g} of {cell.max_score:g}"
                found.append(f"{grade.notebook.student.id} {points} for {cell.name}")
    return [f"By hand more than a cell's points: {listed(sorted(found))}."] if found else []


def remove(gradebook: Gradebook, cell: Any) -> None:
    """Delete a cell with its marks and comments, without committing."""
    for row in (*getattr(cell, "grades", ()), *getattr(cell, "comments", ())):
        gradebook.db.delete(row)
    gradebook.db.delete(cell)


def follow_notebooks(gradebook: Gradebook, assignment: str, names: Iterable[str]) -> list[str]:
    """Take away an assignment's notebooks that have gone, and give submissions those that came.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignment : str
    names : iterable of str
        The notebooks that there now are, each known to the gradebook.

    Returns
    -------
    list of str
        What is to be said of it.
    """
    said, known = [], gradebook.find_assignment(assignment).notebooks
    for notebook in [each for each in known if each.name not in set(names)]:
        cells = [cell for word in WORDS for cell in _cells(notebook, word)]
        kept = (
            set_beside(str(gradebook.engine.url)) if any(map(_has_marks_by_hand, cells)) else None
        )
        where = f"; the gradebook as it was is {kept.name}" if kept else ""
        said.append(f"The notebook {notebook.name} has gone, with its marks{where}.")
        gradebook.remove_notebook(notebook.name, assignment)
    for notebook in gradebook.find_assignment(assignment).notebooks:
        _give_rows(gradebook, notebook)
    gradebook.db.commit()
    return said


def _give_rows(gradebook: Gradebook, notebook: Notebook) -> None:
    """Let each submission have a row for each of the notebook's cells, also after a killed run."""
    have = {each.assignment_id for each in notebook.submissions}
    for submission in notebook.assignment.submissions:
        if submission.id not in have:
            gradebook.db.add(SubmittedNotebook(notebook=notebook, assignment=submission))
    gradebook.db.flush()
    for kind, types in MARKED:
        missing = (
            gradebook.db.query(SubmittedNotebook.id, BaseCell.id)
            .join(BaseCell, BaseCell.notebook_id == SubmittedNotebook.notebook_id)
            .outerjoin(
                kind, (kind.notebook_id == SubmittedNotebook.id) & (kind.cell_id == BaseCell.id)
            )
            .filter(SubmittedNotebook.notebook_id == notebook.id, BaseCell.type.in_(types))
            .filter(kind.id.is_(None))
        )
        # Whether a person has to read it, judging says.
        more = {"needs_manual_grade": False} if kind is Grade else {}
        for submission, cell in missing.all():
            gradebook.db.add(kind(notebook_id=submission, cell_id=cell, **more))


def set_beside(db_url: str) -> Path | None:
    """Copy a gradebook beside itself, before something is taken out of it.

    Returns
    -------
    Path or None
        The copy; None where the gradebook is no file.
    """
    file = file_of(db_url)
    if file is None:
        return None
    copy = name_beside(file, "before")
    beside = copy.with_name(f".{copy.name}.new")
    copy_database(file, beside)
    return beside.rename(copy)
