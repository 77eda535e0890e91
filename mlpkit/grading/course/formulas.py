"""Formulas without a network: KaTeX lies in this package, and a page carries what it needs of it.

`katex/SHA256SUMS` names each file's digest; a file that was changed is refused.
"""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files

FOLDER = files("mlpkit.grading.course") / "katex"
# Of the three formats of a font that KaTeX's styles name, each browser of today reads the first.
FONT = re.compile(r"src:url\((fonts/[\w-]+\.woff2)\) format\(\"woff2\"\)[^;}]*")
FACE = re.compile(r"@font-face\{[^}]*fonts/KaTeX_([\w-]+)\.woff2[^}]*\}")
# Alphabets that a formula has only by one of these commands; the other fonts any may need.
ALPHABETS = {
    "Caligraphic": "mathcal|cal",
    "Fraktur": "mathfrak|frak",
    "SansSerif": "mathsf|textsf|sf",
    "Script": "mathscr",
    "Typewriter": "mathtt|texttt|tt|verb|url|href",
    "Main-BoldItalic": "textit|emph|it|boldsymbol|bm|pmb",
    "Math-BoldItalic": "boldsymbol|bm|pmb",
}
# As nbconvert's pages and JupyterLab read a text: these marks, and no command that makes a link.
SETTINGS = (
    '{delimiters: [{left: "$$", right: "$$", display: true},'
    ' {left: "\\\\[", right: "\\\\]", display: true},'
    ' {left: "\\\\(", right: "\\\\)", display: false}, {left: "$", right: "$", display: false}],'
    " throwOnError: false, trust: false, maxExpand: 200, maxSize: 20}"
)


class NotAsPacked(Exception):
    """A file of KaTeX isn't the one that the package came with; the message names it."""


@cache
def read(name: str) -> bytes:
    """Read a file of KaTeX and hold it against its digest.

    Parameters
    ----------
    name : str
        As "katex.min.js".

    Raises
    ------
    NotAsPacked
        If its content isn't the one that `katex/SHA256SUMS` has under this name.
    """
    content = FOLDER.joinpath(*name.split("/")).read_bytes()
    digests = FOLDER.joinpath("SHA256SUMS").read_text(encoding="utf-8").splitlines()
    if f"{hashlib.sha256(content).hexdigest()}  {name}" not in digests:
        raise NotAsPacked(f"{name} in {FOLDER} was changed: install the course's package again.")
    return content


def styles(text: str | None = None) -> str:
    """Return KaTeX's styles with its fonts inside: a page from a folder may load no font file.

    Parameters
    ----------
    text : str, optional
        All that the page shows: alphabets for which it has no command are left out.
    """
    needed = ALPHABETS if text is None else filter(lambda name: _asks(text, name), ALPHABETS)
    return _styles(frozenset(needed))


def _asks(text: str, alphabet: str) -> bool:
    return bool(re.search(rf"\\(?:{ALPHABETS[alphabet]})(?![a-zA-Z])", text))


@cache
def _styles(alphabets: frozenset[str]) -> str:
    """Write the styles with those of `ALPHABETS`, and with the fonts that any formula may need."""

    def kept(found: re.Match[str]) -> str:
        name = next((each for each in ALPHABETS if found[1].startswith(each)), None)
        return found[0] if name is None or name in alphabets else ""

    def inside(found: re.Match[str]) -> str:
        font = base64.b64encode(read(found[1])).decode()
        return f'src:url(data:font/woff2;base64,{font}) format("woff2")'

    return FONT.sub(inside, FACE.sub(kept, read("katex.min.css").decode()))


def script() -> str:
    """Return KaTeX itself, which gives a page the name ``katex``."""
    return read("katex.min.js").decode()


def set_all() -> str:
    """Return a program that sets all formulas of the page that it ends."""
    finder = read("auto-render.min.js").decode()
    return f"{script()}\n{finder}\nrenderMathInElement(document.body, {SETTINGS});"
