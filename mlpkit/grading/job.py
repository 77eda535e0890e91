"""The records that travel: what is to be judged and what was found, as plain data for JSON."""

import base64
import dataclasses
from dataclasses import dataclass, field
from typing import Any

from mlpkit import __version__

# The fields of a job that hold a notebook, and those that hold files.
NOTEBOOKS = ("submission", "source", "released")
FILES = ("files", "helpers", "pictures")


class CourseError(Exception):
    """Something outside the submissions stands in the way.

    The message says in two lines what is wrong and what to do.
    """


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Times are wall-clock seconds; sizes are bytes. ``memory`` bounds each process (address space)
    and all of a submission's processes together (resident); ``disk`` is its whole writable space.
    """

    cell_seconds: float = 60.0
    call_seconds: float = 20.0
    submission_seconds: float = 600.0
    memory: int = 4 * 1024**3
    disk: int = 64 * 1024**2
    processes: int = 64
    open_files: int = 256
    cell_output: int = 256 * 1024
    output: int = 64 * 1024**2
    result: int = 32 * 1024**2

    @property
    def all_seconds(self) -> float:
        """Of both runs: where hidden tests are judged in the notebook's order, that is another."""
        return 2 * self.submission_seconds


@dataclass(frozen=True)
class Job:
    """One notebook of one student, with everything that is needed to judge it.

    Parameters
    ----------
    student, assignment, notebook : str
        Whose submission, for which assignment, and the notebook's name without ``.ipynb``.
    submission : bytes
        The submitted notebook as it was handed in; it may be anything at all.
    source : bytes
        The instructor's notebook from ``solutions/``, with solutions and hidden tests.
    released : bytes
        The same as students get it, without either.
    files : dict of str to bytes
        The assignment's own data files: path relative to the notebook → content.
    limits : Limits
    unsandboxed : bool
        Accept to run without a sandbox; each run then warns, and the result says so.
    notes : list of str
        What was assumed to find the notebook; said first among the repairs.
    helpers, pictures : dict of str to bytes
        What the student handed in beside the notebook, by path relative to it: files for its
        working folder, and pictures to be shown.
    others : list of str
        The names of further files, which nobody can use here.
    earlier : dict of str to list of str
        Digests of the cells of releases given out before, by nbgrader's names.
    variables : dict of str to str
        Environment variables that the source's kernel sets.
    sign : list of str
        The tests at which a signature is asked for; nothing is judged then.
    """

    student: str
    assignment: str
    notebook: str
    submission: bytes
    source: bytes
    released: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    unsandboxed: bool = False
    notes: list[str] = field(default_factory=list)
    helpers: dict[str, bytes] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    earlier: dict[str, list[str]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    sign: list[str] = field(default_factory=list)

    def working_folder(self) -> dict[str, bytes]:
        """Give what lies beside the notebook when it runs; the assignment's own files win."""
        return {**self.pictures, **self.helpers, **self.files}

    def to_json(self) -> dict[str, Any]:
        """Give the job as a tree that :func:`json.dumps` takes."""
        tree = dataclasses.asdict(self)
        for notebook in NOTEBOOKS:
            tree[notebook] = _text(tree[notebook])
        for kind in FILES:
            tree[kind] = {name: _text(content) for name, content in tree[kind].items()}
        return tree

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> "Job":
        """Build the job from what :meth:`to_json` gave."""
        tree = dict(tree)
        for notebook in NOTEBOOKS:
            tree[notebook] = _bytes(tree[notebook])
        for kind in FILES:
            tree[kind] = {name: _bytes(content) for name, content in tree[kind].items()}
        tree["limits"] = Limits(**tree["limits"])
        return cls(**tree)


@dataclass
class Grade:
    """The marks of one cell.

    Parameters
    ----------
    grade_id : str
        nbgrader's name of the cell.
    points : float or None
        Earned points in [0, max_points]; None when a person has to grade the cell.
    max_points : float
    kind : {"test", "manual"}
        Judged by the machine, or read by a person.
    messages : list of str
        In words, for the student: why points are missing. Plain text, not escaped.
    kinds : list of {"check", "hidden", "call", "note"}
        Of each message: a check's of a visible or a hidden part, the call that a check made last,
        or what is said of the run. Nothing that stands in a message tells them apart.
    hidden : bool
        The cell failed in a part that students don't see.
    seconds : float
        Wall-clock time of judging this cell.
    inside : bool
        The test ran in the student's process, where it can be seen and fooled.
    """

    grade_id: str
    points: float | None
    max_points: float
    kind: str = "test"
    messages: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    hidden: bool = False
    seconds: float = 0.0
    inside: bool = False

    @property
    def earned(self) -> float:
        """The points so far: what waits for a person has earned none."""
        return self.points or 0.0

    @property
    def is_full(self) -> bool:
        """Whether it has earned all points."""
        return self.earned >= self.max_points


@dataclass(frozen=True)
class Signature:
    """How an answer differs from the official one, where points were lost.

    Parameters
    ----------
    state : {"wrong", "blank", "not run"}
        Called and wrong; not answered; not to be called.
    cause : str
        Why it could not be called, or what else is known: "needs seaborn". A student chose
        some of it.
    digest : str
        Equal for answers that differ alike; empty where they were not called to the end.
    version : str
        Of the calls that were made: only signatures of one version can be compared.
    calls, right, values : int
        How many calls were made, how many gave what is right, and how many different wrong values
        came back.
    """

    state: str = "wrong"
    cause: str = ""
    digest: str = ""
    version: str = ""
    calls: int = 0
    right: int = 0
    values: int = 0


@dataclass
class Result:
    """What the judge found; every submission gets one.

    Parameters
    ----------
    student, assignment, notebook : str
        As in the :class:`Job`.
    grades : list of Grade
        One for each graded cell of the source notebook, in its order: also when all are 0.
    judged : bytes
        The judged notebook (nbformat 4, nbgrader's metadata, safe to show in a browser, without
        hidden tests): what belongs into nbgrader's ``autograded/`` folder. Empty only when the
        *source* can't be read.
    repairs : list of str
        What had to be mended in the submission before it could run.
    failure : str or None
        Why the submission as a whole could not be run to its end, or None.
    died : bool
        A process of the judging was killed or failed, perhaps by no fault of the submission's:
        judging it again may give another result.
    tries : int
        How many times it was judged until this result.
    sandbox : {"bubblewrap", "none"}
    grouped : bool
        The kernel itself bounded what its processes use together, by a group of cgroups v2; without
        one that is looked at again and again.
    seconds : dict of str to float
        Wall-clock time: "start" (of the kernel), "cells", "tests", "total".
    kit : str
        The version of the kit that judged it.
    signatures : dict of str to Signature
        By the tests' names, where the job asked for them.
    """

    student: str
    assignment: str
    notebook: str
    grades: list[Grade] = field(default_factory=list)
    judged: bytes = b""
    repairs: list[str] = field(default_factory=list)
    failure: str | None = None
    died: bool = False
    tries: int = 1
    sandbox: str = "bubblewrap"
    grouped: bool = False
    seconds: dict[str, float] = field(default_factory=dict)
    kit: str = __version__
    signatures: dict[str, Signature] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """The sum of what the machine could mark."""
        return float(sum(grade.earned for grade in self.grades))

    @property
    def max_points(self) -> float:
        """The sum of every graded cell's points, manual ones included."""
        return float(sum(grade.max_points for grade in self.grades))

    def to_json(self) -> dict[str, Any]:
        """Give the result as a tree that :func:`json.dumps` takes."""
        tree = dataclasses.asdict(self)
        tree["judged"] = _text(self.judged)
        return tree

    @classmethod
    def from_json(cls, tree: dict[str, Any]) -> "Result":
        """Build the result from what :meth:`to_json` gave."""
        tree = dict(tree)
        tree["grades"] = [Grade(**grade) for grade in tree["grades"]]
        tree["judged"] = _bytes(tree["judged"])
        signed = tree.get("signatures", {})
        tree["signatures"] = {name: Signature(**each) for name, each in signed.items()}
        return cls(**tree)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
