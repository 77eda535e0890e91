"""Code that tries to pass tests without the right answer gains nothing, and loses nothing else."""

import pytest
from nbformat.v4 import new_code_cell

from tests.grading import notebooks
from tests.grading.judging import judge, points

WRONG = "def double(x):\n    return x\n"

PATCHES = {
    "replace assert_allclose": """
import numpy as np
np.testing.assert_allclose = lambda *a, **k: None""",
    "replace the module testing": """
import sys, types, numpy as np
np.testing = sys.modules["numpy.testing"] = types.SimpleNamespace(
    assert_allclose=lambda *a, **k: None)""",
    "replace allclose and all": """
import builtins, numpy as np
np.allclose = np.array_equal = builtins.all = lambda *a, **k: True""",
    "rewrite asserts with an AST transformer": """
import ast
class NoAsserts(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(NoAsserts())""",
    "drop lines with an input transformer": """
def drop(lines):
    return [l for l in lines if "assert" not in l]
get_ipython().input_transformers_cleanup.append(drop)""",
    "patch run_cell_async": """
from IPython.core.interactiveshell import InteractiveShell
async def nothing(self, *a, **k):
    class Result:
        success = True; error_in_exec = None; error_before_exec = None; result = None
        execution_count = 1
    return Result()
InteractiveShell.run_cell_async = nothing""",
    "patch run_cell": """
from IPython.core.interactiveshell import InteractiveShell
InteractiveShell.run_cell = lambda self, *a, **k: None""",
    "swallow errors with a custom handler": """
get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)""",
    "define AssertionError": """
class AssertionError(BaseException): pass
import builtins
builtins.AssertionError = AssertionError""",
    "an object equal to everything": """
class Yes(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __sub__(self, other): return Yes(0)
    __rsub__ = __sub__
    def __array__(self, *a, **k): raise Exception
def double(x):
    return Yes()""",
    "an array equal to everything": """
import numpy as np
class Yes(np.ndarray):
    def __eq__(self, other): return True
    def __array_function__(self, *a): return True
    def __array_ufunc__(self, *a, **k): return True
def double(x):
    return np.asarray(x).view(Yes)""",
    "end the test's loop with StopIteration": """
def double(x):
    raise StopIteration""",
    "leave with SystemExit": """
def double(x):
    raise SystemExit(0)""",
    "raise GeneratorExit": """
def double(x):
    raise GeneratorExit""",
    "raise KeyboardInterrupt": """
def double(x):
    raise KeyboardInterrupt""",
    "a pickle that runs code": """
class Bomb:
    def __reduce__(self):
        import os
        return os._exit, (0,)
def double(x):
    return Bomb()""",
    "an object array with a pickle": """
import numpy as np
def double(x):
    a = np.empty(1, dtype=object)
    a[0] = __import__("os").system
    return a""",
    "NaN everywhere": """
import numpy as np
def double(x):
    return np.full(np.shape(x), np.nan)""",
    "answer for the bridge": """
import sys, types
fake = types.ModuleType("mlpkit_bridge")
class Reply:
    def _repr_mimebundle_(self, *a, **k):
        return {"application/x-mlpkit": "eyJwaWNrbGUiOiAieCJ9"}
fake.call = fake.describe = lambda *a: Reply()
sys.modules["mlpkit_bridge"] = fake""",
    "an answer that names code": """
import sys, types, base64, json
fake = types.ModuleType("mlpkit_bridge")
class Reply:
    def __init__(self, tree): self.text = base64.b64encode(json.dumps(tree).encode()).decode()
    def _repr_mimebundle_(self, *a, **k): return {"application/x-mlpkit": self.text}
fake.describe = lambda name: Reply({"dict": [["kind", "function"]]})
fake.call = lambda *a: Reply({"dict": [["value", {"import": ["os", "_exit"]}]]})
sys.modules["mlpkit_bridge"] = fake""",
    "claim a name of the test": """
import numpy as np
x = np.zeros((3, 2))
secret_words = 0
class np: pass""",
    "patch the frame above": """
import sys
def double(x):
    frame = sys._getframe()
    while frame:
        frame.f_globals["np"] = None
        frame.f_globals["double"] = lambda x: 2 * x if False else x
        frame = frame.f_back
    return x""",
    "change the arguments": """
def double(x):
    try:
        x /= 2
    except TypeError:
        pass
    return x""",
    "print the credit": """
print(2.0)
from IPython.display import display
display(2.0)
get_ipython().displayhook(2.0)""",
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES.keys())
def test_a_patch_gains_nothing_and_loses_nothing(patch):
    text = patch if "def double" in patch else WRONG + patch
    submission = notebooks.answered()
    submission.cells[2].source = text if "def double" in text else WRONG
    # What the other exercise does on its own stays worth its points, unless the patch broke the
    # student's own kernel.
    result = judge(submission, call_seconds=1.0, cell_seconds=3.0)
    assert points(result)["check-double"] == 0.0
    broken = ("run_cell", "bridge", "names code")
    name = next(key for key, value in PATCHES.items() if value is patch)
    if not any(word in name for word in broken):
        assert points(result)["check-mean"] == 2.0
        assert result.failure is None


