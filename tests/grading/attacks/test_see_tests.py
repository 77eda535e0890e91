"""Hidden tests stay hidden: not in messages, not in the judged notebook, not through outputs."""

import os
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell

from mlpkit.grading.judging.words import Said, mask
from mlpkit.grading.text.vocabulary import vocabulary_of
from tests.grading import notebooks
from tests.grading.judging import judge, points, told

pytestmark = pytest.mark.sandbox


def assert_nothing_seen(result):
    words = told(result)
    for secret in notebooks.SECRETS:
        assert secret not in words


@pytest.mark.parametrize(
    "answer",
    [
        "def double(x): return x",
        "def double(x): return x if hasattr(x, 'shape') else 2 * x",
        "import numpy as np\ndef double(x): return 2 * x if np.ndim(x) else 0",
        "def double(x): raise ValueError(repr(x))",
        "def double(x): return x * 2 if hasattr(x, 'shape') else 1 / 0",
    ],
)
def test_a_failed_hidden_test_shows_none_of_itself(answer):
    result = judge(notebooks.answered(double=answer))
    assert points(result)["check-double"] == 0.0
    assert_nothing_seen(result)


def test_a_failed_hidden_test_does_say_which_call_failed():
    answer = "import numpy as np\ndef double(x): return 2 * x if np.ndim(x) else 0"
    grade = judge(notebooks.answered(double=answer)).grades[0]
    assert grade.hidden
    assert "double(float) → int" in "\n".join(grade.messages)


def test_the_instructors_words_in_a_hidden_test_are_shown():
    answer = "def double(x): return 3 * x"
    messages = judge(notebooks.answered(double=answer)).grades[0].messages
    assert "double is wrong" in messages[0]


@pytest.mark.parametrize(
    "leak",
    [
        "raise ValueError('got ' + repr(x))",
        "raise type('got_' + repr(x), (Exception,), {})()",
        "return type('got_' + repr(x), (), {})()",
        "print('got', x); return None",
        "import warnings; warnings.warn('got ' + repr(x)); return None",
        "from IPython.display import display; display('got ' + repr(x))",
        "import logging; logging.error('got ' + repr(x))",
        "return {'got ' + repr(x): 1}",
    ],
)
def test_a_function_can_not_tell_its_hidden_arguments(leak):
    answer = f"def double(x):\n    if hasattr(x, 'shape'): return 2 * x\n    {leak}"
    result = judge(notebooks.answered(double=answer))
    assert points(result)["check-double"] == 0.0
    assert_nothing_seen(result)


def test_arguments_that_a_function_kept_are_not_printed_later():
    keep = "seen = []\ndef double(x):\n    seen.append(x)\n    return 2 * x"
    submission = notebooks.answered(double=keep)
    submission.cells.append(new_code_cell("print('kept', seen)"))
    result = judge(submission)
    assert result.points == 4.0
    # What is shown comes from before any hidden call: the visible one is kept.
    assert "kept [array(" in result.judged.decode()
    assert_nothing_seen(result)


def test_arguments_written_to_a_file_are_not_printed_later():
    keep = "def double(x):\n    open('kept', 'a').write(repr(x))\n    return 2 * x"
    submission = notebooks.answered(double=keep)
    submission.cells.append(new_code_cell("print(open('kept').read())"))
    assert_nothing_seen(judge(submission))


def test_the_source_of_tests_is_nowhere_in_the_kernel():
    look = """
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
    hits = 0
    for line in maps:
        span, rights = line.split()[:2]
        if "rw" not in rights:
            continue
        low, high = (int(x, 16) for x in span.split("-"))
        try:
            memory.seek(low)
            hits += memory.read(high - low).count(b"gnorw si elbuod"[::-1])
        except (OSError, ValueError, MemoryError):
            pass
print("hits", hits)
"""
    submission = notebooks.answered()
    submission.cells.append(new_code_cell(look))
    words = judge(submission).judged.decode()
    assert "hits 0" in words or "PermissionError" in words


def test_the_judged_notebook_has_the_visible_part_alone():
    words = judge(notebooks.answered()).judged.decode()
    assert "double must keep the shape" in words
    assert "HIDDEN TESTS" not in words
    assert_nothing_seen(judge(notebooks.answered()))


KEEP = "seen = []\ndef double(x):\n    seen.append(x)\n    return 2 * x\n"


