"""What looks at a class's code again is held up by nobody's: reports, copies, talks, names."""

import json
import time

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.insight import copies, planting, shared, viva
from mlpkit.grading.insight.bare import normal, without_comments
from mlpkit.grading.insight.examples import example
from mlpkit.grading.insight.likeness import tail
from mlpkit.grading.insight.planting import MARK, changed_lines, looks, told
from mlpkit.grading.judging.stopped import answered
from mlpkit.grading.text.pieces import Piece
from mlpkit.grading.text.plan import read_plan
from tests.grading import notebooks
from tests.grading.attacks.injections import Page
from tests.grading.course_factory import grade, make_course

HEAD = "def double(x):\n"
CODE = {
    "a long sum": HEAD + "    return " + "+".join(["x"] * 900),
    "many brackets": HEAD + "    y = " + "(" * 150 + "x" + ")" * 150 + "\n    return y",
    "many signs": HEAD + "    y = " + "-" * 190 + "x\n    return y",
    "attributes": HEAD + "    return x" + ".a" * 1500,
    "many magics": HEAD + "    return x\n" + "%x\n" * 700,
    "many questions": HEAD + "    return x\n" + "a?\n" * 700,
    "many lines": HEAD + "".join(f"    a{at} = x + {at}\n" for at in range(2600)) + "    return a1",
    "one long line": HEAD + "    y = " + ",".join(["x[0] * 2"] * 5000) + "\n    return y",
    "many functions": "".join(
        f"def f{at}(x):\n    y = x + 1\n    return y\n" for at in range(1000)
    ),
    "no code": "\ud800def double(x:" + "a=" * 20_000,
}


def book(source):
    """Give a judged notebook with this answer."""
    return json.dumps(notebooks.answered(double=source)).encode()


@pytest.mark.parametrize("source", CODE.values(), ids=CODE)
def test_code_of_any_kind_is_looked_at_in_bounded_time(source):
    course = notebooks.content(notebooks.course())
    plan = read_plan(course, notebooks.released(course))
    start = time.process_time()
    assert normal(source) == normal(source + "\n") and without_comments(source)
    plants = [*changed_lines("t", "c", source, ""), *looks("t", "c", source, "")]
    assert len(plants) < 1000 and all(plant.changed for plant in plants)
    assert isinstance(example(book(source), "check-double"), str)
    answered(plan, [Piece("code", source)], "check-double")
    assert time.process_time() - start < 5


@pytest.mark.parametrize("said", ["{[]: 1}", "{{}: 'x'}", "{('a', []): ()}", "{'a': (1, [])}"])
def test_what_is_said_in_a_looks_place_ends_nothing(said):
    assert told([f"{MARK} {said}"]) == {}
    assert told([f"{MARK} {said}", f"{MARK} {{'y': 'int'}}"]) == {"y": "int"}


@pytest.mark.parametrize("number", [18, 24, 30])
def test_the_chance_of_many_exercises_is_found_at_once(number):
    events = [(0.1 + 0.01 * at, at % 3 > 0) for at in range(number)]
    start = time.process_time()
    chance = tail(events)
    assert time.process_time() - start < 1
    assert 0 < chance < 1 and tail(events[::-1]) == chance


CLASS = {
    **{
        f"long{at}": notebooks.answered(
            double=CODE["many lines"] + " + 0.5", words="more and more words " * 2000
        )
        for at in range(2)
    },
    "deep": notebooks.answered(double=CODE["a long sum"], mean_square=CODE["many signs"]),
    "magic": notebooks.answered(double=CODE["many questions"], mean_square=CODE["many magics"]),
    "surrogate": notebooks.content(
        notebooks.answered(double=HEAD + "    y = x + 1 # SURROGATE\n    return y")
    ).replace(b"SURROGATE", b"\\ud800"),
    "binary": bytes(range(256)) * 100,
    "endless": notebooks.answered(double=HEAD + "    while True: pass"),
    "liar": notebooks.answered(
        double=HEAD + f'    y = 2 * x\n    if MARK in open("/proc/self/comm").read(): pass\n'
        f'    raise RuntimeError("{MARK} {{[]: 1}}")'
    ),
    "honest": notebooks.answered(words="Because it is so, and that is all there is to it here."),
}


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_class_with_such_work_is_reported_on_compared_and_asked(tmp_path, capsys):
    course = make_course(tmp_path, CLASS, config="c.Execute.timeout = 4\n")
    grade(course)
    command = ["--course", str(tmp_path)]
    to = ["--to", str(tmp_path / "out")]
    for words in (["report", "ps1"], ["copies", "ps1"], ["viva", "ps1"]):
        assert main([*command, *words, *to]) == 0
    capsys.readouterr()
    compared = (tmp_path / "out/ps1-copies.html").read_text("utf-8")
    asked = (tmp_path / "out/answers.html").read_text("utf-8")
    for page in (compared, asked, (tmp_path / "out/ps1.html").read_text("utf-8")):
        assert Page(page).found == [] and len(page) < 1_000_000
    assert f"Code longer than {copies.LONGEST:,} letters was compared by its words" in compared
    assert f"the first {shared.MOST_WORDS:,} words were compared: long0 and long1." in compared
    assert f"check-double: a cell of more than {planting.LONGEST:,} letters" in asked
    for student in CLASS:
        assert f">{student}</h2>" in asked


@pytest.mark.parametrize("seconds", [viva.LONGEST + 1, 10 * viva.LONGEST])
def test_who_took_long_is_not_run_again_and_that_is_said(seconds, tmp_path):
    course = make_course(tmp_path, {"ada": notebooks.answered()})
    work = viva.Work("ada", {}, {}, {}, seconds)
    talk = viva._Talk(course, "ps1", work, [], {})
    talk.find_plants()
    assert list(talk.next_plants()) == []
    assert talk.sheet.left == [f"judging it took {seconds:.0f} seconds, so it isn't run again"]
