"""Judge one submission: the student's code in a sandbox, the tests in a process of their own."""

import os
import re
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from mlpkit.grading.job import Grade, Job, Result
from mlpkit.grading.judging.bench import Bench, close_figures
from mlpkit.grading.judging.words import HIDDEN
from mlpkit.grading.room.inside import by_hand
from mlpkit.grading.room.kernel import Kernel, KernelEnded
from mlpkit.grading.room.sandbox import SandboxError
from mlpkit.grading.text import page as judged
from mlpkit.grading.text import plan as source
from mlpkit.grading.text.repair import repair

# What may have come from outside: the system short of memory, a person, a kill -9.
DIED = re.compile(
    r"signal 9|the sandbox|judging (failed|process)|the kernel (ended|did not)|tests' process"
)


def judge_submission(job: Job) -> Result:
    """Run and mark one submission; never raises for anything that a submission does.

    Where a process of the judging was killed, perhaps by no fault of the submission's, it is
    judged once more.

    Parameters
    ----------
    job : Job

    Returns
    -------
    Result
        With a row for each graded cell of ``job.source``.

    Raises
    ------
    mlpkit.grading.room.sandbox.SandboxMissing
        No bubblewrap here, and the job doesn't accept to run without; two lines to print.
    ValueError
        The *instructor's* notebook can't be read.
    """
    from mlpkit.grading.workers.serve import shared_pool

    result = shared_pool().judge(job)
    if result.failure and DIED.search(result.failure):
        result = shared_pool().judge(job)
    return result


def judge_here(job, sandbox):
    """Judge in this process, which the tests may leave in any state: for one submission only.

    Parameters
    ----------
    job : Job
    sandbox : Sandbox

    Returns
    -------
    Result
    """
    start = time.perf_counter()
    plan = source.read(job.source)
    pieces, repairs, reason = repair(job.submission, plan)
    result = Result(job.student, job.assignment, job.notebook, repairs=repairs, failure=reason)
    result.sandbox = "none" if sandbox.unsandboxed else "bubblewrap"
    result.seconds = {"start": 0.0, "cells": 0.0, "tests": 0.0}
    outputs = {}
    if reason is None:
        outputs = _run(job, plan, pieces, sandbox, result)
    _complete(plan, pieces, result)
    result.judged = judged.write(pieces, outputs, result.grades, plan)
    result.seconds["total"] = time.perf_counter() - start
    return result


def refuse(job, reason):
    """Give the row of a submission that could not be judged at all.

    Parameters
    ----------
    job : Job
    reason : str

    Returns
    -------
    Result
        Every test 0, with the reason; written work still waits for its reader.
    """
    plan = source.read(job.source)
    pieces, repairs, unreadable = repair(job.submission, plan)
    result = Result(job.student, job.assignment, job.notebook, repairs=repairs)
    result.failure = unreadable or reason
    result.sandbox = "none" if job.unsandboxed else "bubblewrap"
    _complete(plan, pieces, result)
    result.judged = judged.write(pieces, {}, result.grades, plan)
    return result


def _run(job, plan, pieces, sandbox, result):
    """Start the kernel, go through the cells, end the kernel."""
    start = time.perf_counter()
    try:
        kernel = _kernel(job, plan, sandbox)
    except KernelEnded as error:
        result.failure = str(error)
        return {}
    result.seconds["start"] = time.perf_counter() - start
    with tempfile.TemporaryDirectory(prefix="mlpkit-") as folder:
        try:
            _write_files(Path(folder), job.files)
            os.chdir(folder)
            bench = Bench(kernel, plan, job.limits)
            outputs = _walk(pieces, bench, result)
            kernel.stop()
            outputs |= _show_again(job, plan, pieces, sandbox, result, outputs, bench)
        finally:
            kernel.stop()
            os.chdir("/")
    return outputs


def _after_hidden_tests(pieces, outputs):
    """List the cells that printed something after a hidden test had called the student's code.

    What they print could hold the arguments of hidden calls, which a function may have kept.
    """
    tests = [at for at, p in enumerate(pieces) if p.planned and p.planned.hidden]
    return [at for at, kept in outputs.items() if tests and at > tests[0] and kept]


