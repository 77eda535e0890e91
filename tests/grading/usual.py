"""An ordinary nbgrader assignment: one exercise for each usual kind of test, answered rightly.

Each is (solution, test, points). What the tests look at stands in the names.
"""

from nbformat.v4 import new_code_cell, new_markdown_cell

from tests.grading import notebooks

MPL = "import matplotlib.pyplot as plt"
KINDS = {
    "a function's result": (
        "def double(x):\n    return 2 * x",
        "assert double(4) == 8",
    ),
    "an exception": (
        "def root(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x**0.5",
        "try:\n    root(-1)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError('none')",
    ),
    "an exception by pytest": (
        "def head(x):\n    if not x:\n        raise IndexError('empty')\n    return x[0]",
        "import pytest\nwith pytest.raises(IndexError):\n    head([])",
    ),
    "arrays": (
        "def centred(X):\n    return X - X.mean(axis=0)",
        "np.testing.assert_allclose(centred(np.array([[1.0], [3.0]])), [[-1.0], [1.0]])",
    ),
    "partial credit": (
        "def cube(x):\n    return x**3",
        "score = 0\nif cube(2) == 8:\n    score += 1\nif cube(-1) == -1:\n    score += 1\nscore",
    ),
    "a global number": ("answer = 42", "assert answer == 42"),
    "a global list": ("primes = [2, 3, 5, 7]", "assert len(primes) == 4 and sum(primes) == 17"),
    "a global array": ("grid = np.linspace(0, 1, 5)", "assert grid.shape == (5,)"),
    "a global set": ("letters = set('hello')", "assert letters == {'h', 'e', 'l', 'o'}"),
    "a name in globals()": ("total = 10", "assert 'total' in globals() and total == 10"),
    "a test's own global": (
        "def scaled(x):\n    return factor * x",
        "factor = 3\nassert scaled(2) == 6",
    ),
    "printed output": (
        "def greet(name):\n    print('Hello,', name)",
        "import io, contextlib\nsaid = io.StringIO()\nwith contextlib.redirect_stdout(said):\n"
        "    greet('Ada')\nassert said.getvalue() == 'Hello, Ada\\n'",
    ),
    "a changed argument": (
        "def sort_in_place(values):\n    values.sort()",
        "given = [3, 1, 2]\nsort_in_place(given)\nassert given == [1, 2, 3]",
    ),
    "a plot": (
        f"{MPL}\ndef draw():\n    plt.figure()\n    plt.plot([1, 2], [3, 4])\n    plt.xlabel('x')",
        f"{MPL}\ndraw()\nassert plt.gca().get_xlabel() == 'x'\nplt.close('all')",
    ),
    "returned axes": (
        f"{MPL}\ndef axes():\n    ax = plt.figure().gca()\n    ax.set_title('T')\n    return ax",
        f"assert axes().get_title() == 'T'\n{MPL}\nplt.close('all')",
    ),
    "a function's source": (
        "def count(text):\n    n = 0\n    for _ in text:\n        n += 1\n    return n",
        "import inspect\nassert 'for' in inspect.getsource(count)",
    ),
    "a signature": (
        "def area(width, height=1):\n    return width * height",
        "import inspect\nassert list(inspect.signature(area).parameters) == ['width', 'height']",
    ),
    "a docstring": ("def noted():\n    'Say nothing.'", "assert noted.__doc__"),
    "a class": (
        "class Counter:\n    def __init__(self):\n        self.n = 0\n"
        "    def add(self):\n        self.n += 1\n        return self",
        "c = Counter()\nc.add().add()\nassert c.n == 2",
    ),
    "a generator": (
        "def evens(n):\n    for i in range(0, n, 2):\n        yield i",
        "assert list(evens(5)) == [0, 2, 4]",
    ),
    "a function that makes functions": (
        "def adder(n):\n    return lambda x: x + n",
        "assert adder(2)(3) == 5",
    ),
    "a function as argument": (
        "def twice(f, x):\n    return f(f(x))",
        "assert twice(lambda v: v + 1, 0) == 2",
    ),
    "another function that is called": (
        "def helper(n):\n    return list(range(n))\ndef summed(n):\n    return sum(helper(n))",
        "kept = helper\ndel helper\ntry:\n    summed(3)\nexcept NameError:\n    pass\nelse:\n"
        "    raise AssertionError('helper is not used')\nfinally:\n    helper = kept",
    ),
    "random numbers after a seed": (
        "def draws(n):\n    return np.random.rand(n)",
        "np.random.seed(0)\nfirst = draws(3)\nnp.random.seed(0)\nassert (first == draws(3)).all()",
    ),
    "a file that is written": (
        "def save(text):\n    with open('out.txt', 'w') as file:\n        file.write(text)",
        "save('kept')\nassert open('out.txt').read() == 'kept'",
    ),
    "what is typed": (
        "def asked():\n    return int(input()) + 1",
        "import builtins\nreal, builtins.input = builtins.input, lambda *_: '4'\n"
        "try:\n    assert asked() == 5\nfinally:\n    builtins.input = real",
    ),
    "a data file": ("def rows():\n    return open('data.csv').read().split()",
                    "assert rows() == ['a,b', '1,2']"),
    "a module of the course": (
        "def metres(feet):\n    return feet / 4",
        "import units\nassert units.same(metres(8), 2)",
    ),
    "examples in a docstring": (
        'def squared(x):\n    """\n    >>> squared(3)\n    9\n    """\n    return x * x',
        "import doctest\n"
        "(found,) = doctest.DocTestFinder().find(squared, 'squared', globs=globals())\n"
        "told = doctest.DocTestRunner(verbose=False).run(found)\n"
        "assert told.failed == 0 and told.attempted == 1",
    ),
    "a command of IPython's": (
        "def four():\n    return 4",
        "said = !echo 4\nassert four() == int(said[0])",
    ),
    "what is awaited": (
        "async def later(x):\n    return x + 1",
        "assert await later(3) == 4",
    ),
    "a value at the end": ("def truth():\n    return True", "truth()"),
    "a warning": (
        "import warnings\ndef warns():\n    warnings.warn('old')\n    return 1",
        "assert warns() == 1",
    ),
    "a hidden test": (
        "def largest(x):\n    return max(x)",
        "assert largest([1, 2]) == 2\n### BEGIN HIDDEN TESTS\nassert largest([-3, -2]) == -2\n"
        "### END HIDDEN TESTS",
    ),
}  # fmt: skip

# What lies beside the notebook.
FILES = {"data.csv": b"a,b\n1,2\n", "units.py": b"def same(a, b):\n    return a == b\n"}


def name_of(kind):
    """Give nbgrader's name for a kind's test."""
    return "test-" + "".join(letter if letter.isalnum() else "-" for letter in kind)


def assignment():
    """Give the instructor's notebook."""
    cells = [new_markdown_cell("# One of each"), new_code_cell("import numpy as np")]
    for kind, (solution, test) in KINDS.items():
        name = name_of(kind)
        text = f"### BEGIN SOLUTION\n{solution}\n### END SOLUTION"
        cells += [notebooks.solution(name[5:], text), notebooks.check(name, test, points=2)]
    return notebooks.notebook(*cells)
