"""Where a course's folders lie whose ``directory_structure`` isn't nbgrader's usual one."""

import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from nbgrader.coursedir import CourseDirectory

from mlpkit.grading.course.contents import Ids
from mlpkit.grading.course.folders import Sources
from mlpkit.grading.course.hand_ins import Place
from mlpkit.grading.course.listing import TIMESTAMP
from mlpkit.grading.course.naming import one_form

USUAL = os.path.join("{nbgrader_step}", "{student_id}", "{assignment_id}")


class Where(NamedTuple):
    """One folder: whose, for which assignment."""

    student: str
    assignment: str
    folder: Path


def is_usual(directory: CourseDirectory) -> bool:
    """Whether the folders lie as ``submitted/STUDENT/ASSIGNMENT``."""
    return bool(os.path.normpath(directory.directory_structure) == USUAL)


def found_in(
    directory: CourseDirectory, step: str, student: str | None = None, assignment: str | None = None
) -> list[Where]:
    """List the folders of a step, as nbgrader does.

    Parameters
    ----------
    directory : CourseDirectory
    step : str
        "source", "submitted" and so on.
    student, assignment : str, optional
        Only this one's; of None, all.
    """
    name = getattr(directory, f"{step}_directory")
    given = [None if each is None else glob.escape(each) for each in (student, assignment)]
    pattern = directory.format_path(name, *(each or "*" for each in given))
    asked = (
        re.escape(student) if student else "(?P<student>[^/]+)",
        re.escape(assignment) if assignment else "(?P<assignment>[^/]+)",
    )
    read = re.compile(directory.format_path(re.escape(name), *asked, escape=True))
    found = []
    for path in sorted(glob.glob(pattern)):
        match = read.fullmatch(path)
        if match and os.path.isdir(path):
            named = match.groupdict()
            whose, what = named.get("student", student), named.get("assignment", assignment)
            found.append(Where(whose or "", what or "", Path(path)))
    return found


class Places:
    """The folders handed in, one of each student for one assignment.

    What `Folders` mends of names and nesting is known of the usual structure alone.
    """

    def __init__(self, directory: CourseDirectory, assignment: str) -> None:
        self.root = Path(directory.root)
        found = found_in(directory, "submitted", assignment=assignment)
        self.students = {one_form(each.student): [each.folder] for each in found}

    def place(
        self, student: str, assignment: str, sources: Sources, common: Ids = frozenset()
    ) -> Place | None:
        """Give the folder that a student handed in."""
        return Place(self.students[student][0])

    def timestamps(self, student: str, assignment: str) -> list[Path]:
        """List where the time of handing in may stand."""
        return [folder / TIMESTAMP for folder in self.students.get(student, [])]

    def warnings(self, assignment: str, found: Iterable[str]) -> list[str]:
        """Say what else lies there: of this structure, nothing is known."""
        return []
