"""Times as people and programs write them: read strictly, and refused where they could mean two.

A day and a month in figures (``03/04/2026``) are never told apart by guessing, and the letters of a
zone only stand where they can mean one: CST is a time in Chicago, Shanghai and Havana.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from mlpkit.grading.text.encodings import NoText, text_of

LONGEST = 100
YEARS = range(1970, 2200)
MONTHS = (
    ("january", "januar"), ("february", "februar"), ("march", "märz", "maerz"), ("april",),
    ("may", "mai"), ("june", "juni"), ("july", "juli"), ("august",), ("september",),
    ("october", "oktober"), ("november",), ("december", "dezember"),
)  # fmt: skip
DAYS = (
    ("monday", "montag"), ("tuesday", "dienstag"), ("wednesday", "mittwoch"),
    ("thursday", "donnerstag"), ("friday", "freitag"), ("saturday", "samstag", "sonnabend"),
    ("sunday", "sonntag"),
)  # fmt: skip
CLOCK = (
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
)
HALF = r"(?:\s?(?P<half>[ap])\.?m\.?(?![a-z]))?"
ZONE = r"(?:\s?(?P<zone>z|[+\-−][0-9:]{1,6}|[a-z][a-z0-9_+\-−:/]*))?"
WEEKDAY = r"(?:(?P<weekday>[^\W\d_]+),?\s)?"
FORMS = [
    re.compile(form + r"(?:,?\s(?:um\s|at\s)?|T)" + CLOCK + HALF + ZONE, re.IGNORECASE)
    for form in (
        r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})",
        WEEKDAY + r"(?P<day>[0-9]{1,2})\.?\s(?P<name>[^\W\d_]+)\.?,?\s(?P<year>[0-9]{4})",
        WEEKDAY + r"(?P<name>[^\W\d_]+)\.?\s(?P<day>[0-9]{1,2}),?\s(?P<year>[0-9]{4})",
    )
]
# As the command `date` writes it: the year comes last.
FORMS.append(
    re.compile(
        WEEKDAY + r"(?P<name>[^\W\d_]+)\s(?P<day>[0-9]{1,2})\s" + CLOCK + ZONE + r"\s"
        r"(?P<year>[0-9]{4})",
        re.IGNORECASE,
    )
)
# As Sakai writes it, and ISO 8601 without its marks.
FORMS.append(
    re.compile(
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})T?(?P<hour>[0-9]{2})"
        r"(?P<minute>[0-9]{2})(?P<second>[0-9]{2})(?P<fraction>[0-9]{3})?(?P<zone>Z|[+-][0-9]{4})?"
    )
)
OFFSET = re.compile(r"(?:utc|gmt)?([+\-−])(?:([0-9]{2}):?([0-9]{2})|([0-9]{1,2}))", re.IGNORECASE)
DATE_ALONE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(\s?(z|utc|gmt))?", re.IGNORECASE)
IN_FIGURES = re.compile(r"[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}\b")
WANTED = "write it as 2026-10-01 23:59, with +02:00 or UTC behind it where it isn't the course's"


class NoTime(ValueError):
    """A text isn't a time, or could mean several; the message says why."""


def zone_named(name: str) -> tzinfo:
    """Return the time zone of a name of the IANA's list, such as ``Europe/Berlin``.

    Raises
    ------
    NoTime
        If there is none of that name, or the name could mean several.
    """
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    try:
        if "/" in name:
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        pass
    raise NoTime(f"{name!r} is no time zone that can be known; write one such as 'Europe/Berlin'")


