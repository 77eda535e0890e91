"""The lectures as static pages: opened from the folder, with no server and no network."""

import re
from urllib.parse import unquote

import pytest

from tests.browser.lab import keep_picture, serious_findings
from tests.lectures.notebooks import pictures, read
from tests.tiers import few
from tools.make_site import build, notebooks

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 844}
# Code has thousands of pieces in few styles: of those with the same classes from the page down,
# the contrast of one is enough.
HIDE_REPEATED = """() => {
  const seen = new Set();
  const classes = node => node ? classes(node.parentElement) + '>' + node.className : '';
  for (const piece of document.querySelectorAll('.highlight span')) {
    const style = classes(piece);
    if (seen.has(style)) piece.style.visibility = 'hidden';
    seen.add(style);
  }
  return seen.size;
}"""
TEX = re.compile(r"\$\$|\\(frac|partial|begin|tag)\b")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


@pytest.fixture
def offline(page):
    """A page on which any request beyond the folder fails the test."""
    beyond = []
    page.on("request", lambda asked: asked.url.startswith("http") and beyond.append(asked.url))
    yield page
    assert not beyond


def open_page(page, site, name):
    page.goto((site / name).as_uri())
    page.wait_for_function("window.MathJax && MathJax.Hub && MathJax.Hub.queue.pending === 0")


each = pytest.mark.parametrize("notebook", notebooks(), ids=lambda path: path.stem)
# One of each kind: the map, an assignment, lectures with a wide table and with explorers.
KINDS = ("00_start_here", "ps2", "03_loss_landscape", "07_cost_of_backpropagation")
one_of_each_kind = pytest.mark.parametrize(
    "notebook",
    few(sorted(notebooks(), key=lambda path: path.stem not in KINDS), len(KINDS)),
    ids=lambda path: path.stem,
)


@each
def test_a_page_reads_on_a_phone_and_its_figures_are_described(offline, site, notebook):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, f"{notebook.stem}.html")
    assert offline.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    prose = offline.locator(".jp-RenderedMarkdown").all_inner_texts()
    assert prose and not [text for text in prose if TEX.search(text)]
    images = offline.locator(".jp-OutputArea-output img")
    cells = read(notebook).cells
    assert images.count() == sum(len(pictures(c)) for c in cells if c.cell_type == "code")
    for number in range(images.count()):
        assert len(images.nth(number).get_attribute("alt")) > 20
        assert images.nth(number).evaluate("image => image.complete && image.naturalWidth > 0")
    keep_picture(offline, f"site-{notebook.stem}")


@one_of_each_kind
def test_axe_finds_nothing_serious_on_a_page(offline, site, notebook):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, f"{notebook.stem}.html")
    assert offline.evaluate(HIDE_REPEATED) > 5
    assert not serious_findings(offline)


def test_every_link_between_pages_leads_to_a_page_and_its_heading(site):
    for page in site.glob("*.html"):
        for link in re.findall(r'href="([^":]+)"', page.read_text(encoding="utf-8")):
            name, _, anchor = link.partition("#")
            target = site / (name or page.name)
            assert target.exists(), f"{link} in {page.name}"
            if anchor:
                ids = re.findall(r'\bid="([^"]+)"', target.read_text(encoding="utf-8"))
                assert unquote(anchor) in map(unquote, ids), f"{link} in {page.name}"


def test_a_reader_comes_from_the_map_to_each_lecture_and_assignment_and_back(offline, site):
    # Formulas would be set on every page that is only passed through.
    offline.route("**/MathJax.js*", lambda route: route.fulfill(body=""))
    offline.goto((site / "index.html").as_uri())
    listed = offline.locator("table a")
    names = listed.evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert set(names) | {"00_start_here.html", "ps0.html"} >= {
        f"{path.stem}.html" for path in notebooks()
    }
    for name in dict.fromkeys(names):
        offline.click(f"table a[href='{name}'] >> nth=0")
        offline.wait_for_url(f"**/{name}", wait_until="commit")
        if name[0] == "0":
            offline.click("a[href='00_start_here.html'] >> nth=0")
            offline.wait_for_url("**/00_start_here.html", wait_until="commit")
        offline.goto((site / "index.html").as_uri())


def test_no_hidden_test_or_solution_is_on_the_site(site):
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "BEGIN HIDDEN" not in text and "BEGIN SOLUTION" not in text
