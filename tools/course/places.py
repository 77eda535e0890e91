"""Where the course repeats what its list and its notebooks say, and how each place is written.

A block of Markdown stands between `<!-- from course.toml: NAME -->` and `<!-- end -->`. A sentence
is found by its own words, and what the list knows of it is put in.
"""

import re
from typing import NamedTuple

from tools.course import guide, notebooks, tables
from tools.course.listing import ListError
from tools.course.words import duration, listed, number

README, BOOK, ABOUT = "README.md", "book/index.md", "book/about.md"
CONTRIBUTING = "CONTRIBUTING.md"
GUIDE, STUDENTS = "solutions/README.md", "assignments/README.md"
START = "lectures/00_start_here.ipynb"
NUMBER = r"(\d+|[A-Za-z]+)"
TIME = r"((?:\w+|\w+ and a half) hours|an hour(?: and a half)?|half an hour)"
BLOCK = re.compile(r"^<!-- from course\.toml: ([\w -]+) -->\n(.*?)^<!-- end -->$", re.M | re.S)
BLOCKS = {
    README: {"gallery": tables.gallery, "lectures": tables.overview},
    BOOK: {"gallery": tables.book_gallery, "contents": tables.contents},
    GUIDE: {"calendar": tables.calendar},
}


class Sentence(NamedTuple):
    """A sentence of a file: a pattern, each of whose groups is replaced by a word.

    A space of the pattern may be a line's end in the file.
    """

    file: str
    pattern: str
    words: tuple


class Difference(NamedTuple):
    """A place that doesn't say what it should: its file, and what it is."""

    file: str
    place: str


def sentences(course):
    """List the sentences with what belongs into them."""
    taught, given = len(course.lectures) - 1, len(course.assignments)
    counts = (number(taught).capitalize(), number(given))
    names = [each.name for each in course.assignments]
    timed = [each for each in course.assignments if each.exercises]
    by_time = sorted(timed, key=lambda each: each.half_hours)
    short, long = by_time[0], by_time[-1]
    weeks = number(tables.number_of_weeks(course))
    totals = listed([f"{each.points:g}" for each in course.assignments])
    following = f"ps{given}"
    examples = [r"new assignment (ps\d+) --", r"new exercise (ps\d+) convolve",
                r"new exercise (ps\d+) same_everywhere", r"make assignment PS=(ps\d+)",
                r"tests/assignments/(ps\d+)_cases\.py`, and the"]  # fmt: skip
    return [
        Sentence(CONTRIBUTING, r"new lecture (\d\d)_convolution", (f"{taught + 1:02}",)),
        *(Sentence(GUIDE, pattern, (following,)) for pattern in examples),
        *(Sentence(file, rf"{NUMBER} lectures? and {NUMBER} assignments?\b", counts)
          for file in (README, BOOK, "CITATION.cff")),
        Sentence(README, rf"^## The {NUMBER} lectures?$", (number(taught),)),
        Sentence(GUIDE, r"holds the assignments (ps\d+) to (ps\d+)", (names[0], names[-1])),
        Sentence(GUIDE, rf"^{NUMBER} weeks of two lecture hours", (weeks.capitalize(),)),
        Sentence(GUIDE, r"^The assignments have ([\d., and\n]+) points", (totals,)),
        Sentence(ABOUT, rf"Assignments take {TIME} \((ps\d+)\) to about {TIME}\.",
                 (duration(short.half_hours), short.name, duration(long.half_hours))),
        Sentence(ABOUT, rf"As a course it fills {NUMBER} weeks", (weeks,)),
        Sentence(STUDENTS, rf"Start with ps0: it takes (?:about )?{TIME} and",
                 (duration(timed[0].half_hours),)),
    ]  # fmt: skip


def written(course, root):
    """Write every place anew.

    Parameters
    ----------
    course : tools.course.listing.Course
    root : Path
        The course's folder.

    Returns
    -------
    files : dict of str to str
        The text of each file that holds such places, by its path in the course.
    differences : list of Difference
        The places that are not yet so.

    Raises
    ------
    ListError
        If a place isn't where it is looked for.
    """
    files, differences = {}, []

    def put(file, place, change):
        text = files[file] if file in files else _read(root, file)
        try:
            files[file] = change(text)
        except LookupError as error:
            raise ListError(f"{file}: {error.args[0]}") from error
        except ValueError as error:  # of JSON
            raise ListError(f"{file} is no notebook: {error}") from error
        if files[file] != text:
            differences.append(Difference(file, place))

    for file, blocks in BLOCKS.items():
        for name, lines in blocks.items():
            put(file, f"the block {name!r}", lambda t, n=name, w=lines: block(t, n, w(course)))
    for each in sentences(course):
        put(each.file, f"the sentence with {' and '.join(each.words)!r}",
            lambda text, each=each: sentence(text, each))  # fmt: skip
    for each in course.assignments:
        put(GUIDE, f"the section on {each.name}", lambda t, e=each: guide.section(t, e))
    for file, place, change in notebooks.changes(course):
        put(file, place, change)
    return files, differences


def _read(root, file):
    try:
        return (root / file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ListError(f"{file} can't be read: {error}") from error


def block(text, name, lines):
    """Put lines between a block's marks."""
    found = [each for each in BLOCK.finditer(text) if each[1] == name]
    if len(found) != 1:
        marks = f"'<!-- from course.toml: {name} -->' … '<!-- end -->'"
        raise LookupError(f"expected one block {marks}, found {len(found)}")
    start, end = found[0].span(2)
    return text[:start] + "\n" + "\n".join(lines) + "\n\n" + text[end:]


def sentence(text, wanted):
    """Put words into the groups of a sentence."""
    found = list(re.finditer(wanted.pattern.replace(" ", r"\s+"), text, re.MULTILINE))
    if len(found) != 1:
        raise LookupError(f"expected one sentence like {wanted.pattern!r}, found {len(found)}")
    (match,) = found
    for at in range(len(wanted.words), 0, -1):
        start, end = match.span(at)
        if " ".join(match[at].split()) != wanted.words[at - 1]:
            text = text[:start] + wanted.words[at - 1] + text[end:]
    return text
