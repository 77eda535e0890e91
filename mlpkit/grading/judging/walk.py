"""Through the cells of a submission in order: tests on the bench, everything else in the room."""

import time
from collections.abc import Mapping
from typing import Any

from mlpkit.by_hand import WORDS
from mlpkit.grading.job import Result
from mlpkit.grading.judging.bench import Bench, Verdict
from mlpkit.grading.judging.causes import Causes, without_window
from mlpkit.grading.judging.execution import close_figures
from mlpkit.grading.room.kernel import Run
from mlpkit.grading.text.pieces import Piece

Outputs = dict[int, list[dict[str, Any]]]


def walk(
    pieces: list[Piece], bench: Bench, result: Result, helpers: Mapping[str, bytes]
) -> tuple[Outputs, dict[str, Verdict]]:
    """Run every cell, and add to a result how long it took and why it ended early.

    Returns
    -------
    outputs : dict of int to list
        By position in ``pieces``: those of each cell that is no test.
    verdicts : dict of str to Verdict
        By the tests' names.
    """
    kernel, causes = bench.kernel, Causes(bench.plan, helpers)
    outputs: Outputs = {}
    verdicts: dict[str, Verdict] = {}
    for position, piece in enumerate(pieces):
        if piece.cell_type != "code":
            continue
        start = time.perf_counter()
        if piece.planned and piece.kind == "test":
            verdicts[piece.planned.grade_id or ""] = bench.run_test(piece.planned)
            result.seconds["tests"] += time.perf_counter() - start
        else:
            outputs[position] = run_cell(piece, bench).outputs
            causes.look(piece, position, outputs[position])
            result.seconds["cells"] += time.perf_counter() - start
        if kernel.reason and result.failure is None:
            result.failure = f"{_place(piece, position)}: {kernel.reason}"
        close_figures()
    causes.look_at_answers(pieces, {name: each.points for name, each in verdicts.items()})
    result.repairs += causes.notes.sentences()
    return outputs, verdicts


def run_cell(piece: Piece, bench: Bench) -> Run:
    """Run a cell that is no test in the sandbox, and tell the bench."""
    if bench.plan.skips(piece.source):
        return Run()
    run = bench.kernel.run(without_window(piece.source), bench.limits.cell_seconds)
    if run.reason:
        run.outputs.append(_cut_short(run.reason))
    if piece.planned and piece.kind == "locked":
        # The instructor's own import of what answers mustn't use is no error to show.
        run.outputs = [out for out in run.outputs if WORDS not in out.get("evalue", "")]
        bench.run_locked(piece.planned)
    elif piece.planned and piece.kind in ("solution", "manual"):
        bench.pass_solution(piece.planned)
    return run


def _place(piece: Piece, position: int) -> str:
    return f"in the cell {piece.planned.grade_id!r}" if piece.planned else f"in cell {position + 1}"


def _cut_short(reason: str) -> dict[str, Any]:
    words = f"This cell was stopped: {reason}."
    return {"output_type": "error", "ename": "Stopped", "evalue": words, "traceback": [words]}
