"""What nbgrader does around each submission: hooks, permissions, and who may be new."""

import contextlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.misspelled import misspelled
from mlpkit.grading.course.steps import is_off, refuse_other_steps, without_effect
from mlpkit.grading.job import CourseError

IDLE = "These settings change nothing, as the judge does in its own way what they are for"
PAGE = "see docs/bringing_a_course.md"


class Around:
    """nbgrader's own converter, asked for everything but to convert.

    Parameters
    ----------
    course : Course
    assignment : str
    converter : nbgrader.converters.Autograde, optional
        The one that a command of nbgrader has made; a new one from the course's settings if None.
    """

    def __init__(self, course: Course, assignment: str, converter: Any = None) -> None:
        course.directory.assignment_id = assignment
        self.converter = converter or Autograde(coursedir=course.directory, config=course.config)
        self.assignment = assignment
        self.left: Counter[str] = Counter()
        self.begun = set[str]()

    def check(self) -> None:
        """Refuse what nbgrader could be told to do and the judge doesn't.

        Raises
        ------
        CourseError
        """
        if is_off(self.converter.config, Execute):
            raise CourseError(
                "--no-execute gives marks for outputs that were handed in, which anybody can "
                "write: the judge runs what it marks.\n"
                "Leave it out, and c.Execute.enabled = False too."
            )
        steps = self.converter.sanitize_preprocessors, self.converter.autograde_preprocessors
        refuse_other_steps(self.converter.config, steps)

    def warnings(self) -> list[str]:
        """Name settings that change nothing."""
        idle = without_effect(self.converter.config)
        told = [f"{IDLE}: {', '.join(idle)} ({PAGE})."] if idle else []
        return told + misspelled(self.converter.config)

    def unknown(self, students: Iterable[str], known: Collection[str]) -> list[str]:
        """List who isn't to be graded, as nobody has entered them."""
        if self.converter.create_student:
            return []
        return sorted(set(students) - set(known))

    def expect(self, students: Iterable[str]) -> None:
        """Say whose notebooks will be settled, a student once for each."""
        self.left = Counter(students)

    def before(self, student: str, notebooks: Sequence[Path]) -> None:
        """Call the hook that comes before a student's notebooks are read, once."""
        if student not in self.begun:
            self.begun.add(student)
            self.converter.notebooks = [str(path) for path in notebooks]
            self.converter.run_pre_convert_hook()

    def after(self, student: str, notebooks: Sequence[Path]) -> None:
        """Note that a notebook is settled; after a student's last one set permissions."""
        self.left[student] -= 1
        if self.left[student] > 0:
            return
        # Last, nbgrader looks for a folder of nobody's, which not every structure has.
        with contextlib.suppress(FileNotFoundError):
            self.converter.set_permissions(self.assignment, student)
        if student in self.begun:
            self.converter.notebooks = [str(path) for path in notebooks]
            self.converter.run_post_convert_hook()
