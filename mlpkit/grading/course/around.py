"""What nbgrader does around each submission: hooks, permissions, and who may be new."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde

from mlpkit.grading.course.files import Course
from mlpkit.grading.job import CourseError

# What the judge does in their place, or has done when it gives a notebook back.
KNOWN = {
    "ClearOutput", "DeduplicateIds", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata",
    "Execute", "IgnorePattern", "ClearMetadataPreprocessor", "LimitOutput", "SaveAutoGrades",
    "AssignLatePenalties", "Judge",
}  # fmt: skip


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
        if not self.converter.config.Execute.get("enabled", True):
            raise CourseError(
                "--no-execute gives marks for outputs that were handed in, which anybody can "
                "write: the judge runs what it marks.\n"
                "Leave it out, and c.Execute.enabled = False too."
            )
        lists = (self.converter.sanitize_preprocessors, self.converter.autograde_preprocessors)
        names = [
            each if isinstance(each, str) else each.__name__ for steps in lists for each in steps
        ]
        own = sorted({name for name in names if name.rpartition(".")[2] not in KNOWN})
        if own:
            raise CourseError(
                f"The judge doesn't run steps that c.Autograde names: {', '.join(own)}.\n"
                "Take them out; what changes hand-ins can be done by c.Autograde.pre_convert_hook."
            )

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
        self.converter.set_permissions(self.assignment, student)
        if student in self.begun:
            self.converter.notebooks = [str(path) for path in notebooks]
            self.converter.run_post_convert_hook()
