"""Whose work is more alike than chance makes it: a page of pairs, and files for other programs.

It says where to look, and nothing of anybody's guilt.
"""

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.guards import write_all
from mlpkit.grading.insight import page
from mlpkit.grading.insight.bare import LONGEST, normal
from mlpkit.grading.insight.likeness import EXPECTED, Pair, Wrong, look_at
from mlpkit.grading.insight.names import Names, enough
from mlpkit.grading.insight.shared import MOST_WORDS, marked, words_of
from mlpkit.grading.insight.signing import sign_class
from mlpkit.grading.insight.work import Exercise, Work, exercises, read_work
from mlpkit.grading.text.notes import listed as listed_names
from mlpkit.grading.text.tables import to_csv

Part = tuple[str, bool]
# What the page shows: pairs, and of each answer lines, their letters, and words of a text.
PAIRS, LINES, WIDTH = 60, 120, 200


@dataclass(frozen=True)
class Side:
    """One student's answer beside another's.

    Parameters
    ----------
    student : str
    parts : list of (str, bool)
        Pieces of the text, each with whether the other has it too.
    cut : bool
        The answer is longer than what is shown.
    """

    student: str
    parts: list[Part]
    cut: bool


def write_copies(
    course: Course,
    assignment: str,
    folder: str | Path,
    workers: int = 2,
    expected: float = EXPECTED,
) -> list[Path]:
    """Write the page and the table of pairs to look at.

    Parameters
    ----------
    course : Course
    assignment : str
        One that was graded.
    folder : path
    workers : int
        Wrong answers that nobody has looked at yet are called once more, so many at a time.
    expected : float
        How many pairs to show in a class that works apart.

    Returns
    -------
    list of Path
        The page, and the table.

    Raises
    ------
    CourseError
        If nothing of the assignment was graded yet.
    """
    work, listed = read_work(course, assignment), exercises(course, assignment)
    answers = wrong_answers(course, assignment, work, workers)
    written = texts(work, listed)
    pairs = look_at(answers, written, public_texts(course, assignment), expected)
    shown = render(assignment, pairs, work, listed, expected, left_out(work, listed)).encode()
    files = {f"{assignment}-copies.html": shown, f"{assignment}-copies.csv": to_csv(rows(pairs))}
    return write_all(folder, files)


def wrong_answers(
    course: Course, assignment: str, work: Mapping[str, Work], workers: int
) -> dict[str, dict[str, Wrong]]:
    """Give the wrong answers by exercise and student: what each does, and whether it has a name."""
    signatures, names = sign_class(course, assignment, workers), Names(assignment, course.root)
    found: dict[str, dict[str, Wrong]] = {}
    for (student, _), signed in signatures.items():
        for test, one in signed.items():
            if one.state == "wrong" and student in work:
                code = normal(work[student].answers.get(test, ""))
                alike = f"{one.version} {one.digest}" if enough(one) else ""
                wrong = Wrong(alike, bool(names.of(test, one)), code)
                found.setdefault(test, {})[student] = wrong
    return found


def left_out(work: Mapping[str, Work], listed: Sequence[Exercise]) -> list[str]:
    """Say whose answers were too long to be looked at whole."""
    long = {True: set[str](), False: set[str]()}
    for each in listed:
        for student, one in work.items():
            text = one.answers.get(each.name, "")
            if len(words_of(text)) > MOST_WORDS if each.written else len(text) > LONGEST:
                long[each.written].add(student)
    said = {
        False: f"Code longer than {LONGEST:,} letters was compared by its words alone, not by what "
        "it is made of",
        True: f"Of written answers the first {MOST_WORDS:,} words were compared",
    }
    return [f"{said[kind]}: {listed_names(sorted(who))}." for kind, who in long.items() if who]


def texts(work: Mapping[str, Work], listed: Sequence[Exercise]) -> dict[str, dict[str, str]]:
    """Give what was written to each written question, by student."""
    return {
        each.name: {
            student: one.answers[each.name]
            for student, one in work.items()
            if one.answers.get(each.name, "").strip() not in ("", each.released.strip())
        }
        for each in listed
        if each.written
    }


