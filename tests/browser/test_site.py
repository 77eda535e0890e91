"""The lectures as static pages: opened from the folder, with no server and no network."""

import re
from pathlib import Path

import pytest

from tests.browser.lab import serious_findings
from tests.lectures.notebooks import LECTURES, pictures, read
from tools.make_site import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PHONE = {"width": 390, "height": 844}


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


each = pytest.mark.parametrize("lecture", LECTURES, ids=lambda path: path.stem)


@each
def test_a_page_reads_on_a_phone_and_axe_finds_nothing_serious(offline, site, lecture):
    offline.set_viewport_size(PHONE)
    open_page(offline, site, f"{lecture.stem}.html")
    assert offline.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    prose = offline.locator(".jp-RenderedMarkdown").all_inner_texts()
    assert not [text for text in prose if re.search(r"\$\$|\\(frac|partial|begin|tag)\b", text)]
    images = offline.locator(".jp-OutputArea-output img")
    cells = read(lecture).cells
    assert images.count() == sum(len(pictures(c)) for c in cells if c.cell_type == "code")
    for number in range(images.count()):
        assert len(images.nth(number).get_attribute("alt")) > 20
        assert images.nth(number).evaluate("image => image.complete && image.naturalWidth > 0")
    assert not serious_findings(offline)


def test_every_link_between_pages_leads_to_a_page(site):
    for page in site.glob("*.html"):
        for link in re.findall(r'href="([^"#:]+)"', page.read_text(encoding="utf-8")):
            assert (site / Path(link)).exists(), f"{link} in {page.name}"
