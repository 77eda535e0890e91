"""Pictures that a notebook holds unattached: in a text itself, and as the output of a cell."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mlpkit.grading.text.photos import ENDINGS

MOST = 20
# A page shows less of a text.
LONGEST = 100_000
# Broken into lines only where an end of it can be seen: letters of a text could go on with it.
DATA = re.compile(
    r"data:(image/[\w.+-]{1,50})(?:;[\w=.-]{1,50}){0,3};base64,"
    r"([A-Za-z0-9+/=%]*(?:(?:\s+[A-Za-z0-9+/=%]+)*(?:[ \t]*\n\s*)?(?=[)>\"']))?)",
    re.I,
)
# A picture's file that code reads, and calls that write one.
FILE = re.compile(r"[\"']([^\"'\n]{1,300}\.(?:png|jpe?g|gif|webp|bmp|tiff?))[\"']", re.I)
WRITES = re.compile(r"\b(?:savefig|imsave|imwrite|save)[ \t]*\([^\n]*")


def inline(text: str, attachments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Make attachments of the pictures that are written into a text itself, as Colab does."""
    found = dict(attachments)

    def name(match: re.Match[str]) -> str:
        new = f"inline-{len(found) + 1}"
        found[new] = {match[1].lower(): unquote(match[2])}
        return f"attachment:{new}"

    return (DATA.sub(name, text), found) if "base64," in text else (text, found)


def once_shown(source: str, outputs: Any) -> dict[str, Any]:
    """Give the pictures that a code cell had shown from a file, as attachments.

    A figure is drawn anew when the cell is run; a photo is there again only if its file is.
    """
    named = FILE.search(WRITES.sub("", source[:LONGEST])) if isinstance(outputs, list) else None
    if named is None:
        return {}
    name = re.split(r"[/\\]", named[1])[-1]
    data = [each["data"] for each in outputs if isinstance(each, dict) and "data" in each]
    shown = [each for each in data if isinstance(each, dict) and ENDINGS.keys() & each]
    return {
        numbered(name, at): {kind: each[kind] for kind in sorted(ENDINGS.keys() & each)}
        for at, each in enumerate(shown[: MOST + 1], 1)
    }


def numbered(name: str, number: int) -> str:
    """Give the name of one of several pictures that code calls the same."""
    return name if number == 1 else f"{name} ({number})"
