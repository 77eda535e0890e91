"""Judge one submission: the student's code in a sandbox, the tests in this process."""

import time
from typing import Any

from mlpkit.grading.job import Job, Result
from mlpkit.grading.judging.bench import Bench
from mlpkit.grading.judging.hidden import judge_hidden
from mlpkit.grading.judging.rows import begin, complete, row
from mlpkit.grading.judging.walk import walk
from mlpkit.grading.judging.working_folder import working_in
from mlpkit.grading.room.kernel import Kernel, KernelEnded
from mlpkit.grading.room.sandbox import Sandbox
from mlpkit.grading.text import page
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan


def judge_here(job: Job, sandbox: Sandbox) -> Result:
    """Judge in this process, which the tests may leave in any state: for one submission only.

    Raises
    ------
    mlpkit.grading.room.sandbox.SandboxError
        If no kernel can be started.
    """
    start = time.perf_counter()
    plan, pieces, result = begin(job)
    result.seconds = {"start": 0.0, "cells": 0.0, "tests": 0.0}
    result.grouped = sandbox.group is not None
    outputs: dict[int, list[dict[str, Any]]] = {}
    if result.failure is None:
        outputs = _run(job, plan, pieces, sandbox, result)
    complete(plan, pieces, result)
    result.judged = page.write(pieces, outputs, result, plan)
    result.seconds["total"] = time.perf_counter() - start
    return result


def _run(
    job: Job, plan: Plan, pieces: list[Piece], sandbox: Sandbox, result: Result
) -> dict[int, list[dict[str, Any]]]:
    """Start the kernel, go through the cells, end the kernel."""
    start = time.perf_counter()
    try:
        kernel = Kernel(sandbox, job, plan.by_hand)
    except KernelEnded as error:
        result.failure, result.died = str(error), error.died
        return {}
    result.seconds["start"] = time.perf_counter() - start
    with working_in(job):
        try:
            bench = Bench(kernel, plan, job.limits, visible=True)
            outputs, verdicts = walk(pieces, bench, result, job.helpers)
            result.died = kernel.died
            # Nothing that is shown comes from a run after this line.
            verdicts |= judge_hidden(job, plan, pieces, sandbox, result, bench, verdicts)
            tests = [piece.planned for piece in pieces if piece.planned]
            known = [test for test in tests if test.grade_id in verdicts]
            result.grades = [row(test, verdicts[test.grade_id or ""]) for test in known]
        finally:
            kernel.stop()
    return outputs
