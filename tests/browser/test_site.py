"""The book: opened from its folder, with no server and no network."""

import gzip
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest

from tests.browser.explorers import pixels, shown
from tests.browser.lab import findings, keep_picture
from tests.lectures.notebooks import pictures, read
from tests.tiers import few
from tools.book import equations, pdf
from tools.book.lectures import ROOT, notebooks

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PLAYED = "05_backpropagation"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
TEX = re.compile(r"\$\$|\\(frac|partial|begin|tag|rho)\b")
# The page's words as they are read: formulas as they are set, code and outputs left out.
PROSE = """() => [...document.querySelectorAll('article p, article li, article td, article h2')]
  .filter(e => !e.closest('details, .katex')).map(e => e.innerText).join('\\n')"""
ALT = "all => all.map(image => image.alt)"
SEEN = "all => all.every(image => image.complete && image.naturalWidth > 0)"
# The stops of the Tab key before the end of the page's first heading.
STOPS = """() => {
  const end = document.querySelector('article h1');
  const able = 'a[href], button, input, select, summary, [tabindex="0"]';
  return [...document.querySelectorAll(able)].filter(e => e.checkVisibility() && !e.disabled
    && (end.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING)).length;
}"""
# What is drawn: the picture's address changes even where the picture stays the same.
DRAWN = "async image => (await fetch(image.src)).text()"
REFERENCE = ("index", "equations", "notation", "bibliography", "changes", "about")
# How far each formula's number stands to the right of where the formula ends.
NUMBERS = """all => all.map(line => {
  const [number, ...parts] = [...line.children].reverse().map(e => e.getBoundingClientRect());
  return Math.round(number.left - Math.max(...parts.map(part => part.right)));
})"""
# The formulas after which a full stop, comma or the like has gone to the next line alone.
LOST = """all => all.filter(formula => {
  const after = formula.nextSibling, last = formula.querySelector('.katex-html > :last-child');
  const followed = after?.nodeType === Node.TEXT_NODE && /^[.,;:!?)]/.test(after.data);
  if (!followed || !last?.checkVisibility()) return false;
  const point = document.createRange();
  point.setStart(after, 0);
  point.setEnd(after, 1);
  return point.getBoundingClientRect().top > last.getBoundingClientRect().bottom - 2;
}).map(formula => formula.parentElement.textContent)"""
PAGES = [str(path.relative_to(ROOT).with_suffix("")) for path in notebooks()] + list(REFERENCE)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The book, written by the command that instructors use; one lecture's explorer plays."""
    folder = tmp_path_factory.mktemp("site") / "book"
    command = [sys.executable, "-m", "tools.make_site", str(folder), "--no-pdf", "--play", PLAYED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr, done.stdout + done.stderr
    return folder


@pytest.fixture
def offline(page, site):
    """A page on which any request beyond the folder fails the test."""
    beyond, inside = [], site.as_uri()
    own = (inside, "data:", "blob:null/")  # a recording's picture is an object of its page
    page.on("request", lambda asked: asked.url.startswith(own) or beyond.append(asked.url))
    yield page
    assert not beyond


def alt_texts(name):
    """What a page's notebook says of its figures, in order."""
    cells = [c for c in read(ROOT / f"{name}.ipynb").cells if c.cell_type == "code"]
    outputs = [out for cell in cells for out in pictures(cell)]
    return [about["alt"] for out in outputs for about in out.metadata.values() if "alt" in about]


def open_page(page, site, name, theme="light"):
    page.emulate_media(color_scheme=theme)
    page.goto((site / f"{name}.html").as_uri())
    page.wait_for_selector("html[data-formulas=set]", state="attached", timeout=2000)


# One of each kind: formulas and explorers, wide tables, an assignment, a list, a front page.
KINDS = ("lectures/05_backpropagation", "assignments/ps2/ps2", "equations", "index")


@pytest.mark.parametrize("name", few(sorted(PAGES, key=lambda page: page not in KINDS), 4))
def test_a_page_reads_on_a_phone_and_its_figures_have_their_notebooks_words(offline, site, name):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, name)
    assert offline.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not offline.locator(".katex-error").count()
    prose = offline.evaluate(PROSE)
    assert prose.strip() and not TEX.findall(prose)
    assert offline.evaluate(STOPS) <= 60
    if name not in REFERENCE:
        shown = offline.locator("article .cell img")
        assert shown.evaluate_all(ALT) == alt_texts(name) and shown.evaluate_all(SEEN)
    keep_picture(offline, f"site-{name.replace('/', '-')}")


