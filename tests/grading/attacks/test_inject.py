"""Nothing that a student writes runs in the page that the instructor opens."""

import json
import time

import pytest
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from mlpkit.grading.text import clean
from tests.grading import notebooks
from tests.grading.attacks.injections import MARK, MARKDOWN, OUTPUTS, RUN, SETUP, Page
from tests.grading.judging import judge
from tests.tiers import few

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)


def page(judged):
    """Render as formgrader and feedback do: nbconvert's HTML, nothing sanitised."""
    return HTMLExporter(template_name="classic").from_notebook_node(notebooks.read(judged))[0]


def foreign(html):
    """Give what runs in a page, beyond what nbconvert's own template does."""
    plain = judge(notebooks.answered()).judged
    own = Page(page(plain)).found
    return [what for what in Page(html).found if what not in own]


@pytest.fixture(scope="module")
def page_of_markdown():
    submission = notebooks.answered(words=MARKDOWN["script"])
    submission.cells += [new_markdown_cell(text) for text in MARKDOWN.values()]
    return judge(submission).judged


@pytest.mark.sandbox
def test_no_markdown_runs(page_of_markdown):
    assert foreign(page(page_of_markdown)) == []


def test_the_check_can_fail():
    # nbconvert itself stops at a missing attachment.
    texts = [text for name, text in MARKDOWN.items() if name != "attachment"]
    book = notebooks.notebook(*[new_markdown_cell(text) for text in texts])
    found = Page(page(notebooks.content(book))).found
    assert any("onerror" in what for what in found)
    assert any(what.startswith("script") for what in found)


@pytest.mark.sandbox
def test_no_output_runs():
    submission = notebooks.answered()
    submission.cells += [new_code_cell(SETUP + code) for code in OUTPUTS.values()]
    judged = judge(submission).judged
    assert foreign(page(judged)) == []
    kinds = {
        kind
        for cell in notebooks.read(judged).cells
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
    }
    assert kinds <= {"text/plain", "image/png", "image/jpeg", "image/gif"}


@pytest.mark.sandbox
def test_pictures_survive():
    code = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
    submission = notebooks.answered()
    submission.cells.append(new_code_cell(code))
    assert '"image/png"' in judge(submission).judged.decode()


@pytest.mark.sandbox
def test_words_of_a_students_exception_do_not_run():
    answer = f"def double(x): raise ValueError({f'<script>{RUN}</script>'!r})"
    judged = judge(notebooks.answered(double=answer)).judged
    assert MARK in judged.decode()
    assert foreign(page(judged)) == []


@pytest.mark.sandbox
def test_names_metadata_and_raw_cells_do_not_run():
    book = json.loads(notebooks.content(notebooks.answered()))
    script = f'"><script>{RUN}</script>'
    book["metadata"] |= {"title": script, "authors": [{"name": script}], "widgets": {"x": script}}
    book["metadata"]["kernelspec"]["display_name"] = script
    book["metadata"]["language_info"] = {"name": script, "pygments_lexer": script}
    for cell in book["cells"]:
        cell["metadata"] |= {"tags": [script], "name": script, "slideshow": {"slide_type": script}}
    for number, kind in enumerate(("raw", "code", "markdown")):
        cell = {"cell_type": kind, "source": script, "id": script, "metadata": {}}
        cell |= {"outputs": [{"output_type": script}], "execution_count": script}
        book["cells"].append(cell | {"id": f"{script}{number}"})
    raw = new_raw_cell(script, metadata={"raw_mimetype": "text/html", "format": "text/html"})
    book["cells"].append(raw)
    judged = judge(json.dumps(book).encode()).judged
    assert foreign(page(judged)) == []


def test_attachments_are_pictures_or_nothing():
    png = PIXEL
    bundle = {
        "good.png": {"image/png": png},
        "bad.svg": {"image/svg+xml": "PHN2Zy8+"},
        'x" onerror="y': {"image/png": png},
        "fake.png": {"image/png": '"><script>'},
        "type.png": {'image/png"><script>': png},
        "html.png": {"text/html": png},
        "list": ["x"],
    }
    assert clean.attachments(bundle) == {"good.png": {"image/png": png}}


COMMANDS = (
    "href url class cssId style require mmlToken bbox def gdef let csname newcommand "
    "renewcommand newenvironment renewenvironment"
)


@pytest.mark.parametrize("command", COMMANDS.split())
def test_no_command_that_makes_links_or_commands_reaches_mathjax(command):
    assert f"\\{command}" not in clean.markdown(f"$\\{command}{{x}}$ $$\\\\\\{command} x$$")


@pytest.mark.sandbox
@pytest.mark.parametrize("piece", few(["a*", "\\begin{a}", "[a](", "**a**", "> ", "- "], 1))
def test_a_page_is_made_in_bearable_time(piece):
    submission = notebooks.answered(words=piece * (1_000_000 // len(piece)))
    submission.cells += [new_markdown_cell(piece * (500_000 // len(piece))) for _ in range(3)]
    judged = judge(submission).judged
    start = time.process_time()
    page(judged)
    assert time.process_time() - start < 60


@pytest.mark.parametrize("text", ["a < b and $x<0$", "x && y", "see http://a.b/c?d=e&f=g", "**b**"])
def test_ordinary_text_stays_readable(text):
    assert clean.markdown(text).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("kind", ["error", "stream", "display_data"])
def test_whatever_a_cell_sends_its_outputs_are_bounded(kind):
    outputs = clean.Outputs(10_000)
    long = "x" * 5000
    body = {
        "error": {"ename": long, "evalue": long, "traceback": [long] * 3},
        "stream": {"name": "stdout", "text": long},
        "display_data": {"data": {"text/plain": long}},
    }[kind]
    for _ in range(5000):
        outputs.take(kind, body)
    assert len(json.dumps(outputs.finish())) < 50_000


# Of a list of codes it takes long to find that its end is none, if each can be read in two ways.
CODES = {
    "zeros": "0;" * 300 + "?",
    "nothing between": ";" * 600 + ":",
    "leading zeros": "01;" * 200 + "7777",
    "shades": "38;5;007;" * 60 + "<",
}


@pytest.mark.parametrize("codes", CODES.values(), ids=CODES)
@pytest.mark.parametrize("least", [1, 40])
def test_no_escape_holds_its_reader_up(codes, least):
    start = time.process_time()
    assert clean.text(f"a\x1b[{codes}mb" * least, 100_000) == "ab" * least
    assert time.process_time() - start < 1


KEPT = ["0", "", "1;31", "38;5;200", "48;2;1;2;255", "0;1;97;107", "38;5;1;4", "01"]
DROPPED = ["38", "38;5", "38;5;256", "48;2;1;2", "6", "38;9;1", "1;200", "?25", "1" * 300]


@pytest.mark.parametrize("codes", [*KEPT, *DROPPED])
def test_of_escapes_plain_colours_stay(codes):
    assert (
        clean.text(f"\x1b[{codes}mx", 100) == ("" if codes in DROPPED else f"\x1b[{codes}m") + "x"
    )
