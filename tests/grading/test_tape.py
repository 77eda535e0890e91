"""A test's second run hears what the kernel answered in the first, as long as it asks the same."""

import pytest

from mlpkit.grading.room.tape import LARGEST, Tape
from tests.grading import notebooks
from tests.grading.judging import judge, points


def recorded(*pairs):
    tape = Tape()
    for question, answer in pairs:
        tape.keep(question, answer)
    tape.rewind()
    return tape


def test_answers_are_heard_in_their_order_until_another_question():
    tape = recorded(("a", b"1"), ("a", b"2"), ("b", b"3"), ("c", b"4"))
    assert [tape.hear(question) for question in "aab"] == [b"1", b"2", b"3"]
    assert [tape.hear(question) for question in "dcab"] == [None] * 4


@pytest.mark.parametrize("size", [LARGEST + 1, LARGEST, LARGEST // 2 + 1])
def test_what_does_not_fit_is_asked_again_and_so_is_all_after_it(size):
    tape = recorded(("a", bytes(size)), ("b", bytes(size)), ("c", b""))
    heard = [tape.hear(question) for question in "abc"]
    assert (heard[0] is None) == (size >= LARGEST)
    assert heard[1:] == [None, None]


COUNTED = """\
calls = 0
def double(x):
    global calls
    calls += 1
    {more}
    return 2 * x
def mean_square(x):
    return {result}
"""


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", 2.0),  # the visible call was made once
        ("if calls > 2: return None", 2.0),
        ("if calls > 1: return None", 0.0),  # the hidden one is the second
    ],
)
def test_the_visible_calls_of_a_test_are_made_once(more, expected):
    answer = COUNTED.format(more=more, result="float((x**2).mean())")
    course = notebooks.notebook(*notebooks.course().cells[:4])
    result = judge(notebooks.answered(course, double=answer), course)
    assert points(result)["check-double"] == expected
