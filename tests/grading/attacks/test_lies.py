"""Objects, answers and states that lie: three inputs of each kind, of which none gains or tells."""

import re

import pytest
from nbformat.v4 import new_code_cell

from tests.grading import notebooks
from tests.grading.judging import judge, points, told
from tests.tiers import few

pytestmark = pytest.mark.sandbox

ARRAY = "import numpy as np\n"
ANSWER = "import sys\ndef double(x): return x\nsys.modules['mlpkit_bridge']._answer = lambda q: "
WRONG = "def double(x): return x\n"
GAINS = {
    "an array of a class of its own": [
        f"{ARRAY}class L(np.ndarray):\n    def tobytes(s, *a): return np.ones(s.size).tobytes()\n"
        "    def __array_ufunc__(s, *a, **k): return True\n    def __eq__(s, o): return True\n"
        "def double(x): return np.array(x, dtype=float).view(L)",
        f"{ARRAY}class L(np.ndarray):\n    def tobytes(s, *a): return b''\n"
        "def double(x): return np.zeros(np.shape(x)).view(L)",
        f"{ARRAY}class D:\n    kind = 'f'; str = '<f8'\nclass L(np.ndarray):\n"
        "    dtype = property(lambda s: D())\ndef double(x): return np.zeros(np.shape(x)).view(L)",
    ],
    "numbers that are none": [
        f"{ARRAY}def double(x):\n    a = np.zeros(np.shape(x), dtype=np.longdouble)\n"
        "    a.reshape(-1).view(np.uint8).reshape(-1, 16)[:, 8:10] = [0xff, 0x3f]\n    return a",
        f"{ARRAY}def double(x):\n    a = np.empty(np.shape(x))\n"
        "    a.reshape(-1).view(np.uint64)[...] = 0x7ff0000000000001\n    return a",
        f"{ARRAY}def double(x): return np.full(np.shape(x), 2**64 - 1, np.uint64)",
    ],
    "a class that says it is another": [
        "class C:\n    __class__ = property(lambda s: float)\n    def __float__(s): return 14.5\n"
        "    def __eq__(s, o): return True\ndef double(x): return C()",
        "class F(float):\n    def __eq__(s, o): return True\n    def __sub__(s, o): return 0.0\n"
        "    shape = (3, 2)\ndef double(x): return F(1)",
        "class D(dict):\n    def items(s): return [('array', ['<f8', [3, 2], 'C', ''])]\n"
        "def double(x): return D(a=1)",
    ],
    "what is no value": [
        "def double(x):\n    while True: yield 14.5",
        "async def double(x): return 14.5",
        "class C:\n    is_student_function = True\n    __name__ = 'np'\ndef double(x): return C()",
    ],
    "exceptions that hide what they are": [
        "class E(StopIteration, AssertionError): pass\ndef double(x): raise E",
        "def double(x): raise ExceptionGroup('a', [StopIteration()])",
        "class E(Exception):\n    def __str__(s): raise SystemExit\ndef double(x): raise E",
    ],
    "an answer that is no JSON, or two": [
        f"""{ANSWER}'{{"dict": [["kind", "function"]], "dict": [["value", true]]}}'""",
        f"""{ANSWER}'{{"dict": [["kind", "function"], ["value", NaN]]}}'""",
        f"""{ANSWER}'{{"dict": [["kind", "function"], ["value", ' + '9' * 4000 + ']]}}'""",
    ],
    "an answer of a size or key that can't be": [
        f"""{ANSWER}'{{"dict": [["value", {{"array": ["<f8", [true], "C", "AAAAAAAALUA="]}}]]}}'""",
        f"""{ANSWER}'{{"dict": [["value", {{"array": ["<f8", [0, 999999999999], "C", ""]}}]]}}'""",
        f"""{ANSWER}'{{"dict": [[[1], 2]]}}'""",
    ],
    "modules of its own": [
        f"{WRONG}open('numpy.py', 'w').write('x = 1')\nimport sys; sys.path.insert(0, '')",
        f"{WRONG}import sys\nclass F:\n    def find_spec(s, n, *a): raise ImportError\n"
        "sys.meta_path.insert(0, F())",
        f"{WRONG}open('sitecustomize.py', 'w').write('print(4)')",
    ],
    "another run than the first": [
        "import os\ndef double(x):\n    if os.path.exists('seen'): return x\n"
        "    open('seen', 'w').close()\n    return 2 * x",
        "import os\ncalls = []\ndef double(x):\n    calls.append(x)\n"
        "    return 2 * x if len(calls) < 3 else x",
        "import time\nstart = time.time()\ndef double(x):\n    time.sleep(0.3)\n"
        "    return 2 * x if time.time() - start < 0.5 else x",
    ],
}  # fmt: skip


def three_each(kinds):
    """The first of each kind, and with --thorough all."""
    listed = [(kind, each) for kind, several in kinds.items() for each in several]
    listed.sort(key=lambda pair: kinds[pair[0]].index(pair[1]))
    return few([pytest.param(each, id=kind) for kind, each in listed[: len(kinds)]], len(kinds)) + [
        pytest.param(each, id=f"{kind} {at}", marks=pytest.mark.thorough)
        for at, (kind, each) in enumerate(listed[len(kinds) :])
    ]


