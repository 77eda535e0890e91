"""Make what students wrote safe to show: text and pictures, never anything that runs.

Formgrader and feedback turn Markdown, HTML outputs, attachments and metadata of an autograded
notebook into a page in the instructor's browser; so those keep only what can't carry a script.
"""

import base64
import binascii
import itertools
import re
from collections.abc import Mapping
from typing import Any

from mlpkit.grading.text.pixels import quickly_drawn

PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
}
PICTURE_BYTES = 2 * 1024**2
# Characters of pictures, as pages hold them, of all references of a notebook together.
PAGE_PICTURES = 24 * 1024**2
MOST_OUTPUTS = 200
OUTPUT_TYPES = ("stream", "display_data", "execute_result", "error", "update_display_data")
CUT = "\n… cut: more output than is kept\n"
# A tag starts with `<` and a letter, `/`, `!` or `?` right behind it: a space makes it text.
TAG = re.compile(r"<(?=[A-Za-z/!?])")
ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")
# What makes links and pictures: a picture of the cell's own, the mark of any other, a link with a
# plain address, the end of any other link's text, or of a reference's name.
LINK = re.compile(
    r"!\[(?P<alt>[^\[\]]*)\]\(attachment:(?P<picture>[^\s()<>\"'\\]+)\)|!(?=\[)"
    r"|\]\((?P<address>(?:https?://|mailto:|#)[\w.~:/?#@!$*+,;=%-]*)\)|\](?=[(:])"
)
# MathJax's commands that make links, set attributes, load code or define such commands anew.
TEX = re.compile(
    r"\\(?=(href|url|class|cssId|style|require|data|html|mmlToken|bbox|def|[egx]def|let|csname"
    r"|(re)?new(command|environment)|DeclareMathOperator|providecommand))"
)
# nbconvert looks for each one's end through the rest of the text.
ENVIRONMENT = re.compile(r"\\(?=begin\{)|\\\\(?=[(\[])")
ENVIRONMENTS = 200
# Controls but for tab, line feed and carriage return, marks and overrides of direction, and what
# XML has no place for.
CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e"
    r"\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
# Other ends of lines than the two that every reader knows.
LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
ESCAPE = re.compile(r"\x1b(?:\[([0-?]*)[ -/]*([@-~])|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)")
# Of a terminal's colours and weights what nbconvert's pages know too: of others they make errors.
CODES = {*range(6), 7, 8, 9, *range(21, 26), 27, *range(30, 38), 39, *range(40, 48), 49}
CODES |= {*range(90, 98), *range(100, 108)}
# Behind one of these a colour follows: its number, or as much of red, green and blue.
COLOUR, NUMBERS = (38, 48), {5: 1, 2: 3}
LONGEST_ESCAPE = 100


def text(value: object, limit: int) -> str:
    """Give text of at most ``limit`` characters, without what steers a reader's screen.

    No lone surrogates, controls, marks of direction, or escapes but of plain colours.
    """
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    if not isinstance(value, str):
        return ""
    kept = CONTROL.sub("", ESCAPE.sub(_colour, value[: 4 * limit]))  # what goes is bounded too
    kept = kept.encode("utf-8", "replace").decode("utf-8")
    return kept if max(len(kept), len(value) / 4) <= limit else kept[:limit] + CUT


def words(value: object, limit: int) -> str:
    """Give plain words: what `text` gives, without colours, in lines that end in line feeds."""
    return LINE_END.sub("\n", ESCAPE.sub("", text(value, limit)))


def line(value: object, limit: int) -> str:
    """Give words in one line: what a list of messages can hold without becoming another list."""
    return " ".join(words(value, limit).split())


def _colour(escape: re.Match[str]) -> str:
    return escape[0] if escape[2] == "m" and _is_plain(escape[1]) else ""


def _is_plain(parameters: str) -> bool:
    """Whether an escape asks for nothing but colours and weights that pages know."""
    if len(parameters) > LONGEST_ESCAPE or parameters.strip("0123456789;"):
        return False
    codes = [int(each or 0) for each in parameters.split(";")]
    while codes:
        code = codes.pop(0)
        if code in COLOUR:
            count = NUMBERS.get(codes.pop(0) if codes else -1, 0)
            shades, codes = codes[:count], codes[count:]
            if not count or len(shades) < count or max(shades) > 255:
                return False
        elif code not in CODES:
            return False
    return True


class Pictures:
    """How many bytes of attached pictures a page can still take; each reference is a copy."""

    def __init__(self) -> None:
        self.left = PAGE_PICTURES

    def take(self, bundle: dict[str, str]) -> bool:
        """Whether one more reference to an attachment is shown."""
        size = max(map(len, bundle.values()))
        fits = size <= self.left
        self.left -= size if fits else 0
        return fits