LOOKS = [
    (name, size, theme) for name in PAGES for size in (PHONE, DESK) for theme in ("light", "dark")
]
FIRST = [(KINDS[0], PHONE, "dark"), (KINDS[1], DESK, "light"), (KINDS[2], PHONE, "light"),
         (KINDS[3], DESK, "dark")]  # fmt: skip


@pytest.mark.parametrize("look", few(sorted(LOOKS, key=lambda look: look not in FIRST), len(FIRST)))
def test_axe_finds_nothing_on_a_page_at_either_width_and_in_either_theme(offline, site, look):
    name, size, theme = look
    offline.set_viewport_size(size)
    open_page(offline, site, name, theme)
    assert offline.evaluate("document.documentElement.dataset.theme") == theme
    assert not findings(offline)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("name", "numbers"),
    [("04_softmax_classification", 2), ("05_backpropagation", 1), ("06_deep_networks", 4)],
)
def test_the_number_of_a_formula_stands_beside_it_and_not_upon_it(
    offline, site, name, numbers, size
):
    offline.set_viewport_size(size)
    open_page(offline, site, f"lectures/{name}")
    gaps = offline.locator(".formula.numbered .katex-html").evaluate_all(NUMBERS)
    assert len(gaps) == numbers and min(gaps) >= 0


@pytest.mark.parametrize(
    ("name", "size"),
    [("00_start_here", DESK), ("01_one_hidden_layer", DESK), ("05_backpropagation", PHONE)],
)
def test_a_full_stop_stays_on_the_line_of_its_formula(offline, site, name, size):
    offline.set_viewport_size(size)
    open_page(offline, site, f"lectures/{name}")
    assert not offline.locator(".formula:not(.displayed)").evaluate_all(LOST)


@pytest.mark.parametrize("name", ["03_loss_landscape", "05_backpropagation", "06_deep_networks"])
def test_a_figure_in_the_dark_has_no_pale_frame_and_its_own_colours(offline, site, name):
    open_page(offline, site, f"lectures/{name}", "dark")
    styles = """all => all.map(image => [image, image.parentElement].map(e => {
      const {padding, filter, backgroundColor} = getComputedStyle(e);
      return [padding, filter, backgroundColor].join(' ');
    }).join(' / '))"""
    found = set(offline.locator("article img.mlpkit-figure").evaluate_all(styles))
    assert found == {"0px none rgba(0, 0, 0, 0) / 0px none rgba(0, 0, 0, 0)"}


class Page(HTMLParser):
    """A page's ids, and where its links and pictures lead."""

    def __init__(self, path):
        super().__init__()
        self.path, self.ids, self.links, self.words = path, set(), set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.words.append(dict(attributes).get("alt"))
        for name, value in attributes:
            if name == "id":
                self.ids.add(value)
            elif name in ("href", "src") and value:
                self.links.add(value)


@pytest.fixture(scope="module")
def pages(site):
    found = [path for path in site.rglob("*.html") if "_static" not in path.parts]
    return {path.resolve(): Page(path) for path in found}


def test_every_link_leads_to_a_file_of_the_book_and_to_its_anchor(pages):
    seen = 0
    for page in pages.values():
        for link in page.links:
            if re.match(r"(https?|mailto|data|javascript):", link):
                continue
            name, _, anchor = link.partition("#")
            target = (page.path.parent / unquote(name.partition("?")[0])).resolve()
            target = target if name else page.path.resolve()
            assert target.is_file(), f"{link} in {page.path.name}"
            if anchor and target in pages:
                assert unquote(anchor) in pages[target].ids, f"{link} in {page.path.name}"
            seen += 1
    assert seen > 1000


@pytest.mark.parametrize("name", [name for name in PAGES if name not in REFERENCE])
def test_each_figure_of_a_page_has_its_notebooks_words(pages, site, name):
    assert pages[(site / f"{name}.html").resolve()].words == alt_texts(name)


