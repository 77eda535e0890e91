"""Bytes as text, in the encodings that programs write."""

import codecs

MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


class NoText(ValueError):
    """Bytes are no text."""


def by_mark(content: bytes) -> str | None:
    """Return the text behind a byte order mark; None where there is no mark."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    return None


def text_of(content: bytes) -> str:
    """Return a small file's text, whatever encoding its first bytes name.

    Raises
    ------
    NoText
        If it is none.
    """
    marked = by_mark(content)
    if marked is not None:
        return marked
    if content[1:2] == b"\0":
        return content.decode("utf-16-le", "replace")
    if content[:1] == b"\0":
        return content.decode("utf-16-be", "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise NoText("it is no text") from None
