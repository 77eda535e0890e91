"""Names of people, folders and files, in one form."""

import unicodedata

LONGEST = 200  # bytes: a file's name has no more than 255, with what is put around it


def one_form(name: str) -> str:
    """Give a name in one form: composed, as systems write it in two, and without outer spaces."""
    return unicodedata.normalize("NFC", name).strip()


def names_a_folder(name: str) -> bool:
    """Whether a folder of the course can have this name: a student's, an archive's."""
    short = 0 < len(name.encode()) <= LONGEST
    return short and not name.startswith(".") and "/" not in name and name.isprintable()


def same(one: str, other: str) -> bool:
    """Whether two names differ only in case, form and outer spaces."""
    return one_form(one).casefold() == one_form(other).casefold()
