"""Everybody's row on the page of an assignment: what was handed in, when, and what it came to."""

from datetime import UTC, datetime, timedelta

import pytest

from mlpkit.grading.course.lateness import Lateness
from mlpkit.grading.insight.people import people, rows
from mlpkit.grading.job import Grade, Result

DUE = datetime(2026, 10, 1, 20, tzinfo=UTC)
GRADES = [Grade("a", 3.0, 4.0), Grade("words", None, 2.0, "manual")]


def lateness(days=0, penalty=0.0, extended=0):
    when = DUE + timedelta(days=days + extended)
    return Lateness(DUE, DUE + timedelta(days=extended), when, days, penalty, UTC)


def test_everybody_has_one_row_whether_anything_was_handed_in_or_not():
    results = [
        Result("ben", "ps1", "one", GRADES, failure="the file is empty", seconds={"total": 1.0}),
        Result("ben", "ps1", "two", GRADES, seconds={"total": 2.0}),
        Result("new", "ps1", "one", GRADES),
    ]
    found = people({"ada": "Ada", "ben": "Ben"}, [], results, {}, {"ben": "../ben.html"})
    assert [(one.student, one.handed_in) for one in found] == [
        ("ada", "no"), ("ben", "the file is empty"), ("new", "yes"),
    ]  # fmt: skip
    ben = found[1]
    assert (ben.machine, ben.of, ben.seconds, ben.page) == (6.0, 12.0, 3.0, "../ben.html")
    table = rows(found)
    assert len(table) == 4 and len({len(row) for row in table}) == 1


@pytest.mark.parametrize(
    "late,days,penalty,extended",
    [
        (lateness(), 0, 0.0, False),
        (lateness(2, 4.0), 2, 4.0, False),
        (lateness(1, 0, 3), 1, 0, True),
    ],
)
def test_lateness_is_told_with_what_it_cost(late, days, penalty, extended):
    (ada,) = people({"ada": "Ada"}, [], [Result("ada", "ps1", "x", GRADES)], {"ada": late}, {})
    assert (ada.days_late, ada.penalty, ada.extended) == (days, penalty, extended)
    assert ada.lateness == late.words()
    (absent,) = people({"ada": "Ada"}, [], [], {"ada": late}, {})
    assert (absent.handed_in, absent.days_late) == ("no", 0)
