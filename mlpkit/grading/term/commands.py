"""What the commands of a term are called and take; the work is in the modules beside this one.

Nothing of nbgrader is imported until a command is run: `mlpkit --help` answers at once.
"""

import argparse
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlpkit.grading.course.files import Course

Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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


def say(lines: Iterable[str]) -> int:
    """Print lines, of which students chose some letters; return the status for success."""
    for line in lines:
        print("".join(letter if letter.isprintable() else "?" for letter in line))
    return 0


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