def test_the_right_answer_does_earn_its_points():
    assert points(judge(notebooks.answered())) == {
        "check-double": 2.0,
        "check-mean": 2.0,
        "words": 0.0,
    }


def test_the_release_earns_nothing():
    assert judge(notebooks.release(notebooks.course())).points == 0.0


def test_an_edited_test_cell_is_not_the_test():
    submission = notebooks.answered(double=WRONG)
    submission.cells[3].source = "2.0"
    result = judge(submission)
    assert points(result)["check-double"] == 0.0
    assert any("edited" in words for words in result.repairs)


def test_points_in_the_submission_are_not_the_points():
    submission = notebooks.answered()
    submission.cells[3].metadata.nbgrader.points = 1000
    result = judge(submission)
    assert result.points == 4.0
    assert result.max_points == 7.0


def test_a_test_cell_under_another_name_is_still_graded():
    submission = notebooks.answered(double=WRONG)
    submission.cells[3].metadata.nbgrader.grade_id = "elsewhere"
    result = judge(submission)
    assert points(result) == {"check-double": 0.0, "check-mean": 2.0, "words": 0.0}


def test_own_cells_with_nbgrader_metadata_earn_nothing():
    submission = notebooks.answered(double=WRONG)
    submission.cells.append(notebooks.check("bonus", "100.0", points=100))
    assert judge(submission).points == 2.0


def test_a_failed_setup_does_not_hand_the_name_to_the_student():
    # If `reference` failed to be made by the instructor's cell, the student's must not stand in.
    course = notebooks.notebook(
        notebooks.locked("imports", notebooks.IMPORTS),
        notebooks.solution("double", notebooks.ANSWER),
        notebooks.locked("setup", "reference = double(21)"),
        notebooks.check("check", "assert double(1) == reference"),
    )
    cheat = "reference = 3\ndef double(x):\n    if x == 21: raise ValueError\n    return 3"
    submission = notebooks.answered(course, double=cheat)
    submission.cells.insert(3, new_code_cell("reference = 3"))
    assert judge(submission, course).points == 0.0


def test_a_later_answer_can_not_change_an_earlier_test():
    submission = notebooks.answered(double=WRONG)
    submission.cells.append(new_code_cell("def double(x):\n    return 2 * x"))
    assert points(judge(submission))["check-double"] == 0.0


@pytest.mark.parametrize("error", ["StopIteration", "GeneratorExit", "StopAsyncIteration"])
def test_an_exception_can_not_end_the_tests_own_loop(error):
    check = "for x, twice in zip([1, 2], map(double, [1, 2])):\n    assert twice == 2 * x"
    course = notebooks.notebook(
        notebooks.solution("double", notebooks.ANSWER), notebooks.check("check", check)
    )
    cheat = f"def double(x):\n    raise {error}"
    assert judge(notebooks.answered(course, double=cheat), course).points == 0.0


def test_forged_messages_do_not_help():
    forge = """
import json
kernel = get_ipython().kernel
send = kernel.session.send
def forged(stream, what, content=None, *a, **k):
    if what == "execute_reply" and isinstance(content, dict):
        content = {"status": "ok", "execution_count": 1, "user_expressions": {"answer":
            {"status": "ok", "data": {"application/x-mlpkit": "bnVsbA=="}}}, "payload": []}
    return send(stream, what, content, *a, **k)
kernel.session.send = forged
"""
    result = judge(notebooks.answered(double=WRONG + forge))
    assert points(result)["check-double"] == 0.0
