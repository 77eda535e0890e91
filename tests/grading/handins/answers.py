"""Answers, in code and in words, that stand where nobody expects them."""

from tests.grading.handins.handin import (
    DOUBLE,
    MEAN,
    WRITTEN,
    Handin,
    book,
    code,
    insert,
    put,
    silent,
    text,
)

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
WALRUS = "(mean_square := lambda x: float(np.mean(x**2)))"
WRONG = "def double(x):\n    return 0"  # the visible test shows it
STUB_MEAN = "def mean_square(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"


def _remove(name):
    return lambda given, cells: given.cells.remove(cells[name])


def _add(cell, words):
    cell.source += "\n\n" + words


def _both_below(given, cells):
    insert(given, None, code(DOUBLE + "\n" + MEAN))


def _in_test(name, answer):
    def change(given, cells):
        cells[name].source = answer + "\n" + cells[name].source

    return change


def _below_test(given, cells):
    cells["check-mean"].source += "\n\n" + MEAN


def _for_test(given, cells):
    cells["check-mean"].source = MEAN + "print(mean_square(np.arange(3)))"


def _in_imports(given, cells):
    cells["imports"].source += "\nimport math, functools\n\ndef half(x):\n    return x / 2"


def _merge(*names):
    """Give what merges cells into the first, as JupyterLab does."""

    def change(given, cells):
        first, *rest = (cells[name] for name in names)
        first.source = "\n\n".join(cells[name].source for name in names)
        for cell in rest:
            given.cells.remove(cell)

    return change


def _pasted(given, cells):
    cells["double"].source += f"\n\n{cells['check-double'].source}\n\n{MEAN}"
    given.cells.remove(cells["mean_square"])


