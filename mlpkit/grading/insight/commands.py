"""The commands that look at people's own work: `mlpkit copies` and `mlpkit viva`."""

import argparse
import os
from typing import TYPE_CHECKING

from mlpkit.grading.term.commands import bar

if TYPE_CHECKING:
    from mlpkit.grading.course.files import Course


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to those of `mlpkit`."""
    copies = commands.add_parser("copies", help="find work that is more alike than chance makes it")
    copies.add_argument("assignment")
    copies.add_argument("--to", default="reports", help="folder to write into (default: reports)")
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
    viva.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this one; repeatable"
    )
    viva.add_argument("--to", metavar="FOLDER", help="to write into (default: viva/ASSIGNMENT)")
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
    for path in write_copies(course, options.assignment, options.to, workers, expected):
        print(path)
    return 0


def _viva(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.insight.viva import write_viva

    folder = options.to or os.path.join("viva", options.assignment)
    students, workers = frozenset(options.student), os.cpu_count() or 1
    written = write_viva(course, options.assignment, folder, students, workers, bar("run"))
    print(written[0], written[1], sep="\n")
    print(f"and {len(written) - 2} sheets")
    return 0
