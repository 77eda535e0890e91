"""What a class came to, counted: marks, exercises, checks that failed, what is left to read."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from statistics import median
from typing import Any

from nbgrader.api import Gradebook

from mlpkit.grading.job import Grade, Result
from mlpkit.grading.judging.words import HIDDEN

BARS = 10
SLOW = 2.0
MOST_CHECKS = 15
NUMBER = re.compile(r"(?<!\w)[-+]?(?:\d(?:[\d.]*\d)?(?:e[-+]?\d+)?|nan\b|inf\b)", re.I)


def notes(results: Sequence[Result]) -> list[list[str]]:
    """Return the header and a row for each thing that was said of a hand-in as a whole."""
    rows = [["student_id", "notebook", "note"]]
    for result in results:
        for note in [*filter(None, [result.failure]), *result.repairs]:
            rows.append([result.student, result.notebook, note])
    return rows


def shares(results: Sequence[Result]) -> list[float]:
    """Return each result's share of the machine's points, in percent."""
    return [100 * result.points / (_by_machine(result) or 1) for result in results]


def _by_machine(result: Result) -> float:
    return sum(grade.max_points for grade in result.grades if grade.kind == "test")


def distribution(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Count the results in ten equal steps of their share of the machine's points.

    Returns
    -------
    list of dict
        "from" and "to" in percent, "count", and "height" in percent of the longest bar.
    """
    step = 100 // BARS
    counts = Counter(min(BARS - 1, int(share / step)) for share in shares(results))
    tallest = max(counts.values(), default=1)
    return [
        {"from": step * i, "to": step * (i + 1), "count": counts[i],
         "height": 100 * counts[i] / tallest}
        for i in range(BARS)
    ]  # fmt: skip


def exercises(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return, for each tested cell in order, how many got all, some and none of its points.

    Returns
    -------
    list of dict
        "name", "max", "all", "some", "none", "hidden" (lost points in a hidden part), and "mean"
        in percent.
    """
    table: dict[tuple[str, str], list[Grade]] = {}
    for result in results:
        for grade in result.grades:
            if grade.kind == "test":
                table.setdefault((result.notebook, grade.grade_id), []).append(grade)
    return [_exercise(name, grades) for (_, name), grades in table.items()]


def _exercise(name: str, grades: Sequence[Grade]) -> dict[str, Any]:
    full = sum(grade.is_full for grade in grades)
    none = sum(grade.points == 0 < grade.max_points for grade in grades)
    most = grades[0].max_points
    return {
        "name": name,
        "max": most,
        "all": full,
        "some": len(grades) - full - none,
        "none": none,
        "hidden": sum(grade.hidden for grade in grades),
        "mean": 100 * sum(grade.earned for grade in grades) / (len(grades) * most or 1),
    }


def failed_checks(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return the checks that failed most often, of hidden parts and of others as many.

    Returns
    -------
    list of dict
        "exercise", "title" and, of most who failed it, "words" (numbers, which differ from one
        to another, as …), "hidden", and "count" of submissions.
    """
    failures: dict[tuple[str, str, bool], list[str]] = {}
    for result in results:
        for grade in result.grades:
            messages = zip(grade.messages, grade.kinds, strict=False)
            told = {_check(text, kind) for text, kind in messages if kind in ("check", "hidden")}
            for title, hidden in {(title, hidden) for title, hidden, _ in told}:
                said = failures.setdefault((grade.grade_id, title, hidden), [])
                said.append(next(words for *key, words in sorted(told) if key == [title, hidden]))
    rows: list[dict[str, Any]] = [
        {"exercise": exercise, "title": title, "hidden": hidden, "count": len(said),
         "words": Counter(said).most_common(1)[0][0]}
        for (exercise, title, hidden), said in failures.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: -row["count"])
    parts = [[row for row in rows if row["hidden"] == hidden] for hidden in (True, False)]
    most = [row for part in parts for row in part[:MOST_CHECKS]]
    return sorted(most, key=lambda row: -row["count"])


def _check(text: str, kind: str) -> tuple[str, bool, str]:
    """Split what a failed check said: (title, hidden, the rest)."""
    hidden = kind == "hidden"
    lines = text.removeprefix(HIDDEN if hidden else "").splitlines()
    title, _, rest = (lines[0] if lines else "")[:300].partition(": ")
    return (title, hidden, NUMBER.sub("…", rest)) if rest else (NUMBER.sub("…", title), hidden, "")


def slow(results: Sequence[Result]) -> list[Result]:
    """Return those that took more than three times as long as the one in the middle."""
    if not results:
        return []
    times = [result.seconds.get("total", 0.0) for result in results]
    limit = max(3 * median(times), SLOW)
    found = [result for result in results if result.seconds.get("total", 0.0) > limit]
    return sorted(found, key=lambda result: -result.seconds["total"])


def manual_work(
    assignment: str, gradebook: Gradebook, students: Collection[str]
) -> dict[str, list[str]]:
    """Return, for each exercise, those students whose answer a person still has to read."""
    waiting: dict[str, list[str]] = {}
    for submission in gradebook.assignment_submissions(assignment):
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                if grade.needs_manual_grade and submission.student.id in students:
                    waiting.setdefault(grade.name, []).append(submission.student.id)
    return {name: sorted(students) for name, students in waiting.items()}
