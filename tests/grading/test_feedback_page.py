"""A student's page: exercises by their titles, what is unread, links that lead somewhere."""

import re
from base64 import b64encode

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlpkit.grading.course import formulas
from mlpkit.grading.course.summary import Mark, _words, summary, with_links

LECTURE = "[lecture 5](../../lectures/05_backpropagation.ipynb)"


def instructors(text):
    return new_markdown_cell(text, metadata={"mlpkit": {"instructors": True}})


def test_cell(name):
    return new_code_cell("1", metadata={"nbgrader": {"grade_id": name, "grade": True}})


test_cell.__test__ = False


@pytest.mark.parametrize(
    "heading, title",
    [
        ("## 3. Its gradient (5 points)", "3. Its gradient"),
        ("## 1. One (1 point)\n\nText (2 points)", "1. One"),
        ("## 8. By hand (4 points, marked by a person)", "8. By hand"),
        ("No heading", "check"),
    ],
)
def test_an_exercise_has_the_instructors_heading_and_no_students(heading, title):
    cells = [instructors(heading), new_markdown_cell("## Mine (9 points)"), test_cell("check")]
    shown = summary(new_notebook(cells=cells), "ps1", {"check": Mark(2, 5, False, False)})
    assert [each.title for each in shown["exercises"]] == [title]
    assert shown["title"] == "ps1" and shown["unread"] == 0


@pytest.mark.parametrize("unread", [[], ["b"], ["a", "b"]])
def test_what_nobody_has_read_is_counted_and_not_shown_as_nothing(unread):
    cells = [instructors("# Title"), test_cell("a"), test_cell("b"), test_cell("unmarked")]
    marks = {name: Mark(0, 4, name in unread, False) for name in "ab"}
    shown = summary(new_notebook(cells=cells), "ps1", marks)
    assert shown["unread"] == len(unread) and shown["unread_points"] == 4 * len(unread)
    assert [each.unread for each in shown["exercises"]] == [name in unread for name in "ab"]


@pytest.mark.parametrize(
    "book, text, expected",
    [
        ("", LECTURE, "lecture 5"),
        ("https://b.c/", LECTURE, "[lecture 5](https://b.c/lectures/05_backpropagation.html)"),
        ("https://b.c", "[x](../../lectures/a.ipynb#B-c)", "[x](https://b.c/lectures/a.html#B-c)"),
        ("https://b.c", "[x](https://d.e/f.ipynb)", "[x](https://d.e/f.ipynb)"),
    ],
)
def test_a_link_of_the_instructors_leads_to_the_book_or_is_only_words(book, text, expected):
    cells = [instructors(text), new_markdown_cell(text)]
    ours, theirs = with_links(new_notebook(cells=cells), book).cells
    assert ours.source == expected and theirs.source == text


@pytest.mark.parametrize(
    "name", ["katex.min.js", "katex.min.css", "fonts/KaTeX_Main-Regular.woff2"]
)
def test_a_file_of_katex_that_was_changed_is_refused_with_its_name(name, tmp_path, monkeypatch):
    for each in ("SHA256SUMS", name):
        copy = tmp_path / each
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((formulas.FOLDER / each).read_bytes())
    monkeypatch.setattr(formulas, "FOLDER", tmp_path)
    formulas.read.cache_clear()
    assert formulas.read(name)
    formulas.read.cache_clear()
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes() + b" ")
    with pytest.raises(formulas.NotAsPacked, match=name):
        formulas.read(name)
    formulas.read.cache_clear()


def test_a_page_needs_no_file_of_katex_beside_it():
    assert "url(fonts" not in formulas.styles() and formulas.styles().count("data:font/woff2") == 20
    assert "</script" not in formulas.set_all().lower()


@pytest.mark.parametrize(
    ("text", "alphabets"),
    [
        (r"$x^2$ and mathcal, mathscr in words", set()),
        (r"$\mathcal{L}$", {"Caligraphic-Bold", "Caligraphic-Regular"}),
        (r"$\text{\texttt{a}}$, $\mathscr L$", {"Typewriter-Regular", "Script-Regular"}),
        (r"\boldsymbol\theta", {"Math-BoldItalic", "Main-BoldItalic"}),
        (r"\calm \textsfx \verbatim", set()),
    ],
)
def test_a_page_carries_the_alphabets_that_its_formulas_ask_for_and_no_others(text, alphabets):
    def count(styles):
        return styles.count("data:font/woff2"), styles.count("@font-face")

    needed = 9 + len(alphabets)
    assert count(formulas.styles(text)) == (needed, needed)
    for name in alphabets:
        font = (formulas.FOLDER / f"fonts/KaTeX_{name}.woff2").read_bytes()
        assert b64encode(font).decode() in formulas.styles(text)


def test_each_alphabet_that_some_formulas_have_alone_is_asked_for_by_its_commands():
    styled = formulas.read("katex.min.css").decode()
    families = set(re.findall(r"font-family:KaTeX_(\w+)", styled))
    always = {"AMS", "Main", "Math", "Size1", "Size2", "Size3", "Size4"}
    assert families == always | {name for name in formulas.ALPHABETS if "-" not in name}


def test_the_words_of_a_page_are_those_of_cells_outputs_and_comments():
    cell = new_code_cell("a", outputs=[new_output("stream", text="b")])
    cell.metadata.nbgrader = {"comment": "c"}
    words = _words(new_notebook(cells=[cell, new_markdown_cell("d")]))
    assert {"a", "b", "c", "d"} <= set(words.split("\n"))
