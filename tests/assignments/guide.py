"""The instructor's guide, read: what it says of each exercise and of its planted mistakes."""

import re

from tests.assignments.harness import ROOT

GUIDE = ROOT / "solutions" / "README.md"
ITEM = re.compile(r"^\d+\. \*\*(.+?)\*\* \(`(\w+)`, ([\d.]+) points?", re.MULTILINE | re.DOTALL)
TITLE = re.compile(r"(?<![*\w])\*([^*]+)\*(?!\*)(†?)")
# What leads to a mistake's name: "σ′ is forgotten, or taken at the wrong place: *no σ′*".
FEWEST_WORDS = 4
# Without what stands before it, this is no sentence.
CONTINUES = re.compile(r"(and|or|but|which)\b", re.IGNORECASE)


def section(name):
    """Return what the guide says of an assignment, from its heading to the next."""
    parts = re.split(r"^### (?=ps\d)", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = [part for part in parts if part.startswith(f"{name}. ")]
    assert len(found) == 1, f"{len(found)} sections on {name} in the guide"
    return found[0]


def items(name):
    """Return (heading, exercise, points, text) of each exercise in the guide's section."""
    text, found = section(name), []
    starts = list(ITEM.finditer(text))
    for start, end in zip(starts, [*starts[1:], None][: len(starts)], strict=True):
        body = text[start.end() : end.start() if end else len(text)]
        body = re.split(r"\n\n(?! )|\n#", body)[0]  # to the next paragraph that isn't indented
        found.append((" ".join(start[1].split()), start[2], float(start[3]), body))
    return found


def titles(text):
    """Return the names in italics, each with whether only hidden tests are said to see it."""
    return [(" ".join(title.split()), mark == "†") for title, mark in TITLE.findall(text)]


def misconceptions(name):
    """Return what the guide says of mistakes: {test: {title: {"says": …, "hint": …}}}.

    "says" is what the sentence that names the mistake says of it, "hint" the misconception that
    leads to its name in that sentence; each only where there is something.
    """
    found = {}
    for _, exercise, _, text in items(name):
        said = found.setdefault(f"{exercise}_test", {})
        for sentence in sentences(text.partition(")")[2]):
            for title, words in said_of(sentence).items():
                said.setdefault(title, words)
    return found


def said_of(sentence):
    """Return what a sentence says of each mistake that it names: {title: {"says", "hint"}}."""
    found = {}
    for match in TITLE.finditer(sentence):
        lead = _lead(sentence[: match.start()])
        words = {"says": _says(sentence, match, lead), "hint": lead}
        found[match[1]] = {kind: each for kind, each in words.items() if each}
    return found


def _says(sentence, match, lead):
    following = TITLE.search(sentence, match.end())
    after = sentence[match.end() : following.start() if following else None]
    words = re.sub(r",? (?:and|or)$", "", after.strip(" .;,:()"))
    if (following and after.rstrip().endswith(":")) or len(words.split()) < FEWEST_WORDS - 1:
        words = ""  # it leads to the next one's name
    elif after[0] == " " and after[1] != "(":
        words = f"“{match[1]}” {words}"
    words = re.sub("^which ", "this ", words)
    return " ".join(filter(None, [lead, _sentence(words)])).replace("`", "")


def _sentence(words):
    return words and f"{words[0].upper() if words[0].isascii() else words[0]}{words[1:]}."


def sentences(text):
    """Split a text into sentences; a full stop in a name in italics ends none."""
    for block in re.split(r"\n\s*- ", text):
        block = " ".join(block.split())
        masked = TITLE.sub(lambda match: match[0].replace(".", "\0"), block)
        for sentence in re.split(r"(?<=\.)(?<!e\.g\.) (?=[^a-z])", masked):
            yield sentence.replace("\0", ".").strip()


def _lead(before):
    """Return the misconception that leads to a name, as a sentence; nothing where none does."""
    clause, colon, rest = before.rpartition(": ")
    if not colon or re.sub(r"\*[^*]+\*†?|[\s,]|\bor\b|\band\b", "", rest):
        return ""
    clause = re.split(r"; |\*†?(?:, or|, and|,)? |\. ", clause)[-1].strip().replace("`", "")
    if "*" in clause or len(clause.split()) < FEWEST_WORDS or CONTINUES.match(clause):
        return ""
    return _sentence(clause)
