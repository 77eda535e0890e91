"""A wrong answer is known by what it does, and an answer that can't be called says why."""

import pytest

from mlpkit.by_hand import WORDS
from mlpkit.grading.insight.names import enough
from mlpkit.grading.job import Signature
from mlpkit.grading.judging.probes import record
from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.workers.servers import judge_submission
from tests.grading import notebooks
from tests.grading.notebooks import answered, job, new_code_cell

BOTH = ["check-double", "check-mean"]


def signed(submission, **fields):
    result = judge_submission(job(submission, sign=BOTH, **fields))
    assert result.grades == [] and result.judged == b""
    return result.signatures


def of_double(text, **fields):
    return signed(answered(double=text), **fields)["check-double"]


def test_the_calls_of_the_official_solution_are_recorded_the_same_each_time():
    given = job(b"")
    plan = read_plan(given.source, given.released)
    first, second = (record(plan, BOTH) for _ in range(2))
    assert [len(first[name].calls) for name in BOTH] == [3, 1]  # those of hidden parts too
    assert {name: each.version for name, each in first.items()} == {
        name: each.version for name, each in second.items()
    }
    assert record(plan, ["check-mean"]).keys() == {"check-mean"}


@pytest.mark.sandbox
def test_one_mistake_has_one_signature_however_it_is_written():
    one = of_double("def double(x): return 3 * x")
    other = of_double("import numpy\ndef double(x):\n    print('called')\n    return x + x + x")
    assert one == other and one.state == "wrong" and one.values > 0
    assert (one.calls, one.right) == (3, 0)
    assert one.digest != of_double("def double(x): return 4 * x").digest
    assert of_double("def double(x): return 2 * x").right == 3
    nothing = of_double("def double(x): return 0 * x")
    assert nothing.values == 0 and not enough(nothing)  # many mistakes come to 0


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "text,state,cause",
    [
        ("def double(x):\n    raise NotImplementedError", "blank", ""),
        ("import seaborn\ndef double(x): return 2 * x", "not run", "needs seaborn"),
        ("def double(x):\n    import seaborn.x\n    return x", "not run", "needs seaborn"),
        ("def double(x): return factor * x", "not run", "factor is not defined"),
        ("def double(x) return x", "not run", "its cell stopped with SyntaxError"),
        ("def twice(x): return 2 * x", "not run", "double is not defined"),
        ("1 / 0\ndef double(x): return x", "not run", "its cell stopped with ZeroDivisionError"),
        ("def double(x): return 3 * x", "wrong", ""),
        ("def double(x): raise ValueError('no')", "wrong", ""),
        ("def double(x):\n    while True: pass", "wrong", ""),
    ],
)
def test_not_answered_not_run_and_wrong_are_three_things(text, state, cause):
    found = of_double(text)
    assert (found.state, found.cause) == (state, cause)
    assert bool(found.digest) == (state == "wrong" and "while" not in text)


@pytest.mark.sandbox
def test_what_is_blank_broken_or_written_elsewhere_is_told_apart():
    blank = notebooks.release(notebooks.course())
    assert signed(blank) == dict.fromkeys(BOTH, Signature("blank"))
    broken = signed(b"no notebook")["check-double"]
    assert broken.state == "not run" and "no notebook" in broken.cause
    blank.cells.insert(1, new_code_cell("def double(x): return 3 * x"))
    assert signed(blank)["check-double"].state == "wrong"


@pytest.mark.sandbox
def test_nothing_that_a_signature_run_prints_or_returns_is_kept():
    told = "def double(x):\n    print('secret', x)\n    raise ValueError(f'secret {x}')"
    result = judge_submission(job(answered(double=told), sign=BOTH))
    assert "secret" not in str(result.to_json())


HEARD = "HEARD = []\ndef word(x):\n    HEARD.append('y' + ''.join(filter(str.isalnum, repr(x))))\n"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("raise ModuleNotFoundError(f\"No module named '{HEARD[0]}'\")", "needs another module"),
        ("raise NameError(f\"name '{HEARD[0]}' is not defined\")", "a name is not defined"),
        (f"raise ImportError(HEARD[0] + {' ' + WORDS!r})", "uses another module"),
        ("raise type(HEARD[0], (Exception,), {})(HEARD[0])", ""),
    ],
)
def test_no_word_that_a_hidden_call_was_turned_into_is_kept(text, cause):
    told = f"{HEARD}def double(x):\n    word(x)\n    {text}"
    after = "raise type((HEARD or ['Unheard'])[0], (Exception,), {})\ndef mean_square(x): return x"
    found = signed(answered(double=told, mean_square=after))
    assert "yarray" not in str(found) and cause in found["check-double"].cause
    assert found["check-mean"].cause == "its cell stopped with an error"
