"""How a written question is marked: items with points, read from the question's own text.

Below a line that begins with "How it is marked", each item of a list is worth points::

    How it is marked:

    - (a) 1 point for both cases derived.
    - (b) ½ point for the sum over the classes.
    - or (b) ¼ point for a hard label only.

An item that begins with "or" stands for less of the one before it. Students read the same list.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

HEAD = re.compile(r"^\W*how it is marked\b.*$", re.IGNORECASE | re.MULTILINE)
ITEM = re.compile(
    r"^[-*+] +(?P<other>or +)?(?P<part>\([^()\s]{1,4}\) +)?(?P<whole>\d+(?:\.\d+)?)?"
    r"(?P<share>[¼½¾]?) +(?P<points>points?)\b[ ,:]*(?P<words>.*)$",
    re.IGNORECASE,
)
SHARES = {"": 0.0, "¼": 0.25, "½": 0.5, "¾": 0.75}
TICKED = re.compile(r"^- \[(?P<mark>[ x])\] (?P<words>.*)$")


@dataclass(frozen=True)
class Item:
    """One thing that earns points.

    Parameters
    ----------
    part : str
        Of the question, such as "(a)"; may be empty.
    points : float
    worth, words : str
        How much, and what earns it, as the question says both.
    group : int
        Items of one group stand for each other: an answer earns one of them.
    """

    part: str
    points: float
    worth: str
    words: str
    group: int

    @property
    def line(self) -> str:
        """The item as a comment lists it."""
        return " ".join(filter(None, [self.part, self.worth, self.words]))


def read_rubric(question: str) -> list[Item]:
    """Return the items of a question, in their order; none where it has no such list.

    Parameters
    ----------
    question : str
        Its Markdown.
    """
    head = HEAD.search(question)
    items: list[Item] = []
    for line in _listed(question[head.end() :]) if head else ():
        found = ITEM.match(line)
        if found and (found["whole"] or found["share"]):
            instead = bool(found["other"]) and bool(items)
            group = items[-1].group if instead else len({item.group for item in items})
            part = (found["part"] or "").strip() or (items[-1].part if instead else "")
            points = float(found["whole"] or 0) + SHARES[found["share"]]
            worth = f"{found['whole'] or ''}{found['share']} {found['points']}"
            items.append(Item(part, points, worth, found["words"].strip(), group))
    return items


def _listed(text: str) -> list[str]:
    """Give the items of the lists in a text, each in one line."""
    lines: list[str] = []
    for line in text.splitlines():
        if re.match(r"[-*+] ", line):
            lines.append(line)
        elif lines and line.startswith("  ") and line.strip():
            lines[-1] += f" {line.strip()}"
    return lines


def most(items: Sequence[Item]) -> float:
    """Return the points of an answer that earns the best of each group."""
    groups = {item.group for item in items}
    return sum(max(i.points for i in items if i.group == group) for group in groups)


def compose(items: Sequence[Item], ticked: Collection[int], words: str) -> str:
    """Write a comment: which items an answer earned and which not, then the grader's own words.

    Parameters
    ----------
    items : sequence of Item
    ticked : collection of int
        Positions of those that were earned.
    words : str
        Of the grader.

    Returns
    -------
    str
        Markdown, a list that feedback shows with boxes; the words alone where nothing is ticked.
    """
    if not ticked:
        return words.strip()
    earned = {items[at].group for at in ticked}
    first = {item.group: at for at, item in reversed(list(enumerate(items)))}
    listed = [
        f"- [{'x' if at in ticked else ' '}] {item.line}"
        for at, item in enumerate(items)
        if at in ticked or (item.group not in earned and first[item.group] == at)
    ]
    return "\n".join([*listed, *(["", words.strip()] if words.strip() else [])])


def take_apart(items: Sequence[Item], comment: str) -> tuple[list[int], str]:
    """Read a comment back: the positions of the items that were ticked, and the grader's words.

    A line that is of no present item stays among the words.
    """
    places = {item.line: at for at, item in enumerate(items)}
    ticked, words = list[int](), list[str]()
    for line in comment.splitlines():
        found = TICKED.match(line)
        if found is None or found["words"] not in places:
            words.append(line)
        elif found["mark"] == "x":
            ticked.append(places[found["words"]])
    return ticked, "\n".join(words).strip()
