"""The command `mlpkit`: what it is called with, and the grading of a class."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mlpkit.grading.insight import commands as insight
from mlpkit.grading.job import CourseError, Result
from mlpkit.grading.making import commands as making
from mlpkit.grading.room.bubblewrap import SandboxMissing
from mlpkit.grading.term import commands as term
from mlpkit.grading.term.command_line import (
    ANY_ORDER,
    Commands,
    add_student,
    add_workers,
    bar,
    positive,
    printable,
    say,
)
from mlpkit.grading.workers.servers import shared
from mlpkit.terminal import any_terminal

if TYPE_CHECKING:
    from mlpkit.grading.course.files import Course

# nbgrader's own options that take no value, and those of any of its classes.
NBGRADERS = re.compile(r"--(create|no-execute|debug|quiet|\w+\.\w+=.*)", re.DOTALL)
WATCHED = (
    "What a submission's processes use together was looked at, not bounded by the system: "
    "no cgroup was given (docs/architecture.md)."
)
TLS = ("tls_ca_file", "tls_client_cert", "tls_client_key")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status: 0, or 1 with two lines on what to do."""
    any_terminal()
    options, passed_on = _read(arguments)
    # jsonschema would compile the grammar of internationalised addresses, which no notebook has,
    # when nbformat imports it: that takes longer than all the rest of nbgrader.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # refuses it
    if options.command is _grade and options.scheduler is None:
        shared().start()  # it imports while this process does
    try:
        from mlpkit.grading.course.files import Course  # after --help, which needs none of this
        from mlpkit.grading.course.guards import errors_in_words
    except ModuleNotFoundError as error:
        print(f"No {error.name} here; grading needs it: pip install 'mlpkit[grading]'",
              file=sys.stderr)  # fmt: skip
        return 1
    try:
        with errors_in_words():
            status: int = options.command(Course(options.course, passed_on), options)
        return status
    except CourseError as error:
        print(printable(str(error), keep="\n"), file=sys.stderr)
        return 1
    except SandboxMissing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here; nothing is lost.", file=sys.stderr)
        return 130
    finally:
        shared().close()


def _read(arguments: Sequence[str] | None) -> tuple[argparse.Namespace, list[str]]:
    """Read the command line: our options, and those that are nbgrader's."""
    top = parser()
    options, others = top.parse_known_args(arguments)
    grade = options.command is _grade
    unknown = [word for word in others if not (grade and NBGRADERS.fullmatch(word))]
    if unknown:
        top.error(f"unrecognized arguments: {' '.join(unknown)}")
    if not grade:
        return options, []
    given = {"notebook": options.notebook, "db": options.db, "course-dir": options.course_dir}
    passed_on = [f"--{name}={value}" for name, value in given.items() if value]
    if len(options.student) == 1:  # for hooks, which nbgrader tells
        passed_on.append(f"--CourseDirectory.student_id={options.student[0]}")
    return options, [*passed_on, *others]


class _AllHelp(argparse.Action):
    """Show nbgrader's settings as well, all of which are obeyed or refused in words."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from mlpkit.grading.course.settings import print_all

        parser.print_help()
        print_all()
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments."""
    top = argparse.ArgumentParser(prog="mlpkit", description="Grade a class, and report on it.")
    top.add_argument("--course", default=".", help="the course's folder (default: this one)")
    commands = top.add_subparsers(required=True, metavar="COMMAND", parser_class=ANY_ORDER)
    _add_grade(commands)
    insight.add_report(commands)
    term.add_feedback(commands)
    term.add_commands(commands)
    _add_new(commands)
    insight.add_commands(commands)
    _add_mark(commands)
    return top