ALL = ("imports", "double", "check-double", "mean_square", "check-mean")
# Kind 1: a stub that is put back, or left, must not replace the answer.
STUBS = {
    "two answers in the first cell": Handin(
        book(double=DOUBLE + MEAN), said=("'mean_square' (in 'double')",)
    ),
    "two answers in one cell, the other deleted": Handin(
        book(_remove("mean_square"), double=DOUBLE + MEAN), said=("'mean_square' (in 'double')",)
    ),
    "two answers in the second cell": Handin(
        book(mean_square=MEAN + DOUBLE), said=("'double' (in 'mean_square')",)
    ),
    "two answers in the second cell, the first deleted": Handin(
        book(_remove("double"), mean_square=MEAN + DOUBLE), said=("'double' (in 'mean_square')",)
    ),
    "both below all tests": Handin(
        book(_both_below, double="", mean_square=STUB_MEAN), said=("'double'", "'mean_square'")
    ),
    "above the test's own text": Handin(
        book(_in_test("check-mean", MEAN), double=DOUBLE),
        said=("'mean_square' (in 'check-mean')",),
    ),
    "below the test's own text": Handin(
        book(_below_test, double=DOUBLE), said=("'mean_square' (in 'check-mean')",)
    ),
    "instead of the test's own text": Handin(
        book(_for_test, double=DOUBLE), said=("'mean_square' (in 'check-mean')", "been edited")
    ),
    "in a cell above the stub": Handin(
        book(lambda g, c: insert(g, "mean_square", code(MEAN)), double=DOUBLE),
        said=("the answer 'mean_square' was found",),
    ),
    "in a cell above everything": Handin(
        book(lambda g, c: insert(g, "imports", code("import numpy as np\n" + MEAN)), double=DOUBLE),
        said=("the answer 'mean_square' was found",),
    ),
    "in a cell above, the stub with a comment": Handin(
        book(
            lambda g, c: insert(g, "mean_square", code(MEAN)),
            double=DOUBLE,
            mean_square="# see above\n" + STUB_MEAN,
        ),
        said=("the answer 'mean_square' was found",),
    ),
    "as a lambda in the neighbour's cell": Handin(
        book(double=DOUBLE + "mean_square = lambda x: float(np.mean(x**2))"),
        said=("'mean_square' (in 'double')",),
    ),
    **{
        f"in a cell above, the stub with {what} left": Handin(
            book(
                lambda g, c: insert(g, "mean_square", code(MEAN)),
                double=DOUBLE,
                mean_square=f"def mean_square(x):{body}",
            ),
            said=("the answer 'mean_square' was found",),
        )
        for what, body in {
            "pass": "\n    pass",
            "an ellipsis": " ...",
            "a text": '\n    """The mean."""\n    # TODO\n    pass\n',
        }.items()
    },
    "a function that does nothing, of its own": silent(
        book(double=DOUBLE + "\ndef log(x):\n    pass\n\nlog(1)", mean_square=MEAN)
    ),
    "as one of a tuple": Handin(
        book(double="double, mean_square = lambda x: 2 * x, lambda x: float(np.mean(x**2))"),
        said=("'mean_square' (in 'double')",),
    ),
    "as one of a tuple in brackets": Handin(
        book(double=f"{MEAN}(double, other) = (lambda x: 2 * x), mean_square"),
        said=("'mean_square' (in 'double')",),
    ),
    "by a walrus, in a cell above": Handin(
        book(lambda g, c: insert(g, "mean_square", code(WALRUS)), double=DOUBLE),
        said=("the answer 'mean_square' was found",),
    ),
    "as the second of two names": Handin(
        book(double=f"{DOUBLE}mean = mean_square = lambda x: float(np.mean(x**2))"),
        said=("'mean_square' (in 'double')",),
    ),
    "under an if, in the neighbour's cell": Handin(
        book(double=DOUBLE + "if True:\n    " + MEAN.replace("\n", "\n    ")),
        said=("'mean_square' (in 'double')",),
    ),
    "imported from a file beside": Handin(
        put(
            {
                "sheet.ipynb": book(double="from mine import double, mean_square"),
                "mine.py": DOUBLE + MEAN,
            }
        ),
        said=("'mean_square' (in 'double')", "'mine.py'"),
    ),
    "with a magic above": Handin(
        book(double="%%time\n" + DOUBLE + MEAN), said=("'mean_square' (in 'double')",)
    ),
    "exchanged": Handin(book(double=MEAN, mean_square=DOUBLE), said=("'double'", "'mean_square'")),
    "what an answer needs, written into a locked cell": Handin(
        book(_in_imports, double="def double(x):\n    return 4 * half(x)", mean_square=MEAN),
        said=("'imports' was run",),
    ),
    "in a text cell": Handin(
        book(lambda g, c: insert(g, "mean_square", text(f"```\n{MEAN}```")), double=DOUBLE),
        points=2.0,
        said=("'mean_square' seems to stand in a text cell",),
    ),
    "below, its own cell used for something else": Handin(
        book(lambda g, c: insert(g, "check-mean", code(MEAN)), double=DOUBLE, mean_square="x = 1"),
        said=("the answer 'mean_square' was found",),
    ),
    "the stub below the answer, in one cell": Handin(
        book(double=DOUBLE, mean_square=MEAN + "\n" + STUB_MEAN),
        said=("'mean_square' a stub was left",),
    ),
    "a copy of the stub below the answer": Handin(
        book(
            lambda g, c: insert(g, "check-mean", code(STUB_MEAN)), double=DOUBLE, mean_square=MEAN
        ),
        said=("a stub was left",),
    ),
    "all code merged": Handin(
        book(_merge("double", *(name for name in ALL if name != "double"))),
        said=("the tests 'check-double' and 'check-mean' stood in other cells too",),
    ),
    "all code merged, as it stood": Handin(
        book(_merge(*ALL)), said=("the locked cell 'imports' had been edited",)
    ),
    "a test and both answers merged": Handin(
        book(_merge("double", "check-double", "mean_square")),
        said=("'mean_square' (in 'double')", "the test 'check-double' stood in another cell too"),
    ),
    "a test pasted between both": Handin(
        book(_pasted), said=("'mean_square' (in 'double')", "the test 'check-double' stood")
    ),
    "both in the locked cell": Handin(
        book(
            lambda g, c: c["imports"].update(source=c["imports"].source + "\n" + DOUBLE + MEAN),
            title="#",
        ),
        said=("'double' (in 'imports')", "'mean_square' (in 'imports')"),
    ),
    "commented out, above the stub": Handin(
        book(double="# " + DOUBLE.strip().replace("\n", "\n# ") + "\n" + STUB, mean_square=MEAN),
        2,
        ("something was written into the cell 'double'",),
    ),
    "as a text in the stub": Handin(
        book(double="def double(x):\n    'return 2 * x'\n    raise NotImplementedError"),
        0,
        ("something was written into the cell 'double'",),
    ),
    "below the stub's last line": Handin(
        book(double="def double(x):\n    raise NotImplementedError()\n    return 2 * x"),
        0,
        ("something was written into the cell 'double'",),
    ),
    "the stub's last line left behind the answer": silent(
        book(double=DOUBLE + "    raise NotImplementedError()\n", mean_square=MEAN)
    ),
    "once more, right, below its test": Handin(
        book(lambda g, c: insert(g, None, code(DOUBLE)), double=WRONG, mean_square=MEAN),
        2,
        ("'double' is written once more below its test",),
    ),
    "once more, in the next answer's cell": Handin(
        book(double=WRONG, mean_square=MEAN + DOUBLE),
        2,
        ("'double' is written once more below its test",),
    ),
    "once more, as a lambda": Handin(
        book(
            lambda g, c: insert(g, "mean_square", code("double = lambda x: 2 * x")),
            double=WRONG,
            mean_square=MEAN,
        ),
        2,
        ("'double' is written once more below its test",),
    ),
    "once more, the same": silent(
        book(lambda g, c: insert(g, "mean_square", code(DOUBLE)), double=DOUBLE, mean_square=MEAN)
    ),
    "its result under its name": silent(
        book(
            lambda g, c: insert(g, "mean_square", code("double = double(3)")),
            double=DOUBLE,
            mean_square=MEAN,
        )
    ),
    "indented, in the question's text": Handin(
        book(
            lambda g, c: _add(c["title"], "    " + DOUBLE.replace("\n", "\n    ")),
            mean_square=MEAN,
        ),
        2,
        ("'double' seems to stand in a text cell",),
    ),
    "quoted, in a text": Handin(
        book(
            lambda g, c: insert(g, "check-double", text("> " + DOUBLE.replace("\n", "\n> "))),
            mean_square=MEAN,
        ),
        2,
        ("'double' seems to stand in a text cell",),
    ),
    "between fences, in a list": Handin(
        book(
            lambda g, c: insert(g, None, text("- So:\n  ```python\n  " + DOUBLE + "```")),
            mean_square=MEAN,
        ),
        2,
        ("'double' seems to stand in a text cell",),
    ),
    "nowhere": silent(book(double=DOUBLE), points=2.0, waits=False),
    "a helper of its own": silent(
        book(
            double="def two():\n    return 2\n\ndef double(x):\n    return two() * x",
            mean_square=MEAN,
        )
    ),
}


