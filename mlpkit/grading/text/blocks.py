"""A cell's text in blocks, one a statement at its top level: looked at by lines, never parsed.

Python takes minutes over a line that somebody made for that.
"""

import functools
import re
from dataclasses import dataclass

MADE = re.compile(
    r"^(?:(?:async[ \t]+)?def|class)[ \t]+(\w+)"
    r"|^\(?(\w+(?:[ \t]*(?:,|=(?!=))[ \t]*\w+){0,20})\)?[ \t]*(?::[^=\n]*)?=(?!=)",
    re.M,
)
# Under these, what is defined is defined at the top level all the same.
COMPOUND = re.compile(r"(?:if|try|with|for|while)\b")
INNER = re.compile(r"^[ \t]+(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.M)
IMPORTED = re.compile(r"^(?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(.+)$", re.M)
# What goes on with the statement above it.
GOES_ON = re.compile(r"[ \t#)\]}]|(?:else|elif|except|finally)\b")
# Of cells that start with another magic, Python is told nothing.
OTHER_LANGUAGE = re.compile(r"\s*%%(?!time\b|capture\b|prun\b)")
LONGEST = 1000  # of a function that does nothing: the pattern takes long over lines made for that
# Without its comments: its head in one line, perhaps a text of one line, and nothing.
NOTHING = re.compile(
    r"(?:async[ \t]+)?def[ \t][^\n]*:"
    r"(?:\s*(?:\"\"\"[^\n]*\"\"\"|'[^\n]*'|\"[^\n]*\"))?\s*(?:pass|\.\.\.)"
)
UNWRITTEN = "raise NotImplementedError"


@dataclass(frozen=True)
class Block:
    """One statement at the top level, with what stands on the lines below it.

    Attributes
    ----------
    text : str
    names : frozenset of str
        What it defines, assigns or imports.
    """

    text: str
    names: frozenset[str]

    @functools.cached_property
    def unwritten(self) -> bool:
        """Whether it still says that nothing is written yet, or is a function that does nothing."""
        said = "\n".join(lines(self.text))
        return self.raises or (len(said) <= LONGEST and bool(NOTHING.fullmatch(said)))

    @property
    def raises(self) -> bool:
        """Whether it still has the stub's last line."""
        return any(line.strip().startswith(UNWRITTEN) for line in self.text.splitlines())


@functools.lru_cache(maxsize=6000)  # each cell is asked for once for each answer that is missing
def blocks(source: str) -> tuple[Block, ...]:
    """Split a cell's text; together the blocks' texts are the cell's."""
    if OTHER_LANGUAGE.match(source):
        return (Block(source, frozenset()),) if source else ()
    parts: list[list[str]] = []
    in_text = False
    for line in source.splitlines(keepends=True):
        decorated = bool(parts) and parts[-1][-1].startswith("@")
        new = not in_text and line.strip() and not GOES_ON.match(line) and not decorated
        if new or not parts:
            parts.append([line])
        else:
            parts[-1].append(line)
        in_text ^= (line.count('"""') + line.count("'''")) % 2 == 1
    return tuple(Block(text, _names(text)) for text in map("".join, parts))


def made(source: str) -> frozenset[str]:
    """Give the names that a cell seems to make at its top level."""
    return frozenset().union(*(block.names for block in blocks(source)))


def _names(text: str) -> frozenset[str]:
    found = MADE.findall(text)
    names = {name for defined in found for name in re.findall(r"\w+", "".join(defined))}
    if COMPOUND.match(text):
        names |= set(INNER.findall(text))
    for listed in IMPORTED.findall(text):
        words = listed.split("#")[0].strip(" \t()").split(",")
        names |= {word.split()[-1].partition(".")[0] for word in words if word.split()}
    return frozenset(names)


def lines(text: str) -> list[str]:
    """Give the lines that say something: not empty ones, and no comments."""
    stripped = (line.rstrip() for line in text.splitlines())
    return [line for line in stripped if line.strip() and not line.lstrip().startswith("#")]


def additions(text: str, given: str, kept: frozenset[str]) -> str:
    """Give the blocks that were added to an instructor's cell.

    Parameters
    ----------
    text : str
        As handed in.
    given : str
        As released.
    kept : frozenset of str
        Names that only the instructor's own text makes.

    Returns
    -------
    str
        Of what was added: definitions, imports, assignments and comments; no further checks.
    """
    known = {"\n".join(lines(block.text)) for block in blocks(given)}
    given_lines = {line.strip() for line in given.splitlines()}
    found = []
    for block in blocks(text):
        if "\n".join(lines(block.text)) not in known and block.names and not block.names & kept:
            found.append(block.text)
            continue
        comments = [line for line in block.text.splitlines(True) if line.lstrip().startswith("#")]
        found += [line for line in comments if line.strip() not in given_lines]
    return "".join(found).strip("\n")
