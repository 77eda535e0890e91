"""A group of wrong answers without a name is given one, and becomes a planted mistake."""

import json
from pathlib import Path
from typing import Any

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.run import journal_of
from mlpkit.grading.insight.examples import example
from mlpkit.grading.insight.groups import CODE
from mlpkit.grading.insight.names import FOLDER, Names, enough
from mlpkit.grading.insight.signing import known_signatures
from mlpkit.grading.job import CourseError, Signature

Member = tuple[tuple[str, str], Signature]


def name_group(
    course: Course, assignment: str, code: str, title: str, says: str = "", hint: str = ""
) -> list[str]:
    """Name a group of wrong answers, from now on and in every class.

    Parameters
    ----------
    course : Course
    assignment : str
    code : str
        The group's, as the report shows it.
    title : str
        What the answers do: "takes the softmax along the samples".
    says, hint : str
        A sentence on the misconception for the report, and one for the student's page.

    Returns
    -------
    list of str
        Lines on what was done.

    Raises
    ------
    CourseError
        If there is no such group, its answers tell too little, or the name is taken.
    """
    title = " ".join(title.split())
    test, members = _group(course, assignment, code)
    signature = members[0][1]
    if not enough(signature):
        raise CourseError(
            f"The answers of {code} only fail, and so do those of other mistakes.\n"
            "A name for them would be given to others wrongly: nothing was changed."
        )
    if names := Names(assignment, course.root).of(test, signature):
        known = " or ".join(repr(each.title) for each in names)
        raise CourseError(f"The group {code} is named already: {known}.\nNothing was changed.")
    path = course.root / FOLDER / f"{assignment}.json"
    tree, lines = _read(path), list[str]()
    about = tree["tests"].setdefault(test, {"version": signature.version, "mistakes": {}})
    if about["version"] != signature.version:
        lines = [f"Taken out, as {test} has changed: {', '.join(about['mistakes'])}."]
        about.update(version=signature.version, mistakes={})
    if title in about["mistakes"] or not title:
        raise CourseError(f"{title!r} is no new name in {test}.\nNothing was changed.")
    (student, notebook), _ = members[0]
    answer = example(journal_of(course, assignment).judged(student, notebook), test)
    about["mistakes"][title] = {"signature": signature.digest, "says": says, "hint": hint,
                                "answer": answer}  # fmt: skip
    write_whole(path, (json.dumps(tree, indent=1, ensure_ascii=False) + "\n").encode())
    count = f"{len(members)} {'answer' if len(members) == 1 else 'answers'}"
    return [*lines, f"{count} to {test}: {title}.", f"Kept in {path}, with one of them."]


def _group(course: Course, assignment: str, code: str) -> tuple[str, list[Member]]:
    found: dict[tuple[str, str], list[Member]] = {}
    for key, signatures in known_signatures(course, assignment).items():
        for test, one in signatures.items():
            if one.digest and one.digest.startswith(code) and len(code) >= CODE:
                found.setdefault((test, one.digest), []).append((key, one))
    if len(found) != 1:
        many = "more than one group" if found else "no group"
        raise CourseError(
            f"There is {many} {code!r} in {assignment}.\n"
            f"mlpkit report {assignment} shows each group's letters: {CODE} or more of them."
        )
    (((test, _), members),) = found.items()
    return test, sorted(members, key=lambda member: member[0])


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {"tests": {}}
    tree: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
    return tree
