"""What is fit to be shown of cells that ran after a hidden test: from a run that saw none."""

import time
from dataclasses import replace
from typing import Any

from mlpkit.grading.job import Grade, Job, Result
from mlpkit.grading.judging.bench import Bench
from mlpkit.grading.judging.walk import run_cell
from mlpkit.grading.judging.words import HIDDEN
from mlpkit.grading.room.kernel import Kernel, KernelEnded
from mlpkit.grading.room.sandbox import Sandbox, SandboxError
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan


def show_again(
    job: Job,
    plan: Plan,
    pieces: list[Piece],
    sandbox: Sandbox,
    result: Result,
    outputs: dict[int, list[dict[str, Any]]],
    bench: Bench,
) -> dict[int, list[dict[str, Any]]]:
    """Run the submission in a new kernel, without hidden tests, for what is fit to be shown.

    Returns
    -------
    dict of int to list
        The outputs of cells that ran after a hidden test. The submission's own words in the
        visible parts of tests, which ``bench`` withheld, are put back into ``result``.
    """
    shown: dict[int, list[dict[str, Any]]] = {at: [] for at in _after_hidden_tests(pieces, outputs)}
    # A locked cell that has nothing to do with the answers shows nothing of the submission.
    late = [at for at in shown if pieces[at].kind != "locked" or _uses(pieces[at], bench)]
    named = {p.planned.grade_id: at for at, p in enumerate(pieces) if p.planned}
    last = max([*late, *(named[name] for name in bench.withheld)], default=-1)
    # The first run's kernel left this much of the submission's time.
    left = bench.kernel.deadline - time.monotonic()
    if last < 0 or left < 1:
        return shown
    try:
        limits = replace(job.limits, submission_seconds=left)
        kernel = Kernel(sandbox, limits, job.files, plan.by_hand)
    except (KernelEnded, SandboxError):
        return shown
    again = Bench(kernel, plan, job.limits, visible=True)
    grades = {grade.grade_id: grade for grade in result.grades}
    for position, piece in enumerate(pieces[: last + 1]):
        if piece.cell_type == "code" and piece.kind != "test":
            run = run_cell(piece, again)
            if position in late:
                shown[position] = run.outputs
        elif piece.planned and piece.planned.grade_id in bench.withheld:
            again.run_test(piece.planned)
            _put_back(again.words, grades[piece.planned.grade_id or ""])
    kernel.stop()
    return shown


def _uses(piece: Piece, bench: Bench) -> bool:
    return bool(piece.planned and piece.planned.loads & bench.answers)


def _put_back(words: dict[str, str], grade: Grade) -> None:
    """Complete messages by a submission's own words, from a run that saw nothing hidden."""
    for told, all_words in words.items():
        for at, message in enumerate(grade.messages):
            if all_words not in message and not message.startswith(HIDDEN):
                grade.messages[at] = message.replace(told, all_words, 1)


def _after_hidden_tests(pieces: list[Piece], outputs: dict[int, list[dict[str, Any]]]) -> list[int]:
    """List the cells that printed something after a hidden test had called the student's code.

    What they print could hold the arguments of hidden calls, which a function may have kept.
    """
    tests = [at for at, p in enumerate(pieces) if p.planned and p.planned.hidden]
    return [at for at, kept in outputs.items() if tests and at > tests[0] and kept]
