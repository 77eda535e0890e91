"""Who is meant by a name, an id or a number that a platform writes: one student, or nobody."""

import re
import unicodedata
from collections.abc import Iterable

from mlpkit.grading.course.class_list import names_of
from mlpkit.grading.course.class_tables import Person
from mlpkit.grading.course.naming import one_form


def keys(text: str) -> set[str]:
    """Give a name as platforms write it into files: letters alone, with and without accents."""
    text = unicodedata.normalize("NFC", text).casefold()
    german = text
    for letter, pair in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("å", "aa"), ("ø", "oe")):
        german = german.replace(letter, pair)
    forms = {text, german, _bare(text), _bare(german)}
    return {re.sub(r"[\W_]+", "", form) for form in forms} - {""}


def _bare(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


class ClassList:
    """Finds who is meant: always one, or nobody and why."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = {each.id: each for each in people}
        self._folded: dict[str, list[str]] = {}
        self._names: dict[str, set[str]] = {}
        for each in self.people.values():
            for alias in {*names_of(each), each.email, each.email.partition("@")[0]} - {""}:
                self._folded.setdefault(one_form(alias).casefold(), []).append(each.id)
            for order in (each.name, f"{each.last_name} {each.first_name}"):
                for key in keys(order):
                    self._names.setdefault(key, set()).add(each.id)

    def by_id(self, name: str) -> tuple[str | None, str]:
        """Return (id, "") of who has this id, in any case, or (None, why not)."""
        name = one_form(name)
        if name in self.people:
            return name, ""
        found = set(self._folded.get(name.casefold(), []))
        return _one(found, f"nobody in the class has the id {name!r}", repr(name))

    def by_end(self, text: str) -> tuple[str | None, str]:
        """Return who has the id at the end of a text, behind a ``_``."""
        parts = text.split("_")
        for start in range(len(parts)):  # the longest that is one
            found = self.by_id("_".join(parts[start:]))
            if found[0] is not None:
                return found
        return None, f"nobody in the class has the id {parts[-1]!r}"

    def by_name(self, text: str) -> tuple[str | None, str]:
        """Return who is called so, in either order, with or without accents."""
        found = set().union(*(self._names.get(key, set()) for key in keys(text)))
        return _one(found, f"nobody in the class is called {text!r}", repr(text))

    def by_words(self, text: str) -> tuple[str | None, str]:
        """Return who is meant by a name that no platform's pattern fits.

        It is a whole name alone or between dashes, as Google Classroom, Brightspace and Teams
        write it, or has the id in brackets behind it, as Sakai's, or stands in brackets itself.
        """
        if found := re.fullmatch(r".+\(([^()]+)\)", one_form(text)):
            for who in (self.by_id(found[1]), self.by_name(found[1])):
                if who[0] is not None:
                    return who
        several = set[str]()
        for part in {text, *re.split(r"\s+-\s+", text)}:
            for key in keys(part):
                several |= self._names.get(key, set())
        return _one(several, f"nobody in the class is called {text!r}", repr(text))

    def by_number(self, platform: str, number: str) -> tuple[str | None, str]:
        """Return who has a number of a platform's."""
        # nbgrader's own name for such a number; Moodle's in a download are no user's.
        names = (f"{platform}_id", *(["lms_user_id"] if platform == "canvas" else []))
        found = {
            each.id
            for each in self.people.values()
            if number in [each.numbers.get(name) for name in names]
        }
        return _one(found, f"nobody in the class has the {platform} number {number}", number)


def _one(found: set[str], nobody: str, what: str) -> tuple[str | None, str]:
    if len(found) == 1:
        return next(iter(found)), ""
    if found:
        return None, f"{' and '.join(sorted(found))} may be meant by {what}"
    return None, nobody
