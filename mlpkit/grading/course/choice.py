"""Who of a class is graded: as options and nbgrader's settings say."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.hand_ins import Submission, one_form
from mlpkit.grading.job import CourseError


def chosen(
    course: Course, assignment: str, found: Sequence[Submission], students: Iterable[str]
) -> list[Submission]:
    """Choose among what was handed in.

    Parameters
    ----------
    course : Course
        Whose settings name students and notebooks, by patterns, and students left out.
    assignment : str
    found : sequence of Submission
    students : iterable of str
        Names or patterns; those of the settings if empty.

    Raises
    ------
    CourseError
        If nothing is left.
    """
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
    students = set().union(*named.values()) - left_out
    left = [
        each
        for each in found
        if each.student in students and _is(each.notebook, directory.notebook_id)
    ]
    if not left and (there or not any(place.parent.parent.glob("*"))):
        raise CourseError(f"No submission for {assignment}.\nSubmissions lie in {place}.")
    return left


def _is(name: str, pattern: str) -> bool:
    """Whether a name is meant; one with brackets in it is no pattern where it is a name."""
    return name == pattern or fnmatchcase(name, pattern)
