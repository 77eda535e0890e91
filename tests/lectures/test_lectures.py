"""What holds of every lecture as it is saved."""

import itertools
import re
from collections import Counter

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from tests.lectures.notebooks import (
    CAPTION,
    LECTURES,
    anchors,
    code,
    code_cells,
    in_sight_when_folded,
    links,
    pictures,
    pictures_beside_a_question,
    prose,
    read,
    symbols_as_text,
)

each = pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
each_topic = pytest.mark.parametrize("path", LECTURES[1:], ids=lambda path: path.stem)


def test_the_start_page_comes_first():
    assert LECTURES[0].stem == "00_start_here"


@each
def test_cells_were_run_in_order_from_a_clean_kernel(path):
    counts = [cell.execution_count for cell in code_cells(path) if cell.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


@each
def test_something_was_printed_for_nbval_to_compare(path):
    compared = [
        cell
        for cell in code_cells(path)
        if cell.outputs and "nbval-ignore-output" not in cell.metadata.get("tags", [])
    ]
    assert compared, "every output is cleared or ignored"


@each
def test_no_output_is_an_error_or_a_warning(path):
    for cell in code_cells(path):
        for output in cell.outputs:
            assert output.output_type != "error" or "raises-exception" in cell.metadata.tags
            assert output.get("name") != "stderr", output.get("text")


@each
def test_code_cells_have_at_most_20_lines(path):
    for cell in code_cells(path):
        assert len(cell.source.splitlines()) <= 20, cell.source


@each
def test_the_saved_file_is_under_1500_kb_and_each_figure_under_100_kb(path):
    assert path.stat().st_size < 1_500_000
    for cell in code_cells(path):
        for output in pictures(cell):
            assert len(output.data["image/png"]) * 3 / 4 < 100_000


@each
def test_each_figure_has_alt_text_and_a_numbered_caption_below(path):
    cells = read(path).cells
    lecture, captions = str(int(path.stem[:2])), []
    for cell, below in zip(cells, [*cells[1:], None], strict=True):
        for output in pictures(cell):
            alt = output.metadata.get("image/png", output.metadata).get("alt", "")
            assert len(alt) > 20, f"no alt text in: {cell.source}"
            assert below is not None and CAPTION.match(below.source), f"no caption: {cell.source}"
            captions.append(CAPTION.match(below.source).groups())
    assert captions == [(lecture, str(number)) for number in range(1, len(captions) + 1)]


@each
def test_every_link_between_notebooks_and_files_leads_somewhere(path):
    for link in links(prose(path)):
        if link.startswith(("http:", "https:", "attachment:")):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target) if target else path
        assert file.exists(), link
        if anchor and file.suffix == ".ipynb":
            assert anchor in anchors(file), link


@each_topic
def test_a_lecture_has_the_parts_a_reader_looks_for(path):
    text = prose(path)
    assert text.startswith(f"# {int(path.stem[:2])}. ")
    for heading in ("## Symbols and shapes", "## What we learned", "## Pitfalls", "## Exercises"):
        assert heading in text, heading
    assert 2 <= text.count("**Predict, then run") <= 4
    assert "(00_start_here.ipynb)" in text


@each_topic
def test_a_lecture_opens_with_three_lines_and_closes_with_one_sentence_to_remember(path):
    text = prose(path)
    opening = text.split("## Symbols and shapes")[0]
    assert re.findall(r"^\*\*(You know|Today|You'll need)\*\*", opening, re.MULTILINE) == [
        "You know",
        "Today",
        "You'll need",
    ]
    assert "**You'll need** paper, a pencil and 90 minutes" in opening
    remembered = re.findall(r"^\*\*To remember: (.*)\*\*$", text, re.MULTILINE)
    assert len(remembered) == 1, remembered
    assert text.index("## What we learned") < text.index(remembered[0]) < text.index("## Pitfalls")


@each_topic
def test_each_exercise_says_how_hard_and_long_it_is_and_has_a_folded_answer_that_is_run(path):
    exercises = re.findall(
        r"^(\d)\. \*\*(★{1,3})( by hand)?,? (\d+) minutes[^*\n]*\.\*\* ",
        prose(path).split("## Exercises")[1].split("<details>")[0],
        re.MULTILINE,
    )
    numbers = [number for number, *_ in exercises]
    assert numbers == [str(n + 1) for n in range(len(numbers))]
    assert len(numbers) >= 3
    assert any(stars == "★" and by_hand for _, stars, by_hand, _ in exercises)
    cells, answered = read(path).cells, []
    for cell, below in itertools.pairwise(cells):
        for number in re.findall(r"<summary>Answer to (\d)</summary>", cell.source):
            answered.append(number)
            assert "answer" in below.metadata.get("tags", []), f"answer {number} isn't run"
    assert answered == numbers


