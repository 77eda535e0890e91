"""Work that is more alike than chance makes it: found in planted copies, and hardly elsewhere."""

import csv
import io
import math
import random
import re

import pytest

from mlpkit.grading.cli import main
from mlpkit.grading.insight.bare import normal
from mlpkit.grading.insight.copies import write_copies, write_export
from mlpkit.grading.insight.likeness import Wrong, look_at, tail
from mlpkit.grading.insight.mutations import mutations
from mlpkit.grading.insight.shared import marked, runs, shared_words
from tests.assignments.harness import (
    cases,
    cell_of,
    exercises,
    load,
    points,
    run,
    source_of,
    with_answers,
)
from tests.assignments.known import Known
from tests.assignments.mutants import TimeUp, bounded
from tests.grading import notebooks
from tests.grading.attacks.injections import Page
from tests.grading.course_factory import grade, make_course

NAME = "ps2"
# A changed loop may not end; seconds of the processor.
LONGEST = 5.0


@pytest.mark.parametrize(
    ("events", "chance"),
    [
        ([(0.5, True), (0.5, True)], 0.25),
        ([(0.5, True), (0.5, False)], 0.75),
        ([(0.1, True), (0.2, False), (0.5, False)], 0.1 + 0.9 * 0.2 * 0.5),
        ([(0.1, False)], 1.0),
        ([], 1.0),
    ],
)
def test_the_chance_counts_all_that_is_as_unlikely(events, chance):
    assert tail(events) == pytest.approx(chance)


def test_the_chance_is_that_of_drawing_at_random():
    chances, rng = [0.3, 0.1, 0.5, 0.05], random.Random(0)
    seen = [(0.3, True), (0.1, False), (0.5, True), (0.05, False)]
    weight = -math.log(0.3 * 0.5)
    drawn = sum(
        sum(-math.log(c) for c in chances if rng.random() < c) >= weight - 1e-9
        for _ in range(20_000)
    )
    assert tail(seen) == pytest.approx(drawn / 20_000, abs=0.015)


CODE = """def f(x, axis):
    # the largest first
    total = np.max(x, axis)
    return total - x
"""


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (re.sub(r"\bx\b", "values", CODE.replace("total", "m")), True),
        (CODE.replace("    # the largest first\n", '    """Largest."""\n\n'), True),
        (CODE.replace("np.max(x, axis)", "np.max( x,axis )"), True),
        (CODE.replace("total - x", "x - total"), False),
        (CODE.replace("np.max", "np.min"), False),
        (CODE.replace("return", "retrun"), False),
    ],
)
def test_code_is_the_same_whatever_its_names_comments_and_spaces(other, same):
    assert (normal(other) == normal(CODE)) == same


@pytest.mark.parametrize("code", ["def f(:\n  x", "\0", "(" * 5000, ""])
def test_code_that_is_none_has_a_form_too(code):
    assert normal(code) == normal(code + "\n")


def wrong(table, answers):
    """Give wrong answers by exercise and student."""
    return {
        exercise: {student: each[exercise] for student, each in answers.items() if exercise in each}
        for exercise in table
    }


def drawn_class(table, number, rng, copies=0, unseen=0.3):
    """Draw a class: who is wrong makes a planted mistake, some oftener than others, or an unseen.

    Returns
    -------
    answers : dict
        By student and exercise.
    pairs : set
        Who has copied from whom.
    """
    answers = {}
    for student in (f"{at:03}" for at in range(number)):
        share, answers[student] = rng.betavariate(2, 3), {}
        for exercise, (planted, mutants) in table.items():
            if rng.random() < share:
                oftener = [1 / at for at in range(1, len(planted) + 1)]
                usual = rng.choices(planted, oftener)[0]
                answers[student][exercise] = rng.choice(mutants) if rng.random() < unseen else usual
    pairs, students = set(), rng.sample(sorted(answers), 2 * copies)
    for one, other in zip(students[::2], students[1::2], strict=True):
        answers[other] = dict(answers[one])
        pairs.add(tuple(sorted((one, other))))
    return answers, pairs


