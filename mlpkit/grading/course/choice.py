"""Who of a class is graded: as options and nbgrader's settings say, and who is left out."""

from collections.abc import Collection, Iterable, Sequence
from fnmatch import fnmatchcase

from mlpkit.grading.course.around import Around
from mlpkit.grading.course.class_list import formerly, read_students
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.gradebook import Writer, patiently
from mlpkit.grading.course.hand_ins import Submission
from mlpkit.grading.course.naming import one_form
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.job import CourseError


class Choice:
    """The submissions to grade.

    Parameters
    ----------
    course : Course
        Whose settings name students and notebooks, by patterns, and students left out.
    assignment : str
    students : collection of str
        Names or patterns; those of the settings if empty.

    Attributes
    ----------
    submissions : dict of (str, str) to Submission
        By student and notebook.
    warnings : list of str
        Who isn't graded, and which names are too much alike.
    refused : list of str
        Who was left out, since the settings say that nobody new is to be graded.

    Raises
    ------
    CourseError
        If nothing is left.
    """

    def __init__(self, course: Course, assignment: str, students: Collection[str]) -> None:
        listed = read_students(course.root)
        before = formerly(listed)
        students = [before.get(one_form(each), each) for each in students]
        self.course, self.assignment, self.students = course, assignment, students
        found, gone = course.submissions(assignment), withdrawn(course.root)
        seen = [*(submission.student for submission in found), *gone]
        self.warnings = course.folders.warnings(assignment, seen)
        if left := sorted(set(gone) & set(course.folders.students)):
            self.warnings.append(f"Withdrawn, and not graded: {', '.join(left)}.")
        new = sorted({each.student for each in found} - {each.id for each in listed})
        if listed and new:
            self.warnings.append(
                f"In no class list, and graded all the same: {', '.join(new)}. "
                f"To enter one: mlpkit students add {new[0]}"
            )
        chosen = _chosen(course, assignment, found, students)
        self.submissions = {(each.student, each.notebook): each for each in chosen}
        self.refused: list[str] = []

    def leave_out(self, writer: Writer, around: Around) -> None:
        """Leave out whom the gradebook doesn't have, as far as that is wanted; say who that is."""
        asked = {one_form(student) for student in self.students}
        out = patiently(writer.removed) - asked
        if left := self._drop(out):
            self.warnings.append(
                f"Taken out of the gradebook, and not judged: {', '.join(left)}. "
                f"To have one back: mlpkit grade {self.assignment} --student {left[0]}"
            )
        # Whose folder was renamed or moved away keeps their marks.
        gone = patiently(writer.known) - set(self.course.folders.students)
        if gone and not self.students and self.course.directory.student_id == "*":
            where = self.course.folders.root.name
            self.warnings.append(
                f"Marks of {self.assignment} and no folder in {where}/: {', '.join(sorted(gone))}."
            )
        students = {student for student, _ in self.submissions}
        self.refused = self._drop(around.unknown(students, patiently(writer.students)))

    def _drop(self, students: Iterable[str]) -> list[str]:
        """Choose these no more; return who of them was chosen."""
        left = set(students) & {student for student, _ in self.submissions}
        for key in [key for key in self.submissions if key[0] in left]:
            del self.submissions[key]
        return sorted(left)


def _chosen(
    course: Course, assignment: str, found: Sequence[Submission], students: Iterable[str]
) -> list[Submission]:
    directory = course.directory
    asked = [one_form(each) for each in students] or [one_form(directory.student_id)]
    there = {each.student for each in found}
    named = {each: {name for name in there if _is(name, each)} for each in asked}
    place = course.folder("submitted", "…", assignment)
    if nobody := sorted(each for each, names in named.items() if not names and each != "*"):
        raise CourseError(
            f"No submission of {', '.join(nobody)} for {assignment}.\nSubmissions lie in {place}."
        )
    left_out = {one_form(name) for name in directory.student_id_exclude.split(",")}
    chosen = set().union(*named.values()) - left_out
    left = [
        each
        for each in found
        if each.student in chosen and _is(each.notebook, directory.notebook_id)
    ]
    if not left and (there or not any(place.parent.parent.glob("*"))):
        raise CourseError(f"No submission for {assignment}.\nSubmissions lie in {place}.")
    return left


def _is(name: str, pattern: str) -> bool:
    """Whether a name is meant; one with brackets in it is no pattern where it is a name."""
    return name == pattern or fnmatchcase(name, pattern)
