"""The signature of a wrong answer: what the calls of the official solution come to with it.

A run of its own, in the sandbox, after grading. No test is run, nothing that is printed is kept,
and of what comes back stay a digest and a word on why an answer could not be called.
"""

import time
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from mlpkit.grading.job import Job, Result, Signature
from mlpkit.grading.judging.causes import without_window
from mlpkit.grading.judging.outcomes import RIGHT, SLOW, carries, digest, only_zeros, token
from mlpkit.grading.judging.probes import Probe, Probes, record
from mlpkit.grading.judging.rows import begin
from mlpkit.grading.judging.stopped import Errors, answered
from mlpkit.grading.judging.working_folder import working_in
from mlpkit.grading.room.inside import wire
from mlpkit.grading.room.kernel import Kernel, KernelEnded, TooSlow
from mlpkit.grading.room.sandbox import Sandbox
from mlpkit.grading.text.pieces import Piece

# A call that takes longer ends the exercise's signature.
CALL_SECONDS, CELL_SECONDS, ALL_SECONDS = 3.0, 30.0, 120.0
Found = dict[str, Signature]


def sign_here(job: Job, sandbox: Sandbox) -> Result:
    """Find the signatures that a job asks for.

    Parameters
    ----------
    job : Job
        Its `sign` names the tests.
    sandbox : Sandbox

    Returns
    -------
    Result
        Without grades, with `signatures`: one for each test that was asked for.
    """
    start = time.perf_counter()
    plan, pieces, begun = begin(job)
    result, failure = Result(job.student, job.assignment, job.notebook), begun.failure
    pieces = [piece for piece in pieces if not plan.skips(piece.source)]
    asked = [] if failure else job.sign
    found = {name: Signature("blank") for name in asked if not answered(plan, pieces, name)}
    waiting = [name for name in asked if name not in found]
    if waiting:
        with working_in(job):
            probes = record(plan, waiting)
            found |= {name: Signature("wrong") for name in waiting if name not in probes}
            reached, failure = _run(job, plan.by_hand, pieces, sandbox, probes)
            found |= reached
    rest = Signature("not run", failure or "the run ended before it")
    result.signatures = {name: found.get(name, rest) for name in job.sign}
    result.seconds = {"total": time.perf_counter() - start}
    return result


def _run(
    job: Job,
    by_hand: Collection[str],
    pieces: list[Piece],
    sandbox: Sandbox,
    probes: Mapping[str, Probes],
) -> tuple[Found, str | None]:
    """Run a submission's cells, and at each test that is asked for call its functions."""
    limits = replace(
        job.limits,
        call_seconds=min(CALL_SECONDS, job.limits.call_seconds),
        submission_seconds=min(ALL_SECONDS, job.limits.submission_seconds),
    )
    found: Found = {}
    try:
        kernel = Kernel(sandbox, replace(job, limits=limits), by_hand)
    except KernelEnded as error:
        return found, str(error)
    errors = Errors()
    try:
        for piece in pieces:
            if not piece.is_code or kernel.reason or len(found) == len(probes):
                continue
            name = piece.planned.grade_id or "" if piece.planned else ""
            if piece.kind != "test":
                outputs = kernel.run(without_window(piece.source), CELL_SECONDS).outputs
                errors.look(piece, [out for out in outputs if out.get("output_type") == "error"])
            elif name in probes:
                found |= _at(kernel, name, probes[name], errors)
        return found, kernel.reason
    finally:
        kernel.stop()


def _at(kernel: Kernel, name: str, probes: Probes, errors: Errors) -> Found:
    """Find the signature at one test; nothing where the kernel ends."""
    missing = [each for each in sorted(probes.names) if not _is_function(kernel, each)]
    tokens, values, failures = ([], 0, []) if missing else _tokens(kernel, probes)
    if kernel.reason:
        return {}
    state, cause = errors.state(missing, failures, len(tokens))
    if state != "wrong":
        return {name: Signature(state, cause)}
    return {name: replace(_signature(probes, tokens), values=values, cause=cause)}


def _signature(probes: Probes, tokens: list[str]) -> Signature:
    whole = len(tokens) == len(probes.calls) and SLOW not in tokens
    return Signature(
        "wrong",
        digest=digest(tokens) if whole else "",
        version=probes.version,
        calls=len(tokens),
        right=tokens.count(RIGHT),
    )


def _tokens(kernel: Kernel, probes: Probes) -> tuple[list[str], int, list[dict[str, Any]]]:
    """Call an answer with each probe; end at the first call that takes too long.

    Beside what calls came to are the number of wrong values that tell something, and the errors.
    """
    tokens, told, failures = list[str](), set[str](), list[dict[str, Any]]()
    for probe in probes.calls:
        answer = _call(kernel, probe)
        tokens.append(token(answer, probe.right))
        if carries(tokens[-1]) and not only_zeros(answer.get("value"), probe.right.get("value")):
            told.add(tokens[-1])
        if isinstance(answer.get("error"), dict):
            failures.append(answer["error"])
        if tokens[-1] == SLOW or kernel.reason:
            break
    return tokens, len(told), failures


def _call(kernel: Kernel, probe: Probe) -> dict[str, Any]:
    positional, keyword = probe.given()
    try:
        return kernel.call(probe.name, positional, keyword)
    except TooSlow:
        return {"slow": True}
    except (wire.WireError, KernelEnded) as error:
        return {"unsendable": str(error)}


def _is_function(kernel: Kernel, name: str) -> bool:
    try:
        return kernel.describe(name).get("kind") == "function"
    except (wire.WireError, TooSlow, KernelEnded):
        return False