def public_texts(course: Course, assignment: str) -> list[str]:
    """Give what everybody has read: the assignment with its solution, and the lectures."""
    found = [source for source, _ in course.sources(assignment).values()]
    found += [path.read_bytes() for path in sorted((course.root / "lectures").glob("*.ipynb"))]
    return ["".join(cell["source"]) for each in found for cell in json.loads(each)["cells"]]


def rows(pairs: Iterable[Pair]) -> list[list[object]]:
    """Return the header and a row for each pair."""
    table: list[list[object]] = [["student_id", "other_id", "alike in", "expected by chance"]]
    for pair in pairs:
        places = [*pair.exercises, *pair.runs]
        table.append([*pair.students, ", ".join(places), f"{pair.expected:.2g}"])
    return table


def render(
    assignment: str,
    pairs: Sequence[Pair],
    work: Mapping[str, Work],
    listed: Sequence[Exercise],
    expected: float,
    left: Sequence[str] = (),
) -> str:
    """Return the page as HTML; whatever came from a student is escaped."""
    shown = [
        {
            "pair": pair,
            "code": {name: _code(pair, work, name) for name in pair.exercises},
            "words": {name: _words(pair, work, name) for name in pair.runs},
            "right": _equal_and_right(pair, work, listed),
        }
        for pair in pairs[:PAIRS]
    ]
    about = {"assignment": assignment, "class_size": len(work), "limit": expected, "left": left}
    return page.render("copies.html.j2", pairs=shown, all_pairs=len(pairs), **about)


def _code(pair: Pair, work: Mapping[str, Work], name: str) -> list[Side]:
    whole = [work[student].answers[name].splitlines() for student in pair.students]
    one, other = ([line[:WIDTH] for line in lines[:LINES]] for lines in whole)
    bare = [[" ".join(line.split()) for line in lines] for lines in (one, other)]
    blocks = difflib.SequenceMatcher(None, bare[0], bare[1], autojunk=False).get_matching_blocks()
    same = (
        {line for block in blocks for line in range(block.a, block.a + block.size)},
        {line for block in blocks for line in range(block.b, block.b + block.size)},
    )
    return [
        Side(
            student,
            [(f"{line}\n", at in equal) for at, line in enumerate(lines)],
            cut=lines != all_lines,
        )
        for student, lines, equal, all_lines in zip(
            pair.students, (one, other), same, whole, strict=True
        )
    ]


def _words(pair: Pair, work: Mapping[str, Work], name: str) -> list[Side]:
    shared, most = set(pair.runs[name]), LINES * WIDTH
    whole = {student: work[student].answers[name] for student in pair.students}
    return [
        Side(student, marked(text[:most], shared), cut=len(text) > most)
        for student, text in whole.items()
    ]


def _equal_and_right(pair: Pair, work: Mapping[str, Work], listed: Sequence[Exercise]) -> list[str]:
    """Name the exercises that both have right, letter by letter the same."""
    one, other = (work[student] for student in pair.students)
    return [
        each.name
        for each in listed
        if not each.written
        and one.answers.get(each.name) == other.answers.get(each.name)
        and each.name in one.grades
        and one.grades[each.name].is_full
    ]


def write_export(course: Course, assignment: str, folder: str | Path) -> list[Path]:
    """Write each student's code into a file, as JPlag and Dolos read them.

    Parameters
    ----------
    course : Course
    assignment : str
    folder : path
        In it ``submissions/STUDENT/``, ``base/`` with what everybody was given, and ``info.csv``.

    Returns
    -------
    list of Path
        The files, info.csv first.
    """
    work, listed = read_work(course, assignment), exercises(course, assignment)
    code = [each for each in listed if not each.written]
    given = {each.name: each.released for each in code}
    files = {f"base/{assignment}.py": _program(given, given)}
    listing = [["filename", "full_name"]]
    for student, one in sorted(work.items()):
        name = f"submissions/{student}/{assignment}.py"
        files[name] = _program(one.answers, given)
        listing.append([name, student])
    return write_all(folder, {"info.csv": to_csv(listing), **files})


def _program(answers: Mapping[str, str], names: Iterable[str]) -> bytes:
    parts = [f"# {name}\n{answers.get(name, '')}\n" for name in names]
    return "\n".join(parts).encode("utf-8", "replace")
