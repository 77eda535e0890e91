"""Each mention of an equation is a link to it, and nothing else is one."""

import re

import pytest

from tools.book import index
from tools.book.equations import ELSEWHERE, LAST, TAG, anchored, linked
from tools.book.lectures import ROOT, notebooks, read, texts
from tools.course import listing


@pytest.mark.parametrize(
    "text, links",
    [
        ("by (8) and (12)", [8, 12]),
        ("Equations (9)–(11):", [9, 11]),
        ("| $W$ | as in (8) |", [8]),
        ("**(12)** holds", [12]),
        ("f(1), x[0](2), the 80(2) and (16), (0)", []),
        ("`g(8) (8)` and $(8)$ and $$a (8)$$", []),
        ("```\n(8)\n```\n\n    (8)", []),
        ("[see (8)](x.ipynb) ![(8)](y.png)", []),
        ("## 8.4 (8) and (12)\n\ntext (7)", [7]),
        ("a limit exists (1), noisy SGD is (2)\n\nbut (3)", [3]),
    ],
)
def test_a_mention_in_prose_is_a_link_and_nothing_else_is(text, links):
    found = linked(text)
    assert [int(n) for n in re.findall(r"\[\((\d+)\)\]\(#equation-\1\)", found)] == links
    assert re.sub(r"\[(\(\d+\))\]\(#equation-\d+\)", r"\1", found) == text


@pytest.mark.parametrize("number", [1, 8, 15])
def test_an_equation_has_a_target_before_it(number):
    text = f"So\n\n$$\\begin{{aligned}} a \\\\ b \\end{{aligned}}\\tag{{{number}}}$$\n\nand $$c$$"
    assert f"(equation-{number})=\n$$\\begin" in anchored(text)
    assert (
        anchored(text).count("(equation-") == 1 and anchored("$$c$$ and \\tag") == "$$c$$ and \\tag"
    )


def test_each_of_the_fifteen_is_numbered_once():
    tags = [int(found[1]) for text in texts() for found in TAG.finditer(text.source)]
    assert sorted(tags) == list(range(1, LAST + 1))


@pytest.mark.parametrize("words", ELSEWHERE)
def test_what_is_said_to_number_something_else_still_stands_somewhere(words):
    sources = [cell.source for path in notebooks() for cell in read(path).cells]
    assert sum(words in source for source in sources) == 1


@pytest.mark.slow
def test_the_index_says_of_each_equation_where_it_is_derived_coded_tested_and_asked():
    code, asked, places = index.coded(), index.graded(), index.derived()
    assert set(places) == set(asked) == set(range(1, LAST + 1))
    assert len({name for name, _ in asked.values()}) == LAST  # each has a name of its own
    for number, (_, text, _) in places.items():
        checks = index.tested(text, number)
        assert any(".ipynb#" in check for check in checks), f"({number}) has no check below it"
        assert asked[number][1]
    assert [number for number in code if not code[number]] == [3, 4]  # statements, nothing to code


def rows_of_the_guide():
    """Give the rows of the guide's table: an equation or idea, exercises, lectures."""
    guide = (ROOT / "solutions" / "README.md").read_text(encoding="utf-8")
    table = guide.split("\n### Which exercise asks for which equation\n")[1].split("\n#")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_guides_table_names_exercises_that_there_are_and_the_lecture_that_derives_it():
    course, places = listing.read(), index.derived()
    exercises = {
        f"{each.name}.{n}" for each in course.assignments for n in range(1, len(each.exercises) + 1)
    }
    rows, listed = rows_of_the_guide(), set()
    assert len(rows) > LAST
    for what, asked, taught in rows:
        named, lectures = asked.split(", "), [int(n) for n in re.findall(r"\d+", taught)]
        assert set(named) <= exercises and named == sorted(named), what
        assert set(lectures) <= {each.number for each in course.lectures}, what
        for number in re.findall(r"^\((\d+)\)", what):
            listed.add(int(number))
            derived = int(places[int(number)][1].page.split("/")[-1][:2])
            assert derived in lectures, (what, derived)
    assert listed == set(range(1, LAST + 1))


@pytest.mark.parametrize(
    "source, found",
    [
        ('def f():\n    """By (8)."""', {"f": {8}}),
        ("def f():\n    return 1  # (9), then (11)", {"f": {9, 11}}),
        (
            'class A:\n    """(9)."""\n    def m(self):\n        """(12)."""',
            {"A": {9}, "A.m": {12}},
        ),
        ('"""(13)–(15)."""', {"": {13, 14, 15}}),
        ('"""(8)."""\ndef f():\n    """(8)."""', {"f": {8}}),
        ("def f(a):\n    return a(1) + g((2))", {}),
    ],
)
def test_what_a_function_says_of_equations_is_found(source, found):
    assert index.speaking(source) == found
