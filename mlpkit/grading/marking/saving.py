"""What a page asks to be saved, checked: it comes from a browser, and goes into the gradebook."""

import json
from collections.abc import Collection, Sequence
from typing import Any

from mlpkit.grading.course.marks import Change, Mark
from mlpkit.grading.marking.questions import Question
from mlpkit.grading.marking.rubric import Item, compose, take_apart

LONGEST = 20_000


class Refused(Exception):
    """Something asked for can't be written; the message says what was expected and what came."""


def as_data(mark: Mark, items: Sequence[Item]) -> dict[str, Any]:
    """Give a mark as a page needs it: its comment also taken apart."""
    ticked, words = take_apart(items, mark.comment or "")
    return {
        "id": mark.id,
        "points": mark.points,
        "comment": mark.comment,
        "automatic": mark.automatic,
        "waits": mark.waits,
        "ticked": ticked,
        "words": words,
    }


def changes(asked: bytes, question: Question, known: Collection[str]) -> list[Change]:
    """Read what a page asks for: one mark and comment, for several equal answers.

    Parameters
    ----------
    asked : bytes
        JSON: "marks", a list with the "id" of each and its "points" and "comment" as they were
        seen; "points" or null, "ticked" items by position, and "words".
    question : Question
    known : collection of str
        The grades of this question.

    Raises
    ------
    Refused
    """
    try:
        data = json.loads(asked)
        seen = [(str(mark["id"]), mark["points"], mark["comment"]) for mark in data["marks"]]
        points, ticked, words = data["points"], data["ticked"], data["words"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refused(f"expected marks, points, ticked and words; got {asked[:80]!r}") from error
    _check(points, ticked, words, question)
    if not seen or not {mark for mark, _, _ in seen} <= set(known):
        raise Refused(f"expected marks of {question.cell}, got others")
    comment = compose(question.items, ticked, words) or None
    return [Change(mark, was, said, points, comment) for mark, was, said in seen]


def _check(points: object, ticked: object, words: object, question: Question) -> None:
    number = isinstance(points, int | float) and not isinstance(points, bool)
    if points is not None and not (number and _within(points, question.points)):
        raise Refused(f"expected points from 0 to {question.points:g}, got {points!r}")
    places = range(len(question.items))
    if not isinstance(ticked, list) or any(
        type(at) is not int or at not in places for at in ticked
    ):
        raise Refused(f"expected items from 0 to {len(places) - 1}, got {ticked!r}")
    if not isinstance(words, str) or len(words) > LONGEST or not _is_text(words):
        raise Refused(f"expected a comment of at most {LONGEST:,} characters")


def _within(points: Any, most: float) -> bool:
    return bool(0 <= points <= most)  # NaN is not


def _is_text(words: str) -> bool:
    """Whether it can be written: half of a pair of surrogates can't."""
    return words.encode("utf-8", "ignore").decode() == words
