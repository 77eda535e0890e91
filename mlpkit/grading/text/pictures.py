"""Pictures in a hand-in's text cells: decoded, renamed and shrunk until a page can show them."""

import base64
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from mlpkit.grading.text.inlined import LONGEST, MOST, numbered
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.photos import ENDINGS, as_picture, decoded, left_out, why_not
from mlpkit.grading.text.pieces import Piece

TAG = re.compile(r"<img\b[^<>]{0,3000}>", re.IGNORECASE)
SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
SHOWN = re.compile(r"!\[[^\[\]\n]{0,500}\]\(\s*<?([^)>\n]{1,500})")
OURS = re.compile(
    r"!\[([^\n]{0,300}?)\]\((attachment:picture-\d+\.\w+)(?:[ \t]+[\"'][^\n]{0,300}?[\"'])?\)"
)
TITLE = re.compile(r"\s+[\"'].*$")
BRACKETS = str.maketrans("", "", "[]()")
ABSENT = Kind("the picture {} was not handed in", "the pictures {} were not handed in")
ELSEWHERE = Kind("the picture {} lies on the web", "the pictures {} lie on the web")
FURTHER = f"more than {MOST} pictures were handed in; the first {MOST} are shown"
NOT_SHOWN = "not-shown"
BESIDE = "**Handed in beside the notebook:**"


@dataclass
class Album:
    """The pictures of one hand-in.

    Parameters
    ----------
    files : dict of str to bytes
        Those handed in beside the notebook.
    notes : Notes
    attached : sequence of dict
        The attachments of all its cells: of a cell that was split, one part keeps them.
    """

    files: Mapping[str, bytes]
    notes: Notes
    attached: Sequence[Mapping[str, Any]] = ()
    number: int = 0
    used: set[str] = field(default_factory=set)
    once: dict[str, Any] = field(default_factory=dict)

    def take(self, attachments: Mapping[str, Any]) -> None:
        """Keep the pictures of a code cell for `beside`, each under a name of its own."""
        for name, bundle in attachments.items():
            number = 1
            while self.once.get(new := numbered(name, number), bundle) != bundle:
                number += 1
            self.once[new] = bundle

    def show_in(self, piece: Piece) -> None:
        """Let a text cell show its pictures, and say which it can't."""
        piece.source = TAG.sub(_as_markdown, piece.source[:LONGEST])
        piece.attachments = piece.attachments | self._of_other_cells(piece)
        known = {*piece.attachments, *self.files}
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
            too_many = self.number > MOST and unquote(name) in known
            if name not in kept and name != NOT_SHOWN and not too_many:
                self.notes.add(_why_not(name), repr(name[:100]))

    def _of_other_cells(self, piece: Piece) -> dict[str, Any]:
        """Give the pictures that a text names and another cell holds; of two of a name none."""
        found: dict[str, Any] = {}
        for target in SHOWN.findall(piece.source):
            scheme, _, name = TITLE.sub("", target.strip()).partition(":")
            if scheme == "attachment" and name not in piece.attachments:
                held = [each[name] for each in self.attached if name in each]
                if held:
                    found[name] = held[0] if all(each == held[0] for each in held) else {}
        return found

    def _by_plain_names(self, piece: Piece, kept: dict[str, Any]) -> None:
        """Find files that a text names by other folders, in other letters, or quoted."""
        files = {_plain_file_name(name): name for name in self.files}
        for target in dict.fromkeys(SHOWN.findall(piece.source)):
            whole = target.strip()
            # On the web, what stands behind these isn't the file's name.
            name = files.get(_plain_file_name(whole)) or files.get(
                _plain_file_name(re.split(r"[?#]", whole)[0])
            )
            if name is not None and target.strip().removeprefix("attachment:") not in kept:
                self.used.add(name)
                shown = self._show(name, self.files[name], kept)
                new = f"attachment:{shown}" if shown else NOT_SHOWN
                for old in (f"](<{target}>", f"]({target}"):
                    piece.source = piece.source.replace(old, f"]({new}")

    def _wanted(self, piece: Piece) -> Iterator[tuple[str, bytes | None]]:
        left = max(0, MOST + 1 - self.number)  # one more, of which it is said that it is too many
        for name, bundle in list(piece.attachments.items())[:left]:
            yield name, decoded(bundle)
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
            self.notes.add(_unshown(content or b""), repr(name[:100]))
            return ""
        if said := left_out(content or b""):
            self.notes.add(said, repr(name[:100]))
        kind, content = picture
        shown = f"picture-{self.number}.{ENDINGS[kind]}"
        kept[shown] = {kind: base64.b64encode(content).decode()}
        return shown

    def beside(self, others: Sequence[str]) -> Piece | None:
        """Give a cell of what was handed in beside the notebook and no text refers to."""
        rest = [name for name in self.files if name not in self.used]
        once = [name for name in self.once if not self._is_there(name)]
        if not rest and not others and not once:
            return None
        lines = [*rest, *others, *(f"{name}, as a cell showed it" for name in once)]
        piece = Piece("markdown", "\n".join([BESIDE, "", *(f"- {line}" for line in lines)]))
        contents = [(name, self.files[name]) for name in rest]
        for name, content in [*contents, *((name, decoded(self.once[name])) for name in once)]:
            if shown := self._show(name, content, piece.attachments):
                piece.source += f"\n\n![](attachment:{shown})"
        return piece

    def _is_there(self, name: str) -> bool:
        return _plain_file_name(name) in map(_plain_file_name, self.files)


def _why_not(target: str) -> Kind:
    """Say why the picture that a text names isn't shown."""
    if re.match(r"(?i)(https?:)?//", target):
        return ELSEWHERE
    if target[:5].lower() == "data:":
        return _unshown(b"<svg>" if "svg" in target[:30].lower() else b"")
    return ABSENT


def _unshown(content: bytes) -> Kind:
    why = why_not(content)
    return Kind(f"the picture {{}} can't be shown{why}", f"the pictures {{}} can't be shown{why}")


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
