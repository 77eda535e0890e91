"""Small course notebooks for the tests, built in code."""

import functools

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from mlpkit.grading import Job, Limits
from mlpkit.grading.course.release import release as release_of


def about(name, grade=False, solution=False, locked=False, points=None, task=False):
    """Give nbgrader's metadata of one cell."""
    metadata = {
        "grade": grade,
        "grade_id": name,
        "locked": locked,
        "solution": solution,
        "task": task,
        "schema_version": 3,
    }
    return {"nbgrader": metadata | ({} if points is None else {"points": points})}


def locked(name, text):
    """Give an instructor's cell that is run but earns nothing."""
    return new_code_cell(text, metadata=about(name, locked=True), id=f"id-{name}")


def solution(name, text):
    """Give the cell that the student writes."""
    return new_code_cell(text, metadata=about(name, solution=True), id=f"id-{name}")


def check(name, text, points=2):
    """Give an autograded cell."""
    metadata = about(name, grade=True, locked=True, points=points)
    return new_code_cell(text, metadata=metadata, id=f"id-{name}")


def manual(name, text, points=3):
    """Give a written answer's cell."""
    metadata = about(name, grade=True, solution=True, points=points)
    return new_markdown_cell(text, metadata=metadata, id=f"id-{name}")


def notebook(*cells, **metadata):
    """Give a notebook of these cells."""
    python = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=list(cells), metadata={"kernelspec": python, **metadata})


def content(book):
    """Give a notebook as the bytes of its file."""
    return nbformat.writes(book).encode()


IMPORTS = "import numpy as np"
ANSWER = """\
def double(x):
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION"""
SECOND = """\
def mean_square(x):
    ### BEGIN SOLUTION
    return float((x**2).mean())
    ### END SOLUTION"""
CHECK = """\
x = np.random.default_rng(0).normal(size=(3, 2))
assert double(x).shape == (3, 2), "double must keep the shape"
### BEGIN HIDDEN TESTS
secret_words = 7.25
np.testing.assert_allclose(double(x), x + x, err_msg="double is wrong")
assert double(secret_words) == 14.5
### END HIDDEN TESTS"""
# What only the hidden part of this test holds.
SECRETS = ("secret_words", "7.25", "14.5", "x + x")
SECOND_CHECK = """\
np.testing.assert_allclose(mean_square(np.array([1.0, 3.0])), 5.0)"""


def course():
    """Give the instructor's notebook: two exercises of 2 points, a written one of 3."""
    return notebook(
        new_markdown_cell("# A small sheet", id="title"),
        locked("imports", IMPORTS),
        solution("double", ANSWER),
        check("check-double", CHECK),
        solution("mean_square", SECOND),
        check("check-mean", SECOND_CHECK),
        manual("words", "### BEGIN SOLUTION\nBecause.\n### END SOLUTION"),
    )


def release(book):
    """Give the notebook as students get it."""
    return nbformat.reads(released(content(book)).decode(), as_version=4)


@functools.lru_cache(maxsize=64)
def released(source):
    """Give the bytes of a notebook's release; its tests judge the same one again and again."""
    return release_of(source)


def job(submission, book=None, files=None, limits=None, **fields):
    """Give the job of a submission (a notebook, or the bytes of a file) of a small course."""
    source = content(book or course())
    if not isinstance(submission, bytes):
        submission = content(submission)
    about = {"student": "ada", "assignment": "ps1", "notebook": "sheet"} | fields
    return Job(
        **about, submission=submission, source=source, released=released(source),
        files=files or {}, limits=limits or Limits(),
    )  # fmt: skip


def answered(book=None, **texts):
    """Give a submission: the release with these sources put into the named cells."""
    given = release(book or course())
    good = {"double": "def double(x):\n    return 2 * x", "mean_square": GOOD_SECOND}
    wanted = texts if book else good | texts
    for cell in given.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("-", "_")
        if name in wanted:
            cell.source = wanted[name]
    return given


GOOD_SECOND = "def mean_square(x):\n    return float((x**2).mean())"


def read(judged):
    """Give a judged notebook from its bytes; nbformat checks it."""
    book = nbformat.reads(judged.decode(), as_version=4)
    nbformat.validate(book)
    return book
