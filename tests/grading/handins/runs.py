"""What happens only when the cells are run: missing modules, windows, ends, settings that stay."""

from tests.grading.handins.handin import (
    DOUBLE,
    MEAN,
    Handin,
    book,
    code,
    insert,
    put,
    silent,
)


def above(source, place="double", **texts):
    """Give a hand-in with a cell of the student's own above a named one."""
    return book(lambda g, c: insert(g, place, code(source)), **texts)


def answer(double, mean=MEAN):
    return book(double=double, mean_square=mean)


def needs(*modules):
    return "\n".join(f"import {module}" for module in modules) + "\n" + DOUBLE


# Kind 7: the cause is told, and not only what is missing then.
CAUSES = {
    "a missing module": Handin(answer(needs("seaborn_x")), 2, ("'seaborn_x' isn't installed",)),
    "a missing module, from it": Handin(
        answer("from no_such.part import thing\n" + DOUBLE), 2, ("'no_such' isn't installed",)
    ),
    "a missing module, in a cell above a helper": Handin(
        above("import no_such\ndef two(): return 2", double="def double(x):\n    return two() * x"),
        0,
        ("'no_such' isn't installed", "the cell 3 stopped"),
    ),
    "a window of Qt": Handin(above("%matplotlib qt\ntwo = 2"), said=("asks for a window",)),
    "a window of Tk, above an answer": Handin(
        answer("%matplotlib tk\n" + DOUBLE), said=("'double' asks for a window",)
    ),
    "widgets of matplotlib": Handin(
        above("%matplotlib notebook\n%matplotlib widget\n"), said=("asks for a window",)
    ),
    "a backend, chosen": silent(
        answer("import matplotlib\nmatplotlib.use('TkAgg')\n" + DOUBLE), waits=False
    ),
    "a backend, switched": silent(
        answer("import matplotlib.pyplot as plt\nplt.switch_backend('QtAgg')\n" + DOUBLE)
    ),
    "a window's loop": Handin(above("%gui qt\ntwo = 2"), said=("asks for a window",)),
    "inline": silent(above("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1])")),
    "newer syntax: type": Handin(
        answer("type Pair = tuple[int, int]\n" + DOUBLE), 2, ("'double' is no code for Python 3.",)
    ),
    "newer syntax: generic": Handin(
        answer("def double[T](x: T) -> T:\n    return 2 * x"), 2, ("is no code for Python 3.",)
    ),
    "newer syntax: quotes": Handin(
        answer(DOUBLE + 'print(f"{\'a\' + "b"}")'), 2, ("is no code for Python 3.",)
    ),
    "spaces that don't break": Handin(
        answer(DOUBLE.replace("    ", "\u00a0" * 4)), 2, ("character U+00A0 (no-break space)",)
    ),
    "quotes of a word processor": Handin(
        answer("name = \u201cx\u201d\n" + DOUBLE), 2, ("U+201C (left double quotation mark)",)
    ),
    "a character without width": Handin(
        answer(DOUBLE.replace("double", "dou\u200bble")), 2, ("U+200B (zero width space)",)
    ),
    "git's marks of a conflict": Handin(
        answer(f"<<<<<<< HEAD\n{DOUBLE}=======\n{DOUBLE}>>>>>>> origin/main"),
        2,
        ("'double' stand git's marks",),
    ),
    "an error in the middle": Handin(
        answer("one = undefined\n" + DOUBLE), 2, ("'double' stopped with NameError",)
    ),
    "an error in a scratch cell": silent(above("np.zeros(3)[7]", "check-double")),
}

TWO = "def double(x):\n    return two() * x"
HELPER = "\ndef two():\n    return 2\n"


def above_helper(lines):
    """Answer with a function that needs another, which stands below these lines."""
    return above(lines + HELPER, double=TWO, mean_square=MEAN)


# Kind 8: a line that reaches for what is done by hand takes nothing else with it.
AWAY = "can't be used here: this exercise is written by hand"
ONE_LINE = {
    "from the kit, above a helper": Handin(
        above_helper("from mlpkit.network import MLP"),
        said=(f"mlpkit {AWAY}",),
    ),
    "the kit as a name": Handin(above_helper("import mlpkit.losses as losses"), said=(AWAY,)),
    "used in the cell": Handin(
        above_helper("from mlpkit.network import MLP\nnet = MLP([2, 3])\nprint(net.W)"),
        said=(AWAY,),
    ),
    "scipy in the answer's cell": Handin(
        answer("from scipy.special import expit\nimport scipy.linalg\n" + DOUBLE), said=(AWAY,)
    ),
    "under with, and reckoned with": Handin(
        above_helper("import mlpkit.losses as m\nwith m.x():\n    y = 2 * m.a[0] + 1"),
        said=(AWAY,),
    ),
    "a class derived from it": Handin(
        above_helper("from mlpkit.network import MLP\nclass Net(MLP): pass"),
        said=(AWAY,),
    ),
    "used in the function": Handin(
        answer(
            "from mlpkit.network import MLP\ndef double(x):\n    MLP\n    MLP()\n    return 2 * x"
        ),
        2,
        (AWAY,),
    ),
    "as NumPy's name, between the answers": Handin(
        above("import scipy.special as np", "mean_square", double=DOUBLE, mean_square=MEAN),
        said=(AWAY,),
    ),
    "as NumPy's name, from it": Handin(
        answer("from mlpkit import network as np\n" + DOUBLE), said=(AWAY,)
    ),
    "as NumPy's name, below the answers": Handin(
        answer(DOUBLE, MEAN + "import mlpkit.losses as np"), said=(AWAY,)
    ),
    "imported in the function": Handin(
        answer("def double(x):\n    import mlpkit.network\n    return 2 * x"), 2, (AWAY,)
    ),
}