@pytest.fixture(scope="module", params=["made up", pytest.param(NAME, marks=pytest.mark.thorough)])
def table(request):
    """By exercise what its usual mistakes do, and what unseen ones."""
    return made_up() if request.param == "made up" else measured(request.param)


def made_up():
    """Seven exercises with ten mistakes and twelve others, each unlike all others."""
    return {
        f"e{at}": tuple(
            [Wrong(f"{named}{number}", named, f"{number}") for number in range(count)]
            for named, count in ((True, 10), (False, 12))
        )
        for at in range(7)
    }


def measured(name):
    """What an assignment's planted mistakes do, and some mutations of its solution."""
    source, known, found = load("solutions", name), Known(name), {}
    for exercise in exercises(source):
        made = mutations(cell_of(source, exercise).source)
        made = {
            title: made[title]
            for title in random.Random(0).sample(sorted(made), min(12, len(made)))
        }
        kinds = []
        for named, listed in ((True, cases(name)[exercise].mistakes), (False, made)):
            rows = [_done(source, known, exercise, answer, named) for answer in listed.values()]
            kinds.append([row for row in rows if row])
        found[exercise] = tuple(kinds)
    return found


def _done(source, known, exercise, answer, named):
    test = f"{exercise}_test"
    try:
        with bounded(LONGEST):
            verdict = run(with_answers(source, {exercise: answer}), 0, exercise, known)
    except TimeUp:
        return None
    if verdict.points[test] == points(source)[test]:
        return None
    does = f"{verdict.points[test]} {verdict.messages[test]}"
    return Wrong(does, named, normal(source_of(source, exercise, answer)))


@pytest.mark.parametrize(
    ("number", "unseen", "common", "least"),
    [(50, 0.3, 5, 0.9), (200, 0.3, 6, 0.8), (200, 1.0, 4, 0.7)],
)
def test_copies_are_found_and_classes_that_work_apart_are_left_alone(
    table, number, unseen, common, least
):
    """Of those who have so many wrong answers in common, this share is found at least."""
    rng, false, found, there = random.Random(number), 0, 0, 0
    for _ in range(30):
        answers, _ = drawn_class(table, number, rng, unseen=unseen)
        false += len(look_at(wrong(table, answers), {}))
        answers, pairs = drawn_class(table, number, rng, copies=number // 10, unseen=unseen)
        pairs = {pair for pair in pairs if len(answers[pair[0]]) >= common}
        shown = {pair.students for pair in look_at(wrong(table, answers), {})}
        found, there = found + len(pairs & shown), there + len(pairs)
    assert false <= 6, f"{false} pairs of 30 classes"
    assert there > 5 and found >= least * there, f"{found} of {there}"


@pytest.mark.parametrize(("share", "types"), [(0.3, 3), (0.5, 5), (0.7, 8)])
def test_misconceptions_that_make_several_mistakes_are_no_copies(table, share, types):
    """Students of one type make the same mistake in each exercise, now and then or mostly."""
    rng, false = random.Random(types), 0
    for _ in range(20):
        answers, _ = drawn_class(table, 50, rng)
        made = [{name: rng.choice(kinds[0]) for name, kinds in table.items()} for _ in range(types)]
        for each in answers.values():
            own = rng.choice(made)
            each |= {name: own[name] for name in each if rng.random() < share}
        false += len(look_at(wrong(table, answers), {}))
    assert false <= 6, f"{false} pairs of 20 classes"


def test_mistakes_that_many_make_say_nothing_and_one_agreement_is_none():
    students = [f"s{at}" for at in range(30)]
    for one in (Wrong("a", True, "x"), Wrong("b", False, "x")):
        alone = {"e1": {student: Wrong(student, False, student) for student in students}}
        alone["e1"] |= {"s1": one, "s2": one}
        assert look_at(alone, {}) == []
    named = {f"e{at}": dict.fromkeys(students[:9], Wrong("a", True, "x")) for at in range(3)}
    assert look_at(named, {}) == []
    odd = {
        f"e{at}": {student: Wrong(student, False, student) for student in students}
        | dict.fromkeys(["s1", "s2"], Wrong("odd", False, "x"))
        for at in range(3)
    }
    (pair,) = look_at(odd, {})
    assert pair.students == ("s1", "s2") and len(pair.exercises) == 3 and pair.expected < 0.3


SOLUTION = load("solutions", "ps2")
OWN = cell_of(SOLUTION, "softmax_jacobian").source
APART = """Let s be the sum over m of exp(U_m/T). For k equal to j we differentiate numerator and
denominator: the derivative is f_k times one minus f_k, over T. If k and j are not the same, only
the denominator depends on U_j, hence minus f_k f_j over T. So J is diag f minus f f transposed,
divided by T. For the loss one sums minus q_k over f_k times J_kj, which gives f minus q over T,
because all q add up to one. J v vanishes exactly if all entries of v agree with their mean."""


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (APART.replace("hence", "therefore").replace("one sums", "we sum"), True),
        ("Some words before. " + APART[200:], True),
        (APART.upper().replace(".", " ;"), True),
        (OWN, False),
        (" ".join(reversed(APART.split())), False),
        ("The softmax's derivative is f_k times one minus f_k, over T.", False),
    ],
)
def test_texts_are_alike_by_their_runs_of_words(other, found):
    texts = {"ada": APART, "ben": other, "cay": OWN, "dan": "It is clear."}
    pairs = shared_words({"q": texts})
    assert (("ada", "ben") in pairs) == found
    assert ("ada", "ben") not in shared_words({"q": texts}, known=[APART])
    assert shared_words({"q": dict.fromkeys("abcdefgh", APART)}) == {}  # then it is in a book


