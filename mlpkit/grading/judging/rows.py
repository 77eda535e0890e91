"""The rows of a result: one for each graded cell, whatever became of the submission."""

from typing import TYPE_CHECKING

from mlpkit.grading.job import Grade, Job, Result
from mlpkit.grading.text import page
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import Plan, PlannedCell, read_plan
from mlpkit.grading.text.repair import repair

if TYPE_CHECKING:
    from mlpkit.grading.judging.bench import Verdict


def begin(job: Job) -> tuple[Plan, list[Piece], Result]:
    """Read what was set and what was handed in.

    Returns
    -------
    plan : Plan
    pieces : list of Piece
    result : Result
        Without rows: what was mended, and why nothing can be run, if so.
    """
    plan = read_plan(job.source, job.released)
    pieces, repairs, reason = repair(
        job.submission, plan, job.pictures, job.others, job.earlier, job.helpers
    )
    repairs = [*job.notes, *repairs]
    result = Result(job.student, job.assignment, job.notebook, repairs=repairs, failure=reason)
    result.sandbox = "none" if job.unsandboxed else "bubblewrap"
    return plan, pieces, result


def refuse(job: Job, reason: str, died: bool = False) -> Result:
    """Give the row of a submission that could not be judged at all.

    Parameters
    ----------
    job : Job
    reason : str
    died : bool
        See :class:`mlpkit.grading.job.Result`.

    Returns
    -------
    Result
        Every test 0, with the reason; written work still waits for its reader.
    """
    plan, pieces, result = begin(job)
    result.failure, result.died = result.failure or reason, died
    complete(plan, pieces, result)
    result.judged = page.write(pieces, {}, result, plan)
    return result


def row(planned: PlannedCell, verdict: "Verdict") -> Grade:
    """Give a test's row."""
    said = [line for each in verdict.said for line in each.lines()]
    return Grade(
        grade_id=planned.grade_id or "",
        points=verdict.points,
        max_points=planned.points,
        messages=[text for _, text in said],
        kinds=[kind for kind, _ in said],
        hidden=verdict.hidden,
        seconds=verdict.seconds,
        inside=planned.inside,
    )


def complete(plan: Plan, pieces: list[Piece], result: Result) -> None:
    """Give every graded cell its row, in the order of the instructor's notebook."""
    found = {grade.grade_id: grade for grade in result.grades}
    texts = {piece.planned.grade_id: piece for piece in pieces if piece.planned}
    result.grades = []
    for name, cell in plan.named.items():
        if name in found:
            result.grades.append(found[name])
        elif cell.kind == "test":
            words = f"Not judged: {result.failure or 'the run ended before'}."
            result.grades.append(Grade(name, 0.0, cell.points, "test", [words], ["note"]))
        elif cell.kind == "manual":
            result.grades.append(_manual(name, cell, texts.get(name)))


def _manual(name: str, cell: PlannedCell, piece: Piece | None) -> Grade:
    """Leave written work to a person, unless there is none."""
    task = cell.metadata.get("task")
    nothing = piece is None or (not piece.near and piece.as_released)
    if nothing and not task:
        return Grade(name, 0.0, cell.points, "manual", ["No response."], ["note"])
    return Grade(name, None, cell.points, "manual")