def _add_grade(commands: Commands) -> None:
    grade = commands.add_parser(
        "grade", help="judge what is new or changed, in parallel", allow_abbrev=False,
        epilog="nbgrader's options go too: --Execute.timeout=60, --Autograde.create_student=False",
    )  # fmt: skip
    grade.add_argument("assignment")
    add_student(grade, "only this one, or those of a pattern; repeatable")
    grade.add_argument("--notebook", metavar="NAME", help="only this one, or those of a pattern")
    grade.add_argument("--db", metavar="URL", help="the gradebook, where it isn't the course's own")
    grade.add_argument("--course-dir", metavar="FOLDER", help="the course's root for nbgrader")
    grade.add_argument("--help-all", action=_AllHelp, nargs=0, help="nbgrader's settings as well")
    grade.add_argument(
        "-f", "--force", action="store_true", help="judge again what has not changed"
    )
    add_workers(grade, "processes here (default: one for each processor)")
    grade.add_argument(
        "--scheduler", metavar="ADDRESS", help="address of a Dask scheduler to use instead"
    )
    grade.add_argument("--tls-ca-file", metavar="FILE", help="the scheduler's authority (TLS)")
    grade.add_argument("--tls-cert", metavar="FILE", dest="tls_client_cert",
                       help="this computer's certificate (TLS)")  # fmt: skip
    grade.add_argument("--tls-key", metavar="FILE", dest="tls_client_key",
                       help="the certificate's key (TLS)")  # fmt: skip
    grade.add_argument(
        "--new-gradebook", action="store_true",
        help="set a damaged gradebook aside, and write what was judged into a new one",
    )  # fmt: skip
    grade.add_argument(
        "--unsandboxed", action="store_true",
        help="accept running students' code with all your rights where bubblewrap is missing",
    )  # fmt: skip
    grade.add_argument(
        "--accept-tests", action="store_true",
        help="judge although tests fail on the course's own answers, or pass without any",
    )  # fmt: skip
    grade.set_defaults(command=_grade)


def _grade(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.course.run import Options, grade_class

    summary = grade_class(
        course,
        options.assignment,
        Options(
            students=frozenset(options.student),
            force=options.force,
            workers=options.workers,
            scheduler=options.scheduler,
            tls=_tls(options),
            unsandboxed=options.unsandboxed or course.judge.unsandboxed,
            new_gradebook=options.new_gradebook,
            accept_tests=options.accept_tests,
            limits=course.limits,
            progress=bar(),
        ),
    )
    for result in summary.results:
        print(_row(result))
    print(f"{summary.judged} judged, {summary.kept} unchanged since they were.")
    if summary.older:
        print(f"{summary.older} of them had been judged by an older kit, Python or NumPy.")
    if summary.judged and any(_only_watched(result) for result in summary.results):
        print(WATCHED)
    say(summary.warnings)
    say(f"{each} isn't in the gradebook and was left out (create_student)."
        for each in summary.refused)  # fmt: skip
    return 1 if summary.refused else 0


def _tls(options: argparse.Namespace) -> dict[str, str] | None:
    files = {name: getattr(options, name) for name in TLS}
    given = [file for file in files.values() if file is not None]
    if not given:
        return None
    if len(given) < len(files) or options.scheduler is None:
        raise CourseError(
            "--tls-ca-file, --tls-cert and --tls-key go together, with --scheduler tls://….\n"
            "The three files are those of the scheduler's own command."
        )
    missing = [file for file in given if not os.path.isfile(file)]
    if missing:
        raise CourseError(f"No file {missing[0]}.\nThe options of TLS name files that are there.")
    return files


def _only_watched(result: Result) -> bool:
    return result.sandbox != "none" and not result.grouped and bool(result.seconds)


def _row(result: Result) -> str:
    row = f"{result.student:20s} {result.notebook:8s} {result.points:6.2f} / {result.max_points:g}"
    if result.failure:
        row += f"  {result.failure}"
    if result.repairs:
        row += f"  (repaired: {'; '.join(result.repairs)})"
    if inside := sum(grade.inside for grade in result.grades):
        row += f"  (tests inside, which can be seen and fooled: {inside})"
    if result.sandbox == "none":
        row += "  NOT SANDBOXED"
    return printable(row)


def _add_new(commands: Commands) -> None:
    new = commands.add_parser(
        "new", help="make an assignment, an exercise, a lecture, an explorer; or name a mistake"
    )
    kinds = new.add_subparsers(required=True, metavar="WHAT")
    making.add_new(kinds)
    insight.add_new(kinds)


def _add_mark(commands: Commands) -> None:
    mark = commands.add_parser("mark", help="open the page on which written answers are marked")
    mark.add_argument("assignment")
    mark.add_argument("--no-browser", action="store_true", help="only say the page's address")
    mark.add_argument("--port", type=positive, help="of the server (default: a free one)")
    mark.set_defaults(command=_mark)


def _mark(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.marking.server import serve

    serve(course, options.assignment, options.port, not options.no_browser)
    return 0