def test_each_equation_is_reached_from_other_lectures_and_from_the_index(pages, site):
    for number in range(1, equations.LAST + 1):
        anchor = f"equation-{number}"
        (home,) = [page for page in pages.values() if anchor in page.ids]
        leading = {p.path.stem for p in pages.values() for x in p.links if x.endswith(f"#{anchor}")}
        assert "equations" in leading and home.path.parent.name == "lectures"
    assert {"05_backpropagation", "07_cost_of_backpropagation", "ps2"} <= {
        p.path.stem for p in pages.values() for x in p.links if x.endswith("#equation-8")
    }


def test_no_hidden_test_or_solution_is_in_the_book_and_downloads_are_the_notebooks(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "BEGIN HIDDEN" not in text and "BEGIN SOLUTION" not in text
    for path in notebooks():
        download = site / "_sources" / path.relative_to(ROOT)
        assert download.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", sorted(ROOT.glob("lectures/*.ipynb")), ids=lambda path: path.stem)
def test_a_lecture_with_its_pictures_is_below_a_megabyte_compressed(pages, site, path):
    page = pages[(site / "lectures" / f"{path.stem}.html").resolve()]
    used = {link for link in page.links if "_images/" in link or link.endswith(".html")}
    files = {(page.path.parent / link).resolve() for link in used if "_images/" in link}
    size = sum(len(gzip.compress(file.read_bytes())) for file in {*files, page.path})
    assert size < 1_000_000


def test_a_reader_searches_finds_folds_out_and_goes_on(offline, site):
    open_page(offline, site, "index")
    offline.click("a:has-text('Start here') >> nth=0")
    offline.wait_for_url("**/00_start_here.html")
    offline.click(".prev-next-area a.right-next")
    offline.wait_for_url("**/01_one_hidden_layer.html")
    offline.goto((site / "search.html").as_uri() + "?q=vanishing+gradient")
    offline.wait_for_selector("#search-results li a")
    assert offline.locator("#search-results li a").count() >= 1
    folded = offline.locator("details.starred")
    open_page(offline, site, "lectures/05_backpropagation")
    assert folded.count() >= 5 and not folded.first.evaluate("d => d.open")
    inside = folded.nth(1).locator("section[id]").first.get_attribute("id")
    offline.evaluate("id => { location.hash = id }", inside)
    offline.wait_for_function("document.querySelectorAll('details.starred')[1].open")
    prediction = offline.locator("details:has-text('Predict first') >> nth=0")
    assert not prediction.evaluate("d => d.open")
    prediction.locator("summary").first.click()
    assert prediction.evaluate("d => d.open")


def test_text_has_one_size_in_folded_sections_too(offline, site):
    open_page(offline, site, "lectures/03_loss_landscape")
    offline.evaluate("openAll()")
    sizes = offline.locator("article section > p, article details > p, article section section p")
    found = sizes.evaluate_all("all => all.map(p => getComputedStyle(p).fontSize)")
    assert len(found) > 50 and len(set(found)) == 1


def test_on_paper_all_is_open_and_no_code_is_cut(offline, site):
    open_page(offline, site, "lectures/05_backpropagation")
    offline.set_viewport_size({"width": 700, "height": 1000})
    offline.emulate_media(media="print")
    offline.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not offline.locator("details:not([open])").count()
    wide = offline.locator("article pre").evaluate_all(
        "all => all.filter(pre => pre.scrollWidth > pre.clientWidth + 1).length"
    )
    assert wide == 0
    offline.evaluate("dispatchEvent(new Event('afterprint'))")
    assert offline.locator("details:not([open])").count() > 10


# The content of each folded cell and, all of it seen at once, how much of it shows through.
FOLDED = """() => {
  openAll();
  return [...document.querySelectorAll('article details.hide > :not(summary)')]
    .map(each => [getComputedStyle(each).opacity, each.getClientRects().length > 0].join());
}"""


@pytest.mark.parametrize(
    "name", ["lectures/00_start_here", "lectures/05_backpropagation", "assignments/ps2/ps2"]
)
def test_on_paper_what_was_folded_is_printed_and_does_not_fade_in(offline, site, name):
    open_page(offline, site, name)
    offline.emulate_media(media="print")
    shown = offline.evaluate(FOLDED)
    assert shown and set(shown) == {"1,true"}


@pytest.mark.parametrize(
    "name", ["lectures/05_backpropagation", "assignments/ps2/ps2", "equations"]
)
def test_on_paper_links_lead_to_their_places_on_the_one_page_and_none_out_of_it(
    page, tmp_path, name
):
    (tmp_path / "one.html").write_text(
        f"""<article><a href="#document-{name}#place">1</a><a href="#document-{name}">2</a>
        <a href="other.py">3</a><a href="#document-nowhere#place">4</a>
        <a href="https://example.org/">5</a><i id="place"></i>
        <span id="document-{name}"></span><section><b id="place"></b></section></article>"""
    )
    page.goto((tmp_path / "one.html").as_uri())
    page.evaluate(pdf.MEND_LINKS)
    hrefs = page.locator("a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    full = f"document-{name}#place"
    assert hrefs == [f"#{full}", f"#document-{name}", None, None, "https://example.org/"]
    assert page.evaluate("id => document.getElementById(id).parentElement.tagName", full) == "B"


# Names in code that reach beyond the article's edge, and what stands on two lines: shapes, and a
# table's names.
CUT = """() => {
  const edge = document.querySelector('article').getBoundingClientRect().right;
  const lines = (code) => [...code.getClientRects()];
  return [...document.querySelectorAll('article code.literal')].filter(code =>
    !code.closest('table, details:not([open])') && lines(code).some(line => line.right > edge + 1)
    || code.classList.contains('kept') && lines(code).length > 1
    || code.closest('td') && !code.innerText.includes(' ') && lines(code).length > 1
  ).map(code => code.innerText);
}"""


NAMES = ["equations", "lectures/01_one_hidden_layer", "lectures/06_deep_networks", "about"]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_is_cut_off_on_a_phone_and_no_shape_is_divided(offline, site, name):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, name)
    assert offline.evaluate(CUT) == []


# Links to the pages beside whose names are cut off, and short code of tables on several lines.
CUT_BESIDE = """() => [
  ...[...document.querySelectorAll('.prev-next-area a')].filter(a => a.scrollWidth > a.clientWidth),
  ...[...document.querySelectorAll('td code.literal')].filter(code =>
    /^\\w{1,9}$/.test(code.innerText) && code.getClientRects().length > 1),
].map(each => each.innerText)"""


@pytest.mark.parametrize(
    "name", ["03_loss_landscape", "04_softmax_classification", "07_cost_of_backpropagation"]
)
def test_pages_beside_are_named_in_full_on_a_phone_and_no_short_name_in_a_table_is_divided(
    offline, site, name
):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, f"lectures/{name}")
    assert offline.evaluate(CUT_BESIDE) == []


