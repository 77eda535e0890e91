"""Hidden tests stay hidden: not in messages, not in the judged notebook, not through outputs."""

import pytest
from nbformat.v4 import new_code_cell

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
    assert "kept []" in result.judged.decode()
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
        "return np.zeros((7, 2, 2 + 3, 1))",
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
