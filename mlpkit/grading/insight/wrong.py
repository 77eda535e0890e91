"""What a class got wrong, exercise by exercise, for the page and for the table of mistakes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mlpkit.grading.insight.examples import example
from mlpkit.grading.insight.groups import Group, Sorted, sort
from mlpkit.grading.insight.names import Names
from mlpkit.grading.insight.signing import Signatures
from mlpkit.grading.job import Result, Signature

Judged = Callable[[str, str], bytes]


@dataclass(frozen=True)
class Exercise:
    """One exercise's wrong answers.

    Parameters
    ----------
    test : str
        The test's name.
    sorted : Sorted
    counts : str
        How many there are of each, in words.
    examples : dict of str to str
        By a group's code, one of its answers, without comments.
    outdated : bool
        The kit's names are of another version of this test.
    """

    test: str
    sorted: Sorted
    counts: str
    examples: Mapping[str, str]
    outdated: bool


def exercises(
    results: Sequence[Result], signatures: Signatures, names: Names, judged: Judged
) -> list[Exercise]:
    """Sort all that a class got wrong; of each test at which somebody lost points, in order.

    Parameters
    ----------
    results : sequence of Result
    signatures : dict
        As :func:`mlpkit.grading.insight.signing.sign_class` gives them.
    names : Names
    judged : callable
        Gives the judged notebook of a (student, notebook), for examples.
    """
    tests = {(r.notebook, g.grade_id): None for r in results for g in r.grades if g.kind == "test"}
    found = []
    for notebook, test in tests:
        of_test = {
            student: each[test]
            for (student, name), each in signatures.items()
            if name == notebook and test in each
        }
        if of_test:
            right = sum(
                grade.is_full
                for result in results
                if result.notebook == notebook
                for grade in result.grades
                if grade.grade_id == test
            )
            found.append(_exercise(test, right, of_test, names, notebook, judged))
    return found


def _exercise(
    test: str,
    right: int,
    signatures: Mapping[str, Signature],
    names: Names,
    notebook: str,
    judged: Judged,
) -> Exercise:
    answers = sort(test, signatures, names.of)
    examples = {
        group.code: example(judged(group.students[0], notebook), test)
        for group in answers.alike
        if not group.cause
    }
    outdated = any(names.outdated(test, each) for each in signatures.values())
    return Exercise(test, answers, _counts(right, answers), examples, outdated)


def _counts(right: int, answers: Sorted) -> str:
    wrong = sum(len(group.students) for group in [*answers.named, *answers.alike])
    counts = {
        "right": right,
        "wrong": wrong + len(answers.singles),
        "not answered": len(answers.blank),
        "not run": sum(map(len, answers.stopped.values())),
    }
    return ", ".join(f"{count} {what}" for what, count in counts.items() if count)


def not_run(found: Sequence[Exercise]) -> dict[str, list[str]]:
    """Give whose hand-in could not be run in any exercise, by the cause."""
    causes = [each.sorted.stopped for each in found]
    of_all = set.intersection(*map(set, causes)) if causes else set()
    whole = {
        cause: sorted(set.intersection(*(set(each[cause]) for each in causes)))
        for cause in sorted(of_all)
    }
    return {cause: students for cause, students in whole.items() if students}


def rows(found: Sequence[Exercise]) -> list[list[str]]:
    """Give the header and a row for each answer that lost points."""
    table = [["exercise", "student_id", "state", "mistake", "group", "cause"]]
    for each in found:
        answers = each.sorted
        for group in [*answers.named, *answers.alike]:
            table += [_row(each.test, student, group) for student in group.students]
        table += [[each.test, student, "wrong", "", "", ""] for student in answers.singles]
        table += [[each.test, student, "not answered", "", "", ""] for student in answers.blank]
        for cause, students in answers.stopped.items():
            table += [[each.test, student, "not run", "", "", cause] for student in students]
    return table


def _row(test: str, student: str, group: Group) -> list[str]:
    title = " or ".join(mistake.title for mistake in group.mistakes)
    code = "" if group.mistakes or group.cause else group.code
    return [test, student, "wrong", title, code, group.cause]
