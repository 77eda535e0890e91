"""Run an assignment with one answer replaced, and score it by nbgrader's own rules.

An exercise is a solution cell with the id `name` and a graded cell with the id `name_test`. The
notebook runs in this process: a hundred runs take less than one kernel's start. What nbgrader
itself says of the same notebooks is held against it in test_round_trip.py.
"""

import ast
import contextlib
import functools
import importlib.util
import io
import json
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import nbformat
from nbgrader import utils

ROOT = Path(__file__).parents[2]
NAMES = sorted({path.parent.name for path in (ROOT / "solutions").glob("*/*.ipynb")})


@dataclass(frozen=True)
class Cases:
    """Wrong and right answers to one exercise; each is named for what it does.

    An answer is the source of the whole solution cell, or an edit of the solution: a pair
    (old, new), or a list of pairs, whose `old` stands exactly once in it.

    `equivalent` names the mutations of the solution that are right answers too, as
    `mutations.mutations` titles them, each with the reason. Where any way to a goal is right
    (training to an accuracy), `open_ended` says so, and no mutation is held against the tests.
    """

    mistakes: dict
    right: dict
    equivalent: dict = field(default_factory=dict)
    open_ended: str = ""


@dataclass
class Verdict:
    """What a run of a notebook came to: points and messages by graded cell, and cells that fail."""

    points: dict = field(default_factory=dict)
    messages: dict = field(default_factory=dict)
    failed: list = field(default_factory=list)


def load(kind, name):
    """Read solutions/psN/psN.ipynb or assignments/psN/psN.ipynb."""
    return nbformat.read(ROOT / kind / name / f"{name}.ipynb", as_version=4)


class _NoCases(dict):
    """Of an assignment whose cases nobody has written yet: its own tests fail, and say so."""

    def __init__(self, name):
        super().__init__()
        self.name = name

    def __missing__(self, exercise):
        raise AssertionError(
            f"write tests/assignments/{self.name}_cases.py: no cases of {exercise!r} are known"
        )


def cases(name):
    """Return the cases of an assignment, a dict from exercise to `Cases`.

    Mistakes that were found in a class and given a name (`mlpkit new mistake`) are planted too.
    """
    listed = getattr(_module(name), "CASES", None) or _NoCases(name)
    found = ROOT / "mistakes" / f"{name}.json"
    if not found.is_file():
        return listed
    listed, tests = dict(listed), json.loads(found.read_text("utf-8"))["tests"]
    for test, about in tests.items():
        exercise = test.removesuffix("_test")
        answers = {title: each["answer"] for title, each in about["mistakes"].items()}
        mistakes = {**listed[exercise].mistakes, **answers}
        listed[exercise] = replace(listed[exercise], mistakes=mistakes)
    return listed


def costly(name):
    """Return the names of the functions whose results `Known` keeps, a tuple."""
    return getattr(_module(name), "COSTLY", ())


def _module(name):
    """Import an assignment's cases; None where there are none, so that others' can be tested."""
    module = f"tests.assignments.{name}_cases"
    return importlib.import_module(module) if importlib.util.find_spec(module) else None