# What is wider than its box: its words, whether it fades, and whether the Tab key reaches it.
WIDE = """all => all.filter(box => box.clientWidth && box.scrollWidth > box.clientWidth + 1)
  .map(({dataset: {tex}, innerText, classList, tabIndex}) =>
    [tex || innerText, classList.contains('goes-on'), tabIndex])"""
END = """all => all.map(box => {
  box.scrollLeft = box.scrollWidth;
  box.dispatchEvent(new Event('scroll'));
  return box.classList.contains('goes-on');
})"""
SCROLLING = "article pre, .pst-scrollable-table-container"
SIZES = "all => all.map(box => parseFloat(box.style.fontSize || '1em'))"


@pytest.mark.parametrize(
    "name", ["assignments/ps2/ps2", "lectures/03_loss_landscape", "lectures/09_wide_networks"]
)
def test_what_is_too_wide_for_a_phone_fades_where_it_goes_on(offline, site, name):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, name)
    offline.evaluate("openAll()")
    offline.wait_for_function("document.querySelectorAll('.goes-on').length > 2")
    boxes = offline.locator(SCROLLING)
    wide = boxes.evaluate_all(WIDE)
    assert len(wide) > 2 and all(fades and stop == 0 for _, fades, stop in wide)
    assert not any(boxes.evaluate_all(END))


SYMBOLS = "#symbols-and-shapes .pst-scrollable-table-container"
FULL = ["assignments/ps2/ps2", "lectures/06_deep_networks", "lectures/07_cost_of_backpropagation"]
FULL += [name for name in PAGES if name not in FULL]


