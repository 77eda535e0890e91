"""Hints on students' own pages: the misconception behind a named mistake, where it is wanted."""

from collections.abc import Sequence

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.hints import write_hints
from mlpkit.grading.insight.names import Mistake, Names
from mlpkit.grading.insight.signing import Signatures


def give_hints(course: Course, assignment: str, signatures: Signatures) -> None:
    """Write each student's hints; where `c.Judge.hints` isn't set, take them away.

    Parameters
    ----------
    course : Course
    assignment : str
    signatures : dict
        As :func:`mlpkit.grading.insight.signing.sign_class` gives them.
    """
    wanted, names = course.judge.hints, Names(assignment, course.root)
    for (student, notebook), found in signatures.items():
        hints = {test: hint(names.of(test, one)) for test, one in found.items()} if wanted else {}
        hints = {test: words for test, words in hints.items() if words}
        write_hints(course.root, assignment, student, notebook, hints)


def hint(mistakes: Sequence[Mistake]) -> str:
    """Return the misconception, if there is one for all of these names."""
    words = {mistake.hint for mistake in mistakes}
    return words.pop() if len(words) == 1 else ""
