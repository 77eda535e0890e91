"""Whose a file of a download is: by the names that the platforms' own programs give.

Canvas: ``lovelaceada_LATE_12345_678_ps2-1.ipynb``, a user's and a file's number. Moodle: a folder
``Ada Lovelace_4711_assignsubmission_file``, or that in front of the file's name. Blackboard:
``ps2_ada_attempt_2026-10-01-23-59-32_ps2.ipynb`` and a receipt beside it. ILIAS: a folder
``Lovelace_Ada_ada_311``. nbgrader's exchange: a folder ``ada+ps2+2026-10-01 21:59:32 UTC+…``.
Anything else: a folder or a file named for a student.
"""

import re
from dataclasses import dataclass

from mlpkit.grading.course.hand_ins import one_form, same
from mlpkit.grading.course.who import ClassList

CANVAS = re.compile(
    r"(?:(?P<who>\w*?)_)??(?:(?P<late>LATE|late)_)?(?P<user>\d+|anon_\w+?)_"
    r"(?:(?P<number>\d+)_(?P<file>.+)|(?P<page>text|link)\.html)"
)
# A student's own name for a file stands behind what the platform writes, so the first fit counts.
MOODLE = re.compile(r"(?P<who>.+?)_(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<file>.*)")
BLACKBOARD = re.compile(r"(?P<who>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")
ILIAS = re.compile(r"(?P<who>.+_.+_.+)_(?P<user>\d+)")
EXCHANGE = re.compile(
    r"(?P<who>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d[ T][^+]+)(?:\+[^+]*)?"
)
FLAT = (MOODLE, BLACKBOARD, CANVAS)
LATE = re.compile(r"(late submission|versp(?:ä|ae|a)tete abgabe) - ", re.IGNORECASE)
COPY = re.compile(r"-\d+(?=\.ipynb$)")
JUNK = re.compile(r"__MACOSX|__pycache__|Thumbs\.db|desktop\.ini|\..*", re.IGNORECASE)


@dataclass(frozen=True)
class Claim:
    """What a file's name says of it.

    Attributes
    ----------
    platform : str
    student : str or None
        The id; None if nobody in the class is meant for certain.
    doubt : str
        Why nobody is.
    file : str
        The path that the student gave it; "" for what the platform put beside.
    time : str
        When it was handed in, as the name says it, or "".
    late : bool
        The platform says so.
    order : int
        Of two files of one name in one hand-in the larger was handed in later.
    """

    platform: str
    student: str | None
    doubt: str = ""
    file: str = ""
    time: str = ""
    late: bool = False
    order: int = 0


def claim_of(name: str, assignment: str, others: list[str], people: ClassList) -> Claim | None:
    """Read whose a file is.

    Parameters
    ----------
    name : str
        Its path in the download, with "/".
    assignment : str
    others : list of str
        The course's other assignments: what lies in a folder of that name is none of ours.
    people : ClassList

    Returns
    -------
    Claim or None
        None for what a system put there by itself, or what is of another assignment.
    """
    parts = [part for part in name.split("/") if part not in ("", ".", "..")]
    if not parts or any(JUNK.fullmatch(part) for part in parts):
        return None
    for place, part in enumerate(parts[:-1]):
        rest = "/".join(parts[place + 1 :])
        if found := EXCHANGE.fullmatch(part):
            if found["assignment"] != assignment:
                return None
            return _known("exchange", people.by_id(found["who"]), rest, time=found["time"])
        if found := MOODLE.fullmatch(part):
            return _moodle(found, rest, people)
        if people.by_id(part)[0] is not None:  # the student's own folder: what is in it, is theirs
            return _plain(parts, assignment, others, people)
        if found := ILIAS.fullmatch(part):
            late = bool(LATE.match(parts[-1]))
            file = "/".join([*parts[place + 1 : -1], LATE.sub("", parts[-1], count=1)])
            return _known("ILIAS", people.by_end(found["who"]), file, late=late)
    return _flat(parts[-1], people) or _plain(parts, assignment, others, people)


def _flat(base: str, people: ClassList) -> Claim | None:
    """Read a file's own name, where a platform puts all into one folder.

    The platform's words stand first, and the name that a student gave the file may look like
    another platform's: of several that fit, the one counts whose words end first.
    """
    fits = [found for found in (each.fullmatch(base) for each in FLAT) if found]
    if not fits:
        return None
    found = min(fits, key=_end_of_platform)
    if found.re is MOODLE:
        return _moodle(found, "", people)
    if found.re is CANVAS:
        return _canvas(found, people)
    time = "{}-{}-{} {}:{}:{}".format(*found["time"].split("-"))
    return _known("Blackboard", people.by_end(found["who"]), found["file"] or "", time=time)


def _end_of_platform(found: re.Match[str]) -> int:
    return found.start("file") if found["file"] is not None else found.end()


def _known(platform: str, who: tuple[str | None, str], file: str, **more: str | bool) -> Claim:
    return Claim(platform, *who, file=file, **more)  # type: ignore[arg-type]


def _moodle(found: re.Match[str], rest: str, people: ClassList) -> Claim:
    who = _agreed(people.by_number("moodle", found["user"]), people.by_name(found["who"]))
    file = rest or found["file"]
    if found["kind"] == "onlinetext" and file == "onlinetext.html":
        return _known("Moodle", who, "onlinetext.html")
    return _known("Moodle", who, file)


def _agreed(number: tuple[str | None, str], name: tuple[str | None, str]) -> tuple[str | None, str]:
    """Give whom number and name mean: the number's, if the name isn't clearly another's."""
    if number[0] is None or name[0] in (None, number[0]):
        return name if number[0] is None else number
    return None, f"its number is that of {number[0]} and its name that of {name[0]}"


def _canvas(found: re.Match[str], people: ClassList) -> Claim:
    who = people.by_number("canvas", found["user"])
    if who[0] is None and people.by_id(found["user"])[0] is not None:
        who = people.by_id(found["user"])
    if found["who"]:
        who = _agreed(who, people.by_name(found["who"]))
    elif who[0] is None:
        who = (None, "it was handed in without a name (anonymous grading)")
    page = f"{found['page']}.html" if found["page"] else ""
    file, order = found["file"] or page, int(found["number"] or 0)
    return Claim("Canvas", *who, file=file, late=bool(found["late"]), order=order)


def _plain(parts: list[str], assignment: str, others: list[str], people: ClassList) -> Claim | None:
    for place, part in enumerate(parts[:-1]):
        student = people.by_id(part)[0]
        if student is None:
            continue
        rest = parts[place + 1 :]
        if len(rest) > 1 and any(same(rest[0], other) for other in others):
            return None
        inside = rest[1:] if len(rest) > 1 and same(rest[0], assignment) else rest
        return Claim("folder", student, file="/".join(inside))
    stem = one_form(parts[-1]).partition(".")[0]
    for name in (stem, *_without(stem, assignment)):
        if (student := people.by_id(name)[0]) is not None:
            return Claim("file", student, file=parts[-1])
    if any(same(part, other) for part in parts[:-1] for other in others):
        return None
    top = parts[0] if len(parts) > 1 else parts[-1]
    return Claim("folder", None, f"nobody in the class has the id {top!r}", file=parts[-1])


def _without(stem: str, assignment: str) -> list[str]:
    """Give what is left of a name without the assignment's: ``ps2_ada`` is ada's."""
    name = re.escape(assignment)
    found = re.fullmatch(rf"(?:{name}[-_ ]+)?(.+?)(?:[-_ ]+{name})?", stem)
    return [found[1]] if found else []
