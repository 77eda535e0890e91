"""What looks at a class's code again is held up by nobody's: reports, copies, talks, names."""

import json
import time

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.insight import copies, planting, shared, viva
from mlpkit.grading.insight.bare import normal, without_comments
from mlpkit.grading.insight.examples import example
from mlpkit.grading.insight.likeness import tail
from mlpkit.grading.insight.names import Names
from mlpkit.grading.insight.planting import MARK, changed_lines, looks, told
from mlpkit.grading.job import CourseError
from mlpkit.grading.judging.stopped import answered
from mlpkit.grading.text.names import tree
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


THREE = "    return 3 * x"
# Where a student's name may stand in an answer.
SIGNED = {
    "below a magic": f"%matplotlib inline\n# By Ada\n{HEAD}{THREE}",
    "in a shell's command": f"!echo Ada\n{HEAD}{THREE}  # Ada",
    "below a cell's magic": f"%%time\n# By Ada\n{HEAD}{THREE}",
    "in a question": f"# By Ada\n{HEAD}{THREE}\ndouble?",
    "in long code": f"# By Ada\n{HEAD}{THREE}\n" + "y = 1\n" * 2000,
    "in deep code": f"# By Ada\n{HEAD}    return " + "-" * 3000 + "x",
    "beside half a letter": f"{HEAD}{THREE}  # Ada \ud800",
    "in a text with places": f"{HEAD}    f'By Ada'\n{THREE}",
    "in a text behind the first line": f"{HEAD}    y = 1\n    'By Ada'\n{THREE}",
    "in a branch": f"{HEAD}    if x is None:\n        'By Ada'\n{THREE}",
}


@pytest.mark.parametrize("source", SIGNED.values(), ids=SIGNED)
def test_an_example_shows_and_keeps_nothing_of_its_writers_own_words(source):
    shown = example(book(source), "check-double")
    assert "Ada" not in shown and shown.encode()
    assert len(source) > 1000 or "\ud800" in source or "3 * x" in shown


NAMED = {
    "lists in lists": "[" * 100_000,
    "half a letter": '{"signature": "abc", "says": "\\ud800"}',
    "a number for a text": '{"signature": "abc", "hint": 5}',
    "a list for a text": '{"signature": "abc", "says": ["x"]}',
}


@pytest.mark.parametrize("kept", NAMED.values(), ids=NAMED)
def test_names_that_can_not_be_shown_are_said_to_be_broken(kept, tmp_path):
    path = tmp_path / "mistakes" / "ps1.json"
    path.parent.mkdir()
    tests = f'{{"check-double": {{"version": "v", "mistakes": {{"title": {kept}}}}}}}'
    path.write_text(f'{{"tests": {tests}}}')
    with pytest.raises(CourseError, match="Mend it, or take it away"):
        Names("ps1", tmp_path)


@pytest.mark.parametrize("line", ["%x", "!x", "a?", "?a", "a = %x", "a = !x"])
def test_a_cell_of_commands_alone_is_no_python_and_is_seen_at_once(line):
    start = time.process_time()
    assert tree(f"{line}\n" * 5000).body == []
    assert time.process_time() - start < 2
    assert len(tree(f"{line}\n" * 20).body) == 20


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


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [viva.LONGEST + 1, 10 * viva.LONGEST])
def test_who_took_long_is_not_run_again_and_that_is_said(seconds, tmp_path):
    course = make_course(tmp_path, {"ada": notebooks.answered()})
    work = viva.Work("ada", {}, {}, {}, seconds)
    talk = viva._Talk(course, "ps1", work, [], {})
    talk.find_plants()
    assert list(talk.next_plants()) == []
    assert talk.sheet.left == [f"judging it took {seconds:.0f} seconds, so it isn't run again"]
