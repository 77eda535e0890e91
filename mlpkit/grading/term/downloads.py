"""Whose a file of a download is: by the names that the platforms' own programs give.

Canvas: ``lovelaceada_LATE_12345_678_ps2-1.ipynb``, a user's and a file's number. Moodle: a folder
``Ada Lovelace_4711_assignsubmission_file``, or that in front of the file's name; before Moodle 4.1
a group's name may stand before the student's, as in ``Group A-Ada Lovelace_4711_…``. Blackboard:
``ps2_ada_attempt_2026-10-01-23-59-32_ps2.ipynb`` and a receipt beside it. ILIAS: a folder
``Lovelace_Ada_ada_311``, in that of a team ``Team 7``. nbgrader's exchange: a folder
``ada+ps2+2026-10-01 21:59:32 UTC+…``. Anything else: a folder or a file named for a student, by id,
address or whole name.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlpkit.grading.course.naming import one_form, same
from mlpkit.grading.course.who import ClassList

CANVAS = re.compile(
    r"(?:(?P<who>\w*?)_)??(?:(?P<late>LATE|late)_)?(?P<user>\d+|anon_\w+?)_"
    r"(?:(?P<number>\d+)_(?P<file>.+)|(?P<page>text|link)\.html)"
)
# A student's own name for a file stands behind what the platform writes, so the first fit counts.
MOODLE = re.compile(r"(?P<who>.+?)_(?P<user>\d+)_assignsubmission_(?P<kind>[a-z]+)_?(?P<file>.*)")
BLACKBOARD = re.compile(r"(?P<who>.+?)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)")
# Of names in other scripts ILIAS leaves strokes alone.
ILIAS = re.compile(r"(?P<who>[^_]*_[^_]*_.+)_(?P<user>\d+)")
EXCHANGE = re.compile(
    r"(?P<who>.+)\+(?P<assignment>[^+]+)\+(?P<time>\d{4}-\d\d-\d\d[ T][^+]+)(?:\+[^+]*)?"
)
FLAT = (MOODLE, BLACKBOARD, CANVAS)
LATE = re.compile(r"(late submission|versp(?:ä|ae|a)tete abgabe) - ", re.IGNORECASE)
COPIED = re.compile(r" \(\d{1,2}\)$")  # by a system that unpacks once more
COPY = re.compile(r"-\d+(?=\.ipynb$)")
MAY_BE = "may be meant by"
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


class Names:
    """Reads whose a file is, by its path in the download.

    Parameters
    ----------
    assignment : str
    others : list of str
        The course's other assignments: what lies in a folder of that name is none of ours.
    people : ClassList
    """

    def __init__(self, assignment: str, others: list[str], people: ClassList) -> None:
        self.assignment, self.others, self.people = assignment, others, people
        self.groups, self.depths = set[str](), set[int]()

    def learn(self, names: Sequence[str]) -> None:
        """Learn from all names of a download what one alone doesn't tell.

        What stands before several students' names is a group's, of Moodle; before one it may be a
        part of the name: Anna-Lena isn't Lena. Folders as ILIAS names them lie where one of them is
        a student's, and aren't the instructor's own ``ML_sheet_2_2026``.
        """
        self._learn_groups(names)
        for name in names:
            for depth, part in enumerate(_parts(name)[:-1]):
                found = ILIAS.fullmatch(part)
                if found and self.people.by_end(found["who"])[0] is not None:
                    self.depths.add(depth)

    def _learn_groups(self, names: Iterable[str]) -> None:
        behind: dict[str, set[str]] = {}
        parts = {part for name in names if "_assignsubmission_" in name for part in name.split("/")}
        for found in filter(None, map(MOODLE.fullmatch, parts)):
            dashes = (at for at, letter in enumerate(found["who"][:200]) if letter == "-")
            for at in dashes:
                if (student := self.people.by_name(found["who"][at + 1 :])[0]) is not None:
                    behind.setdefault(found["who"][: at + 1], set()).add(student)
        self.groups |= {group for group, students in behind.items() if len(students) > 1}

    def claim(self, name: str) -> Claim | None:
        """Read whose a file is.

        Parameters
        ----------
        name : str
            Its path in the download, with "/".

        Returns
        -------
        Claim or None
            None for what a system put there by itself, or what is of another assignment.
        """
        parts = _parts(name)
        if not parts or any(JUNK.fullmatch(part) for part in parts):
            return None
        for place, part in enumerate(parts[:-1]):
            rest = "/".join(parts[place + 1 :])
            if found := EXCHANGE.fullmatch(part):
                if found["assignment"] != self.assignment:
                    return None
                who = self.people.by_id(found["who"])
                return Claim("exchange", *who, file=rest, time=found["time"])
            if found := MOODLE.fullmatch(part):
                return self._moodle(found, rest)
            if self.people.by_id(part)[0] is not None:  # what is in a student's folder, is theirs
                return self._in_folder(self.people.by_id(part), parts[place + 1 :])
            if place in self.depths and (found := ILIAS.fullmatch(part)):
                late = bool(LATE.match(parts[-1]))
                file = "/".join([*parts[place + 1 : -1], LATE.sub("", parts[-1], count=1)])
                return Claim("ILIAS", *self.people.by_end(found["who"]), file=file, late=late)
            who = self._by_words(part)
            if who[0] is not None or MAY_BE in who[1]:  # what lies in it names nobody else
                return self._in_folder(who, parts[place + 1 :])
        return self._flat(parts[-1]) or self._plain(parts)

    def is_of_another(self, name: str) -> bool:
        """Whether a file, of which `claim` says nothing, lies in another assignment's folder."""
        parts = name.split("/")
        return not any(map(JUNK.fullmatch, parts)) and any(map(self._is_other, parts[:-1]))

    def _flat(self, base: str) -> Claim | None:
        """Read a file's own name, where a platform puts all into one folder.

        The platform's words stand first, and the name that a student gave the file may look like
        another platform's: of several that fit, the one counts whose words end first.
        """
        fits = [found for found in (each.fullmatch(base) for each in FLAT) if found]
        if not fits:
            return None
        found = min(fits, key=_end_of_platform)
        if found.re is MOODLE:
            return self._moodle(found, "")
        if found.re is CANVAS:
            return self._canvas(found)
        time = "{}-{}-{} {}:{}:{}".format(*found["time"].split("-"))
        who = self.people.by_end(found["who"])
        return Claim("Blackboard", *who, file=found["file"] or "", time=time)

    def _moodle(self, found: re.Match[str], rest: str) -> Claim:
        number = self.people.by_number("moodle", found["user"])
        name = self.people.by_name(found["who"])
        for group in self.groups if name[0] is None else ():
            if found["who"].startswith(group):
                name = self.people.by_name(found["who"].removeprefix(group))
        who = _agreed(number, name)
        return Claim("Moodle", *who, file=rest or found["file"])

    def _canvas(self, found: re.Match[str]) -> Claim:
        who, user = self.people.by_number("canvas", found["user"]), found["user"]
        if who[0] is None and self.people.by_id(user)[0] is not None:
            who = self.people.by_id(user)
        if found["who"]:
            who = _agreed(who, self.people.by_name(found["who"]))
        elif who[0] is None:
            who = (None, "it was handed in without a name (anonymous grading)")
        page = f"{found['page']}.html" if found["page"] else ""
        file, order = found["file"] or page, int(found["number"] or 0)
        return Claim("Canvas", *who, file=file, late=bool(found["late"]), order=order)

    def _plain(self, parts: list[str]) -> Claim | None:
        """Read a file's own name, in a folder that is nobody's."""
        if any(map(self._is_other, parts[:-1])):
            return None
        stem = one_form(parts[-1]).partition(".")[0]
        whole = one_form(parts[-1]).rpartition(".")[0]  # an address has dots
        for name in (stem, whole, *_without(stem, self.assignment)):
            if (student := self.people.by_id(name)[0]) is not None:
                return Claim("file", student, file=parts[-1])
        for name in (stem, whole, *_without(stem, self.assignment)):
            who = self.people.by_words(re.sub(r"(?i)^copy of ", "", name))
            if who[0] is not None or MAY_BE in who[1]:
                return Claim("file", *who, file=parts[-1])
        top = parts[0] if len(parts) > 1 else parts[-1]
        return Claim("folder", None, f"nobody in the class has the id {top!r}", file=parts[-1])

    def _in_folder(self, who: tuple[str | None, str], rest: list[str]) -> Claim | None:
        """Read what lies in a student's folder."""
        if len(rest) > 1 and self._is_other(rest[0]):
            return None
        inside = rest[1:] if len(rest) > 1 and same(rest[0], self.assignment) else rest
        return Claim("folder", *who, file="/".join(inside))

    def _by_words(self, part: str) -> tuple[str | None, str]:
        """Read a folder's name: a whole name, or an id behind the assignment's (GitHub)."""
        bare = _without(one_form(part), self.assignment)
        for name in bare:
            if self.people.by_id(name)[0] is not None:
                return self.people.by_id(name)
        who = self.people.by_words(part)
        for name in bare if who[0] is None and MAY_BE not in who[1] else ():
            who = self.people.by_words(COPIED.sub("", name))
        return who

    def _is_other(self, part: str) -> bool:
        return any(same(part, other) for other in self.others)


def _parts(name: str) -> list[str]:
    return [part for part in name.split("/") if part not in ("", ".", "..")]


def _end_of_platform(found: re.Match[str]) -> int:
    return found.start("file") if found["file"] is not None else found.end()


def _agreed(number: tuple[str | None, str], name: tuple[str | None, str]) -> tuple[str | None, str]:
    """Give whom number and name mean: the number's, if the name isn't clearly another's."""
    if number[0] is None or name[0] in (None, number[0]):
        return name if number[0] is None else number
    return None, f"its number is that of {number[0]} and its name that of {name[0]}"


def _without(stem: str, assignment: str) -> list[str]:
    """Give what is left of a name without the assignment's: ``ps2_ada`` is ada's."""
    name = re.escape(assignment)
    found = re.fullmatch(rf"(?:{name}[-_ ]+)?(.+?)(?:[-_ ]+{name})?", stem)
    return [found[1]] if found else []