def test_what_is_shared_is_marked_and_nothing_is_lost():
    shared = runs("one two three four five six")
    text = "Zero, one TWO three: four five six seven one two"
    parts = marked(text, shared)
    assert "".join(part for part, _ in parts) == text
    assert [part for part, same in parts if same] == ["one TWO three: four five six"]


ODD = {
    "double": "def double(x):\n    # <script>alert(1)</script>\n    return 2 * x + 0.125",
    "mean_square": "def mean_square(x):\n    return float((x**2).mean()) - 0.375",
}
WORDS = "We prove it with <b>care</b>: " + " ".join(f"word{at} and" for at in range(30))
CLASS = {
    "ada": notebooks.answered(**ODD, words=WORDS),
    "ben": notebooks.answered(
        double=ODD["double"].replace("x", "value"), mean_square=ODD["mean_square"], words=WORDS
    ),
    "cay": notebooks.answered(double="def double(x):\n    return x", words="No."),
    "dan": notebooks.answered(words="Because it is."),
    "eve": notebooks.release(notebooks.course()),
}


@pytest.mark.sandbox
def test_the_page_shows_pairs_side_by_side_and_runs_nothing(tmp_path, capsys):
    course = make_course(tmp_path, CLASS)
    assert main(["--course", str(tmp_path), "copies", "ps1"]) == 1
    assert "Nothing of ps1 was graded yet" in capsys.readouterr().err
    grade(course)
    page, table = write_copies(course, "ps1", tmp_path / "reports")
    text = page.read_text("utf-8")
    assert Page(text).found == [] and "<b>care" not in text
    assert re.findall(r"<h2[^>]*>(.*?)</h2>", text) == ["ada and ben"]
    assert "check-double: the same unnamed mistake, and the same code" in text
    assert "words: " in text and "<mark>We prove" in text
    assert not re.search("guilt|cheat|plagia", text, re.IGNORECASE)
    _, row = csv.reader(io.StringIO(table.read_text("utf-8")))
    assert row[:3] == ["ada", "ben", "check-double, check-mean, words"] and float(row[3]) < 0.3

    files = write_export(course, "ps1", tmp_path / "out")
    listed = list(csv.DictReader(io.StringIO(files[0].read_text("utf-8"))))
    assert {row["full_name"] for row in listed} == set(CLASS)
    for row in listed:
        code = (tmp_path / "out" / row["filename"]).read_text("utf-8")
        assert "# check-double" in code and "Because" not in code
    assert "return 2 * x + 0.125" in (tmp_path / "out/submissions/ada/ps1.py").read_text("utf-8")
    assert "NotImplementedError" in (tmp_path / "out/base/ps1.py").read_text("utf-8")
