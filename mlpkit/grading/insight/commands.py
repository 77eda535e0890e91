"""The commands that tell of a class's work: what they are called with, and what they say."""

import argparse
import os
from typing import TYPE_CHECKING

from mlpkit.grading.room.bubblewrap import SandboxMissing
from mlpkit.grading.term.command_line import Commands, add_student, add_workers, bar, say

if TYPE_CHECKING:
    from mlpkit.grading.course.files import Course


def add_report(commands: Commands) -> None:
    """Add the command that writes the pages on an assignment, and on the term."""
    report = commands.add_parser("report", help="write one HTML page and CSV files on a class")
    report.add_argument("assignment", nargs="?", help="without one, a page on the whole term")
    report.add_argument("--to", help="folder to write into (default: the course's reports)")
    add_workers(report, "processes that call wrong answers again (default: one for each processor)")
    report.add_argument("--no-names", action="store_false", dest="names",
                        help="don't look for the names of mistakes")  # fmt: skip
    report.add_argument("--lab", default="http://localhost:8888", metavar="ADDRESS",
                        help="of your JupyterLab, for links of the term's page")  # fmt: skip
    report.set_defaults(command=_report)


def _report(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.insight.hints import give_hints
    from mlpkit.grading.insight.overview import write_overview
    from mlpkit.grading.insight.report import write_report
    from mlpkit.grading.insight.signing import sign_class

    signatures, because = None, ""
    folder = course.to_write_in(options.to, "reports")
    if options.assignment is None:
        for path in write_overview(course, folder, options.lab):
            print(path)
        return 0
    if options.names:
        try:
            signatures = sign_class(course, options.assignment, options.workers, bar())
            give_hints(course, options.assignment, signatures)
        except SandboxMissing as error:
            because = f"Mistakes have no names here, as no answer can be called. {error}"
    for path in write_report(course, options.assignment, folder, signatures, because):
        print(path)
    return 0


def add_new(kinds: Commands) -> None:
    """Add `mistake` to what `mlpkit new` makes."""
    mistake = kinds.add_parser("mistake", help="name a group of wrong answers of the report")
    mistake.add_argument("assignment")
    mistake.add_argument("group", help="its letters in the report, such as 3fa92c")
    mistake.add_argument("name", help='what the answers do: "takes the mean along the samples"')
    mistake.add_argument("--says", default="", help="a sentence on the misconception, for you")
    mistake.add_argument("--hint", default="", help="a sentence for the student's page")
    mistake.set_defaults(command=_mistake)


def _mistake(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.insight.planted import name_group

    given = options.assignment, options.group, options.name, options.says, options.hint
    return say(name_group(course, *given))


def add_commands(commands: Commands) -> None:
    """Add the commands that look at people's own work."""
    copies = commands.add_parser("copies", help="find work that is more alike than chance makes it")
    copies.add_argument("assignment")
    copies.add_argument("--to", help="folder to write into (default: the course's reports)")
    copies.add_argument(
        "--expected", type=float, metavar="PAIRS",
        help="pairs to show where all work apart (default: 0.3); more shows more",
    )  # fmt: skip
    copies.add_argument(
        "--export", metavar="FOLDER", help="write the code for JPlag and Dolos, and nothing else"
    )
    copies.set_defaults(command=_copies)
    viva = commands.add_parser(
        "viva", help="write three questions to each student on their own code"
    )
    viva.add_argument("assignment")
    add_student(viva)
    viva.add_argument(
        "--to", metavar="FOLDER", help="to write into (default: the course's viva/ASSIGNMENT)"
    )
    viva.set_defaults(command=_viva)


def _copies(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.insight.copies import write_copies, write_export
    from mlpkit.grading.insight.likeness import EXPECTED

    if options.export:
        written = write_export(course, options.assignment, options.export)
        print(f"{written[0]} and {len(written) - 1} files of code")
        return 0
    expected = EXPECTED if options.expected is None else options.expected
    workers = os.cpu_count() or 1
    folder = course.to_write_in(options.to, "reports")
    for path in write_copies(course, options.assignment, folder, workers, expected):
        print(path)
    return 0


def _viva(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.insight.viva import write_viva

    folder = course.to_write_in(options.to, "viva", options.assignment)
    students, workers = frozenset(options.student), os.cpu_count() or 1
    written = write_viva(course, options.assignment, folder, students, workers, bar("run"))
    print(written[0], written[1], sep="\n")
    print(f"and {len(written) - 2} sheets")
    return 0
