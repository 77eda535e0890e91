"""What a test looks at that only the notebook has is told by its code, and said where it fails."""

import pytest

from mlpkit.grading.judging.signs import hint, looked_at
from tests.grading import usual

ANSWERS = {"sort", "Point", "total"}
SEEN = {
    "import io, contextlib\nwith contextlib.redirect_stdout(io.StringIO()) as s:\n    sort([1])\n"
    "assert s.getvalue()": ["printed output"],
    "import sys\nsys.stdout.seek(0)": ["printed output"],
    "import matplotlib.pyplot as plt\nassert plt.gca().lines": ["figures"],
    "from inspect import getsource\nassert 'for' in getsource(sort)": [
        "a function's source, signature or documentation"
    ],
    "assert sort.__doc__": ["a function's source, signature or documentation"],
    "assert 'total' in globals()": ["the notebook's own names or cells"],
    "given = [2, 1]\nsort(given)\nassert given == [1, 2]": ["changes that a call makes"],
    "import random\nrandom.seed(1)\nassert sort([1]) == [1]": [
        "random numbers after a seed that the test sets"
    ],
    "total = 3\nassert sort([total])": ["a name of the notebook's that it replaces or deletes"],
    "given = [2, 1]\nassert sort(given) is None\nassert given == [1, 2]": [
        "changes that a call makes"
    ],
    "before = sort\ndef sort(x):\n    return before(x)\nassert sort([1])": [
        "a name of the notebook's that it replaces or deletes"
    ],
    "assert sort.__name__ == '<lambda>'": ["a function's source, signature or documentation"],
    "assert sort.cache_info().hits": ["a function's source, signature or documentation"],
    "import pytest\nwith pytest.warns(UserWarning):\n    sort([])": ["warnings"],
    "%%capture said\nassert sort([1])": ["IPython's %%capture"],
    "%%bash\ntest -f out.txt": ["IPython's %%bash"],
    "files = !ls\n%run check.py\nassert files": ["IPython's !ls and %run"],
    "assert await sort([1]) == [1]": ["what it awaits"],
    "import os\nassert os.path.exists('out.txt')": ["files that the notebook writes"],
    "del total\nassert sort([1])": ["a name of the notebook's that it replaces or deletes"],
    "import doctest\nassert doctest.testmod().failed == 0": ["examples in a docstring"],
    "from doctest import run_docstring_examples as run\nrun(sort, {})": ["examples in a docstring"],
    # What needs nothing of the kind.
    "assert [sort([total]) for total in range(3)]": [],
    "def again(total):\n    total = sort(total)\n    return total\nassert again([1])": [],
    "assert max((len(Point) for Point in sort([])), default=0) == 0": [],
    "given = [2]\nassert sort(given, 9) is None\nassert sort(given, given[0]) == 0": [],
    "%matplotlib inline\nassert sort([1]) == [1]": [],
    "async def again():\n    return await sort([1])": [],
    "import math\nassert 7 % sort([1]) == 1 and 5 %sort([2])": [],
    "assert sort([2, 1]) == [1, 2]": [],
    "try:\n    sort(None)\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError": [],
    "import pytest\nwith pytest.raises(TypeError):\n    sort(None)": [],
    "import numpy as np\nrng = np.random.default_rng(3)\nassert sort(rng.normal(size=3)).size": [],
    "print('checked', sort([1]))": [],
}


@pytest.mark.parametrize("code", SEEN)
def test_what_a_test_looks_at_is_told_by_its_code(code):
    assert looked_at(code, ANSWERS) == SEEN[code]


@pytest.mark.parametrize("kind", ["printed output", "a changed argument", "a plot", "a signature"])
def test_a_failure_without_words_says_what_isnt_seen_from_outside(kind):
    solution, test = usual.KINDS[kind]
    name = solution.partition("def ")[2].partition("(")[0]
    told = hint(test, {name}, "The result is not right.")
    assert told.startswith(" The test depends on ") and "run inside" in told
    # Where a test says what is wrong, that is enough; and what is seen is seen.
    assert hint(test, {name}, "the list is not sorted") == ""
    assert hint("assert double(2) == 4", {"double"}, "The result is not right.") == ""


def test_a_name_that_the_test_makes_is_named():
    words = "scaled raised NameError: name 'factor' is not defined (your line 3)"
    assert "'factor'" in hint("factor = 3\nassert scaled(2) == 6", {"scaled"}, words)
    assert hint("assert scaled(2) == 6", {"scaled"}, words) == ""
