"""What `mlpkit new` makes of this room: a name for a group of wrong answers."""

import argparse
from typing import TYPE_CHECKING

from mlpkit.grading.term.commands import say

if TYPE_CHECKING:
    from mlpkit.grading.course.files import Course


def add_new(kinds: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
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
