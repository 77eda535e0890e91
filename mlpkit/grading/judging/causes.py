"""What stopped a student's cells, or was changed in running them: a test only says what is missing.

The words are chosen here: a cell's own error could tell what a hidden test called it with.
"""

import builtins
import re
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from mlpkit.by_hand import WORDS
from mlpkit.grading.text.blocks import blocks, made
from mlpkit.grading.text.broken import CONFLICT
from mlpkit.grading.text.notes import Kind, Notes
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan

PYTHON = f"Python {sys.version_info.major}.{sys.version_info.minor}"
WINDOW = re.compile(r"^[ \t]*%(?:matplotlib[ \t]+(?!inline\b|--list\b|-l\b)|gui[ \t]+)\S.*$", re.M)
NO_MODULE = re.compile(r"No module named '([\w.]{1,60})'")
SYNTAX = Kind(
    f"the cell {{}} is no code for {PYTHON}, which judged it",
    f"the cells {{}} are no code for {PYTHON}, which judged them",
)
CONFLICTED = Kind(
    "in the cell {} stand git's marks of a conflict (<<<<<<< and >>>>>>>)",
    "in the cells {} stand git's marks of a conflict (<<<<<<< and >>>>>>>)",
)
CHARACTER = re.compile(r"invalid (?:non-printable )?character .{0,8}?(U\+[0-9A-F]{4,6})\b")
LEFT = Kind(
    "something was written into the cell {}, and 'raise NotImplementedError' still ends it",
    "something was written into the cells {}, and 'raise NotImplementedError' still ends them",
)
ENDED = Kind(
    "the cell {} ended itself by quit(), exit() or the like; the cells behind it were run",
    "the cells {} ended themselves by quit(), exit() or the like; the cells behind them were run",
)
DISPLAY = Kind(
    "the cell {} asks for a window by %matplotlib; its figures were drawn inline",
    "the cells {} ask for windows by %matplotlib; their figures were drawn inline",
)


def without_window(source: str) -> str:
    """Let figures be drawn inline, whatever a cell's magic asks for: there is no display."""
    return WINDOW.sub("%matplotlib inline", source)


class Causes:
    """Looks at what cells did, and says it.

    Parameters
    ----------
    plan : Plan
    helpers : mapping of str to bytes
        Files of the student's that cells may import.
    """

    def __init__(self, plan: Plan, helpers: Mapping[str, bytes]) -> None:
        self.plan, self.notes = plan, Notes()
        modules = (text for name, text in helpers.items() if name.endswith(".py"))
        self.helpers = b"\n".join(modules).decode(errors="replace")
        away = "|".join(re.escape(module) for module in plan.by_hand)
        self.away = re.compile(rf"^[ \t]*(?:from|import)[ \t]+({away})\b", re.M) if away else None

    def look(self, piece: Piece, position: int, outputs: list[dict[str, Any]]) -> None:
        """Take in one of the student's cells that was run."""
        if piece.kind not in ("own", "solution", "manual"):
            return
        where = piece.name or piece.place or str(position + 1)
        if WINDOW.search(piece.source):
            self.notes.add(DISPLAY, where)
        for module in self.away.findall(piece.source) if self.away else ():
            self.notes.add(_taken_away(module), where)
        errors = [out for out in outputs if out.get("output_type") == "error"]
        # A scratch cell that makes nothing may fail.
        kind = _kind(errors[-1], piece.source, self.helpers) if errors else None
        if kind and (piece.planned or made(piece.source)):
            self.notes.add(kind, where)

    def look_at_answers(self, pieces: Sequence[Piece], points: Mapping[str, float]) -> None:
        """Say where work stands beside a stub that was run, by what the tests gave."""
        nothing = [self.plan.named[name].loads for name, earned in points.items() if not earned]
        lost = frozenset[str]().union(*nothing)
        for piece in pieces:
            asked = piece.planned is not None and bool(piece.planned.binds & lost)
            written = asked and piece.kind == "solution" and not piece.as_released
            if written and any(block.raises for block in blocks(piece.source)):
                self.notes.add(LEFT, piece.name)


def _taken_away(module: str) -> Kind:
    words = f"{module} {WORDS}"
    return Kind(f"{words} (the cell {{}})", f"{words} (the cells {{}})")


def _no_code(words: str, source: str) -> Kind:
    if CONFLICT.search(source):
        return CONFLICTED
    found = CHARACTER.match(words)
    if found is None or (sign := chr(int(found[1][2:], 16))) not in source:
        return SYNTAX
    name = unicodedata.name(sign, "").lower()
    what = f"the character {found[1]}{name and f' ({name})'}, which is no code"
    return Kind(f"in the cell {{}} stands {what}", f"in the cells {{}} stands {what}")


def _kind(error: dict[str, Any], source: str, helpers: str) -> Kind | None:
    name, words = str(error.get("ename")), str(error.get("evalue"))
    known = getattr(builtins, name, None) if name.isidentifier() else None
    if not (isinstance(known, type) and issubclass(known, BaseException)) or WORDS in words:
        return None
    if issubclass(known, SystemExit):
        return ENDED
    if issubclass(known, SyntaxError):
        return _no_code(words, source)
    if issubclass(known, NotImplementedError | KeyboardInterrupt):
        return None
    module = NO_MODULE.fullmatch(words)
    asked = module is not None and module[1].partition(".")[0] in source + helpers
    if module and asked and issubclass(known, ImportError):
        missing = f"the module {module[1]!r} isn't installed where it was judged"
        return Kind(f"{missing}; the cell {{}} stopped", f"{missing}; the cells {{}} stopped")
    return Kind(f"the cell {{}} stopped with {name}", f"the cells {{}} stopped with {name}")