@each
def test_what_folds_away_has_nothing_but_its_heading_in_sight(path):
    for cell in read(path).cells:
        if cell.metadata.get("jp-MarkdownHeadingCollapsed"):
            assert "★" in cell.source and len(cell.source.splitlines()) == 1, cell.source


@each_topic
def test_nothing_of_an_answer_is_in_sight_where_jupyterlab_folds_it(path):
    for cell in code_cells(path):
        if "answer" in cell.metadata.get("tags", []):
            assert in_sight_when_folded(cell) == ["# The answer in code"]
        if "prediction" in cell.metadata.get("tags", []):
            assert cell.metadata.jupyter.outputs_hidden and in_sight_when_folded(cell) == []
            # What checks has a folded cell of its own, also where a loop would hold it.
            assert not re.search(r"^\s*(assert\b|# check)", cell.source, re.MULTILINE), cell.source
        if "check" in cell.metadata.get("tags", []):
            assert in_sight_when_folded(cell) == ["# check"]


@each_topic
def test_no_picture_in_sight_shows_what_a_reader_is_asked_to_predict(path):
    assert pictures_beside_a_question(read(path).cells) == []


FIGURE = [new_output("display_data", {"image/png": "AA=="})]
QUESTION = "One line.\n\n**Predict, then run.** Up or down?"


@pytest.mark.parametrize(
    ("between", "tags", "found"),
    [
        ([], [], ["show"]),
        (["Prose, and a\n# b"], ["prediction"], []),
        (["It goes up."], ["optional"], ["show"]),
        (["### Another thing\nIt goes up."], [], []),
        (["### ★ Another thing", QUESTION], [], ["show"]),
        ([], ["explorer"], []),
    ],
)
def test_a_picture_beside_a_question_is_found_unless_it_is_folded(between, tags, found):
    figure = new_code_cell("show", outputs=FIGURE, metadata={"tags": tags})
    cells = [figure, *map(new_markdown_cell, [QUESTION, *between]), figure]
    assert pictures_beside_a_question(cells) == found


@each
def test_symbols_are_set_in_mathjax_in_headings_captions_and_tables_too(path):
    assert symbols_as_text(prose(path)) == []


@each
def test_each_heading_has_a_word_for_those_who_hear_no_formulas(path):
    """Formulas are set by a script, and a heading of formulas alone is empty to many programs."""
    text = re.sub(r"```.*?```", "", prose(path), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    words = [re.sub(r"\$[^$]*\$", "", heading) for heading in headings]
    assert len(words) > 5 and all(re.search(r"[a-z]{2}", each) for each in words)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("### ∂ρ/∂b²", list("∂ρ∂²")),
        ("**Figure 1.1.** Layer ℓ of $L$, and σ′(0)", list("ℓσ′")),
        ("| θ ≤ 1 | $\\theta$ |", list("θ≤")),
        ("$\\theta$, `∂ρ`, 28 × 28 and $$\n∂\n$$", []),
        ("```\nσ\n```\nCᵀ", ["ᵀ"]),
    ],
)
def test_symbols_in_prose_itself_are_found(text, found):
    assert symbols_as_text(text) == found


@each_topic
def test_explorers_are_tagged_and_show_a_picture_when_saved(path):
    imports = re.findall(r"from mlpkit\.explorers\.\w+ import (?:\w+ as )?(\w+)", code(path))
    for cell in code_cells(path):
        tags = cell.metadata.get("tags", [])
        if any(re.search(rf"\b{name}\(", cell.source) for name in imports):
            assert "explorer" in tags, cell.source
        if "explorer" in tags:
            assert "nbval-ignore-output" in tags
            assert pictures(cell), f"no picture kept of: {cell.source}"


def test_each_equation_is_tagged_exactly_once_in_the_course():
    tags = Counter(tag for path in LECTURES for tag in re.findall(r"\\tag\{(\w+)\}", prose(path)))
    assert tags == {str(number): 1 for number in range(1, 16)}


def test_no_link_goes_to_a_lecture_that_does_not_exist_and_all_are_on_the_map():
    listed = {
        link for link in links(prose(LECTURES[0])) if link.endswith(".ipynb") and "/" not in link
    }
    assert listed == {path.name for path in LECTURES[1:]}


def test_words_on_the_start_page_are_met_in_sections_that_exist():
    words = prose(LECTURES[0]).split("## Words and symbols")[1]
    rows = [row for row in words.splitlines() if row.startswith("| ")]
    places = [row.rstrip("| ").rsplit("|", 1)[1] for row in rows]
    sections = {number for place in places for number in re.findall(r"\b\d+\.\d+\b", place)}
    headings = {
        number
        for path in LECTURES[1:]
        for number in re.findall(r"^## (\d+\.\d+) ", prose(path), flags=re.MULTILINE)
    }
    assert len(sections) > 20
    assert sections <= headings
