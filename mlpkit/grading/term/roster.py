"""`mlpkit students`: who is in the class; added, renamed and withdrawn, and nothing lost."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from nbgrader.api import Gradebook

from mlpkit.grading.course.class_list import (
    NAME,
    formerly,
    names_of,
    not_read,
    read_students,
    write_students,
)
from mlpkit.grading.course.class_tables import Person, read_class
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.journal import write_whole
from mlpkit.grading.course.naming import names_a_folder, one_form
from mlpkit.grading.course.roll import class_of, student_named
from mlpkit.grading.course.withdrawn import withdrawn, write_withdrawn
from mlpkit.grading.job import CourseError
from mlpkit.grading.term.dates import gradebook_of
from mlpkit.grading.text.decoding import guessed
from mlpkit.grading.text.notes import listed

BEFORE = ".mlpkit/students-before.json"


def list_students(course: Course) -> list[str]:
    """Say who is in the class, a line each."""
    gone = withdrawn(course.root)
    lines = []
    for each in class_of(course):
        line = f"{each.id:20s} {each.name:30s} {each.email}".rstrip()
        if each.id in gone:
            line += f"  (withdrawn {gone[each.id]})"
        lines.append(line)
    lines = lines or ["Nobody is in the class yet: mlpkit students import FILE"]
    return [*lines, *not_read(course.root)]


def import_list(
    course: Course, file: Path, column: str | None, encoding: str | None = None
) -> list[str]:
    """Take a class list over; who isn't in it any more stays, and is named.

    Parameters
    ----------
    course : Course
    file : Path
    column : str, optional
        The one that holds the ids.
    encoding : str, optional
        Of a list that isn't in UTF-8.

    Raises
    ------
    CourseError
        If it can't be read.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        words = f"{file} can't be read: {error.strerror}.\nNothing was changed."
        raise CourseError(words) from error
    people, left_out = read_class(content, column, encoding=encoding)
    if encoding is None and guessed(content):
        left_out.append("The list isn't in UTF-8, so its letters are a guess: where names are "
                        "wrong, say what it is, such as --encoding cp1250.")  # fmt: skip
    known = {each.id: each for each in class_of(course)}
    lines = _take(course, people)
    there = {each.id for each in people}
    gone = {name for name, each in known.items() if there.isdisjoint(names_of(each))}
    missing = sorted(gone - set(withdrawn(course.root)))
    if missing:
        lines.append(f"Not in this list, and still in the class: {', '.join(missing)}.")
        lines.append("Who has left the course: mlpkit students withdraw ID")
    lines += _still_withdrawn(course, set(known) - gone)
    lines += _alike("ids that differ only in case", [(each.id, each.id) for each in people])
    lines += _alike("one address", [(each.email, each.id) for each in people if each.email])
    return [*lines, *left_out, f"{len(people)} students in the list."]