def markdown(
    value: object,
    kept: Mapping[str, dict[str, str]] | None = None,
    limit: int = 50_000,
    pictures: Pictures | None = None,
) -> str:
    """Give Markdown that renders without tags, entities, links that run, or foreign pictures.

    The reader that makes HTML of it has its own ideas; what it lets through is not a list of what
    is known to be bad, but links with a plain address, and pictures that are attached.

    Parameters
    ----------
    value : str
    kept : dict of str to dict, optional
        The cell's attachments; nbconvert gives up a whole page over one that is missing.
    limit : int
        Characters.
    pictures : Pictures, optional
        The whole page's.

    Returns
    -------
    str
        ``<b`` has become ``< b``, ``](javascript:`` has become ``] (javascript:``.
    """
    value = text(value, limit)
    value = TAG.sub("< ", value)
    value = ENTITY.sub("& ", value)
    pictures, attached = pictures or Pictures(), kept or {}

    def link(found: re.Match[str]) -> str:
        name = found["picture"]
        if name is not None:
            shown = name in attached and pictures.take(attached[name])
            return found[0] if shown else f"[the picture {name} is not shown]"
        return found[0] if found["address"] is not None else f"{found[0]} "

    value = LINK.sub(link, value)
    value = TEX.sub(r"\\ ", value)
    count = itertools.count()
    return ENVIRONMENT.sub(lambda m: m[0] if next(count) < ENVIRONMENTS else "\\ ", value)


def attachments(value: object) -> dict[str, dict[str, str]]:
    """Keep pictures that are pictures."""
    kept = {}
    for name, bundle in value.items() if isinstance(value, dict) else ():
        if not isinstance(name, str) or not re.fullmatch(r"[\w.\- ]{1,100}", name):
            continue
        pictures = _pictures(bundle)
        if pictures:
            kept[name] = pictures
    return kept


def _pictures(bundle: object) -> dict[str, str]:
    kept = {}
    for kind, start in PICTURES.items():
        content = bundle.get(kind) if isinstance(bundle, dict) else None
        if isinstance(content, list):
            content = "".join(part for part in content if isinstance(part, str))
        if not isinstance(content, str) or len(content) > 2 * PICTURE_BYTES:
            continue
        try:
            raw = base64.b64decode(re.sub(r"\s", "", content), validate=True)
        except (binascii.Error, ValueError):
            continue
        if raw.startswith(start) and len(raw) <= PICTURE_BYTES and quickly_drawn(raw):
            kept[kind] = base64.b64encode(raw).decode()
    return kept


class Outputs:
    """Collects a cell's outputs as they come, safe and bounded.

    Parameters
    ----------
    limit : int
        Characters of text kept; pictures count by their own bound, four a cell.
    """

    def __init__(self, limit: int) -> None:
        self.left, self.pictures, self.cut = limit, 0, False
        self.kept: list[dict[str, Any]] = []

    def take(self, kind: str, body: dict[str, Any]) -> None:
        """Take one message from the kernel."""
        if kind not in OUTPUT_TYPES:
            return
        if kind == "stream":
            self._stream(body)
        elif kind == "error":
            self._error(body)
        else:
            self._data(kind, body)

    def _spend(self, value: object) -> str:
        value = text(value, max(0, self.left))
        self.left -= len(value)
        return value

    def _stream(self, body: dict[str, Any]) -> None:
        name = "stderr" if body.get("name") == "stderr" else "stdout"
        if self.left <= 0:
            return
        value = self._spend(body.get("text"))
        last = self.kept[-1] if self.kept else {}
        if last.get("output_type") == "stream" and last["name"] == name:
            last["parts"].append(value)
        else:
            self.kept.append({"output_type": "stream", "name": name, "parts": [value]})

    def _error(self, body: dict[str, Any]) -> None:
        if self.left <= 0 or len(self.kept) > MOST_OUTPUTS:
            return
        lines = body.get("traceback")
        lines = [self._spend(line) for line in lines[:200]] if isinstance(lines, list) else []
        name, value = text(body.get("ename"), 200), text(body.get("evalue"), 2000)
        self.left -= len(name) + len(value)
        error = {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}
        self.kept.append(error)

    def _data(self, kind: str, body: dict[str, Any]) -> None:
        data = body.get("data")
        if not isinstance(data, dict) or len(self.kept) > MOST_OUTPUTS:
            return
        pictures = _pictures(data) if self.pictures < 4 else {}
        self.pictures += bool(pictures)
        plain = data.get("text/plain", "")
        if not plain and not pictures:
            plain = "[an output of a kind that is not shown here]"
        bundle = pictures | {"text/plain": self._spend(plain)}
        # A student's value must never look like the credit that a test gives.
        self.kept.append({"output_type": "display_data", "data": bundle, "metadata": {}})

    def finish(self) -> list[dict[str, Any]]:
        """Give the outputs as nbformat 4 has them."""
        for output in self.kept:
            if "parts" in output:
                output["text"] = "".join(output.pop("parts"))
        return self.kept
