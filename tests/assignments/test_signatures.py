"""The names of mistakes that the kit ships are those of the assignments as they are now."""

import pytest

from mlpkit.grading.insight.names import MOST
from mlpkit.grading.judging.probes import record
from mlpkit.grading.text.plan import read_plan
from tests.assignments.guide import misconceptions, said_of, sentences
from tests.assignments.harness import NAMES
from tests.assignments.signatures import (
    PLACE,
    kept,
    learned,
    official,
    planted,
    said,
    with_other_numbers,
    with_words,
)
from tests.tiers import few

LEARNED = [name for name in NAMES if (PLACE / f"{name}.json").is_file()]
AGAIN = "write them anew: python -m tests.assignments.signatures {}"


@pytest.mark.thorough
@pytest.mark.parametrize("name", NAMES)
def test_the_mistakes_of_every_exercise_are_learned(name):
    assert set(kept(name)["tests"]) == set(planted(name)), AGAIN.format(name)


@pytest.mark.parametrize("name", LEARNED)
def test_each_planted_mistake_is_kept_with_what_the_guide_says_of_it(name):
    about = kept(name)
    titles = {test: set(each["mistakes"]) for test, each in about["tests"].items()}
    there = {test: set(each) for test, each in planted(name).items()}
    assert titles == {test: there.get(test) for test in titles}, AGAIN.format(name)
    assert with_words(name, kept(name)) == about, AGAIN.format(f"{name} --words")


@pytest.mark.slow
@pytest.mark.parametrize("name", LEARNED)
def test_the_calls_that_a_mistake_is_known_by_are_those_of_the_present_tests(name):
    job, about = official(name), kept(name)["tests"]
    found = record(read_plan(job.source, job.released), list(about))
    versions = {test: each.version for test, each in found.items()}
    assert versions == {test: each["version"] for test, each in about.items()}, AGAIN.format(name)


@pytest.mark.sandbox
@pytest.mark.parametrize("name", few(LEARNED, 2))
def test_signatures_are_those_of_the_planted_mistakes(name, pytestconfig):
    about = kept(name)["tests"]
    answers = {test: each for test, each in planted(name).items() if test in about}
    if not pytestconfig.getoption("thorough"):
        answers = {test: dict(list(each.items())[::9]) for test, each in answers.items()}
    for test, each in learned(name, answers).items():
        expected = {title: about[test]["mistakes"][title]["signature"] for title in answers[test]}
        expected = {title: one for title, one in expected.items() if one}  # without those that vary
        signatures = {title: each[title].digest for title in expected}
        assert signatures == expected, AGAIN.format(name)


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("losses of at most 10,000", {10_000}),
        ("what is below 1e-8 in g is 0", {1e-8}),
        ("a radius of a thousand at most", {1000}),
        ("2 A e, right for symmetric A only", set()),
        ("√(L/2), as for least memory", set()),
        ("θ kept within ±10^6", set()),
    ],
)
def test_the_numbers_that_a_title_says_are_found(title, numbers):
    assert said(title) == numbers


@pytest.mark.sandbox
@pytest.mark.parametrize("name", few(LEARNED, 2))
def test_a_title_says_a_number_only_where_another_one_shows(name):
    """Else somebody else's limit would be called this one."""
    about, answers = kept(name)["tests"], with_other_numbers(name)
    found = learned(name, {test: each for test, each in answers.items() if each})
    alike = [
        (test, title, number)
        for test, each in found.items()
        for (title, number), one in each.items()
        if one.digest and one.digest == about[test]["mistakes"][title]["signature"]
    ]
    assert not alike


def test_nineteen_of_twenty_planted_mistakes_can_be_named():
    named = number = 0
    for name in LEARNED:
        for each in kept(name)["tests"].values():
            signatures = [one["signature"] for one in each["mistakes"].values()]
            # What asks a package that is taken away is known by the error that says so.
            signatures = [
                one for one, title in zip(signatures, each["mistakes"], strict=True)
                if not title.startswith("asks ")
            ]  # fmt: skip
            named += sum(bool(one) and signatures.count(one) <= MOST for one in signatures)
            number += len(signatures)
    assert named >= 0.95 * number, (named, number)


def test_the_guide_is_split_into_sentences_and_leads_to_names():
    text = "Shapes: *no σ*. The axis is taken for another: *a. b*†, *last*. - one: *x*"
    assert list(sentences(text))[:2] == ["Shapes: *no σ*.", text.split(". ", 1)[1].split(" - ")[0]]
    hints = [each.get("hint", "") for name in NAMES for test in misconceptions(name).values()
             for each in test.values()]  # fmt: skip
    assert sum(map(bool, hints)) > 100
    assert not any("*" in hint or hint.endswith("..") for hint in hints)
    assert not any(
        hint.split()[0].lower() in ("and", "or", "but", "which") for hint in hints if hint
    )


@pytest.mark.parametrize(
    ("sentence", "says", "hints"),
    [
        ("The axis: *first*, *last*.", [None, None], [None, None]),
        ("And *first*.", [None], [None]),
        (
            "σ′ is forgotten, or taken at the wrong place: *no σ′*, *σ′ at H*†.",
            ["σ′ is forgotten, or taken at the wrong place."] * 2,
            ["σ′ is forgotten, or taken at the wrong place."] * 2,
        ),
        (
            "It is thought of as units: *max*; or lost on the way: *none*.",
            ["It is thought of as units.", None],
            ["It is thought of as units.", None],
        ),
        ("*kept*: each later `x` is another.", ["Each later x is another."], [None]),
        ("*far* ends in NaN, *near* doesn't move at all.",
         ["“far” ends in NaN.", "“near” doesn't move at all."], [None, None]),
    ],
)  # fmt: skip
def test_of_a_mistake_is_said_what_the_guide_says_of_it_and_not_of_others(sentence, says, hints):
    found = list(said_of(sentence).values())
    assert [each.get("says") for each in found] == says
    assert [each.get("hint") for each in found] == hints
