"""Each source is cited, and each citation has its source."""

import re

import pytest

from tools.book.lectures import ROOT, texts

bibliography = pytest.importorskip("tools.book.bibliography")
ET_AL = re.compile(r"([A-Z]\w+) et al\.|([A-Z]\w+) and others")


def test_each_entry_is_cited():
    assert {source.key for source in bibliography.sources() if not source.cited} == set()


def test_each_citation_by_a_number_or_by_names_has_its_entry():
    entries = bibliography.entries()
    known = {e.fields.get(f) for e in entries.values() for f in ("doi", "eprint")}
    first = {str(entry.persons["author"][0].last_names[0]) for entry in entries.values()}
    numbers = [n for text in texts() for n, _ in bibliography.identifiers(text.source)]
    names = ["".join(n) for text in texts() for n in ET_AL.findall(text.source)]
    assert len(numbers) > 20 and set(numbers) <= known
    assert len(names) > 3 and set(names) <= first


@pytest.mark.parametrize(
    "text, found",
    [
        ("(Guo, 2017, arXiv:1706.04599).", ["1706.04599"]),
        ("[A](https://arxiv.org/abs/1810.04207)", ["1810.04207"]),
        ("[H](https://doi.org/10.1016/0893-6080%2891%2990009-T)", ["10.1016/0893-6080(91)90009-T"]),
        ("in 1989", []),
    ],
)
def test_a_citation_is_found_in_each_form(text, found):
    assert [name for name, _ in bibliography.identifiers(text)] == found


def test_entries_stand_by_last_names_as_readers_look_for_them():
    keys = [source.key for source in bibliography.sources()]
    order = ["barron1993", "bertoin2021", "cybenko1989", "hornik1991", "jacot2018", "lecun1998"]
    assert [key for key in keys if key in order] == order and keys[0] == "barron1993"


def test_an_entry_reads_as_a_sentence():
    words = bibliography.words(bibliography.entries()["barron1993"])
    assert words.startswith("Andrew R. Barron, *Universal approximation bounds")
    assert "Theory 39, 930–945, 1993, [doi:10.1109/18.256500]" in words


def test_a_sentence_says_what_each_lecture_draws_on():
    said = bibliography.by_lecture()
    assert len(said) == len(list(ROOT.glob("lectures/*.ipynb")))
    (second,) = [line for line in said if "02_universal" in line]
    assert "Barron (1993), Cybenko (1989)" in second and second.endswith(".")
    assert any("He and others (2015)" in line for line in said)
