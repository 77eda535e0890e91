"""The line between judge and kernel: whole answers to the last question, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlpkit.grading.room.line import HEAD, Broken, Line


@pytest.fixture
def line():
    made = Line(1000)
    yield made
    made.close()


def message(number, content):
    return HEAD.pack(number, len(content)) + content


@given(content=st.binary(max_size=500), data=st.data())
def test_an_answer_is_whole_however_it_is_cut(content, data):
    line, sent = Line(1000), message(1, content)
    line.ask(b"?")
    cut = data.draw(st.integers(1, len(sent)))
    line.theirs.sendall(sent[:cut])
    found = line.receive()
    if cut < len(sent):
        assert found is None
        line.theirs.sendall(sent[cut:])
        found = line.receive()
    assert found == content
    line.close()


@pytest.mark.parametrize("other", [0, 2, 1 << 60])
def test_answers_to_other_questions_are_dropped(line, other):
    line.ask(b"?")
    line.theirs.sendall(message(other, b"forged") + message(1, b"answer"))
    assert line.receive() == b"answer"


@pytest.mark.parametrize("size", [1001, 1 << 40, (1 << 64) - 1])
def test_a_message_that_is_too_large_is_refused_before_it_comes(line, size):
    line.theirs.sendall(HEAD.pack(1, size))
    with pytest.raises(Broken, match="too much"):
        line.receive()


@pytest.mark.parametrize("before", [b"", b"half", message(7, b"x")])
def test_an_end_that_is_closed_is_noticed(line, before):
    line.ask(b"?")
    line.theirs.sendall(before)
    line.theirs.close()
    with pytest.raises(Broken, match="closed"):
        line.receive() or line.receive()


def test_a_question_that_nobody_reads_makes_nobody_wait(line):
    line.ask(bytes(10 << 20))
    line.send()
    assert line.unsent
    assert line.receive() is None
