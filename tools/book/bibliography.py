"""The page of sources, made of `book/references.bib` and of where the lectures cite each."""

import re
from typing import NamedTuple
from urllib.parse import unquote

from pybtex.database import parse_file
from pybtex.richtext import Text as Rich

from tools.book.lectures import ROOT, link, section_at, texts, title

FILE = ROOT / "book" / "references.bib"
IDENTIFIER = re.compile(r"arXiv:(\d{4}\.\d{5})|arxiv\.org/abs/(\d{4}\.\d{5})|doi\.org/([^)\s]+)")


class Source(NamedTuple):
    """An entry, and the sections that cite it as links."""

    key: str
    words: str
    cited: tuple


def entries():
    """Read the entries by key."""
    return parse_file(str(FILE), "bibtex").entries


def identifiers(source):
    """List the arXiv numbers and DOIs that a text cites, each with its place."""
    return [
        (unquote(next(filter(None, found.groups()))), found.start())
        for found in IDENTIFIER.finditer(source)
    ]


def places(entry, text):
    """List the places of a text that cite an entry."""
    fields = entry.fields
    known = {fields.get("doi"), fields.get("eprint")} - {None}
    found = [place for name, place in identifiers(text.source) if name in known]
    if words := fields.get("cited_as"):
        found += [each.start() for each in re.finditer(re.escape(words), text.source)]
    return sorted(found)


def sources():
    """List the entries by their authors' last names, each with the sections that cite it."""
    found = []
    for key, entry in sorted(entries().items(), key=lambda pair: _last_names(pair[1])):
        cited = [
            link(section_at(text, place), text.page)
            for text in texts()
            for place in places(entry, text)
        ]
        found.append(Source(key, words(entry), tuple(dict.fromkeys(cited))))
    return found


def words(entry):
    """Write an entry as a line of Markdown."""
    fields = {name: str(Rich.from_latex(value)) for name, value in entry.fields.items()}
    where = fields.get("journal") or fields.get("booktitle") or ""
    if "volume" in fields:
        where += f" {fields['volume']}, {fields['pages'].replace('--', '–')}"
    parts = [_authors(entry), f"*{fields['title']}*", where, fields["year"], *_address(fields)]
    line = ", ".join(filter(None, parts)) + "."
    return f"{line} {fields['note']}." if "note" in fields else line


def _authors(entry):
    names = [
        str(
            Rich.from_latex(
                " ".join([*person.first_names, *person.middle_names, *person.last_names])
            )
        )
        for person in entry.persons["author"]
    ]
    return _and(names)


def _address(fields):
    if "doi" in fields:
        yield f"[doi:{fields['doi']}](<https://doi.org/{fields['doi']}>)"
    if "eprint" in fields:
        yield f"[arXiv:{fields['eprint']}](https://arxiv.org/abs/{fields['eprint']})"


def by_lecture():
    """List, for each lecture, a sentence that says what it draws on."""
    found = {text.page: {} for text in texts()}
    for key, entry in entries().items():
        for text in texts():
            if places(entry, text):
                found[text.page][key] = _short(entry)
    return [f"- [{title(ROOT / page)}]({page}) {_drawn_on(found[page])}." for page in sorted(found)]


def _drawn_on(cited):
    return f"draws on {_and(sorted(cited.values()))}" if cited else "cites no other publication"


def _short(entry):
    """Name an entry as a text does: its authors' last names, and the year."""
    names = _last_names(entry)
    names = [f"{names[0]} and others"] if len(names) > 3 else names
    return f"{_and(names)} ({entry.fields['year']})"


def _last_names(entry):
    return [str(Rich.from_latex(" ".join(each.last_names))) for each in entry.persons["author"]]


def _and(words):
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def page():
    """Write the page as Markdown."""
    lines = [f"- {each.words} Cited in {'; '.join(each.cited)}." for each in sources()]
    parts = [
        "# Sources",
        "What the lectures cite, and where.",
        "## By lecture",
        "\n".join(by_lecture()),
        "## All sources",
        "\n".join(lines),
    ]
    return "\n\n".join(parts) + "\n"