@pytest.mark.parametrize("answer", three_each(GAINS))
def test_what_lies_earns_nothing(answer):
    book = notebooks.answered(double=answer, mean_square="def mean_square(x): return 0.0")
    assert points(judge(book, call_seconds=2.0)) == {
        "check-double": 0.0,
        "check-mean": 0.0,
        "words": 0.0,
    }


HIDDEN = "    if hasattr(x, 'shape'): return 2 * x\n"
# An answer, and a cell behind the test that looks for what a hidden call left.
LEAKS = {
    "the state of libraries": [
        ("import warnings\ndef double(x):\n    warnings.filterwarnings('ignore', message=repr(x))\n"
         "    return 2 * x", "import warnings; print(warnings.filters[:3])"),
        ("import numpy as np\ndef double(x):\n"
         "    np.set_printoptions(threshold=int(100 * np.max(x)))\n    return 2 * x",
         "import numpy as np; print(np.get_printoptions())"),
        ("import sys\ndef double(x):\n    sys.setrecursionlimit(1000 + int(100 * np.max(x)))\n"
         "    return 2 * x", "import sys; print(sys.getrecursionlimit())"),
    ],
    "the process": [
        ("import os\ndef double(x):\n    os.environ['K'] = repr(x)\n    return 2 * x",
         "import os; print(os.environ.get('K'))"),
        ("keep = []\ndef double(x):\n    if not hasattr(x, 'shape'):\n"
         "        keep.append(bytearray(int(100 * x) * 10_000))\n    return 2 * x",
         "print(len(keep), [len(each) for each in keep])"),
        ("import sys\ndef double(x):\n    sys.last_value = x\n    return 2 * x",
         "import sys; print(getattr(sys, 'last_value', None))"),
    ],
    "what goes on by itself": [
        ("import threading, time\nseen = []\ndef double(x):\n    seen.append(repr(x))\n"
         "    return 2 * x\ndef later():\n    while True: time.sleep(0.02); print(seen[-3:])\n"
         "threading.Thread(target=later, daemon=True).start()", ""),
        ("import atexit\nseen = []\ndef double(x):\n    seen.append(repr(x))\n    return 2 * x\n"
         "atexit.register(lambda: print(seen))", ""),
        ("import signal\nseen = []\ndef double(x):\n    seen.append(repr(x))\n"
         "    signal.setitimer(signal.ITIMER_REAL, 0.02)\n    return 2 * x\n"
         "signal.signal(signal.SIGALRM, lambda *a: print(seen))", ""),
    ],
    "an exception's other parts": [
        (f"def double(x):\n{HIDDEN}    e = ValueError('no')\n    e.add_note(repr(x))\n"
         "    raise e", ""),
        (f"def double(x):\n{HIDDEN}    raise ValueError('a') from KeyError(repr(x))", ""),
        (f"import linecache\ndef double(x):\n{HIDDEN}    name = double.__code__.co_filename\n"
         "    linecache.cache[name] = (1, None, [repr(x) + '\\n'] * 50, name)\n"
         "    raise ValueError", ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize("leak", three_each(LEAKS))
def test_what_a_hidden_call_leaves_is_not_told(leak):
    answer, look = leak
    book = notebooks.answered(double=answer)
    book.cells += [new_code_cell(look), new_code_cell("import time; time.sleep(0.2)")]
    assert not re.search(r"7\.25|725|14\.5|1725", told(judge(book)))


SLOW = {
    "stopped by itself": [
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        "import os, signal, time\nif os.fork() == 0:\n    time.sleep(0.1)\n"
        "    os.kill(1, signal.SIGSTOP)\n    os._exit(0)\ntime.sleep(0.5)",
        "get_ipython().kernel._publish_status = lambda *a, **k: None",
    ],
    "floods": [
        "print(('\\x1b[' + '0;' * 30 + ':m') * 20_000)",
        "k = get_ipython().kernel\nfor i in range(2000):\n"
        "    k.session.send(k.iopub_socket, 'status', {'execution_state': 'idle'})",
        "import sys\nfor i in range(20_000): sys.stdout.write('\\r' + str(i))",
    ],
    "objects that show or end slowly": [
        "class R:\n    def __repr__(s):\n        while True: pass\nR()",
        "class D:\n    def __del__(s):\n        while True: pass\nd = D(); d.d = d; del d",
        "open('s', 'wb').truncate(1 << 40)",
    ],
}


@pytest.mark.parametrize("cell", three_each(SLOW))
def test_what_is_slow_costs_its_own_cell(cell):
    book = notebooks.answered()
    book.cells.insert(4, new_code_cell(cell))
    result = judge(book, cell_seconds=5.0)
    assert points(result)["check-double"] == points(result)["check-mean"] == 2.0
    assert result.tries == 1 and len(result.judged) < 1_000_000
