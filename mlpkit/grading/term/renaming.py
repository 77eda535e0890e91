"""`mlpkit students rename`: a student gets another id, and all that is theirs follows."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import text

from mlpkit.grading.course import roll
from mlpkit.grading.course.class_list import (
    NAME,
    formerly,
    names_of,
    read_students,
    write_students,
)
from mlpkit.grading.course.class_tables import Person
from mlpkit.grading.course.extensions import NAME as EXTENSIONS
from mlpkit.grading.course.extensions import read_extensions, write_extensions
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import only_one
from mlpkit.grading.course.journal import Journal, write_whole
from mlpkit.grading.course.naming import names_a_folder, one_form
from mlpkit.grading.course.run import journal_of
from mlpkit.grading.course.withdrawn import withdrawn, write_withdrawn
from mlpkit.grading.job import CourseError
from mlpkit.grading.term.dates import gradebook_of
from mlpkit.grading.term.placing import rename_in_logs

STEPS = ("submitted", "autograded", "feedback")
# nbgrader renames nobody.
RENAMING = (
    "UPDATE student SET id = :new WHERE id = :old",
    "UPDATE submitted_assignment SET student_id = :new WHERE student_id = :old",
    "UPDATE OR REPLACE mlpkit_held SET student = :new WHERE student = :old",
)


def rename(course: Course, old: str, new: str) -> list[str]:
    """Give a student another id, by the present or an earlier one; all that is theirs follows.

    Raises
    ------
    CourseError
        If nobody has the old one, or somebody the new.
    """
    old, new = one_form(old), one_form(new)
    people = {each.id: each for each in roll.class_of(course)}
    old = formerly(people.values()).get(old, old)
    if old == new:
        return [f"{new} has this id already; nothing was changed."]
    if old not in people and not (course.root / "submitted" / old).is_dir():
        raise CourseError(f"No student {old!r} in the class.\nmlpkit students lists who is.")
    if not names_a_folder(new):
        raise CourseError(f"{new!a} can't be a student's id.\nNothing was changed.")
    places = [course.root / course.name_of(step) for step in STEPS]
    if new in people or any((place / new).exists() for place in places):
        raise CourseError(f"There is a student {new!r} already.\nNothing was changed.")
    with contextlib.ExitStack() as held:
        for assignment in course.assignments():  # nobody grades meanwhile
            held.enter_context(only_one(journal_of(course, assignment).folder, assignment))
        _rename_everywhere(course, places, old, new)
    return [f"{old} is {new} now, with all hand-ins, marks and lists. Back: "
            f"mlpkit students rename {new} {old}"]  # fmt: skip


def _rename_everywhere(course: Course, places: Sequence[Path], old: str, new: str) -> None:
    for place in [*places, *(course.root / "replaced").glob("*")]:
        if (place / old).exists():
            (place / old).rename(place / new)
    for assignment in course.assignments():
        _rename_journal(journal_of(course, assignment), old, new)
    _rename_in_lists(course, old, new)
    rename_in_logs(course, old, new)
    with gradebook_of(course) as gradebook:
        roll.prepare(gradebook)
        for change in RENAMING:
            gradebook.db.execute(text(change), {"old": old, "new": new})
        gradebook.db.commit()


def _rename_journal(journal: Journal, old: str, new: str) -> None:
    folder = journal.folder / old
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        kept = journal.find(old, path.stem)
        if kept is not None:
            mark, result, settled = kept
            journal.keep(mark, replace(result, student=new))
            if settled:
                journal.settle(new, path.stem)
        path.unlink()
    if folder.is_dir():
        folder.rmdir()


def _rename_in_lists(course: Course, old: str, new: str) -> None:
    person = {each.id: each for each in roll.class_of(course)}.get(old, Person(old))
    others = [each for each in read_students(course.root) if each.id != old]
    numbers = person.numbers | {
        "formerly": "|".join(each for each in names_of(person) if each != new)
    }
    write_whole(
        course.root / NAME, write_students([*others, replace(person, id=new, numbers=numbers)])
    )
    found, _ = read_extensions(course.root)
    if any(each.student == old for each in found):
        moved = [replace(each, student=new) if each.student == old else each for each in found]
        write_whole(course.root / EXTENSIONS, write_extensions(moved))
    left = withdrawn(course.root)
    if old in left:
        left[new] = left.pop(old)
        write_withdrawn(course.root, left)
