"""Learn the signatures of planted mistakes: each is called as a student's answer would be."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from mlpkit.grading.insight.names import enough
from mlpkit.grading.job import Job, Signature
from mlpkit.grading.workers import pool

# By a test's name, and a mistake's: the source of the answer's cell, or its signature.
Answers = Mapping[str, Mapping[str, str]]
Row = dict[str, str]
Found = dict[str, dict[str, Signature]]


def learn(
    template: Job, answers: Answers, write: Callable[[Mapping[str, str]], bytes], workers: int = 2
) -> Found:
    """Find the signature of each mistake.

    Exercises don't depend on each other, so one run takes a mistake of each. Where one ended the
    run, the others are run again alone.

    Parameters
    ----------
    template : Job
        Of the official solution.
    answers : dict of str to dict of str to str
        By a test's name and a mistake's title: the answer.
    write : callable
        Writes a notebook with these answers, a dict by test.
    workers : int
    """
    found: Found = {test: {} for test in answers}

    def run(rows: list[Row]) -> list[Row]:
        again = []
        for number, result in pool.judge_all(_jobs(template, answers, write, rows), workers):
            row = rows[number]
            for test, title in row.items():
                found[test][title] = result.signatures.get(test, Signature("not run"))
                if len(row) > 1 and found[test][title].state == "not run":
                    again.append({test: title})
        return again

    run(run(list(_rows(answers))))
    return {test: {title: found[test][title] for title in answers[test]} for test in answers}


def _rows(answers: Answers) -> Iterator[Row]:
    for titles in zip_longest(*answers.values()):
        row = zip(answers, titles, strict=True)
        yield {test: title for test, title in row if title is not None}


def _jobs(
    template: Job, answers: Answers, write: Callable[[Mapping[str, str]], bytes], rows: list[Row]
) -> Iterator[tuple[int, Job]]:
    for number, row in enumerate(rows):
        content = write({test: answers[test][title] for test, title in row.items()})
        yield number, replace(template, submission=content, sign=list(row))


def tree(found: Found) -> dict[str, Any]:
    """Give what is kept of signatures, as JSON takes it.

    Parameters
    ----------
    found : dict of str to dict of str to Signature
        As :func:`learn` gives them.

    Returns
    -------
    dict
        A mistake that can't be told by its values has an empty signature.
    """
    tests = {}
    for test, signatures in found.items():
        versions = sorted({one.version for one in signatures.values() if one.version})
        mistakes = {
            title: {"signature": one.digest if enough(one) else ""}
            for title, one in signatures.items()
        }
        tests[test] = {"version": versions[0] if versions else "", "mistakes": mistakes}
    return {"tests": tests}
