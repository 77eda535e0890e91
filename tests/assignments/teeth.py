"""Say how well each exercise's tests tell wrong answers from right ones.

python -m tests.assignments.teeth [ps2 …] [--seeds 20]

A row an exercise: the first-order mutations of its solution that a program makes, how many of
them are right answers too (listed with their reasons in psN_cases.py), how many of the others lose
points; the planted mistakes that lose points and the other right answers that keep them all. What
differs is named below its row, and so is every answer whose points change with the seed.
"""

import argparse
import sys

from tests.assignments.harness import NAMES, cases, exercises, load, points, run, with_answers
from tests.assignments.known import Known
from tests.assignments.mutants import survivors

TO_DO = (
    "a mutation that is a right answer is listed as `equivalent` in psN_cases.py with the reason; "
    "any other answer with a wrong verdict needs a test, or a clearer statement."
)
HEAD = "exercise               mutations equivalent    caught   planted caught     right kept"


def score(name, exercise, seeds, known):
    """Score an exercise.

    Returns
    -------
    made, equivalent, caught : int
        Mutations.
    planted, right : tuple of (int, int)
        Answers with the verdict that they should have, of how many.
    wrong : list of str
        What is not as it should be, in words.
    """
    source, listed = load("solutions", name), cases(name)[exercise]
    made, kept = survivors(source, exercise, seeds[0], known)
    equivalent = kept if listed.open_ended else list(listed.equivalent)
    wrong = [f"kept full marks: {title}" for title in kept if title not in equivalent]
    wrong += [f"lost points: {title}" for title in equivalent if title not in kept]
    counts = []
    for answers, loses in ((listed.mistakes, True), (listed.right, False)):
        found = [_verdicts(source, exercise, answer, seeds, known) for answer in answers.values()]
        counts.append((sum(verdict == {loses} for verdict in found), len(answers)))
        for title, verdict in zip(answers, found, strict=True):
            if verdict != {loses}:
                wrong.append(f"{'not always ' * (len(verdict) > 1)}wrong verdict: {title}")
    return len(made), len(equivalent), len(made) - len(kept), *counts, wrong


def _verdicts(source, exercise, answer, seeds, known):
    """Say with which verdicts an answer ends: True where it loses points."""
    notebook, test = with_answers(source, {exercise: answer}), f"{exercise}_test"
    full = points(source)[test]
    return {run(notebook, seed, exercise, known).points[test] < full for seed in seeds}


def main(arguments=None):
    """Print the table; give 1 where something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", default=NAMES, metavar="psN")
    parser.add_argument("--seeds", type=int, default=1, help="of the tests' numbers (default: 1)")
    options = parser.parse_args(arguments)
    bad = 0
    for name in options.names:
        print(f"\n{name}\n  {HEAD}")
        known = Known(name)
        for exercise in exercises(load("solutions", name)):
            found = score(name, exercise, range(options.seeds), known)
            made, equivalent, caught, planted, right, wrong = found
            print(
                f"  {exercise:22} {made:9} {equivalent:10} {caught:9} "
                f"{planted[0]:8} of {planted[1]:3} {right[0]:8} of {right[1]:3}",
                flush=True,
            )
            for line in wrong:
                print(f"      {line}")
            bad += len(wrong)
    if bad:
        print(f"\n{bad} to settle: {TO_DO}")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
