"""What a first reader may skip is folded on the pages, and nothing else is."""

import pytest

bs4 = pytest.importorskip("bs4")
fold = pytest.importorskip("tools.fold").fold


def cell(inside, tag=""):
    return f'<div class="jp-Cell {tag}">{inside}</div>'


def folded(*cells):
    """Give each folded part's summary, and the texts of what is in no folded part."""
    page = bs4.BeautifulSoup(fold(f"<main>{''.join(cells)}</main>"), "html.parser")
    summaries = [part.find("summary").get_text() for part in page.find_all("details")]
    for part in page.find_all("details"):
        part.extract()
    return summaries, page.get_text(" ", strip=True)


@pytest.mark.parametrize(
    "cells,summaries,shown",
    [
        (["<h2>1.1 A</h2>", "a", "<h2>1.2 ★ B</h2>", "b", "<h2>1.3 C</h2>", "c"],
         ["1.2 ★ B"], "1.1 A a 1.3 C c"),
        (["<h2>1.2 ★ B</h2>", "b", "<h3>under it</h3>", "d"], ["1.2 ★ B"], ""),
        (["<h3>★ B</h3>", "b", "<h3>C</h3>", "c"], ["★ B"], "C c"),
        (["<h3>★ B</h3>", "b", "<h2>C</h2>", "c"], ["★ B"], "C c"),
        (["<h2>1.2 ★ B</h2>", "<h3>★ inner</h3>", "d"], ["1.2 ★ B"], ""),
        (["<h2>1.2 ★ B</h2>", "b", "<h2>1.3 ★ D</h2>", "d"], ["1.2 ★ B", "1.3 ★ D"], ""),
    ],
)  # fmt: skip
def test_an_optional_section_is_folded_to_its_end(cells, summaries, shown):
    assert folded(*map(cell, cells)) == (summaries, shown)


def test_of_a_prediction_only_the_output_is_folded():
    output = '<div class="jp-Cell-outputWrapper">42</div>'
    found = folded(cell(f"6 * 7 {output}", "celltag_prediction"), cell(f"text {output}"))
    assert found == (["Output: predict first"], "6 * 7 text 42")


def test_of_an_answer_all_is_folded():
    found = folded(cell("question"), cell("6 * 7 = 42", "celltag_answer"))
    assert found == (["Code of the answer"], "question")
