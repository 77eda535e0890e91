"""Hidden tests: run when everything that is shown has been, so that nothing shown can tell of them.

A function may put the arguments of a hidden call where no wall stands: into the page cache, the
clock, the order of its memory. So a submission is first run without hidden parts; that run gives
all outputs and all words. Then its names are set back to what they were at each test with hidden
parts, and that is run whole. Where this loses points that the order of the notebook might keep,
since values may have changed meanwhile, a new kernel goes through the notebook for them.
"""

import time

from mlpkit.grading.job import Job, Limits, Result
from mlpkit.grading.judging.bench import Bench, Verdict
from mlpkit.grading.judging.walk import run_cell
from mlpkit.grading.judging.words import CHOSEN, combine, explain
from mlpkit.grading.room.inside import wire
from mlpkit.grading.room.kernel import Kernel, KernelEnded, TooSlow
from mlpkit.grading.room.sandbox import Sandbox, SandboxError
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan, PlannedCell


def judge_hidden(
    job: Job,
    plan: Plan,
    pieces: list[Piece],
    sandbox: Sandbox,
    result: Result,
    bench: Bench,
    shown: dict[str, Verdict],
) -> dict[str, Verdict]:
    """Judge the tests that have hidden parts, and end the kernel.

    Parameters
    ----------
    job, plan, pieces, sandbox, result
        As for the run that is shown.
    bench : Bench
        On which that run was.
    shown : dict of str to Verdict
        What it found, by the tests' names.

    Returns
    -------
    dict of str to Verdict
        Of each test with hidden parts; of visible parts it says what the first run did.
    """
    start = time.perf_counter()
    planned = [piece.planned for piece in pieces if piece.planned and piece.kind == "test"]
    tests = [test for test in planned if test.hidden]
    ended = bench.kernel.reason
    reached = [test for test in tests if test.grade_id in bench.kept or not ended]
    # What a hidden part of a plain cell makes is there in the notebook's order alone.
    plain = any(cell.hidden and cell.kind == "locked" for cell in plan.cells)
    found = {} if plain else _in_kept_states(reached, bench)
    bench.kernel.stop()
    doubtful = {test.grade_id or "" for test in reached if _in_doubt(test, shown, found) or plain}
    if doubtful:
        found |= _in_order(job, plan, pieces, sandbox, result, doubtful)
    found |= {test.grade_id or "": _unreached(ended or "") for test in tests if test not in reached}
    result.seconds["tests"] += time.perf_counter() - start
    for name, verdict in found.items():
        verdict.said = combine(shown[name].said, verdict.said)
    return found


def _unreached(reason: str) -> Verdict:
    return Verdict(0.0, [explain(KernelEnded(reason), False, Limits())])


def _in_kept_states(tests: list[PlannedCell], bench: Bench) -> dict[str, Verdict]:
    found = {}
    for test in (test for test in tests if not test.inside):  # those need the notebook's order
        try:
            found[test.grade_id or ""] = bench.run_kept(test)
        except (KeyError, wire.WireError, TooSlow, KernelEnded):
            continue
        if bench.kernel.reason:
            del found[test.grade_id or ""]
            break
    return found


def _in_doubt(test: PlannedCell, shown: dict[str, Verdict], found: dict[str, Verdict]) -> bool:
    """Whether another run might give more: where also a visible part fails it is no question."""
    name = test.grade_id or ""
    if name not in found:
        return True
    return found[name].points < test.points and shown[name].points >= test.points


def _in_order(
    job: Job,
    plan: Plan,
    pieces: list[Piece],
    sandbox: Sandbox,
    result: Result,
    wanted: set[str],
) -> dict[str, Verdict]:
    """Go through the notebook in a new kernel, up to the last of the wanted tests."""
    found: dict[str, Verdict] = {}
    try:
        kernel = Kernel(sandbox, job, plan.by_hand)
    except (KernelEnded, SandboxError) as error:
        result.failure, result.died = result.failure or str(error), True
        return {name: Verdict(0.0) for name in wanted}
    try:
        bench = Bench(kernel, plan, job.limits)
        for piece in pieces:
            if piece.planned and piece.kind == "test":
                name, verdict = piece.planned.grade_id or "", bench.run_test(piece.planned)
                found |= {name: verdict} if name in wanted else {}
            elif piece.cell_type == "code":
                run_cell(piece, bench)
            if len(found) == len(wanted):
                break
        result.died = result.died or kernel.died
        if kernel.reason and result.failure is None:
            result.failure = CHOSEN.sub("", kernel.reason)
    finally:
        kernel.stop()
    return found
