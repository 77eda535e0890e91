"""Code of a student that would make a wrong answer pass its tests."""

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
import sys
sys.modules["mlpkit_bridge"]._answer = lambda question: '{"pickle": "x"}'""",
    "an answer that names code": """
import sys
def answer(question):
    if '"describe"' in question:
        return '{"dict": [["kind", "function"]]}'
    return '{"dict": [["value", {"import": ["os", "_exit"]}]]}'
sys.modules["mlpkit_bridge"]._answer = answer""",
    "another bridge": """
import sys, types
sys.modules["mlpkit_bridge"] = types.ModuleType("mlpkit_bridge")""",
    "a bridge that serves nothing": """
import sys
sys.modules["mlpkit_bridge"].serve = lambda: None""",
    "answers before the questions": """
import sys
bridge = sys.modules["mlpkit_bridge"]
for number in range(1, 50):
    answer = b'{"dict": [["kind", "function"], ["value", 0.5]]}'
    bridge.LINE.sendall(bridge.HEAD.pack(number, len(answer)) + answer)""",
    "noise on the line": """
import sys
sys.modules["mlpkit_bridge"].LINE.sendall(bytes(range(256)) * 8)""",
    "a message without an end": """
import sys
bridge = sys.modules["mlpkit_bridge"]
bridge.LINE.sendall(bridge.HEAD.pack(1, 1000))""",
    "a message too large": """
import sys
bridge = sys.modules["mlpkit_bridge"]
bridge.LINE.sendall(bridge.HEAD.pack(1, 1 << 40))""",
    "hang up on the judge": """
import sys
sys.modules["mlpkit_bridge"].LINE.close()""",
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