@pytest.mark.parametrize(
    "leak",
    [
        "raise ValueError(f'kept {seen}')",
        "raise type(f'kept_{seen}', (Exception,), {})",
        "return type(f'kept_{seen}', (), {})()",
        "return {str(seen)}",
        "return np.zeros(int(100 * seen[-1]))",
        "return np.zeros([int(n) for n in '72' + '5'] if np.ndim(seen[-1]) == 0 else 4)",
        "return [0] * int(100 * seen[-1])",
    ],
)
def test_arguments_that_a_function_kept_are_not_told_by_a_later_visible_test(leak):
    submission = notebooks.answered(double=KEEP, mean_square=f"def mean_square(x):\n    {leak}")
    result = judge(submission)
    assert points(result)["check-double"] == 2.0
    assert points(result)["check-mean"] == 0.0
    words = told(result)
    assert "725" not in words and "7, 2, 5" not in words
    assert_nothing_seen(result)


def test_the_size_of_a_result_does_not_tell_a_hidden_argument():
    answer = "def double(x): return 2 * x if hasattr(x, 'shape') else np.zeros(int(100 * x))"
    result = judge(notebooks.answered(double=answer))
    assert "double(float) → array (?,) float64" in result.grades[0].messages[1]


def test_what_went_wrong_before_a_reader_sees_it_is_still_said_in_the_submissions_words():
    # The hidden test of the first exercise came before; the words are those of another run.
    answer = "def mean_square(x):\n    raise ValueError(f'no mean of {x.shape}')"
    grade = judge(notebooks.answered(mean_square=answer)).grades[1]
    line = "your line 2, `raise ValueError(f'no mean of {x.shape}')`"
    assert grade.messages[0] == f"mean_square raised ValueError: no mean of (2,) ({line})"


PARTS = """\
import contextlib
earned, said = 0.0, []
@contextlib.contextmanager
def part(title):
    global earned
    try:
        yield
        earned += 0.5
    except Exception as error:
        said.append(f"- {title}: {error}")
with part("rows"):
    assert double(3.0) == 6.0, "three"
with part("columns"):
    assert double(np.ones((2, 3))).shape == (2, 3), "another shape"
### BEGIN HIDDEN TESTS
print("secret_words")
for size in (4, 5):
    with part(f"size {size}, large"):
        assert double(7.25 * np.ones(size))[0] == 14.5, "not twice"
### END HIDDEN TESTS
if not earned:
    raise AssertionError("not right yet\\n" + "\\n".join(said))
print("\\n".join(said))
earned"""


def in_parts(answer):
    """Judge one exercise whose test gives credit in parts and lists what is wrong."""
    course = notebooks.notebook(
        notebooks.locked("imports", notebooks.IMPORTS),
        notebooks.solution("double", notebooks.ANSWER),
        notebooks.check("check", PARTS),
    )
    return judge(notebooks.answered(course, double=answer), course)


def test_partial_credit_comes_with_each_reason_and_its_call():
    grade = in_parts("def double(x): return 2 * x if np.ndim(x) == 0 else x.T").grades[0]
    assert grade.points == 0.5
    assert grade.hidden
    assert grade.messages == [
        "columns: another shape",
        "The last call was double(array (2, 3) float64) → array (3, 2) float64.",
        "Hidden check: size 4, large: not twice",
        "The last call was double(array (5,) float64) → array (5,) float64.",
        "Hidden check: size 5, large: not twice",
        "The last call was double(array (5,) float64) → array (5,) float64.",
    ]


@pytest.mark.parametrize("wrong", ["return x", "raise ValueError(repr(x))"])
def test_what_a_hidden_part_prints_or_meets_is_not_told_with_the_reasons(wrong):
    small = in_parts(
        f"def double(x):\n    if np.shape(x) in ((), (2, 3)): return 2 * x\n    {wrong}"
    )
    nothing = in_parts(f"def double(x):\n    {wrong}")
    assert small.points == 1.0 and nothing.points == 0.0 + (wrong == "return x") * 0.5
    for result in (small, nothing):
        assert_nothing_seen(result)
        assert any("Hidden check: size" in message for message in result.grades[0].messages)


# What a hidden call read from the disk is in the system's memory, for any process to find out.
FILES = sorted(Path(os.__file__).parent.joinpath("idlelib").glob("*.py"))[:23]
CACHE = f"""
import os
FILES = {[str(path) for path in FILES]}
def cached(path):
    file = os.open(path, os.O_RDONLY)
    try:
        os.preadv(file, [bytearray(1)], 0, os.RWF_NOWAIT)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(file)
def forget(path):
    file = os.open(path, os.O_RDONLY)
    os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(file)
"""
ENCODE = (
    CACHE
    + """
def double(x):
    if not hasattr(x, "shape"):
        for bit in range(10):
            if int(100 * x) >> bit & 1:
                for path in (FILES[1 + bit], FILES[11 + bit]):
                    with open(path) as file: file.read()
    return 2 * x
"""
)
# To look at a file reads it too: each run of the notebook has ten of its own.
DECODE = (
    "sum(cached(FILES[1 + bit + 10 * later]) << bit"
    " for later in [cached(FILES[0])] for bit in range(10))"
)


