"""Hidden tests stay hidden: not in messages, not in the judged notebook, not through outputs."""

import pytest
from nbformat.v4 import new_code_cell

from tests.grading import notebooks
from tests.grading.judging import judge, points, told

# What only the hidden part of the small course's first test holds.
SECRETS = ("secret_words", "7.25", "14.5", "x + x")


def assert_nothing_seen(result):
    words = told(result)
    for secret in SECRETS:
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
