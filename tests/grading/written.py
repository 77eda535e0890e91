"""A small course with one written question, answered and in the gradebook, without any judging."""

from nbformat.v4 import new_markdown_cell

from mlpkit.grading.course.gradebook import Writer
from mlpkit.grading.course.hand_ins import read
from mlpkit.grading.judging.rows import refuse
from tests.grading import notebooks
from tests.grading.course_factory import make_course

QUESTION = """## 2. Why the mean? (3 points)

Show that $\\bar y$ is the best constant.

How it is marked:

- (a) 1 point for the loss written down,
  as a sum.
- (b) 1½ points for the derivative $2 \\sum_n (b - y_n)$.
- or ½ point for trying numbers.
- (c) ½ point for saying that it is convex.

Slips cost nothing."""


def book():
    """Give the instructor's notebook: an exercise, and a written question."""
    cells = notebooks.course().cells
    return notebooks.notebook(*cells[:-1], new_markdown_cell(QUESTION, id="asked"), cells[-1])


def answered(words=None):
    """Give a hand-in with this text, or as released."""
    return notebooks.answered(book(), **({} if words is None else {"words": words}))


def written_course(folder, texts):
    """Write a course whose gradebook knows an answer of each student, by student."""
    course = make_course(folder, {name: answered(text) for name, text in texts.items()}, book())
    writer, source = Writer(course, "ps1"), notebooks.content(book())
    writer.prepare()
    for submission in course.submissions("ps1"):
        job = notebooks.job(read(submission), book(), student=submission.student)
        writer.record(refuse(job, "not judged in this test"))
    assert source
    writer.close()
    return course
