"""Times are read strictly: each means one moment, or is refused with the reason."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mlpkit.grading.text.clock import later, read_length, seconds_late
from mlpkit.grading.text.times import NoTime, read_time, time_in

BERLIN, KOLKATA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
READ = {
    "2026-10-01 23:59": "2026-10-01 21:59",
    "2026-10-01 23:59:00 +0200": "2026-10-01 21:59",
    "2026-10-01 23:59:00 +02:00": "2026-10-01 21:59",
    "2026-10-01T23:59:00+02": "2026-10-01 21:59",
    "2026-10-01 23:59 −03:30": "2026-10-02 03:29",
    "2026-10-01 23:59 UTC+2": "2026-10-01 21:59",
    "2026-10-01T23:59:00.123456Z": "2026-10-01 23:59",
    "2026-10-01 23:59:00 UTC": "2026-10-01 23:59",
    "2026-10-01 23:59:00 CEST": "2026-10-01 21:59",
    "2026-10-25 02:30 CEST": "2026-10-25 00:30",
    "2026-10-25 02:30 CET": "2026-10-25 01:30",
    "2026-12-01 12:00 America/New_York": "2026-12-01 17:00",
    "Thursday, 1 October 2026, 11:59\u202fPM": "2026-10-01 21:59",
    "Thursday, October 1, 2026, 11:59 PM": "2026-10-01 21:59",
    "Donnerstag, 1. Oktober 2026, 23:59": "2026-10-01 21:59",
    "1. Oktober 2026, 23:59 Uhr": "2026-10-01 21:59",
    "2026-10-01 um 23:59 Uhr": "2026-10-01 21:59",
    "Do, 1. Okt. 2026 23:59uhr": "2026-10-01 21:59",
    "1 März 2027 12:00 am": "2027-02-28 23:00",
    "2026-3-1 9:05": "2026-03-01 08:05",
    "Thu Oct  1 21:59:00 UTC 2026": "2026-10-01 21:59",
    "Thu Oct 1 23:59:00 2026": "2026-10-01 21:59",
    "Thu, 01 Oct 2026 23:59:00 +0200": "2026-10-01 21:59",
    "20261001235932000": "2026-10-01 21:59",
    "20261001T235932Z": "2026-10-01 23:59",
    "20261001T235932-0330": "2026-10-02 03:29",
}


@pytest.mark.parametrize("text", READ)
def test_a_time_that_can_mean_one_moment_is_read(text):
    assert f"{read_time(text, BERLIN):%Y-%m-%d %H:%M}" == READ[text]


REFUSED = {
    "01/10/2026 10:00": "day and month",
    "13.02.2026 10:00": "day and month",
    "1-2-26 10:00": "day and month",
    "2026-10-01": "no time of day",
    "2026-10-01 10:00 CST": "no time zone that can be known",
    "2026-10-01 10:00 EST": "no time zone that can be known",
    "2026-07-01 10:00 CET": "no time zone that can be known",
    "2026-10-01 10:00 Europe/Nowhere": "no time zone that can be known",
    "2026-10-01 10:00 Europe/../Berlin": "no time that can be read",
    "2026-10-01 10:00 +200": "no time",
    "2026-10-01 10:00 +25:00": "no place is",
    "2026-02-30 10:00": "no time",
    "2026-10-01 25:00": "no time",
    "2026-10-01 13:00 pm": "no 13 o'clock",
    "Monday, 1 October 2026, 10:00": "contradicts itself",
    "2026-10-25 02:30": "twice on the clock",
    "2026-03-29 02:30": "never on the clock",
    "0202-10-01 10:00": "the year is 202",
    "": "empty",
    "tomorrow": "no time that can be read",
    "2026-10-01 10:00 " + "x" * 5000: "5,017 characters",
    "２０２６-10-01 10:00": "no time that can be read",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_time_that_could_mean_several_or_none_is_refused_with_the_reason(text):
    with pytest.raises(NoTime) as refused:
        read_time(text, BERLIN)
    assert REFUSED[text] in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        "2026-10-01 10:00 UTC\n".encode("utf-16"),
        b"\xff\xfe" + "2026-10-01 10:00 UTC\r\n".encode("utf-16-le"),
        "2026-10-01 10:00 UTC".encode("utf-16-le"),
        "2026-10-01 10:00 UTC".encode("utf-16-be"),
        b"\xef\xbb\xbf2026-10-01 10:00 UTC",
        b"\n\n  2026-10-01  10:00 UTC \nwritten by a script\n",
    ],
)
def test_a_file_is_read_whatever_its_encoding(content):
    assert time_in(content, BERLIN) == datetime(2026, 10, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\x80\x81\x82", b"\0\0\0\0", b"9" * 5000])
def test_a_file_without_a_time_is_refused(content):
    with pytest.raises(NoTime):
        time_in(content, BERLIN)


@pytest.mark.parametrize(
    ("zone", "day"),
    [(BERLIN, "2026-10-24"), (BERLIN, "2026-03-28"), (BERLIN, "2026-07-01"),
     (KOLKATA, "2026-10-24"), (ZoneInfo("America/Santiago"), "2026-09-05"),
     (ZoneInfo("Australia/Lord_Howe"), "2026-04-04")],
)  # fmt: skip
def test_the_next_day_at_the_same_hour_is_one_day(zone, day):
    due = read_time(f"{day} 12:00", zone)
    for days in (1, 7):
        end = later(due, days, timedelta(), zone)
        assert end.astimezone(zone).hour == 12
        assert seconds_late(due, end, zone) == days * 86_400
    assert seconds_late(due, due, zone) == 0
    assert seconds_late(due, due - timedelta(hours=1), zone) == 0


def test_an_hour_that_the_clock_shows_twice_is_not_early():
    due = read_time("2026-10-25 02:45 CEST", BERLIN)
    after = read_time("2026-10-25 02:30 CET", BERLIN)
    assert seconds_late(due, after, BERLIN) == 45 * 60
    assert later(read_time("2026-10-24 02:30", BERLIN), 1, timedelta(), BERLIN) == after
    gap = later(read_time("2026-03-28 02:30", BERLIN), 1, timedelta(), BERLIN)
    assert f"{gap.astimezone(BERLIN):%H:%M}" == "03:30"


@pytest.mark.parametrize(
    ("text", "length"),
    [("2 days", (2, 0)), ("1 week", (7, 0)), ("36h", (0, 36)), ("1 day and 12 hours", (1, 12)),
     ("2026-10-08 23:59", None), ("days", None), ("two days", None), ("2 fortnights", None),
     ("", None)],
)  # fmt: skip
def test_lengths_of_time_are_read(text, length):
    days = length and (length[0], timedelta(hours=length[1]))
    assert read_length(text) == days


@pytest.mark.parametrize(
    "text", ["2 days 2 days", "1 day 5 d", "99999 days", "1 week 123456 hours", "999999999 min"]
)
def test_a_unit_twice_or_five_digits_are_a_slip_and_no_length(text):
    assert read_length(text) is None


@pytest.mark.parametrize(
    ("text", "microseconds"), [("10:00:00.948203", 948203), ("10:00:00,5", 500000), ("10:00:00", 0)]
)
def test_a_part_of_a_second_counts_so_that_an_hour_late_is_an_hour(text, microseconds):
    moment = read_time(f"2026-10-01 {text} UTC", UTC)
    assert moment.microsecond == microseconds
