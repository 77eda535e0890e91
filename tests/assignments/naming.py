"""Measure how many mistakes of a class are named, and whether rightly.

python -m tests.assignments.naming ps2 [--students 200] [--keep FOLDER]

The class is drawn: planted mistakes, other right answers, blanks, broken files, copies, and
mistakes that a program makes of the solution and nobody has named.
"""

import argparse
import random
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from mlpkit.grading.course.files import Course
from mlpkit.grading.course.run import Options, grade_class
from mlpkit.grading.insight.mutations import mutations
from mlpkit.grading.insight.names import Names
from mlpkit.grading.insight.signing import sign_class
from tests.assignments.harness import cases, cell_of, load, run, submitted, with_answers
from tests.grading.course_factory import CONFIG, empty_gradebook

KINDS = {"planted": 0.35, "unseen": 0.15, "right": 0.3, "blank": 0.12, "solved": 0.08}
BROKEN = (b"", b"no notebook", b'{"cells": [')
SEEDS = range(5)
LINE = re.compile(r"your line \d+(, `[^\n]*?`)?: ")


def drawn_class(name, students, rng):
    """Draw a class.

    Returns
    -------
    dict of str to (bytes, dict)
        By student, what was handed in, and by exercise a pair (kind, title).
    """
    listed, source = cases(name), load("solutions", name)
    stubs = {each: cell_of(load("assignments", name), each).source for each in listed}
    made = {each: mutations(cell_of(source, each).source) for each in listed}

    def draw(exercise):
        kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
        answers = {
            "planted": listed[exercise].mistakes,
            "right": listed[exercise].right,
            "unseen": made[exercise],
            "blank": {"": stubs[exercise]},
        }.get(kind, {})
        if kind == "solved" or not answers:
            return ("solved", ""), None
        title = rng.choice(sorted(answers))
        return (kind, title), answers[title]

    found = {}
    for number in range(students):
        student, at = f"s{number:03}", number % 20
        if at == 19 and found:  # a copy
            found[student] = rng.choice([found[each] for each in sorted(found)])
        elif at == 18:
            found[student] = rng.choice(BROKEN), {}
        else:
            chosen = {exercise: draw(exercise) for exercise in listed}
            answers = {e: answer for e, (_, answer) in chosen.items() if answer is not None}
            content = nbformat.writes(submitted(name, answers)).encode()
            found[student] = content, {e: about for e, (about, _) in chosen.items()}
    return found


def hand_in(folder, name, people):
    """Write a course with this class."""
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (folder / "gradebook.db").write_bytes(empty_gradebook())
    place = folder / "solutions" / name
    place.mkdir(parents=True)
    nbformat.write(load("solutions", name), place / f"{name}.ipynb")
    for student, (content, _) in people.items():
        place = folder / "submitted" / student / name
        place.mkdir(parents=True)
        (place / f"{name}.ipynb").write_bytes(content)
    return Course(folder)


def verdicts(name, people, signatures, names):
    """Compare names with what was planted: yield (what, student, exercise, title, given)."""
    for student, (_, truth) in people.items():
        for exercise, (kind, title) in truth.items():
            test = f"{exercise}_test"
            signature = signatures.get((student, name), {}).get(test)
            if signature is None:
                continue  # nothing was lost
            given = [each.title for each in names.of(test, signature)]
            if kind == "planted":
                known = title in given or signature.cause.startswith("uses ")
                what = "named" if known else "misnamed" if given else "unnamed"
                yield what, student, exercise, title, given
            elif given and kind == "unseen":
                yield "unseen, named", student, exercise, title, given
            elif kind == "unseen":
                yield "unseen, unnamed", student, exercise, title, given
            elif given:
                yield "misnamed", student, exercise, f"{kind} {title}", given


def alike(name, exercise, mutation, title):
    """Whether a mutation and a planted mistake lose the same points with the same words."""
    source = load("solutions", name)
    mutated = mutations(cell_of(source, exercise).source)[mutation]
    answers = mutated, cases(name)[exercise].mistakes[title]
    books = [with_answers(source, {exercise: answer}) for answer in answers]
    for seed in SEEDS:
        one, other = (run(book, seed, exercise) for book in books)
        if one.points != other.points or _told(one) != _told(other):
            return False
    return True


def _told(verdict):
    """Return what a run said, without the answer's own lines."""
    return {name: LINE.sub("", text) for name, text in verdict.messages.items()}


def main(arguments=None):
    """Print what came of it; give 1 where a name was wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name", metavar="psN")
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a new folder for the course")
    options = parser.parse_args(arguments)
    people = drawn_class(options.name, options.students, random.Random(options.seed))
    with tempfile.TemporaryDirectory() as folder:
        folder = options.keep or Path(folder)
        folder.mkdir(exist_ok=True)
        course = hand_in(folder, options.name, people)
        start = time.perf_counter()
        grade_class(course, options.name, Options(workers=options.workers))
        graded = time.perf_counter() - start
        start = time.perf_counter()
        signatures = sign_class(course, options.name, options.workers)
        signed = time.perf_counter() - start
    return _say(options, people, signatures, graded, signed)


def _say(options, people, signatures, graded, signed):
    found = list(verdicts(options.name, people, signatures, Names(options.name)))
    count = {what: sum(one[0] == what for one in found) for what in sorted({f[0] for f in found})}
    planted = sum(count.get(what, 0) for what in ("named", "unnamed", "misnamed"))
    wrong = [one for one in found if one[0] == "misnamed"]
    for one in found:
        what, _, exercise, title, given = one
        if what == "unseen, named" and not any(
            alike(options.name, exercise, title, name) for name in given
        ):
            wrong.append(one)
    print(f"{options.name}: {len(people)} hand-ins, {planted} planted mistakes that lost points")
    print("  ".join(f"{what}: {number}" for what, number in count.items()))
    print(f"named rightly: {count.get('named', 0) / max(1, planted):.1%}, wrongly: {len(wrong)}")
    graded, signed = graded / len(people), signed / len(people)
    print(f"seconds a hand-in: {graded:.2f} graded, {signed:.2f} signed")
    unnamed = [one for one in found if one[0] == "unnamed"]
    for what, student, exercise, title, given in [*wrong, *unnamed]:
        print(f"  {what}: {student} {exercise}: {title}; given {given}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
