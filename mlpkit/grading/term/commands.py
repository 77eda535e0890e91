"""What the commands of a term are called and take; the work is in the modules beside this one.

Nothing of nbgrader is imported until a command is run: `mlpkit --help` answers at once.
"""

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mlpkit.grading.term.command_line import Commands, add_student, say

if TYPE_CHECKING:
    from mlpkit.grading.course.files import Course


def add_commands(commands: Commands) -> None:
    """Add the term's commands to those of `mlpkit`."""
    due = commands.add_parser("due", help="say or set until when an assignment can be handed in")
    due.add_argument("assignment", nargs="?", help="without one, all are listed")
    due.add_argument("time", nargs="?", help='such as "2026-10-01 23:59", or none to take it away')
    due.set_defaults(command=_due)
    extend = commands.add_parser("extend", help="give a student, or all, more time")
    extend.add_argument("assignment", nargs="?", help="without one, all extensions are listed")
    extend.add_argument("student", nargs="?", help='an id, or "everybody"')
    extend.add_argument("time", nargs="?", help='"2 days", "2026-10-08 23:59", or none')
    extend.add_argument("--why", default="", help="kept in extensions.csv")
    extend.set_defaults(command=_extend)
    _add_collect(commands)
    _add_students(commands)
    export = commands.add_parser("export", help="write marks for Canvas, Moodle or a spreadsheet")
    export.add_argument("kind", choices=("canvas", "moodle", "exercises", "excel"))
    export.add_argument("assignments", nargs="*", help="all that were graded, if none is named")
    export.add_argument("--to", type=Path, metavar="FOLDER", help="default: the course's reports")
    export.add_argument("--decimal", choices=("point", "comma"), default="point")
    export.add_argument("--zeros", action="store_true", help="0 points for who handed nothing in")
    export.set_defaults(command=_export)
    merge = commands.add_parser("merge", help="bring a second grader's marks by hand in")
    merge.add_argument("gradebook", nargs="?", type=Path, help="the other grader's gradebook.db")
    merge.add_argument("--undo", action="store_true", help="take the last merge back")
    merge.set_defaults(command=_merge)
    _add_archive(commands)


def _add_archive(commands: Commands) -> None:
    archive = commands.add_parser("archive", help="keep a term in one file, and begin the next")
    archive.set_defaults(command=_archive)
    actions = archive.add_subparsers(metavar="ACTION", dest="action", required=True)
    for name, words in (
        ("make", "pack the term into archives/NAME.zip and read it back"),
        ("check", "compare each file of an archive with its digest"),
        ("clear", "take away what is archived: the next term begins empty"),
        ("restore", "put an archived term back into an empty course"),
        ("marks", "show an archive's marks"),
        ("unpack", "lay an archived term out in a new folder"),
    ):
        action = actions.add_parser(name, help=words)
        action.add_argument("name", help="such as 2026-autumn, or the file")
        if name == "unpack":
            action.add_argument("folder", type=Path)


def _add_collect(commands: Commands) -> None:
    collect = commands.add_parser("collect", help="take hand-ins out of a platform's download")
    collect.add_argument("assignment")
    collect.add_argument("source", nargs="?", type=Path, help="the platform's zip, or a folder")
    collect.add_argument("--exchange", action="store_true", help="take nbgrader's exchange")
    collect.add_argument("--times", type=Path, metavar="FILE", help="a table that says when")
    collect.add_argument("--look", action="store_true", help="say what would be done")
    collect.add_argument("--undo", action="store_true", help="take the last collecting back")
    collect.set_defaults(command=_collect)