def _alike(what: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """Say who can be taken for one another."""
    groups: dict[str, list[str]] = {}
    for value, student in named:
        groups.setdefault(value.casefold(), []).append(student)
    return [f"With {what}: {listed(each)}." for each in groups.values() if len(each) > 1]


def _still_withdrawn(course: Course, names: Collection[str]) -> list[str]:
    if not (found := sorted(set(withdrawn(course.root)) & set(names))):
        return []
    back = f"mlpkit students return {found[0] if len(found) == 1 else 'ID'}"
    return [f"Withdrawn, and not graded: {', '.join(found)}. Back in the class: {back}"]


def add(course: Course, person: Person) -> list[str]:
    """Add one student, or change names and address."""
    name = one_form(person.id)
    if not names_a_folder(name):
        raise CourseError(f"{person.id!a} can't be a student's id: a folder is named so.\n"
                          "Nothing was changed.")  # fmt: skip
    lines = _take(course, [replace(person, id=name)]) or [f"{name} is in the class as before."]
    return [*lines, *_still_withdrawn(course, {name})]


def _take(course: Course, people: Sequence[Person]) -> list[str]:
    known = {each.id: each for each in class_of(course)}
    listed = {each.id: each for each in read_students(course.root)}
    before = formerly(known.values())
    lines = not_read(course.root)  # and not written again
    for person in people:
        each = replace(person, id=before.get(person.id, person.id))
        was = known.get(each.id)
        now = each if was is None else _merged(was, each)
        if was is None:
            lines.append(f"{each.id:20s} new: {each.name}".rstrip(": "))
        elif now != was:
            lines.append(f"{each.id:20s} {now.name}, {now.email} (before: {was.name}, {was.email})")
        listed[each.id] = now
    content = write_students([*listed.values()])
    was_there = (course.root / NAME).read_bytes() if (course.root / NAME).is_file() else None
    if was_there != content:
        _remember(course, was_there, sorted(set(listed) - set(known)))
        write_whole(course.root / NAME, content)
    with gradebook_of(course) as gradebook:
        for each in listed.values():
            _into(gradebook, each)
    return lines


def _remember(course: Course, before: bytes | None, new: list[str]) -> None:
    entry = {"before": None if before is None else before.decode("latin-1"), "new": new}
    write_whole(course.root / BEFORE, json.dumps(entry).encode())


def undo(course: Course) -> list[str]:
    """Take back what the last import or addition changed in the class list.

    Raises
    ------
    CourseError
        If there is nothing to take back.
    """
    if not (course.root / BEFORE).is_file():
        raise CourseError("Nothing was imported or added that could be taken back.\n"
                          "Nothing was changed.")  # fmt: skip
    entry = json.loads((course.root / BEFORE).read_bytes())
    before = None if entry["before"] is None else entry["before"].encode("latin-1")
    now = {each.id: each for each in read_students(course.root)}
    renamed = formerly(now.values())
    new = {renamed.get(each, each) for each in entry["new"]}
    with gradebook_of(course) as gradebook:
        held = {each.id for each in gradebook.students if each.submissions}
        stay = new & held
        for each in gradebook.students:
            if each.id in new - stay:
                gradebook.remove_student(each.id)
        known = sorted((stay | set(renamed.values())) & held & set(now))
        _put_back(course, before, [now[each] for each in known], renamed)
        for person in read_students(course.root):
            _into(gradebook, person)
    (course.root / BEFORE).unlink()
    lines = [f"{NAME} is as it was before; {len(new - stay)} students are out again."]
    return lines + [f"{each} has handed in, and stays." for each in sorted(stay)]


def _put_back(
    course: Course, before: bytes | None, stay: list[Person], renamed: Mapping[str, str]
) -> None:
    """Write the list that there was, with who stays, and by their present ids."""
    people = read_class(before, whole=True)[0] if before else []
    if stay or any(each.id in renamed for each in people):
        there = {each.id: each for each in read_students(course.root)}
        kept = {each.id: each for each in stay}
        for each in people:
            if each.id in renamed:
                now = there[renamed[each.id]]
                earlier = {"formerly": now.numbers["formerly"]}
                each = replace(each, id=now.id, numbers=each.numbers | earlier)
            kept[each.id] = each
        before = write_students(kept.values())
    if before is None:
        (course.root / NAME).unlink(missing_ok=True)
    else:
        write_whole(course.root / NAME, before)


def _merged(was: Person, now: Person) -> Person:
    """Give what is known of somebody: the new values, and the old where there is none."""
    return Person(
        was.id,
        now.first_name if now.name else was.first_name,
        now.last_name if now.name else was.last_name,
        now.email or was.email,
        was.numbers | now.numbers,
    )


def _into(gradebook: Gradebook, person: Person) -> None:
    fields = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
    given = {name: value for name, value in fields.items() if value}
    gradebook.update_or_create_student(person.id, **given)


def withdraw(course: Course, student: str, today: datetime) -> list[str]:
    """Note that a student has left: nothing is deleted, graded or exported from now on.

    Raises
    ------
    CourseError
        If nobody has this id.
    """
    student, left = one_form(student), withdrawn(course.root)
    student = student if student in left else student_named(course, student)
    if student in left:
        return [f"{student} was withdrawn on {left[student]}; nothing was changed."]
    write_withdrawn(course.root, left | {student: f"{today:%Y-%m-%d}"})
    return [f"{student} is withdrawn: all marks and files stay, and none is graded or exported. "
            f"Back: mlpkit students return {student}"]  # fmt: skip


def bring_back(course: Course, student: str) -> list[str]:
    """Take a withdrawal back."""
    student, left = one_form(student), withdrawn(course.root)
    student = student if student in left else student_named(course, student)
    if student not in left:
        raise CourseError(f"{student!r} isn't withdrawn.\nNothing was changed.")
    del left[student]
    write_withdrawn(course.root, left)
    return [f"{student} is in the class again, with all marks and files."]
