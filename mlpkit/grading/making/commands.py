"""What `mlpkit new` makes in a clone of the course, and what it says of it."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mlpkit.grading.term.command_line import Commands, say

if TYPE_CHECKING:
    from mlpkit.grading.course.files import Course
    from mlpkit.grading.making.staging import Draft


def add_new(kinds: Commands) -> None:
    """Add what is written in a clone of the course to what `mlpkit new` makes."""
    assignment = kinds.add_parser("assignment", help="an assignment without exercises (in a clone)")
    assignment.add_argument("name", help="the next one, such as ps6")
    assignment.add_argument("--title", help='such as "Convolutions"')
    assignment.add_argument("--lectures", type=int, nargs="+", metavar="N",
                            help="those that it needs (default: the last one)")  # fmt: skip
    assignment.set_defaults(command=_assignment)
    exercise = kinds.add_parser("exercise", help="an exercise at an assignment's end (in a clone)")
    exercise.add_argument("assignment")
    exercise.add_argument("name", help="of the function that students write, such as convolve")
    exercise.add_argument("--title", help="its heading (default: made of the name)")
    exercise.add_argument("--points", type=_points, default=4.0, metavar="N", help="default: 4")
    exercise.add_argument("--written", action="store_true",
                          help="answered in words, and marked by a person")  # fmt: skip
    exercise.set_defaults(command=_exercise)
    lecture = kinds.add_parser("lecture", help="a lecture behind the last one (in a clone)")
    lecture.add_argument("name", help="its number and topic, such as 10_convolution")
    lecture.add_argument("--title", help="default: made of the name")
    lecture.add_argument("--about", default="TODO: the question that it answers",
                         help="a line for the map: the question that it answers")  # fmt: skip
    lecture.set_defaults(command=_lecture)
    explorer = kinds.add_parser("explorer", help="a figure that is moved by hand (in a clone)")
    explorer.add_argument("name", help="of its module, such as convolution")
    explorer.set_defaults(command=_explorer)


def _points(text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = 0.0
    if not (0 < points < 1000 and (4 * points).is_integer()):
        raise argparse.ArgumentTypeError(f"expected points above 0, in quarters, got {text!r}")
    return points


def _python(course: "Course") -> str:
    """Name this Python as one would type it in the course's folder."""
    path, root = Path(sys.executable), course.root.resolve()
    return str(path.relative_to(root)) if path.is_relative_to(root) else "python"


def _make(course: "Course", write: Callable[["Draft"], None], to_do: list[str]) -> int:
    """Write a draft, put it in place, and say what was written and what remains."""
    from mlpkit.grading.making.staging import draft

    with draft(course.root) as copy:
        write(copy)
        names = copy.put_in_place()
    numbered = [f"  {number}. {words}" for number, words in enumerate(to_do, start=1)]
    return say(["Written:", *(f"  {name}" for name in names), "To do, in this order:", *numbered])


def _assignment(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.making import names, stubs

    name = options.name

    def write(copy: "Draft") -> None:
        names.check_assignment(copy.root, name)
        last = len(names.lectures(copy.root)) - 1
        lectures = sorted(set(options.lectures or [last]))
        names.check_lectures(copy.root, lectures)
        title = names.title_of(options.title, f"TODO a title for {name}")
        stubs.assignment(copy, name, title, lectures)

    return _make(course, write, [
        f"mlpkit new exercise {name} NAME, once for each exercise",
        f"solutions/{name}/{name}.ipynb: the first cell's TODO lines",
        f"solutions/README.md: the TODO lines of the section on {name}",
        "course.toml: due = N where it isn't due after the usual two weeks",
    ])  # fmt: skip


def _exercise(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.making import names, stubs

    ps, name = options.assignment, options.name

    def write(copy: "Draft") -> None:
        names.check_known(copy.root, ps)
        title = names.title_of(options.title, name)
        stubs.exercise(copy, ps, name, title, options.points, options.written)

    own = "rubric" if options.written else "tests"
    python = _python(course)
    cases = [f"tests/assignments/{ps}_cases.py: its wrong and right answers"]
    learn = [f"{python} -m tests.assignments.signatures {ps}: lets reports name the mistakes"]
    return _make(course, write, [
        f"solutions/{ps}/{ps}.ipynb: the TODO lines of {name}, its answer and its {own}",
        *([] if options.written else cases),
        f"solutions/README.md: the TODO lines of {name} in the section on {ps}",
        f"make assignment PS={ps}: writes lists and release, and shows which mistakes are caught",
        f"{python} -m pytest tests/assignments -m {ps}",
        *([] if options.written else learn),
    ])  # fmt: skip


def _lecture(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.making import names, stubs

    name, python = options.name, _python(course)

    def write(copy: "Draft") -> None:
        names.check_lecture(copy.root, name)
        title = names.title_of(options.title, name.partition("_")[2])
        stubs.lecture(copy, name, title, names.words_of("--about", options.about))

    return _make(course, write, [
        f"lectures/{name}.ipynb: the TODO lines",
        f"mlpkit/data/alt_texts/{name[:2]}.toml: what each of its figures shows",
        f"course.toml: about, weeks, and picture (then {python} -m tools.make_pictures)",
        f"{python} tools/run_notebooks.py lectures/{name}.ipynb, and make course",
        f"{python} -m pytest lectures/{name}.ipynb tests/lectures",
    ])  # fmt: skip


def _explorer(course: "Course", options: argparse.Namespace) -> int:
    from mlpkit.grading.making import names, stubs

    name, files = options.name, stubs.explorer_files(options.name)

    def write(copy: "Draft") -> None:
        names.check_explorer(copy.root, name, files)
        stubs.explorer(copy, name)

    return _make(course, write, [
        f"{files[0]}: what is drawn",
        f"{files[1]}: its controls, its words, and its story",
        f"{files[2]}: the numbers that the picture and the words must show",
        f"{_python(course)} -m pytest {files[2]}",
        f"in a lecture, a cell with the tags explorer and nbval-ignore-output: {name}_explorer()",
    ])  # fmt: skip
