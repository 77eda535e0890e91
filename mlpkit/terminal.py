"""Printing on terminals that lack characters: those of Windows, and of old systems."""

import io
import sys

IN_LETTERS = {"✓": "ok:", "✗": "MISSING:", "–": "-"}


def any_terminal() -> None:
    """Let nothing that is printed fail for a character that the terminal doesn't have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a notebook's takes everything
            stream.reconfigure(errors="backslashreplace")


def in_letters(line: str, encoding: str | None) -> str:
    """Give a line with words for the signs that an encoding lacks.

    Parameters
    ----------
    line : str
    encoding : str or None
        The terminal's.

    Returns
    -------
    str
    """
    try:
        line.encode(encoding or "ascii")
    except UnicodeEncodeError:
        for sign, word in IN_LETTERS.items():
            line = line.replace(sign, word)
    return line
