"""Due times by the clock on the wall: days are the calendar's, also when clocks are changed."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

LENGTH = re.compile(r"([0-9]+)\s*(weeks?|w|days?|d|hours?|h|minutes?|min)", re.IGNORECASE)
# More of any unit is a slip of the keyboard.
DIGITS = 4


def read_length(text: str) -> tuple[int, timedelta] | None:
    """Read a length of time such as ``2 days``, ``36 hours`` or ``1 week 12 h``.

    Returns
    -------
    (int, timedelta) or None
        Days of the calendar, and what is added to the clock; None if the text is no length, says
        a unit twice, or more than four digits of one.
    """
    found = LENGTH.findall(text)
    if not found or LENGTH.sub("", text).replace("and", "").strip(" ,+"):
        return None
    units = [unit[0].lower() for _, unit in found]
    if len(set(units)) < len(units) or any(len(n.lstrip("0")) > DIGITS for n, _ in found):
        return None
    days, rest = 0, timedelta()
    for number, unit in found:
        letter, amount = unit[0].lower(), int(number)
        days += amount * {"w": 7, "d": 1}.get(letter, 0)
        rest += timedelta(hours=amount * (letter == "h"), minutes=amount * (letter == "m"))
    return days, rest


def later(due: datetime, days: int, rest: timedelta, zone: tzinfo) -> datetime:
    """Give the time some days of the calendar later: at the same hour, also when clocks change.

    An hour that the clock doesn't show on that day is the one after it; of two, it is the second.
    """
    wall = due.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return max(wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)) + rest


def seconds_late(due: datetime, handed_in: datetime, zone: tzinfo) -> float:
    """Return by how much the clock on the wall was past the due time; 0 if nobody is late.

    The next day at the same hour is 86,400 seconds, on every day of the year.
    """
    real = (handed_in - due).total_seconds()
    if real <= 0:
        return 0.0
    walls = [each.astimezone(zone).replace(tzinfo=None) for each in (due, handed_in)]
    by_the_wall = (walls[1] - walls[0]).total_seconds()
    return by_the_wall if by_the_wall > 0 else real


def shown(moment: datetime, zone: tzinfo) -> str:
    """Say a point in time by a zone's clock."""
    there = moment.astimezone(zone)
    name = there.tzname() or ""
    return f"{there:%Y-%m-%d %H:%M} {f'UTC{name}' if name[:1] in '+-' else name}".strip()
