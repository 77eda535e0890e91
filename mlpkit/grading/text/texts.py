"""Texts handed in beside a notebook, which may be a written answer: shown as what they are."""

import re
from collections.abc import Mapping

from mlpkit.grading.text.encodings import NoText, of_windows, text_of
from mlpkit.grading.text.pieces import Piece

ENDINGS = (".txt", ".md", ".tex")
SENTENCE = 6
# Where words aren't set apart two signs are about one.
WORD = re.compile(r"[\u2e80-\u9fff]{2}|[^\W\d_]{2,}")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f]")


def prose(name: str, content: bytes) -> str:
    """Return a file's text if people may have written it to be read, or "".

    Parameters
    ----------
    name : str
        By which a table of numbers or a program isn't looked at.
    content : bytes
    """
    base = name.rpartition("/")[2].lower()
    if not base.endswith(ENDINGS) and "." in base:
        return ""
    try:
        text = text_of(content)
    except NoText:
        text = of_windows(content)
    written = len(WORD.findall(text[:20_000])) >= SENTENCE and not CONTROLS.search(text)
    return text.strip() if written else ""


def pieces_of(files: Mapping[str, bytes]) -> list[Piece]:
    """Give a text cell for each of the files that is to be read."""
    found = []
    for name, content in files.items():
        if text := prose(name, content):
            if not name.lower().endswith(".md"):
                text = "\n".join(f"    {line}" for line in text.splitlines())
            found.append(Piece("markdown", f"**Handed in beside the notebook: {name}**\n\n{text}"))
    return found