# Kind 9: one answer each time, and the cells behind are run.
ENDS = {
    f"{end}, {where}": Handin(hand_in, said=("by quit(), exit()",))
    for end in (
        "quit()",
        "exit()",
        "import sys; sys.exit()",
        "get_ipython().ask_exit()",
        "raise SystemExit",
    )
    for where, hand_in in {
        "below an answer": answer(DOUBLE + end),
        "below the last answer": answer(DOUBLE, MEAN + end),
        "in a cell between": above("one = 1\n" + end, "mean_square"),
    }.items()
}
SHUT = "import IPython\nIPython.Application.instance().kernel.do_shutdown(True)"
ENDS["shut down, in a cell between"] = Handin(above(SHUT, "mean_square"), said=("by quit()",))
ENDS["the loop is stopped"] = silent(
    above("import asyncio\nasyncio.get_event_loop().stop()", "mean_square")
)

CHECKED = "def double(x):\n    assert {}\n    return 2 * x"
DEEP = "def deep(n):\n    return 0 if n == 0 else 1 + deep(n - 1)\n"
# Kind 10: what stays set in one cell doesn't reach a test's call.
STATE = {
    "floating-point errors": silent(
        above(
            "np.seterr(all='raise')",
            double="def double(x):\n    np.exp(1e4)\n    return 2 * x",
            mean_square=MEAN,
        )
    ),
    "warnings as errors": silent(
        above(
            "import warnings\nwarnings.simplefilter('error')",
            double="def double(x):\n    warnings.warn('x')\n    return 2 * x",
            mean_square=MEAN,
        )
    ),
    "floating-point warnings as errors": silent(
        above(
            "import warnings\nwarnings.filterwarnings('error')",
            double="def double(x):\n    np.log(np.zeros(1))\n    return 2 * x",
            mean_square=MEAN,
        )
    ),
    "how arrays are printed": silent(
        above(
            "np.set_printoptions(precision=1, threshold=2)",
            double=CHECKED.format("np.get_printoptions()['precision'] == 8"),
            mean_square=MEAN,
        )
    ),
    "decimal numbers": silent(
        above(
            "import decimal\ndecimal.getcontext().prec = 2",
            double=CHECKED.format("decimal.getcontext().prec == 28"),
            mean_square=MEAN,
        )
    ),
    "another folder": Handin(
        put(
            {
                "sheet.ipynb": above(
                    "import os, tempfile\nos.chdir(tempfile.mkdtemp())",
                    double="def double(x):\n    return int(open('two.txt').read()) * x",
                    mean_square=MEAN,
                ),
                "two.txt": "2",
            }
        ),
        said=("'two.txt'",),
    ),
    "a folder that is gone": silent(
        above(
            "import os, tempfile\ngone = tempfile.mkdtemp()\nos.chdir(gone)\nos.rmdir(gone)",
            double=CHECKED.format("os.getcwd()"),
            mean_square=MEAN,
        )
    ),
    "recursion": silent(
        above(
            DEEP + "import sys\nsys.setrecursionlimit(120)",
            double=CHECKED.format("deep(400) == 400"),
            mean_square=MEAN,
        )
    ),
    "seeds": silent(
        above(
            "import random\nseen = set()\ndef draw():\n"
            "    random.seed(random.random()); np.random.seed(3)",
            double="def double(x):\n    now = np.random.rand(), random.random()\n"
            "    assert now not in seen\n    seen.add(now)\n    draw()\n    return 2 * x",
            mean_square=MEAN,
        )
    ),
}

POOL = """\
import multiprocessing, time
with multiprocessing.get_context("fork").Pool({}) as pool:
    assert pool.map(abs, range(-40, 0))[0] == 40; time.sleep(0.3)
"""
# Kind 14: what an honest program needs is no excess.
HONEST = {
    "20 processes": silent(answer(POOL.format(20) + DOUBLE)),
    "40 processes": silent(answer(POOL.format(40) + DOUBLE)),
    "50 threads": silent(
        answer(
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(50) as pool:\n    list(pool.map(abs, range(99)))\n" + DOUBLE
        )
    ),
    "characters that are none": silent(
        answer("print('\\ud800'.encode('utf-8', 'replace'))\n" + DOUBLE)
    ),
}
