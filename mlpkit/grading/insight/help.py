"""Who may need help: three rules, printed on the page beside whom they name."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import mean, median

FALL, LOW, LAST = 10.0, 0.5, 2
RULES = (
    f"absent: handed in neither of the last {LAST} assignments that are due",
    f"falling: twice running, {FALL:g} per cent or more below the time before",
    f"low: on average of the last {LAST} less than half of what the class's median reached",
)
# Percent of the points that have been given so far; None for who handed nothing in.
Shares = Mapping[str, float | None]


def may_need_help(columns: Sequence[Shares]) -> dict[str, list[str]]:
    """Apply the rules.

    Parameters
    ----------
    columns : sequence of dict of str to (float or None)
        For each assignment that is due, in the term's order, each student's share in percent;
        None where nothing was handed in.

    Returns
    -------
    dict of str to list of str
        By student, the first words of the rules that name them; only who is named by one.
    """
    found: dict[str, list[str]] = {}
    medians = [_median(column) for column in columns]
    for student in sorted(set().union(*columns)) if columns else ():
        shares = [column.get(student) for column in columns]
        reasons = [
            name
            for name, holds in (
                ("absent", _absent(shares)),
                ("falling", _falling(shares)),
                ("low", _low(shares, medians)),
            )
            if holds
        ]
        if reasons:
            found[student] = reasons
    return found


def _median(column: Shares) -> float:
    there = [share for share in column.values() if share is not None]
    return median(there) if there else 0.0


def _absent(shares: Sequence[float | None]) -> bool:
    return len(shares) >= LAST and not any(share is not None for share in shares[-LAST:])


def _falling(shares: Sequence[float | None]) -> bool:
    marks = [share for share in shares if share is not None][-3:]
    steps = [after - before for before, after in pairwise(marks)]
    return len(steps) == 2 and all(step <= -FALL for step in steps)


def _low(shares: Sequence[float | None], medians: Sequence[float]) -> bool:
    pairs = [
        (share, middle) for share, middle in zip(shares, medians, strict=True) if share is not None
    ][-LAST:]
    return bool(pairs) and mean(s for s, _ in pairs) < LOW * mean(m for _, m in pairs)
