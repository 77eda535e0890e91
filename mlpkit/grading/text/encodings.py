"""Bytes as text, in the encodings that programs write."""

import codecs
import re

MARKS = {  # UTF-32's begins as UTF-16's does
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


# What Windows' Latin letters come to where the bytes are another script's, or another Latin's.
SIGNS = "[¢£¤¥¦§©¬®¯±²³¶¸¹¼½¾¿×÷]"
OTHERS = re.compile(rf"[^\x00-\x7f\xa0–—…•·]{{4}}|[ƒ†‡ˆ‰‹›˜]|[^\W\d_]{SIGNS}|{SIGNS}[^\W\d_]")


class NoText(ValueError):
    """Bytes are no text."""


def by_mark(content: bytes) -> str | None:
    """Return the text behind a byte order mark; None where there is no mark."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return None


def by_zeros(content: bytes) -> str | None:
    """Return the text of UTF-16 without a mark, whose first letter is a Latin one; else None."""
    if content[:2] == b"\0\0" or (b"\0" not in content[:2]):
        return None
    return content.decode("utf-16-be" if content[:1] == b"\0" else "utf-16-le", "replace")


def text_of(content: bytes) -> str:
    """Return a small file's text, whatever encoding its first bytes name.

    Raises
    ------
    NoText
        If it is none.
    """
    marked = by_mark(content)
    if marked is None:
        marked = by_zeros(content)
    if marked is not None:
        return marked
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise NoText("it is no text") from None


def is_latin(content: bytes) -> bool:
    """Whether bytes that are no UTF-8 can be names as Windows writes Latin letters."""
    try:
        return not OTHERS.search(content.decode("cp1252"))
    except UnicodeDecodeError:
        return False


def of_windows(content: bytes) -> str:
    """Return the text of bytes that are no UTF-8, as Windows writes it where people write Latin."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:  # what isn't in it stands for itself
        return content.decode("latin-1")