def _add_students(commands: Commands) -> None:
    students = commands.add_parser("students", help="list, import, add, rename, withdraw students")
    students.set_defaults(command=_students, action="list")
    actions = students.add_subparsers(metavar="ACTION", dest="action")
    actions.required = False
    read = actions.add_parser("import", help="read a class list, as Excel or a platform writes it")
    read.add_argument("file", type=Path)
    read.add_argument("--id-column", metavar="NAME", help="the column that holds the ids")
    read.add_argument("--encoding", metavar="NAME", help="of a list that isn't in UTF-8, as gbk")
    add = actions.add_parser("add", help="add one student, or change names")
    add.add_argument("id")
    for name in ("first-name", "last-name", "email"):
        add.add_argument(f"--{name}", default="")
    actions.add_parser("undo", help="take the last import or addition back")
    rename = actions.add_parser("rename", help="give a student another id; all follows")
    rename.add_argument("old")
    rename.add_argument("new")
    withdraw = actions.add_parser("withdraw", help="grade and export nothing of a student's")
    withdraw.add_argument("id")
    back = actions.add_parser("return", help="take a withdrawal back")
    back.add_argument("id")


def add_feedback(commands: Commands) -> None:
    """Add the command that writes pages for students."""
    feedback = commands.add_parser("feedback", help="write each page that is older than its marks")
    feedback.add_argument("assignment")
    add_student(feedback)
    feedback.add_argument("--force", action="store_true", help="write all pages again")
    feedback.set_defaults(command=_feedback)


def _feedback(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.course.hand_back import write_feedback

    given = write_feedback(course, options.assignment, options.student, options.force)
    say(os.path.relpath(path) for path in given.written)
    print(f"{len(given.written)} written, {given.kept} as their marks are.")
    return say(given.told)


def _due(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.term import dates

    if options.time is None:
        lines = dates.due_dates(course)
        if options.assignment:
            course.sources(options.assignment)
            lines = [line for line in lines if line.split()[0] == options.assignment]
        return say(lines)
    return say(dates.set_due(course, options.assignment, options.time))


def _extend(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.term import dates

    if options.assignment is None:
        return say(dates.extensions(course) or ["Nobody has an extension."])
    if options.time is None:
        print('Say who and how long: mlpkit extend ps2 ada "2 days"', file=sys.stderr)
        return 2
    student = "*" if options.student == "everybody" else options.student
    return say(dates.extend(course, options.assignment, student, options.time, options.why))


def _collect(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.term import collect, placing

    if options.undo:
        return say(placing.undo(course, options.assignment))
    source = collect.exchange(course) if options.exchange else options.source
    if source is None:
        print("Say what to collect from: a platform's zip, a folder, or --exchange",
              file=sys.stderr)  # fmt: skip
        return 2
    return say(collect.collect(course, options.assignment, source, options.times, options.look))


def _students(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.course.class_tables import Person
    from mlpkit.grading.term import renaming, roster

    if options.action == "import":
        return say(roster.import_list(course, options.file, options.id_column, options.encoding))
    if options.action == "add":
        person = Person(options.id, options.first_name, options.last_name, options.email)
        return say(roster.add(course, person))
    if options.action == "undo":
        return say(roster.undo(course))
    if options.action == "rename":
        return say(renaming.rename(course, options.old, options.new))
    if options.action == "withdraw":
        return say(roster.withdraw(course, options.id, datetime.now(course.zone)))
    if options.action == "return":
        return say(roster.bring_back(course, options.id))
    return say(roster.list_students(course))


def _export(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.term.exporting import export

    decimal = "," if options.decimal == "comma" else "."
    folder = course.to_write_in(options.to, "reports")
    return say(export(course, options.kind, options.assignments, folder, decimal, options.zeros))


def _merge(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.term import merge

    if options.undo:
        return say(merge.undo(course))
    if options.gradebook is None:
        print("Name the other grader's gradebook.db: mlpkit merge FILE", file=sys.stderr)
        return 2
    return say(merge.merge(course, options.gradebook))


def _archive(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.term import archive, archived

    file = archive.place_of(course, options.name)
    if options.action == "check":
        return say(archived.check(file))
    if options.action == "marks":
        return say(archived.marks(file))
    if options.action == "unpack":
        return say(archived.unpack(file, options.folder))
    actions = {"make": archive.make, "clear": archive.clear, "restore": archive.restore}
    return say(actions[options.action](course, options.name))