def identity(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def cell_of(notebook, grade_id):
    return next(cell for cell in notebook.cells if identity(cell) == grade_id)


def exercises(notebook):
    """List the autograded exercises by the ids of their solution cells."""
    return [
        identity(cell)
        for cell in notebook.cells
        if cell.cell_type == "code" and utils.is_solution(cell)
    ]


def points(notebook):
    """Return the points of each graded cell, autograded or not."""
    return {
        identity(cell): float(cell.metadata.nbgrader.points)
        for cell in notebook.cells
        if utils.is_grade(cell)
    }


def source_of(notebook, exercise, answer):
    """Return the source of a solution cell with this answer in it."""
    if isinstance(answer, str):
        return answer
    source = cell_of(notebook, exercise).source
    for old, new in [answer] if isinstance(answer, tuple) else answer:
        if source.count(old) != 1:
            raise ValueError(f"{exercise}: {old!r} stands {source.count(old)} times in the answer")
        source = source.replace(old, new)
    return source


def with_answers(notebook, answers):
    """Copy a notebook and put answers, a dict by exercise, into its solution cells."""
    sources = {name: source_of(notebook, name, answer) for name, answer in answers.items()}
    notebook = nbformat.from_dict(notebook)
    for name, source in sources.items():
        cell_of(notebook, name).source = source
    return notebook


def submitted(name, answers):
    """Return a student's notebook: the release, with answers where the student wrote some."""
    answered, release = with_answers(load("solutions", name), answers), load("assignments", name)
    for cell in release.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = cell_of(answered, cell.metadata.nbgrader.grade_id).source
    return release


def run(notebook, seed=0, only=None, known=None):
    """Run a notebook's code and score its graded cells.

    Parameters
    ----------
    notebook : NotebookNode
        A source, so with hidden tests, or a release.
    seed : int
        Of the tests' random numbers.
    only : str, optional
        Run this exercise's two cells, and beside them only what isn't an exercise.
    known : tests.assignments.known.Known, optional
        Kept from run to run of this assignment.

    Returns
    -------
    Verdict
    """
    verdict, namespace = Verdict(), {"__name__": "__main__"}
    before = os.environ.get("MLPKIT_SEED")
    os.environ["MLPKIT_SEED"] = str(seed)
    try:
        for cell in notebook.cells:
            if cell.cell_type != "code" or (only and not _belongs(cell, only)):
                continue
            outputs = _outputs(cell.source, namespace)
            if any(output.output_type == "error" for output in outputs):
                verdict.failed.append(identity(cell))
            if known and identity(cell) == "given_for_tests":
                known.put_into(namespace)
            if utils.is_grade(cell):
                verdict.messages[identity(cell)] = _text(outputs)
                cell = nbformat.from_dict(dict(cell, outputs=outputs))
                verdict.points[identity(cell)], _ = utils.determine_grade(cell)
    finally:
        os.environ.pop("MLPKIT_SEED")
        if before is not None:
            os.environ["MLPKIT_SEED"] = before
    return verdict


def _belongs(cell, exercise):
    an_exercise = utils.is_solution(cell) or utils.is_grade(cell) or identity(cell) == "ready"
    return not an_exercise or identity(cell) in (exercise, f"{exercise}_test")


@functools.cache
def _compiled(source):
    tree = ast.parse(source)
    last = ast.Constant(None)
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = tree.body.pop().value
    last = ast.fix_missing_locations(ast.Expression(last))
    return compile(tree, "<cell>", "exec"), compile(last, "<cell>", "eval")


def _outputs(source, namespace):
    """Execute a cell as IPython does: what it prints, its last value, or its error."""
    stdout, stderr, outputs, value = io.StringIO(), io.StringIO(), [], None
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        try:
            statements, last = _compiled(source)
            exec(statements, namespace)
            value = eval(last, namespace)
        except Exception as error:
            name, text = type(error).__name__, str(error)
            outputs = [{"output_type": "error", "ename": name, "evalue": text}]
    streams = [("stdout", stdout.getvalue()), ("stderr", stderr.getvalue())]
    outputs += [{"output_type": "stream", "name": n, "text": text} for n, text in streams if text]
    if value is not None:
        outputs.append({"output_type": "execute_result", "data": {"text/plain": repr(value)}})
    return nbformat.from_dict(outputs)


def _text(outputs):
    return "\n".join(output.get("evalue", "") + output.get("text", "") for output in outputs)


def private_lines(notebook):
    """Return the lines that students must not see: those of answers and hidden tests.

    A line that also stands where everybody sees it gives nothing away.
    """
    private, public = set(), set()
    for cell in notebook.cells:
        whole = utils.is_solution(cell) and "### BEGIN" not in cell.source
        inside = whole
        for line in cell.source.splitlines():
            if re.search(r"### (BEGIN|END) ", line):
                inside = "BEGIN" in line
            else:
                (private if inside else public).add(line.strip())
    return {line for line in private - public if len(line) > 3}
