"""What a student is asked in a talk, and what is right: on their own lines and words."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from mlpkit.grading.insight.names import Mistake
from mlpkit.grading.insight.planting import Planted, told
from mlpkit.grading.job import Grade
from mlpkit.grading.judging.words import HIDDEN

# Of a cell a sheet shows so many lines, around the one in question, and so much of each.
LINES, WIDTH = 60, 200


@dataclass(frozen=True)
class Asked:
    """One question and its answer.

    Parameters
    ----------
    exercise, asks, answer : str
    code : list of (str, bool)
        Lines of the student's, each with whether it is the one in question.
    instead : str
        The line that stands there instead.
    solution : str
        Code beside the answer.
    crash : bool
        The change ends in an error, which tells less of what somebody understands.
    """

    exercise: str
    asks: str
    answer: list[str]
    code: list[tuple[str, bool]] = field(default_factory=list)
    instead: str = ""
    solution: str = ""
    crash: bool = False


def on_check(
    exercise: str, grade: Grade, source: str, called: Sequence[Mistake], solution: str
) -> Asked:
    """Ask about a check that failed, with the mistake's names for the instructor.

    What a visible check says is asked about if there is one; of a hidden one only its part is
    told. A mistake without a name stands beside the official solution.
    """
    seen = [text for text in grade.messages if not text.startswith(HIDDEN)]
    part = grade.messages[0].removeprefix(HIDDEN).partition(": ")[0]
    says = f"The test says: “{seen[0]}”" if seen else f"The hidden part “{part}” fails."
    answer = [" ".join(filter(None, [f"{each.title}.", each.says])) for each in called]
    nameless = "This mistake has no name yet. The official solution:"
    asks = f"{says} Which line of yours is it, and why?"
    beside = "" if called else solution
    return Asked(exercise, asks, answer or [nameless], _lines(source), solution=beside)


def on_words(exercise: str, text: str, rng: random.Random) -> Asked:
    """Ask about a sentence of a written answer."""
    sentences = [part.strip() for part in text.replace("\n", " ").split(". ")]
    long = [part for part in sentences if len(part) > 40] or [text.strip()]
    asks = f"You write: “{rng.choice(long)[:500]}” Why does this hold?"
    return Asked(exercise, asks, ["The instructor's answer stands at the end."])


def on_shapes(plant: Planted, grade: Grade) -> Asked | None:
    """Ask about what a line makes; None where the look at it has told of no array."""
    kinds = zip(grade.messages, grade.kinds, strict=False)
    seen = told(text for text, kind in kinds if kind == "check")
    shape = seen.get(plant.name)
    if not isinstance(shape, tuple):
        return None
    given = [
        f"{name} of shape {seen[name]}"
        if isinstance(seen[name], tuple)
        else f"{name} ({seen[name]})"
        for name in plant.arguments
        if name in seen
    ]
    asks = (
        f"{plant.function} is called with {', '.join(given) or 'no arguments'}. "
        f"Which shape has {plant.name} behind the marked line, and why?"
    )
    code = _lines(plant.source, plant.line)
    return Asked(plant.exercise, asks, [f"{plant.name} has the shape {shape}."], code)


def on_change(plant: Planted, grade: Grade, before: float) -> Asked:
    """Ask what a changed line does, where it has cost points."""
    points = f"{before:g} points become {grade.earned:g}. The test says:"
    answer = [points, *grade.messages[:4]]
    asks = "The marked line is changed to the one below it. Which test fails, and why?"
    code, crash = _lines(plant.source, plant.line), " raised " in grade.messages[0]
    return Asked(plant.exercise, asks, answer, code, plant.new, crash=crash)


def _lines(source: str, marked: int | None = None) -> list[tuple[str, bool]]:
    lines = source.split("\n")
    first = max(0, min((marked or 0) - LINES // 2, len(lines) - LINES))
    shown = enumerate(lines[first : first + LINES], first)
    found = [(line[:WIDTH], at == marked) for at, line in shown]
    left = len(lines) - len(found)
    return [*found, (f"… and {left} lines more", False)] if left else found
