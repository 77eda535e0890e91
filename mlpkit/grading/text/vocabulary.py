"""The words of an instructor that a hidden part may say: those that aren't the student's choice.

A message mixes the instructor's words with values, and a value can be what a function returned for
the arguments that it must not tell. Names of values aren't enough to find them: a list of empty
lists and tuples, of `True` and `False`, is a number in another hand. So nothing of a message stays
but words that are known to be the instructor's.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlpkit.grading.text.names import tree

CUT = "…"
# What Python and NumPy call values: an instructor's word too, but never only that.
VALUES = {"True", "False", "None", "nan", "inf", "array", "dtype", "Infinity", "NaN"}
TYPES = {"bool", "complex", "dict", "float", "float64", "int", "int64", "list", "ndarray", "str"}
# Calls whose strings are said, and not compared: check_close("H", …), credit.part(1, "…").
SAYING = re.compile(r"(?:check|assert|part|hidden|fail)\w*")
TITLING = re.compile(r"part|hidden")
WORD = re.compile(r"[^\W\d_]\w*")
NUMBER = re.compile(r"(?<![^\W\d_])[-+]?\d[\d.]*(?:e[-+]?\d+)?", re.IGNORECASE)
OF_VALUES = re.compile(rf"[\[\]{{}}=]|{NUMBER.pattern}", re.IGNORECASE)
BRACKETS = ")]\"'’”`"
MORE = r"(?: \(and \d+ more parts\))?(?=: |$)"
EDGES = re.compile(
    r"^(?P<left>[(\[\"'‘“`]{0,1})(?P<word>.*?)(?P<right>[)\]\"'’”`]{0,1}[:,.;?!]{0,1})$"
)


@dataclass(frozen=True)
class Vocabulary:
    """What may be said of hidden parts.

    Parameters
    ----------
    words : frozenset of str
    titles : tuple of re.Pattern
        Of the tests' parts.
    """

    words: frozenset[str] = frozenset()
    titles: tuple[re.Pattern[str], ...] = ()

    def title_of(self, text: str) -> str:
        """Give the title of a part at the start of what is said of it; "" if there is none."""
        fits = [found[0] for found in (each.match(text) for each in self.titles) if found]
        return max(fits, key=len, default="")

    def kept(self, text: str, returned: Iterable[str]) -> str:
        """Give a message with "…" for whatever stands between the instructor's words.

        Parameters
        ----------
        text : str
        returned : iterable of str
            All strings that a function returned: a word in one of them is no longer sure.
        """
        theirs = {word for each in returned for word in _chosen(each)}
        said: list[str] = []
        for chunk in text.split():
            _, word, right = _apart(chunk)
            end = right.strip(BRACKETS)  # half a pair of brackets would be left of many
            if word in self.words and word not in VALUES and word.casefold() not in theirs:
                said.append(word + end)
            elif said and said[-1].startswith(CUT):
                said[-1] = CUT + end
            else:
                said.append(CUT + end)
        return " ".join(said)


def _chosen(text: str) -> Iterator[str]:
    """Yield the words that a returned string can put into a message."""
    for chunk in text.casefold().split():
        yield from (chunk, _apart(chunk)[1], *WORD.findall(chunk))


def _apart(chunk: str) -> tuple[str, str, str]:
    found = EDGES.match(chunk)
    return (found["left"], found["word"], found["right"]) if found else ("", chunk, "")


def vocabulary_of(full: Iterable[str], released: Iterable[str]) -> Vocabulary:
    """Read the words and titles of an instructor's cells.

    Parameters
    ----------
    full : iterable of str
        Sources of code cells, hidden parts included: of these what is said, and no data.
    released : iterable of str
        Sources that students have: of these every word.
    """
    words, titles = set(TYPES), list[re.Pattern[str]]()
    for source in released:
        words |= _words(source) | set(WORD.findall(source))
    for source in full:
        code = tree(source)
        words |= said_words(code)
        titles += _titles(code)
    return Vocabulary(frozenset(words - {""}), tuple(titles))


def said_words(code: ast.AST) -> set[str]:
    """Give the words of a tree's strings that are made to be read."""
    words = set[str]()
    unsaid = {id(node.value) for node in ast.walk(code) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(code):
        if isinstance(node, ast.JoinedStr):
            words |= {word for part in _parts(node) for word in _words(part)}
        elif isinstance(node, ast.Call) and SAYING.match(_name(node.func)):
            words |= {word for each in _said(node) for word in _words(_text(each))}
        elif " " in _text(node) and id(node) not in unsaid:
            words |= _words(_text(node))
    return words


def _said(call: ast.Call) -> Iterator[ast.AST]:
    """Yield what a check says: its strings, and the names of arrays, but nothing it looks into."""
    for place, argument in enumerate(call.args):
        yield argument
        if place == 1 and isinstance(argument, ast.List | ast.Tuple):
            yield from argument.elts


def _titles(code: ast.AST) -> Iterator[re.Pattern[str]]:
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and TITLING.fullmatch(_name(node.func)):
            for argument in node.args:
                parts = _parts(argument) if isinstance(argument, ast.JoinedStr) else []
                parts = parts or ([_text(argument)] if _text(argument) else [])
                if any(parts):  # what stands between is the test's own, and no answer
                    yield re.compile(r"[^:\n]{0,40}".join(map(re.escape, parts)) + MORE)


def _parts(node: ast.JoinedStr) -> list[str]:
    """Give what stands between an f-string's values, "" before the first and behind the last."""
    parts = [""]
    for each in node.values:
        if isinstance(each, ast.Constant):
            parts[-1] += str(each.value)
        else:
            parts.append("")
    return parts


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _words(text: str) -> set[str]:
    chunks = text.split()
    words = {word for chunk in chunks for word in (chunk, _apart(chunk)[1])}
    return {word for word in words if WORD.search(word) and not OF_VALUES.search(word)}