def read_time(text: str, zone: tzinfo) -> datetime:
    """Read a point in time.

    Parameters
    ----------
    text : str
        Year, month and day in figures, or the month by its English or German name; then the time.
    zone : tzinfo
        The course's: of what names none.

    Returns
    -------
    datetime
        In UTC, aware.

    Raises
    ------
    NoTime
        With a clause on what is wrong.
    """
    text = re.sub(r"(?i)(?<=\d) ?uhr$", "", " ".join(text.replace("\0", "").split()))
    if len(text) > LONGEST:
        raise NoTime(f"{text[:40]!r}… has {len(text):,} characters and is no time")
    found = next(filter(None, (form.fullmatch(text) for form in FORMS)), None)
    if found is None:
        raise NoTime(_why_not(text))
    parts = found.groupdict()
    try:
        moment = datetime(
            int(parts["year"]), _month(parts), int(parts["day"]), _hour(parts),
            int(parts["minute"]), int(parts["second"] or 0),
            int((parts["fraction"] or "").ljust(6, "0")[:6]),
        )  # fmt: skip
    except ValueError as error:
        raise NoTime(f"{text!r} is no time: {error}") from None
    if moment.year not in YEARS:
        raise NoTime(f"{text!r} is no time of this course: the year is {moment.year}")
    _check_weekday(parts.get("weekday"), moment, text)
    return _placed(moment, parts["zone"], zone, text).astimezone(UTC)


def _why_not(text: str) -> str:
    if not text:
        return "it is empty"
    if IN_FIGURES.match(text):
        return f"{text!r} could be of two days: day and month in figures; {WANTED}"
    if DATE_ALONE.fullmatch(text):
        return f"{text!r} says no time of day; {WANTED}"
    return f"{text!r} is no time that can be read; {WANTED}"


def _month(parts: dict[str, str | None]) -> int:
    name = parts.get("name")
    if name is None:
        return int(parts["month"] or 0)
    short = name.casefold()
    for number, names in enumerate(MONTHS, 1):
        if short in names or any(short in (each[:3], each[:4]) for each in names):
            return number
    raise ValueError(f"{name!r} is no month")


def _hour(parts: dict[str, str | None]) -> int:
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower()
    if not half:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f"there is no {hour} o'clock with {half}m")
    return hour % 12 + (12 if half == "p" else 0)


def _check_weekday(name: str | None, moment: datetime, text: str) -> None:
    if name is None:
        return
    short = name.casefold()
    known = [any(short in (day, day[:2], day[:3]) for day in names) for names in DAYS]
    if not any(known):
        raise NoTime(f"{text!r} is no time: {name!r} is no day of the week")
    if not known[moment.weekday()]:
        raise NoTime(f"{text!r} contradicts itself: that day is no {name}")


def _placed(moment: datetime, name: str | None, zone: tzinfo, text: str) -> datetime:
    """Give a moment its zone: the one that stands behind it, or the course's."""
    if not name:
        return on_the_wall(moment, zone)
    if offset := OFFSET.fullmatch(name):
        hours, minutes = int(offset[2] or offset[4]), int(offset[3] or 0)
        away = timedelta(hours=hours, minutes=minutes)
        if away > timedelta(hours=14) or minutes > 59:
            raise NoTime(f"{text!r} is no time: no place is {name} away from UTC")
        return moment.replace(tzinfo=timezone(away if offset[1] == "+" else -away))
    for fold in (0, 1):  # the course's own letters, such as CET and CEST, are known
        there = moment.replace(tzinfo=zone, fold=fold)
        back = there.astimezone(UTC).astimezone(zone)
        if there.tzname() == name and back.replace(tzinfo=None) == moment:
            return there
    try:
        return on_the_wall(moment, zone_named(name))
    except NoTime as error:
        raise NoTime(f"{text!r} can't be read: {error}") from None


def on_the_wall(moment: datetime, zone: tzinfo) -> datetime:
    """Give the time at which clocks of a zone show this.

    Raises
    ------
    NoTime
        If they show it twice or never, because clocks are changed.
    """
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    there = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment
    often = "is twice on the clock" if there else "is never on the clock"
    raise NoTime(f"{moment:%Y-%m-%d %H:%M} {often} in {zone}: clocks are changed; {WANTED}")


def time_in(content: bytes, zone: tzinfo) -> datetime:
    """Read the time that a file such as timestamp.txt holds in its first line.

    Raises
    ------
    NoTime
    """
    try:
        text = text_of(content)
    except NoText as error:
        raise NoTime(str(error)) from None
    lines = [line.strip() for line in text.splitlines() if line.strip(" \t\0")]
    return read_time(lines[0] if lines else "", zone)