def forget_files():
    """Take the files out of the system's memory, where that works; else say why nothing is seen."""
    names = {}
    exec(CACHE, names)
    for path in FILES:
        names["forget"](str(path))
    FILES[-2].read_text()
    if [names["cached"](str(path)) for path in FILES[-2:]] != [True, False]:
        pytest.skip("no way here to see which files the system holds in memory")


@pytest.mark.parametrize(
    "show",
    [
        f"print('read', {DECODE})",
        f"def mean_square(x):\n    raise ValueError(f'read {{{DECODE}}}')",
        f"def mean_square(x):\n    return np.zeros(1 + {DECODE})",
    ],
    ids=["a cell's output", "an exception's words", "a result's size"],
)
def test_what_a_hidden_call_left_in_the_systems_memory_is_not_shown(show):
    forget_files()
    submission = notebooks.answered(double=ENCODE)
    submission.cells.insert(4, new_code_cell(show))
    if show.startswith("def"):
        del submission.cells[5]
        submission.cells[4].metadata = notebooks.about("mean_square", solution=True)
    result = judge(submission)
    assert points(result)["check-double"] == 2.0
    assert not re.search(r"(read |array \()72[56]", told(result))
    assert re.search(r"read \d|→ array \(\d,\)", told(result))  # it did look


VALUES = """\
from mlpkit.exercises import check, check_close, graded
@graded(4, "twice")
def test(credit, rng):
    with credit.part(2, "one"):
        check_close("double(1)", double(1.0), 2.0)
### BEGIN HIDDEN TESTS
    with credit.hidden(2, "another"):
        answer = double(7.25)
        check(not isinstance(answer, dict), f"not a dict: {answer}")
        check(not isinstance(answer, str), f"not {answer}")
        check_close("double(x)", answer, 14.5)
### END HIDDEN TESTS
test"""


@pytest.mark.parametrize(
    "leak", ["x", "np.full((8, 9), x)", "str(x)", "{str(x): x}", "[x, str(x)]", "(725,)"]
)
def test_a_hidden_check_tells_no_value_that_a_function_returned(leak):
    course = notebooks.notebook(
        notebooks.locked("imports", notebooks.IMPORTS),
        notebooks.solution("double", notebooks.ANSWER),
        notebooks.check("check", VALUES, 4),
    )
    answer = f"def double(x):\n    return 2.0 if x == 1 else {leak}"
    grade = judge(notebooks.answered(course, double=answer), course).grades[0]
    assert grade.points == 2.0
    words = "\n".join(grade.messages)
    assert words.startswith("Hidden check: another: ")
    assert "7.25" not in words and "725" not in words


# A hidden check that says all of an answer: the argument is 725 = 0b1011010101.
SAYS_ALL = """\
from mlpkit.exercises import check, check_close, graded
@graded(4, "twice")
def test(credit, rng):
    with credit.part(1, "one"):
        check_close("double(1)", double(1.0), 2.0)
### BEGIN HIDDEN TESTS
    for number in (725, 298):
        with credit.hidden(1.5, "another"):
            answer = double(number)
            names = sorted(map(str, answer)) if isinstance(answer, dict) else ""
            check(not isinstance(answer, dict), f"got a dict, expected no names like {names}")
            several = isinstance(answer, list | tuple)
            check(not several, f"expected a number: got {answer!r}, {answer}")
            check_close("double(x)", answer, 2 * number, 0)
### END HIDDEN TESTS
test"""
BITS = "[x >> bit & 1 for bit in range(10)]"
SPELLED = {
    "True and False": f"[bool(bit) for bit in {BITS}]",
    "a tuple of them": f"tuple(bool(bit) for bit in {BITS})",
    "lists and tuples": f"[[] if bit else () for bit in {BITS}]",
    "None and more": f"[None if bit else {{}} for bit in {BITS}]",
    "nan and inf": f"[float('nan') if bit else float('inf') for bit in {BITS}]",
    "signs": f"[-1 if bit else 1 for bit in {BITS}]",
    "how many": "[0] * (x // 10)",
    "how deep": "(lambda f, n: f(f, n))(lambda f, n: [f(f, n - 1)] if n else 0, x // 25)",
    "an array's bits": f"np.array({BITS}, dtype=bool)",
    "a list of arrays": f"[np.zeros(2 if bit else 0) for bit in {BITS}]",
    "the words of the check": f"['expected' if bit else 'got' for bit in {BITS}]",
    "in capitals": f"['EXPECTED' if bit else 'Got' for bit in {BITS}]",
    "in one string": f"[' '.join('expected' if bit else 'got' for bit in {BITS})]",
    "words in keys": f"{{'got' * bit + '_' * n: n for n, bit in enumerate({BITS})}}",
    "tuples as keys": f"{{tuple({BITS}): 1}}",
    "letters that leave holes": "{x: 1 for n, x in enumerate('gotadictex') if number >> n & 1}",
    "lengths of strings": f"['a' * (1 + bit) for bit in {BITS}]",
}  # fmt: skip


