"""Modules that the instructor lists can't be had in the sandbox, by whatever way."""

import importlib

import pytest

from mlpkit.by_hand import WORDS, without
from mlpkit.grading.workers.servers import judge_submission
from tests.grading import notebooks
from tests.grading.judging import judge, points, told

pytestmark = pytest.mark.sandbox

COURSE_CHECK = """\
# by hand: numpy.linalg, mlpkit, scipy
A = np.array([[2.0, 0.0], [0.0, 4.0]])
np.testing.assert_allclose(inverse(A), np.linalg.inv(A))"""


def course():
    return notebooks.notebook(
        notebooks.locked("imports", notebooks.IMPORTS),
        notebooks.solution(
            "inverse",
            "def inverse(A):\n    ### BEGIN SOLUTION\n    return 1/A\n    ### END SOLUTION",
        ),
        notebooks.check("check", COURSE_CHECK),
    )


def earned(answer):
    return points(judge(notebooks.answered(course(), inverse=answer), course()))["check"]


def test_by_hand_it_can_be_done():
    assert earned("def inverse(A):\n    return np.diag(1 / np.diag(A))") == 2.0


WAYS = {
    "attribute": "def inverse(A):\n    return np.linalg.inv(A)",
    "import": "def inverse(A):\n    from numpy.linalg import inv\n    return inv(A)",
    "import at the top": "from numpy.linalg import inv as inverse",
    "importlib": "import importlib\ndef inverse(A):\n"
    "    return importlib.import_module('numpy.linalg').inv(A)",
    "sys.modules": "import sys\ndef inverse(A):\n    return sys.modules['numpy.linalg'].inv(A)",
    "matrix": "def inverse(A):\n    return np.asarray(np.matrix(A).I)",
    "inner module": "from numpy.linalg import _linalg\ninverse = _linalg.inv",
    "inner extension": "from numpy.linalg import _umath_linalg as u\ninverse = u.inv",
    "finders removed": "import sys\nsys.meta_path = [f for f in sys.meta_path if "
    "type(f).__name__ != '_Refuse']\nimport numpy.linalg\ninverse = numpy.linalg.inv",
    "garbage": """
import gc
def inverse(A):
    for o in gc.get_objects():
        if getattr(o, "__name__", "") == "inv":
            return o(A)
    raise ValueError""",
    "garbage dict": """
import gc
found = [o["inv"] for o in gc.get_objects() if isinstance(o, dict) and "inv" in o]
def inverse(A):
    for f in found:
        try:
            return np.asarray(f(A))
        except Exception:
            pass
    raise ValueError""",
    "another process": """
import subprocess, sys, json
def inverse(A):
    code = "import numpy as n, json; print(json.dumps(n.linalg.inv(%s).tolist()))" % A.tolist()
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return np.array(json.loads(out.stdout))""",
    "from the file": """
import importlib.util, glob, numpy, os
def inverse(A):
    path = glob.glob(os.path.dirname(numpy.__file__) + "/linalg/_umath_linalg*.so")[0]
    spec = importlib.util.spec_from_file_location("u", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.inv(A)""",
    "scipy": "def inverse(A):\n    import scipy.linalg\n    return scipy.linalg.inv(A)",
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_no_way_leads_to_the_module(way):
    assert earned(way) == 0.0


@pytest.mark.parametrize("way", ["attribute", "import", "inner extension", "another process"])
def test_each_way_works_where_nothing_is_listed(way):
    plain = course()
    plain.cells[2].source = COURSE_CHECK.split("\n", 1)[1]
    submission = notebooks.answered(plain, inverse=WAYS[way])
    assert points(judge(submission, plain))["check"] == 2.0


def test_the_kit_can_be_listed():
    answer = "def inverse(A):\n    import mlpkit.network\n    return A"
    result = judge(notebooks.answered(course(), inverse=answer), course())
    assert "by hand" in result.grades[0].messages[0]


def test_the_notebooks_metadata_lists_modules_too():
    plain = course()
    plain.cells[2].source = COURSE_CHECK.split("\n", 1)[1]
    plain.metadata["mlpkit"] = {"by_hand": ["numpy.linalg"]}
    submission = notebooks.answered(plain, inverse=WAYS["attribute"])
    assert points(judge(submission, plain))["check"] == 0.0


def test_an_instructors_own_import_of_a_listed_module_is_no_error_on_the_students_page():
    plain = course()
    plain.cells[0].source += "\nfrom mlpkit.losses import softmax"
    answer = "def inverse(A):\n    return np.diag(1 / np.diag(A))"
    result = judge(notebooks.answered(plain, inverse=answer), plain)
    assert points(result)["check"] == 2.0
    assert notebooks.read(result.judged).cells[0].outputs == []


SAID = {
    "imported": "import numpy.linalg",
    "imported from": "from numpy.linalg import inv",
    "kept from before": "import numpy\nnumpy.roots([1.0, 2.0, 3.0])",
}


@pytest.mark.parametrize("code", SAID.values(), ids=SAID.keys())
def test_it_is_said_in_the_same_words_as_by_the_kit(code):
    book = notebooks.answered(course(), inverse=f"def inverse(A):\n    return A\n{code}")
    printed = told(judge(book, course()))
    assert "numpy.linalg" in printed and WORDS in printed


def test_the_kits_words_are_those_that_it_raises():
    with (
        pytest.raises(ImportError, match=f"statistics {WORDS}"),
        without(("statistics",), {}),
    ):
        importlib.import_module("statistics")


KERNELS_OWN = ("json", "random", "numpy", "re", "collections.abc", "getpass", "traitlets")


@pytest.mark.parametrize("module", KERNELS_OWN)
def test_what_the_kernel_itself_works_with_is_refused_to_answers_and_the_kernel_goes_on(module):
    book = notebooks.notebook(
        notebooks.solution(
            "f", "def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION"
        ),
        notebooks.check("check", f"# by hand: {module}\nassert f() == 1"),
    )
    root, _, part = module.rpartition(".")
    ways = {
        "return 1": 2.0,
        f"import {module}\n    return 1": 0.0,
        f"from {root or module} import {part or '__doc__'}\n    return 1": 0.0,
        "import helper\n    return helper.one": 0.0,
    }
    files = {"helper.py": f"import {module}\none = 1".encode()}
    for way, earned in ways.items():
        job = notebooks.job(notebooks.answered(book, f=f"def f():\n    {way}"), book, helpers=files)
        result = judge_submission(job)
        assert points(result) == {"check": earned}, way
        assert earned or WORDS in told(result)


# Its parts take seconds to import, where much else runs.
BY_SCIPY = """def inverse(A):
    import scipy
    return np.diag(1 / np.diag(A)) if scipy.__version__ else None"""
PLAIN = COURSE_CHECK.split("\n", 1)[1]
SOLVED_BY_SCIPY = (
    "def inverse(A):\n    ### BEGIN SOLUTION\n    from scipy.linalg import inv\n"
    "    return inv(A)\n    ### END SOLUTION"
)
# What the instructor's notebook says of it → what an answer that imports SciPy earns.
WORDS_OF_A_NOTEBOOK = {
    "nothing": ({}, {}, 0.0),
    "scipy isn't in its list": ({}, {"mlpkit": {"by_hand": ["torch"]}}, 2.0),
    "nothing is by hand, in the metadata": ({}, {"mlpkit": {"by_hand": []}}, 2.0),
    "false, in the metadata": ({}, {"mlpkit": {"by_hand": False}}, 2.0),
    "nothing is by hand, in a comment": ({2: f"# by hand: nothing\n{PLAIN}"}, {}, 2.0),
    "a given cell imports it": ({0: f"{notebooks.IMPORTS}\nimport scipy"}, {}, 2.0),
    "the solution itself imports it": ({1: SOLVED_BY_SCIPY}, {}, 2.0),
    "only the test imports it": ({2: f"import scipy\n{PLAIN}"}, {}, 0.0),
    "other metadata of the kit's": ({}, {"mlpkit": {}}, 0.0),
}


@pytest.mark.parametrize("what", WORDS_OF_A_NOTEBOOK)
def test_a_new_assignment_is_by_hand_unless_it_says_otherwise(what):
    sources, metadata, expected = WORDS_OF_A_NOTEBOOK[what]
    plain = course()
    for number, source in ({2: PLAIN} | sources).items():
        plain.cells[number].source = source
    plain.metadata.update(metadata)
    submission = notebooks.answered(plain, inverse=BY_SCIPY)
    assert points(judge(submission, plain))["check"] == expected


@pytest.mark.parametrize("module", ["mlpkit.network", "sklearn", "torch"])
def test_by_default_an_answer_has_nothing_of_the_usual_list(module):
    plain = course()
    plain.cells[0].source += "\nfrom mlpkit.exercises import call"  # the given cells may
    plain.cells[2].source = PLAIN
    answer = f"def inverse(A):\n    import {module}\n    return np.diag(1 / np.diag(A))"
    result = judge(notebooks.answered(plain, inverse=answer), plain)
    assert points(result)["check"] == 0.0 and "by hand" in result.grades[0].messages[0]
