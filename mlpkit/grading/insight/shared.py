"""Runs of words that two texts share, and that hardly anybody else has."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

RUN, RUNS, SHARE = 5, 25, 0.3
# Of a text; nobody's answer has more.
MOST_WORDS = 3000


def shared_words(
    written: Mapping[str, Mapping[str, str]], known: Iterable[str] = ()
) -> dict[tuple[str, str], dict[str, list[str]]]:
    """Find pairs whose texts share many runs of words that hardly anybody else has.

    Parameters
    ----------
    written : dict of str to dict of str to str
        Texts by question and student.
    known : iterable of str
        Runs of these count for nobody.

    Returns
    -------
    dict of (str, str) to dict of str to list of str
        By pair and question: the runs that they share.
    """
    public = {run for text in known for run in runs(text)}
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for question, texts in written.items():
        own = {student: runs(text, MOST_WORDS) - public for student, text in texts.items()}
        users = Counter(run for each in own.values() for run in each)
        rare = max(3, len(texts) // 20)
        own = {s: {run for run in each if users[run] <= rare} for s, each in own.items()}
        for pair in _sharing(own):
            one, other = (own[student] for student in pair)
            common = one & other
            if len(common) >= RUNS and len(common) >= SHARE * min(len(one), len(other)):
                found.setdefault(pair, {})[question] = sorted(common)
    return found


def _sharing(own: Mapping[str, set[str]]) -> Iterator[tuple[str, str]]:
    """Yield the pairs that share enough runs to be looked at."""
    holders: dict[str, list[str]] = {}
    for student in sorted(own):
        for run in own[student]:
            holders.setdefault(run, []).append(student)
    counts = Counter(pair for each in holders.values() for pair in itertools.combinations(each, 2))
    return (pair for pair, count in counts.items() if count >= RUNS)


def runs(text: str, most: int | None = None) -> set[str]:
    """Give all runs of five words of a text; signs and formulas' marks are no words.

    Parameters
    ----------
    text : str
    most : int, optional
        So many words are looked at; all if not given.
    """
    words = words_of(text)[:most]
    return {" ".join(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def words_of(text: str) -> list[str]:
    """Give the words of a text, in small letters."""
    return re.findall(r"\w+", text.casefold())


def marked(text: str, shared: set[str]) -> list[tuple[str, bool]]:
    """Cut a text into what stands in shared runs of words and what doesn't."""
    words = list(re.finditer(r"\w+", text))
    inside = [False] * len(text)
    for at in range(len(words) - RUN + 1):
        run = words[at : at + RUN]
        if " ".join(word[0].casefold() for word in run) in shared:
            inside[run[0].start() : run[-1].end()] = [True] * (run[-1].end() - run[0].start())
    cuts = [0, *(at for at in range(1, len(text)) if inside[at] != inside[at - 1]), len(text)]
    return [(text[at:to], inside[at]) for at, to in itertools.pairwise(cuts) if at < to]
