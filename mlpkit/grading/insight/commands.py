"""The commands that look at people's own work: `mlpkit copies` and `mlpkit viva`."""

import argparse
import os
from typing import TYPE_CHECKING

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