@pytest.fixture(scope="module")
def says_all():
    return notebooks.notebook(
        notebooks.locked("imports", notebooks.IMPORTS),
        notebooks.solution("double", notebooks.ANSWER),
        notebooks.check("check", SAYS_ALL, 4),
    )


@pytest.mark.parametrize("spelled", SPELLED)
def test_a_hidden_check_says_the_same_whatever_number_an_answer_spells(says_all, spelled):
    """Two arguments whose bits are each other's opposite: told apart, they would be told."""
    answer = "def double(x):\n    if x == 1:\n        return 2.0\n    number = x\n"
    answer += f"    return {SPELLED[spelled]}"
    grade = judge(notebooks.answered(says_all, double=answer), says_all).grades[0]
    said = [each for each in grade.messages if each.startswith("Hidden check")]
    assert grade.points == 1.0 and len(said) in (1, 2)
    for line in said:
        assert line.startswith("Hidden check: another")
        assert len(line) < 90 and set(line) <= set("abcdefghijklmnopqrstuvwxyzH() 0123456789:,…")
        assert not re.search(r"(True|False|None|nan|inf|\[|725|298|got.*got.*got)", line)
    assert len({re.sub(r"another.*?: ", "", line) for line in said}) == 1 or "letters" in spelled


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("size 4, large: not twice", "size 4, large: not twice"),
        ("another: got 7.25, expected a number", "another: got …, expected a number"),
        (
            "another: H: entry [0, 3] is 7, which is wrong",
            "another: H: entry … is …, which is wrong",
        ),
        ("another (and 2 more parts): H is wrong", "another (and 2 more parts): H is wrong"),
        ("another: XQ is wrong", "another: … is wrong"),
        ("another: [(), [], ()] is wrong", "another: … is wrong"),
        ("another: double raised KeyError", "another: double raised KeyError"),
        ("got 725: is wrong", "got …: is wrong"),
        ("XQ: is wrong", "…: is wrong"),
        ("another: expected a tuple, got list", "another: expected a tuple, got list"),
    ],
)
def test_of_a_hidden_message_stay_the_instructors_words(message, kept):
    seen = "with credit.part(1, 'one'):\n    check(H, 'H is wrong, got a number, expected a tuple')"
    hidden = f"{seen}\nfor n in 1, 2:\n  with credit.hidden(1, f'size {{n}}, large'): pass\n"
    hidden += "with credit.hidden(1, 'another'): check(double(x) == 'XQ', 'not twice')"
    known = vocabulary_of([hidden], [seen, "double = 1"])
    plan = SimpleNamespace(vocabulary=known)
    assert mask(Said(message, hidden=True), [], plan).text == kept


STATE = """\
size = 1
def double(x):
    return (2 * x) if size == 1 else 0
"""


@pytest.mark.parametrize(
    "later",
    ["size = 2", "def double(x): return 0", "import numpy as np\ndel double", "box.append(2)",
     "import os; os._exit(0)", "np.ndarray = None"],
)  # fmt: skip
def test_a_hidden_part_meets_the_state_that_the_notebook_had_at_its_test(later):
    answer = STATE if "box" not in later else STATE.replace("= 1\ndef", "= 1\nbox = []\ndef")
    answer = answer.replace("size == 1", "not box") if "box" in later else answer
    submission = notebooks.answered(double=answer)
    submission.cells.append(new_code_cell(later))
    result = judge(submission)
    assert (points(result)["check-double"], points(result)["check-mean"]) == (2.0, 2.0)