def _show_again(job, plan, pieces, sandbox, result, outputs, bench):
    """Run the submission in a new kernel, without hidden tests, for what is fit to be shown.

    Returns
    -------
    dict of int to list
        The outputs of cells that ran after a hidden test. The submission's own words in the
        visible parts of tests, which ``bench`` withheld, are put back into ``result``.
    """
    shown = {at: [] for at in _after_hidden_tests(pieces, outputs)}
    # A locked cell that has nothing to do with the answers shows nothing of the submission.
    late = [at for at in shown if _kind(pieces[at]) != "locked" or _uses(pieces[at], bench)]
    named = {p.planned.grade_id: at for at, p in enumerate(pieces) if p.planned}
    last = max([*late, *(named[name] for name in bench.withheld)], default=-1)
    # The first run's kernel left this much of the submission's time.
    left = bench.kernel.deadline - time.monotonic()
    if last < 0 or left < 1:
        return shown
    try:
        kernel = _kernel(
            replace(job, limits=replace(job.limits, submission_seconds=left)), plan, sandbox
        )
    except (KernelEnded, SandboxError):
        return shown
    again = Bench(kernel, plan, job.limits, visible=True)
    grades = {grade.grade_id: grade for grade in result.grades}
    for position, piece in enumerate(pieces[: last + 1]):
        if piece.cell_type == "code" and _kind(piece) != "test":
            run = _run_cell(piece, again)
            if position in late:
                shown[position] = run.outputs
        elif piece.planned and piece.planned.grade_id in bench.withheld:
            again.run_test(piece.planned)
            _put_back(again.words, grades[piece.planned.grade_id])
    kernel.stop()
    return shown


def _uses(piece, bench):
    return bool(piece.planned.loads & bench.answers)


def _put_back(words, grade):
    """Complete messages by a submission's own words, from a run that saw nothing hidden."""
    for told, all_words in words.items():
        for at, message in enumerate(grade.messages):
            if all_words not in message and not message.startswith(HIDDEN):
                grade.messages[at] = message.replace(told, all_words, 1)


def _kernel(job, plan, sandbox):
    """Start a kernel; where the sandbox itself failed, once more."""
    try:
        return Kernel(sandbox, job.limits, job.files, plan.by_hand)
    except SandboxError:
        return Kernel(sandbox, job.limits, job.files, plan.by_hand)


def _walk(pieces, bench, result):
    """Run every cell in order: tests here, everything else in the sandbox."""
    kernel, outputs = bench.kernel, {}
    for position, piece in enumerate(pieces):
        if piece.cell_type != "code":
            continue
        start = time.perf_counter()
        if _kind(piece) == "test":
            verdict = bench.run_test(piece.planned)
            result.grades.append(_grade(piece.planned, verdict))
            result.seconds["tests"] += time.perf_counter() - start
        else:
            outputs[position] = _run_cell(piece, bench).outputs
            if kernel.reason and result.failure is None:
                result.failure = f"{_place(piece, position)}: {kernel.reason}"
            result.seconds["cells"] += time.perf_counter() - start
        close_figures()
    if kernel.reason and result.failure is None:
        result.failure = kernel.reason
    return outputs


def _kind(piece):
    return piece.planned.kind if piece.planned else "own"


def _run_cell(piece, bench):
    """Run a cell that is no test in the sandbox, and tell the bench."""
    run = bench.kernel.run(piece.source, bench.limits.cell_seconds)
    if run.reason:
        run.outputs.append(_cut_short(run.reason))
    if _kind(piece) == "locked":
        # The instructor's own import of what answers mustn't use is no error to show.
        run.outputs = [out for out in run.outputs if by_hand.WORDS not in out.get("evalue", "")]
        bench.run_locked(piece.planned)
    elif _kind(piece) in ("solution", "manual"):
        bench.pass_solution(piece.planned)
    return run


def _place(piece, position):
    return f"in the cell {piece.planned.grade_id!r}" if piece.planned else f"in cell {position + 1}"


def _cut_short(reason):
    words = f"This cell was stopped: {reason}."
    return {"output_type": "error", "ename": "Stopped", "evalue": words, "traceback": [words]}


def _grade(planned, verdict):
    return Grade(
        planned.grade_id,
        verdict.points,
        planned.points,
        "test",
        verdict.messages,
        verdict.hidden,
        verdict.seconds,
    )


def _complete(plan, pieces, result):
    """Give every graded cell its row, in the order of the instructor's notebook."""
    found = {grade.grade_id: grade for grade in result.grades}
    texts = {piece.planned.grade_id: piece for piece in pieces if piece.planned}
    result.grades = []
    for cell in plan.named.values():
        if cell.grade_id in found:
            result.grades.append(found[cell.grade_id])
        elif cell.kind == "test":
            words = f"Not judged: {result.failure or 'the run ended before'}."
            result.grades.append(Grade(cell.grade_id, 0.0, cell.points, "test", [words]))
        elif cell.kind == "manual":
            result.grades.append(_manual(cell, texts.get(cell.grade_id)))


def _manual(cell, piece):
    """Leave written work to a person, unless there is none."""
    task = cell.metadata.get("task")
    if not task and (piece is None or piece.source.strip() == cell.released.strip()):
        return Grade(cell.grade_id, 0.0, cell.points, "manual", ["No response."])
    return Grade(cell.grade_id, None, cell.points, "manual")


def _write_files(folder, files):
    for name, content in files.items():
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