def _answer_in_title(given, cells):
    cells["title"].source += "\n\n" + WRITTEN


def _locked_away(given, cells):
    cells["check-mean"].source += "\n# " + WRITTEN


NEAR = ("'words' is as released",)
LONGER = f"The answer to the last question: {WRITTEN.lower()}"
COMMENTED = "".join(f"# y = x[{n}] + x[{n}] of it\n" for n in range(9))
# Kind 2: a written answer that is as released isn't always missing.
WRITTEN_ANSWERS = {
    "in a new cell below": Handin(
        book(lambda g, c: insert(g, None, text(WRITTEN))), said=NEAR, waits=True
    ),
    "in a new cell above": Handin(
        book(lambda g, c: insert(g, "words", text(WRITTEN))), said=NEAR, waits=True
    ),
    "in a code cell": Handin(
        book(lambda g, c: insert(g, "words", code(f'"""{WRITTEN}"""'))), said=NEAR, waits=True
    ),
    "as comments in a code cell": Handin(
        book(lambda g, c: insert(g, None, code("# " + WRITTEN))), said=NEAR, waits=True
    ),
    "in the question's cell": Handin(book(_answer_in_title), said=NEAR, waits=True),
    "at the top": Handin(
        book(lambda g, c: insert(g, "imports", text(WRITTEN))), said=NEAR, waits=True
    ),
    "below, its own cell deleted": Handin(
        book(lambda g, c: (g.cells.remove(c["words"]), insert(g, None, code("# " + WRITTEN)))),
        said=("'words' is as released", "'words' was missing"),
        waits=True,
    ),
    "below the text of a test": Handin(
        book(_locked_away), said=(*NEAR, "'check-mean' had been edited"), waits=True
    ),
    "as a code cell at the end, after others": Handin(
        book(lambda g, c: insert(g, "imports", code("# " + WRITTEN))), said=NEAR, waits=True
    ),
    "printed": Handin(
        book(lambda g, c: insert(g, "double", code(f"print('{WRITTEN}')"))), said=NEAR, waits=True
    ),
    "as comments behind another answer": Handin(
        book(double=f"{DOUBLE}\n# {LONGER}", mean_square=MEAN), said=NEAR, waits=True
    ),
    "as a text behind another answer": Handin(
        book(double=DOUBLE, mean_square=f"{MEAN}\n'''{LONGER}'''"), said=NEAR, waits=True
    ),
    "under a name, far off": Handin(
        book(lambda g, c: insert(g, "double", code(f"answer = '{LONGER}'"))), said=NEAR, waits=True
    ),
    "nowhere, with comments on the code": silent(
        book(double="# twice each entry, whatever its shape is\n" + DOUBLE, mean_square=MEAN),
        waits=False,
    ),
    "nowhere, with an address": silent(
        book(double=f"# https://a.example/{'-'.join(WRITTEN.split())}\n{DOUBLE}", mean_square=MEAN),
        waits=False,
    ),
    "nowhere, with code in comments": silent(
        book(double=f"{DOUBLE}{COMMENTED}", mean_square=MEAN), waits=False
    ),
    "nowhere, its cell emptied": silent(
        book(double=DOUBLE, mean_square=MEAN, words=" \n"), waits=False
    ),
    "in its own cell": silent(book(double=DOUBLE, mean_square=MEAN, words=WRITTEN), waits=True),
    "nowhere, with an empty cell": silent(
        book(lambda g, c: insert(g, None, text("  \n"), code(""))), waits=False
    ),
    "nowhere, with a scratch cell far off": silent(
        book(lambda g, c: insert(g, "mean_square", code("np.arange(3)"))), waits=False
    ),
    "nowhere, in other spaces": silent(
        book(lambda g, c: c["title"].update(source="# A  small sheet \n")), waits=False
    ),
}
