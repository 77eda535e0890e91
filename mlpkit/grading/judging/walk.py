"""Through the cells of a submission in order: tests on the bench, everything else in the room."""

import time

from mlpkit.by_hand import WORDS
from mlpkit.grading.judging.execution import close_figures
from mlpkit.grading.judging.rows import row


def walk(pieces, bench, result):
    """Run every cell, and add what was found to a result.

    Parameters
    ----------
    pieces : list of Piece
    bench : Bench
    result : Result

    Returns
    -------
    dict of int to list
        By position in ``pieces``: the outputs of each cell that is no test.
    """
    kernel, outputs = bench.kernel, {}
    for position, piece in enumerate(pieces):
        if piece.cell_type != "code":
            continue
        start = time.perf_counter()
        if piece.kind == "test":
            verdict = bench.run_test(piece.planned)
            result.grades.append(row(piece.planned, verdict))
            result.seconds["tests"] += time.perf_counter() - start
        else:
            outputs[position] = run_cell(piece, bench).outputs
            if kernel.reason and result.failure is None:
                result.failure = f"{_place(piece, position)}: {kernel.reason}"
            result.seconds["cells"] += time.perf_counter() - start
        close_figures()
    if kernel.reason and result.failure is None:
        result.failure = kernel.reason
    return outputs


def run_cell(piece, bench):
    """Run a cell that is no test in the sandbox, and tell the bench."""
    run = bench.kernel.run(piece.source, bench.limits.cell_seconds)
    if run.reason:
        run.outputs.append(_cut_short(run.reason))
    if piece.kind == "locked":
        # The instructor's own import of what answers mustn't use is no error to show.
        run.outputs = [out for out in run.outputs if WORDS not in out.get("evalue", "")]
        bench.run_locked(piece.planned)
    elif piece.kind in ("solution", "manual"):
        bench.pass_solution(piece.planned)
    return run


def _place(piece, position):
    return f"in the cell {piece.planned.grade_id!r}" if piece.planned else f"in cell {position + 1}"


def _cut_short(reason):
    words = f"This cell was stopped: {reason}."
    return {"output_type": "error", "ename": "Stopped", "evalue": words, "traceback": [words]}
