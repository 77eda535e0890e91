"""How much alike two students' work is, and how likely that is for two who worked apart.

Right answers to one question are alike because they are right. So wrong ones are looked at: two
students whose answers to several exercises are wrong in the same way, or word for word. How often
that happens by itself is taken from the class: a mistake that nine have made says little of two.
A mistake that has a name comes of a misconception, which brings others along: it counts half.
"""

import functools
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlpkit.grading.insight.shared import shared_words

# Before a class is seen: how often two wrong answers are wrong alike, how often two that are have
# the same code, and the number of answers that this counts for.
ALIKE, SAME_CODE, PRIOR = 0.1, 0.3, 10
# Pairs that would be shown in a class of students who all worked apart.
EXPECTED = 0.3


@dataclass(frozen=True)
class Wrong:
    """One student's wrong answer to one exercise.

    Parameters
    ----------
    alike : str
        What it does: equal for answers that are wrong alike; "" where that isn't known.
    named : bool
        That mistake has a name: whoever makes it may make others of the same misconception.
    code : str
        Its code in the form that `normal` gives.
    """

    alike: str
    named: bool
    code: str


@dataclass(frozen=True)
class Pair:
    """Two students whose work is worth looking at.

    Parameters
    ----------
    students : tuple of (str, str)
    exercises : dict of str to str
        Those in which they agree → in what: "the same unnamed mistake", "the same code".
    expected : float
        How many pairs that agree as much a class of this size has where all work apart.
    runs : dict of str to list of str
        Runs of words that only they share, by written question.
    """

    students: tuple[str, str]
    exercises: dict[str, str]
    expected: float
    runs: dict[str, list[str]]


class Chances:
    """How likely answers to one exercise agree by themselves, as the class shows.

    Parameters
    ----------
    wrong : dict of str to Wrong
        By student.
    """

    def __init__(self, wrong: Mapping[str, Wrong]) -> None:
        self.wrong = wrong
        self.all = len(wrong)
        self.groups = Counter(each.alike for each in wrong.values())
        self.codes = Counter((each.alike, each.code) for each in wrong.values())

    def of_doing(self, one: Wrong) -> float:
        """The chance that another wrong answer is wrong in the same way as this one.

        That of a mistake with a name is taken as larger, as mistakes of one misconception come
        together: as large as counts half.
        """
        chance = _chance(self.groups[one.alike], self.all, ALIKE)
        return math.sqrt(chance) if one.named else chance

    def of_code(self, one: Wrong) -> float:
        """The chance that another answer that is wrong in this way has the same code."""
        return _chance(self.codes[one.alike, one.code], self.groups[one.alike], SAME_CODE)

    def compare(self, one: Wrong, other: Wrong) -> tuple[float, bool, str]:
        """Return the chance that the two agree as they do, whether they do, and in what."""
        if not one.alike:
            code = not other.alike and one.code == other.code
            return self.of_code(one), code, "the same code" if code else ""
        doing = self.of_doing(one)
        if one.alike != other.alike:
            return doing, False, ""
        what = "the same mistake, which has a name" if one.named else "the same unnamed mistake"
        if one.code != other.code:
            return doing, True, what
        return doing * self.of_code(one), True, f"{what}, and the same code"


def _chance(group: int, of: int, prior: float) -> float:
    return (group - 1 + PRIOR * prior) / (max(of, group) - 1 + PRIOR)


def look_at(
    answers: Mapping[str, Mapping[str, Wrong]],
    written: Mapping[str, Mapping[str, str]],
    known: Iterable[str] = (),
    expected: float = EXPECTED,
) -> list[Pair]:
    """Find the pairs whose work is more alike than chance makes it.

    Parameters
    ----------
    answers : dict of str to dict of str to Wrong
        The wrong answers by exercise and student.
    written : dict of str to dict of str to str
        Texts by question and student.
    known : iterable of str
        Texts that all may use: the questions, the lectures, the solution.
    expected : float
        How many such pairs a class that works apart may have.

    Returns
    -------
    list of Pair
        The least likely first.
    """
    everybody = {student for each in answers.values() for student in each}
    everybody |= {student for each in written.values() for student in each}
    pairs = math.comb(len(everybody), 2)
    chances = {exercise: Chances(wrong) for exercise, wrong in answers.items()}
    words = shared_words(written, known)
    found = []
    for students in {*_agreeing(answers), *words}:
        agreed, chance = _by_chance(chances, *students)
        runs = words.get(students, {})
        if (len(agreed) > 1 and chance * pairs <= expected) or runs:
            found.append(Pair(students, agreed, chance * pairs, runs))
    return sorted(found, key=lambda pair: (pair.expected, pair.students))


def _agreeing(answers: Mapping[str, Mapping[str, Wrong]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs that agree in two exercises or more."""
    counts: Counter[tuple[str, str]] = Counter()
    for wrong in answers.values():
        groups: dict[str, list[str]] = {}
        for student, one in sorted(wrong.items()):
            groups.setdefault(one.alike or one.code, []).append(student)
        for group in groups.values():
            counts.update(itertools.combinations(group, 2))
    return (pair for pair, count in counts.items() if count > 1)


def _by_chance(
    chances: Mapping[str, Chances], one: str, other: str
) -> tuple[dict[str, str], float]:
    """Return in what two agree, and how likely two who worked apart agree at least as much."""
    agreed, events = dict[str, str](), list[tuple[float, bool]]()
    for exercise, each in chances.items():
        if one in each.wrong and other in each.wrong:
            chance, same, what = each.compare(each.wrong[one], each.wrong[other])
            events.append((chance, same))
            if same:
                agreed[exercise] = what
    return agreed, tail(events)


def tail(events: Iterable[tuple[float, bool]]) -> float:
    """Return the chance that as much comes together as did, or what is less likely still.

    Parameters
    ----------
    events : iterable of (float, bool)
        Each event's chance, and whether it came. They are taken as independent; what came together
        weighs as the logarithm of its chances.
    """
    return _tail(tuple(sorted(events)))


@functools.lru_cache(maxsize=100_000)
def _tail(events: tuple[tuple[float, bool], ...]) -> float:
    """Sum over what can come of one half of the events, and what then must of the other."""
    came = -sum(math.log(chance) for chance, comes in events if comes)
    chances = [chance for chance, _ in events]
    one, other = (_outcomes(chances[at::2]) for at in (0, 1))
    order = np.argsort(other[0])
    weights = other[0][order]
    at_least = np.append(np.cumsum(other[1][order][::-1])[::-1], 0.0)
    return float(one[1] @ at_least[np.searchsorted(weights, came - 1e-9 - one[0])])


def _outcomes(chances: Sequence[float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the weight of each outcome of some events, and its chance."""
    weights, found = np.zeros(1), np.ones(1)
    for chance in chances:
        weights = np.concatenate([weights, weights - math.log(chance)])
        found = np.concatenate([found * (1 - chance), found * chance])
    return weights, found
