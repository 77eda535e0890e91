"""Pictures in a hand-in's text cells: decoded, renamed and shrunk until a page can show them."""

import base64
import binascii
import html
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from mlpkit.grading.text import clean
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.pieces import Piece

MOST, SIDES, PIXELS = 20, (2000, 1200, 700), 64_000_000
# A page shows less of a text.
LONGEST = 100_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
DATA = re.compile(
    r"data:(image/[\w.+-]{1,50})(?:;[\w=.-]{1,50}){0,3};base64,([A-Za-z0-9+/=%]*)", re.I
)
TAG = re.compile(r"<img\b[^<>]{0,3000}>", re.IGNORECASE)
SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
SHOWN = re.compile(r"!\[[^\[\]\n]{0,500}\]\(\s*<?([^)>\n]{1,500})")
OURS = re.compile(
    r"!\[([^\n]{0,300}?)\]\((attachment:picture-\d+\.\w+)(?:[ \t]+[\"'][^\n]{0,300}?[\"'])?\)"
)
TITLE = re.compile(r"\s+[\"'].*$")
BRACKETS = str.maketrans("", "", "[]()")
UNSHOWN = Kind("the picture {} can't be shown", "the pictures {} can't be shown")
ABSENT = Kind("the picture {} was not handed in", "the pictures {} were not handed in")
ELSEWHERE = Kind("the picture {} lies on the web", "the pictures {} lie on the web")
FURTHER = f"more than {MOST} pictures were handed in; the first {MOST} are shown"
NOT_SHOWN = "not-shown"
BESIDE = "**Handed in beside the notebook:**"