@pytest.mark.parametrize("name", few(FULL, 3))
def test_no_formula_or_symbol_is_cut_on_a_phone_and_on_a_desk_each_is_as_written(
    offline, site, name
):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, name)
    offline.evaluate("openAll()")
    offline.wait_for_function("document.fonts.status === 'loaded'")
    offline.evaluate("fit()")
    formulas = offline.locator(".formula.displayed")
    assert formulas.evaluate_all(WIDE) == []
    assert offline.locator(SYMBOLS).evaluate_all(WIDE) == []
    assert min(formulas.evaluate_all(SIZES), default=1) >= 0.75
    assert not offline.locator(".katex-error").count()
    offline.set_viewport_size({"width": 2000, "height": 900})
    offline.wait_for_function("!document.querySelector('.formula[data-lines]')")
    assert set(formulas.evaluate_all(SIZES)) <= {1}


@pytest.mark.parametrize("name", KINDS[:3])
def test_what_grows_too_wide_when_its_letters_arrive_is_a_stop_of_the_tab_key(offline, site, name):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, name)
    offline.evaluate("document.fonts.ready")
    before = len(offline.locator(".formula.displayed").evaluate_all(WIDE))
    offline.add_style_tag(content=".katex { font-size: 3em !important }")
    offline.evaluate("document.fonts.dispatchEvent(new Event('loadingdone'))")
    offline.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))")
    wide = offline.locator(".formula.displayed").evaluate_all(WIDE)
    assert len(wide) > before and all(fades and stop == 0 for _, fades, stop in wide)


@pytest.fixture
def recording(offline, site):
    """The explorer of a page of the book."""
    open_page(offline, site, f"lectures/{PLAYED}")
    shown(offline)
    explorer = offline.locator(".mlpkit-explorer")
    explorer.scroll_into_view_if_needed()
    return explorer


def step_of(explorer):
    """The step that the slider stands at, once the picture's and the words' are the same."""
    at = explorer.locator("input[type=range]").input_value()
    words = explorer.locator(".words").inner_text()
    assert words.startswith(f"Step {at},")
    assert explorer.locator(".picture img").get_attribute("alt") == words
    return int(at)


def test_a_recording_in_the_book_plays_steps_slides_and_is_reset(offline, recording):
    pictures = {recording.locator(".picture img").evaluate(DRAWN)}
    for name, step in (("Step", 1), ("Step", 2), ("Back", 1)):
        recording.locator(f"button:has-text('{name}')").click()
        assert step_of(recording) == step
        pictures.add(recording.locator(".picture img").evaluate(DRAWN))
    assert len(pictures) == 3
    recording.get_by_label("speed").select_option("4")
    recording.locator(".play").click()
    offline.wait_for_function("document.querySelector('.mlpkit-explorer input').value >= 3")
    recording.locator(".play").click()
    assert step_of(recording) >= 3 and "Play" in recording.locator(".play").inner_text()
    box = recording.locator("input[type=range]").bounding_box()
    offline.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
    assert step_of(recording) == 11
    recording.get_by_label("σ").select_option(label="relu")
    assert step_of(recording) == 11
    recording.locator("button:has-text('Reset')").click()
    assert step_of(recording) == 0


def test_a_recording_in_the_book_is_played_and_moved_by_keys_alone(offline, recording):
    recording.get_by_label("speed").focus()
    offline.keyboard.press("End")
    recording.locator(".play").focus()
    offline.keyboard.press("Enter")
    offline.wait_for_function("document.querySelector('.mlpkit-explorer input').value >= 2")
    offline.keyboard.press("Space")
    stopped = step_of(recording)
    for key, step in (("ArrowRight", stopped + 1), ("ArrowLeft", stopped), ("End", 11)):
        recording.locator("input[type=range]").focus()
        offline.keyboard.press(key)
        assert step_of(recording) == step


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_recording_in_the_book_has_the_pages_ground_and_steps_where_motion_is_not_wanted(
    offline, site, theme
):
    offline.emulate_media(reduced_motion="reduce", color_scheme=theme)
    open_page(offline, site, f"lectures/{PLAYED}", theme)
    shown(offline)
    explorer = offline.locator(".mlpkit-explorer")
    ground = offline.locator("article").evaluate(
        "a => getComputedStyle(document.body).backgroundColor"
    )
    assert f"rgb({pixels(explorer)[0]})".replace(" ", "") == ground.replace(" ", "")
    assert not explorer.locator(".play").is_visible()
    explorer.locator("button:has-text('Step')").click()
    assert step_of(explorer) == 1
