"""Print what each planted mistake costs, and what each right answer keeps.

python -m tests.assignments.teeth [ps2 …]
"""

import sys

from tests.assignments.harness import NAMES, cases, exercises, load, points, run, with_answers


def table(name):
    """Return the rows (exercise, kind, answer, points, of how many, seen by the visible test)."""
    source, release = load("solutions", name), load("assignments", name)
    rows = []
    for exercise in exercises(source):
        test = f"{exercise}_test"
        full = points(source)[test]
        for kind in ("mistakes", "right"):
            for title, answer in getattr(cases(name)[exercise], kind).items():
                changed = with_answers(source, {exercise: answer})
                text = next(c.source for c in changed.cells if c.id == exercise)
                earned = run(changed, only=exercise).points[test]
                seen = run(with_answers(release, {exercise: text}), only=exercise).points[test]
                rows.append((exercise, kind, title, earned, full, seen < full))
    return rows


def main(names):
    wrong = 0
    for name in names:
        print(f"\n{name}: points kept by planted mistakes (✗) and other right answers (✓)")
        before = None
        for exercise, kind, title, earned, full, seen in table(name):
            if exercise != before:
                print(f"\n  {exercise} ({full:g} points)")
            before = exercise
            hidden = " (hidden test)" if kind == "mistakes" and not seen else ""
            print(f"    {'✗' if kind == 'mistakes' else '✓'} {earned:5.2f}  {title}{hidden}")
            wrong += (earned < full) != (kind == "mistakes")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:] or NAMES)))