def inline(text: str, attachments: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Make attachments of the pictures that are written into a text itself, as Colab does."""
    found = dict(attachments)

    def name(match: re.Match[str]) -> str:
        new = f"inline-{len(found) + 1}"
        found[new] = {match[1].lower(): match[2].replace("%2B", "+").replace("%2F", "/")}
        return f"attachment:{new}"

    return (DATA.sub(name, text), found) if "base64," in text else (text, found)


@dataclass
class Album:
    """The pictures of one hand-in.

    Parameters
    ----------
    files : dict of str to bytes
        Those handed in beside the notebook.
    notes : Notes
    """

    files: Mapping[str, bytes]
    notes: Notes
    number: int = 0
    used: set[str] = field(default_factory=set)

    def show_in(self, piece: Piece) -> None:
        """Let a text cell show its pictures, and say which it can't."""
        piece.source = TAG.sub(_as_markdown, piece.source[:LONGEST])
        kept: dict[str, Any] = {}
        for name, content in self._wanted(piece):
            shown = self._show(name, content, kept)
            new = f"attachment:{shown}" if shown else NOT_SHOWN
            text, referred = _refer(piece.source, name, new)
            if shown and not referred:
                text = f"{text.rstrip()}\n\n![](attachment:{shown})"
            piece.source = text
        self._by_plain_names(piece, kept)
        piece.attachments = kept
        piece.source = OURS.sub(_plain_name, piece.source)
        for target in SHOWN.findall(piece.source):
            name = TITLE.sub("", target.strip()).removeprefix("attachment:")
            if name not in kept and name != NOT_SHOWN:
                kind = ELSEWHERE if re.match(r"(?i)(https?:)?//", name) else ABSENT
                self.notes.add(kind, repr(name[:100]))

    def _by_plain_names(self, piece: Piece, kept: dict[str, Any]) -> None:
        """Find files that a text names by other folders, in other letters, or quoted."""
        files = {_plain_file_name(name): name for name in self.files}
        for target in dict.fromkeys(SHOWN.findall(piece.source)):
            name = files.get(_plain_file_name(target.strip()))
            if name is not None and target.strip().removeprefix("attachment:") not in kept:
                self.used.add(name)
                shown = self._show(name, self.files[name], kept)
                new = f"attachment:{shown}" if shown else NOT_SHOWN
                for old in (f"](<{target}>", f"]({target}"):
                    piece.source = piece.source.replace(old, f"]({new}")

    def _wanted(self, piece: Piece) -> Iterator[tuple[str, bytes | None]]:
        left = max(0, MOST + 1 - self.number)  # one more, of which it is said that it is too many
        for name, bundle in list(piece.attachments.items())[:left]:
            yield name, _decoded(bundle)
        for name, content in self.files.items() if "](" in piece.source else ():
            if _refer(piece.source, name, NOT_SHOWN)[1]:
                self.used.add(name)
                yield name, content

    def _show(self, name: str, content: bytes | None, kept: dict[str, Any]) -> str:
        """Add a picture to those of a cell; "" if it can't be shown."""
        self.number += 1
        if self.number > MOST:
            self.notes.say(FURTHER)
            return ""
        picture = None if content is None else as_picture(content)
        if picture is None:
            self.notes.add(UNSHOWN, repr(name[:100]))
            return ""
        kind, content = picture
        shown = f"picture-{self.number}.{ENDINGS[kind]}"
        kept[shown] = {kind: base64.b64encode(content).decode()}
        return shown

    def beside(self, others: Sequence[str]) -> Piece | None:
        """Give a cell of what was handed in beside the notebook and no text refers to."""
        rest = [name for name in self.files if name not in self.used]
        if not rest and not others:
            return None
        lines = [BESIDE, *(f"- {name}" for name in [*rest, *others])]
        piece = Piece("markdown", "\n".join([lines[0], "", *lines[1:]]))
        for name in rest:
            if shown := self._show(name, self.files[name], piece.attachments):
                piece.source += f"\n\n![](attachment:{shown})"
        return piece


def _plain_file_name(path: str) -> str:
    """Give a file's name without folders, quoting, and case, in one form."""
    name = re.split(r"[/\\]", unquote(unquote(path)))[-1]
    return unicodedata.normalize("NFC", name).casefold()


def _plain_name(shown: re.Match[str]) -> str:
    """Leave out brackets in a picture's description, and its title: readers differ over them."""
    return f"![{shown[1].translate(BRACKETS)}]({shown[2]})"


def _as_markdown(tag: re.Match[str]) -> str:
    found = SOURCE.search(tag[0])
    target = next(filter(None, found.groups()), "") if found else ""
    return f"![](<{html.unescape(target)}>)" if target else tag[0]


def _refer(text: str, name: str, target: str) -> tuple[str, bool]:
    """Let a text refer to a picture by another name; and whether it did refer to it."""
    forms = {name, f"attachment:{name}", f"./{name}"}
    forms |= {unicodedata.normalize(form, each) for form in ("NFC", "NFD") for each in forms}
    forms |= {quote(each, safe=safe) for safe in ("/:", "/:()!'*~&") for each in forms}
    forms |= {html.escape(each) for each in forms}
    found = False
    for form in sorted(forms, key=len, reverse=True):
        for old, end in ((f"](<{form}>", ""), (f"]({form})", ")"), (f"]({form} ", " ")):
            found |= old in text
            text = text.replace(old, f"]({target}{end}")
    return text, found


def _decoded(bundle: object) -> bytes | None:
    """Give an attachment's bytes, whatever kind it says that it is."""
    for content in bundle.values() if isinstance(bundle, dict) else ():
        if isinstance(content, list):
            content = "".join(part for part in content if isinstance(part, str))
        if isinstance(content, str):
            content = re.sub(r"\s", "", content.partition("base64,")[2] or content)
            try:
                return base64.b64decode(content + "=" * (-len(content) % 4), validate=True)
            except (binascii.Error, ValueError):
                continue
    return None


def as_picture(content: bytes) -> tuple[str, bytes] | None:
    """Give a picture as a page can show it: its kind and bytes, None if it is none.

    Parameters
    ----------
    content : bytes
        A file of whatever kind.
    """
    for kind, start in clean.PICTURES.items():
        if content.startswith(start) and len(content) <= clean.PICTURE_BYTES:
            return kind, content
    try:
        for side in SIDES:
            shrunk = _shrunk(content, side)
            if len(shrunk) <= clean.PICTURE_BYTES:
                return "image/jpeg", shrunk
    except Exception:  # a decoder's errors are of many kinds
        return None
    return None


def _shrunk(content: bytes, side: int) -> bytes:
    """Give any picture as a JPEG on white, the right way up and no larger than ``side``."""
    # Seldom needed, and long to import; Pillow knows a format once its plugin is imported.
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin  # noqa: F401
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        if opened.format in ("JPEG", "MPO"):
            opened.draft("RGB", (side, side))  # it can be read smaller at once
        if opened.width * opened.height > PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((side, side))
    white = Image.new("RGB", upright.size, "white")
    white.paste(upright, mask=upright.getchannel("A"))
    file = io.BytesIO()
    white.save(file, "JPEG", quality=85)
    return file.getvalue()
