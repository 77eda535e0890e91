"""A clock that is set back, or forward, between two runs: nothing is taken for what it isn't."""

import datetime
import os
import time

import pytest

from tests.grading import notebooks
from tests.grading.course_factory import grade, hand_in, make_course, marks
from tests.grading.judging import judge

pytestmark = pytest.mark.sandbox
WRONG = notebooks.answered(double="def double(x):\n    return x")
REAL = {name: getattr(time, name) for name in ("time", "time_ns")}


def set_by(monkeypatch, seconds):
    """Set this process's clock, and that of all files which it writes from now on."""
    monkeypatch.setattr(time, "time", lambda: REAL["time"]() + seconds)
    monkeypatch.setattr(time, "time_ns", lambda: REAL["time_ns"]() + seconds * 10**9)

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) + datetime.timedelta(seconds=seconds)

    monkeypatch.setattr(datetime, "datetime", Clock)


def written_at(folder, seconds):
    """Let files say that they were last changed so many seconds from now."""
    for path in folder.rglob("*"):
        os.utime(path, (REAL["time"]() + seconds,) * 2)


@pytest.mark.parametrize("seconds", [-86_400, -10 * 365 * 86_400, 400 * 86_400])
def test_what_changed_is_judged_again_and_nothing_else_whatever_clocks_say(
    tmp_path, monkeypatch, seconds
):
    course = make_course(tmp_path, {"ada": WRONG, "ben": notebooks.answered()})
    first = grade(course)
    assert (first.judged, first.kept) == (2, 0)
    before = marks(course)
    set_by(monkeypatch, seconds)
    hand_in(tmp_path, "ada", notebooks.answered())
    written_at(tmp_path / "submitted", seconds)
    again = grade(course)
    assert (again.judged, again.kept) == (1, 1)
    found = marks(course)
    assert before["ada", "check-double"][0] == 0.0 and found["ada", "check-double"][0] == 2.0
    assert found["ben", "check-double"] == before["ben", "check-double"]
    for result in (*first.results, *again.results):
        assert all(spent >= 0 for spent in result.seconds.values())
        assert all(each.seconds >= 0 for each in result.grades)
    written_at(tmp_path / ".mlpkit", -seconds)
    third = grade(course)
    assert (third.judged, third.kept) == (0, 2) and marks(course) == found


CLOCKS = {
    "at nought": "time.time = lambda: 0.0",
    "before all": "time.monotonic = lambda: -1e9",
    "at no time": "time.perf_counter = time.time = lambda: float('nan')",
}


@pytest.mark.parametrize("clock", CLOCKS.values(), ids=CLOCKS)
def test_a_submissions_own_clock_is_not_the_judges(clock):
    answer = f"import time\n{clock}\ndef double(x):\n    return 2 * x"
    result = judge(notebooks.answered(double=answer))
    assert all(0 <= spent < 600 for spent in result.seconds.values())
    assert all(each.seconds >= 0 for each in result.grades)
