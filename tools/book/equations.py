"""The numbered equations: where each is defined, and links wherever a text mentions one.

A mention is a number in parentheses in prose, ``(8)``. Code, mathematics, headings and the words of
links are left as they are, and so are the few numbers in parentheses that mean something else.
"""

import re
from typing import NamedTuple

LAST = 15
TAG = re.compile(r"\$\$(?:(?!\$\$).)*?\\tag\{(\d+)\}(?:(?!\$\$).)*?\$\$", re.DOTALL)
# What is no prose: it is kept as it stands.
KEPT = re.compile(
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$]*\$|!?\[[^\]]*\]\([^)]*\)|<[^>]+>|^#+ .*?$|^ {4}.*?$",
    re.DOTALL | re.MULTILINE,
)
MENTION = re.compile(r"(?<![\w)\]])\((\d{1,2})\)(?!\])")
# Paragraphs with these words number something else: rows of a table, kurtoses.
ELSEWHERE = ("a limit exists (1), noisy SGD", "normal (3), uniform (1.8) and Laplace (6)")


class Equation(NamedTuple):
    """An equation as the book shows it: its number, its TeX, and its page."""

    number: int
    tex: str
    page: str
    section: str


def anchored(text):
    """Put a target before each numbered equation of a Markdown text."""
    return TAG.sub(lambda found: f"\n\n(equation-{found[1]})=\n{found[0]}\n\n", text)


def linked(text):
    """Make a link to its equation of each mention in a Markdown text.

    Parameters
    ----------
    text : str
        A cell, or a page.

    Returns
    -------
    str
        With ``[(8)](#equation-8)`` for ``(8)``, in prose alone.
    """
    paragraphs = re.split(r"(\n\s*\n)", text)
    return "".join(_link_paragraphs(paragraphs))


def _link_paragraphs(paragraphs):
    whole, kept = "".join(paragraphs), []
    spans = [found.span() for found in KEPT.finditer(whole)]
    place = 0
    for paragraph in paragraphs:
        elsewhere = any(words in paragraph for words in ELSEWHERE)
        kept.append(paragraph if elsewhere else _link(paragraph, place, spans))
        place += len(paragraph)
    return kept


def _link(paragraph, place, spans):
    def link(found):
        start, number = place + found.start(), int(found[1])
        inside = any(first <= start < last for first, last in spans)
        if inside or not 1 <= number <= LAST:
            return found[0]
        return f"[({number})](#equation-{number})"

    return MENTION.sub(link, paragraph)
