"""What the guides say of the assignments is so: exercises, points, planted mistakes, links."""

import re
from datetime import timedelta

import numpy as np
import pytest
from traitlets.config import Config

from mlpkit.exercises import call, check_close
from tests.assignments.guide import GUIDE, items, section, titles
from tests.assignments.harness import (
    NAMES,
    ROOT,
    cases,
    cell_of,
    exercises,
    load,
    points,
    run,
    with_answers,
)

READERS = [GUIDE, ROOT / "assignments" / "README.md"]


def links(text):
    return re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))


@pytest.mark.parametrize("name", NAMES)
def test_guide_has_each_exercise_with_its_heading_and_points(name):
    source = load("solutions", name)
    prose = "\n".join(cell.source for cell in source.cells if cell.cell_type == "markdown")
    headings = re.findall(r"^## \d+\. (.+?)(?:, by hand)? \([\d.]+ points?", prose, re.MULTILINE)
    graded = points(source)
    expected = [(cell.removesuffix("_test"), graded[cell]) for cell in graded]
    assert [(exercise, worth) for _, exercise, worth, _ in items(name)] == expected
    assert [heading.removesuffix(", by hand") for heading, *_ in items(name)] == headings
    title = source.cells[0].source.splitlines()[0].partition(". ")[2]
    assert section(name).startswith(f"{name}. {title} ({sum(graded.values()):g} points)\n")


@pytest.mark.parametrize("name", NAMES)
def test_guide_names_planted_mistakes_that_there_are(name):
    of_all = {title for planted in cases(name).values() for title in planted.mistakes}
    assert {title for title, _ in titles(section(name))} <= of_all
    for _, exercise, _, text in items(name):
        if exercise in cases(name):
            named = {title for title, _ in titles(text)}
            assert named <= set(cases(name)[exercise].mistakes), exercise
            assert len(named) >= 3, exercise


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_dagger_stands_at_what_only_hidden_tests_see(name):
    source, release = load("solutions", name), load("assignments", name)
    for _, exercise, worth, text in items(name):
        for title, hidden in titles(text) if exercise in cases(name) else []:
            answer = cases(name)[exercise].mistakes[title]
            answered = with_answers(source, {exercise: answer})
            handed_in = with_answers(release, {exercise: cell_of(answered, exercise).source})
            seen = run(handed_in, only=exercise).points[f"{exercise}_test"] < worth
            assert seen != hidden, f"{exercise}: {title}"


@pytest.mark.parametrize("name", NAMES)
def test_guide_says_what_an_instructor_must_know(name):
    for words in ("Learning goals", "Prerequisites", "Time", "Next year's variant"):
        assert re.search(rf"^(\*\*|#+ ){words}", section(name), re.MULTILINE), words
    by_a_person = {cell for cell in points(load("solutions", name)) if cell[-5:] != "_test"}
    assert by_a_person == {e for _, e, _, text in items(name) if "read by you" in text[:20]}


def test_each_equation_is_asked_for_in_an_exercise_that_names_it():
    table = GUIDE.read_text("utf-8").partition("### Which exercise asks")[2].partition("\n## ")[0]
    named = set()
    for row in re.findall(r"^\| (?!of the source|---)(.*) \|$", table, re.MULTILINE):
        statement, asked, _ = row.split(" | ")
        texts = [exercise_text(*place.split(".")) for place in asked.split(", ")]
        numbers = set(re.findall(r"\(\d+\)", statement))
        assert not numbers or any(number in text for number in numbers for text in texts), row
        named |= numbers
    assert named == {f"({number})" for number in range(1, 16)}


def exercise_text(name, number):
    """Return an exercise's Markdown and code, from its heading to the next."""
    cells = "\n".join(cell.source for cell in load("solutions", name).cells)
    return re.split(rf"^## {number}\. ", cells, flags=re.MULTILINE)[1].partition("\n## ")[0]


@pytest.mark.slow
def test_pretended_class_gets_the_marks_that_are_printed():
    text = GUIDE.read_text(encoding="utf-8")
    source, release = load("solutions", "ps2"), load("assignments", "ps2")
    stubs = {name: cell_of(release, name).source for name in exercises(source)}
    carl = {"gradients": ("delta * (1 - H**2)", "delta")}
    assert r"s/delta \* (1 - H\*\*2)/delta/" in text
    answers = {"ada": {}, "blaise": stubs, "carl": carl, "dorothy": {}}
    said = dict(re.findall(r"^(\w+) +ps2 +([\d.]+) / 40", text, re.MULTILINE))
    assert {student: float(mark) for student, mark in said.items()} == {
        student: sum(run(with_answers(source, answer)).points.values())
        for student, answer in answers.items()
    }


def test_rule_for_late_days_does_what_it_says():
    code = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    (rule,) = [each for each in code if "LateDays" in each]
    config = Config()
    exec(rule, {"c": config})
    rule = config.AssignLatePenalties.plugin_class()
    late = [timedelta(seconds=1), timedelta(hours=34), timedelta(days=30)]
    penalties = [rule.late_submission_penalty("ada", 36.0, each.total_seconds()) for each in late]
    assert penalties == [2, 4, 10]


@pytest.mark.parametrize("path", READERS, ids=lambda path: path.parent.name)
def test_links_lead_to_files_and_headings(path):
    text = path.read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-")
        for line in re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    }
    for link in links(text):
        target, _, anchor = link.partition("#")
        if not re.match(r"https?:", link):
            assert not target or (path.parent / target).exists(), link
            assert target or anchor in headings, link


def test_students_are_told_the_messages_that_they_get():
    told = READERS[1].read_text(encoding="utf-8")
    with pytest.raises(ImportError) as hidden:
        call(lambda: __import__("mlpkit.losses"))
    assert f"`ImportError: {str(hidden.value).rpartition(':')[0]}: …`" in told
    with pytest.raises(AssertionError, match="got None"):
        check_close("H", None, [1.0])
    assert "the test says it got `None`" in told
    with pytest.raises(ValueError) as lost_axis:
        np.ones((4, 3)) + np.ones(4)
    assert f"`{str(lost_axis.value).strip()}`" in told
