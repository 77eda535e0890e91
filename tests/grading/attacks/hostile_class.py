"""A class in which many try to spoil a page, and its pages as students get them."""

import base64

from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.commands import nbgrader
from tests.grading import notebooks
from tests.grading.attacks.injections import MARKDOWN
from tests.grading.course_factory import grade, make_course

TURNED_ON = "from mlpkit.grading.course.preprocessor import turn_on; turn_on(c)\n"
HINT = "<details><summary>Hint</summary>\n\nTwice is **two times**.\n\n</details>"
MATHS = "so $a < b$, and $$\\frac{1}{2}$$ [here](https://a.b/c?d=e#f)"
REMOTE = "https://beacon.example/x.png"
# The head of a picture of 16 by 16, and nothing of it.
HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10"
PNG = base64.b64encode(HEAD + bytes(1_900_000)).decode()
SMALL = base64.b64encode(HEAD + bytes(1000)).decode()
# Words that broke a page or a table when an exception carried them.
WORDS = {
    "surrogate": "\ud800", "controls": "\x00\x07\x9b2J", "item": "x\n- \n- Hidden check: seen",
    "direction": "\u202eabc\u2066", "colours": "\x1b[38m\x1b[48;5;999m", "link": "\x1b]8;;x\x07y",
    "hidden": "Hidden check: seen", "lines": "a\u2028- b\x85- c", "nothing": "\n",
}  # fmt: skip


def book():
    """Give the course's notebook with texts of the instructor's, locked and not."""
    course = notebooks.course()
    course.cells.insert(1, new_markdown_cell(HINT, id="hint"))
    locked = new_markdown_cell(HINT + "\n\nLocked.", id="locked-hint")
    locked.metadata = notebooks.about("locked-hint", locked=True)
    course.cells.insert(2, locked)
    return course


BOOK = book()


def answered(*cells, words="Because.", **texts):
    answers = {"double": "def double(x):\n    return 2 * x", "mean_square": notebooks.GOOD_SECOND}
    submission = notebooks.answered(BOOK, words=words, **(answers | texts))
    submission.cells += cells
    return submission


def with_picture(text, name="a.png", content=PNG):
    cell = new_markdown_cell(text)
    cell.attachments = {name: {"image/png": content}}
    return cell


def raising(words):
    return answered(double=f"def double(x):\n    raise ValueError({words!r})")


CLASS = {
    "honest": answered(with_picture("![a](attachment:a.png)", content=SMALL), words=MATHS),
    "links": answered(*map(new_markdown_cell, MARKDOWN.values()), words=MARKDOWN["backslash"]),
    "beacon": answered(words=f"![x]({REMOTE}) ![y][z]\n\n[z]: {REMOTE}\n\n<img src={REMOTE}>"),
    "bomb": answered(with_picture("![a](attachment:a.png) " * 400)),
    "bombs": answered(*[with_picture("![a](attachment:a.png)") for _ in range(12)]),
    "nope": answered(words="![a](attachment\\:nope)"),
    "absent": answered(
        new_markdown_cell("![a][b]\n\n[b]: attachment\\:nope\n\n![c](attachment:c)")
    ),
    "brackets": answered(words="\\\\(" * 15_000),
    "printed": answered(new_code_cell("print('\\x1b[38m', '\\x1b[48;5;999m', '\\ud800')")),
    "traceback": answered(new_code_cell("raise ValueError('\\x1b[38;2;1m \\ud800')")),
} | {f"words-{name}": raising(words) for name, words in WORDS.items()}


def feedback(folder, names):
    """Grade a class of these and write their feedback.

    Returns
    -------
    course : Course
    summary : mlpkit.grading.course.run.Summary
    pages : dict of str to Path
        By student.
    said : str
        By the command.
    """
    course = make_course(folder, {name: CLASS[name] for name in names}, BOOK, TURNED_ON)
    summary = grade(course)
    done = nbgrader(folder, "generate_feedback", "ps1")
    assert done.returncode == 0, done.stderr
    pages = {name: folder / "feedback" / name / "ps1" / "sheet.html" for name in names}
    return course, summary, pages, done.stderr
