"""The course as one PDF, printed by Chromium from the book's own sources."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import pikepdf
from playwright.sync_api import sync_playwright

from mlpkit import __version__
from tools.book.build import build, lay
from tools.book.lectures import ROOT

USUAL = ROOT / "dist" / "mlp-course.pdf"
# Where a printed file says of what it was made.
MADE_OF = "/MadeOf"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# All formulas of the course on one page, on a slow machine.
MILLISECONDS = 600_000
SCALE = 0.8  # a book's letters are smaller than a screen's, and lines of code stay whole
FOOTER = (
    '<div style="font-size:8px;width:100%;text-align:center;color:#555">'
    f"A course on neural networks {__version__} · "
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)
# On its one page Sphinx writes a link to a place of another page as #page#place, where nothing is,
# and several pages have a place of the same name. What isn't in the file can't be led to from it.
MEND_LINKS = """() => {
  for (const link of document.querySelectorAll('article a[href]')) {
    const name = decodeURIComponent(link.hash.slice(1));
    const [page, place] = name.split('#');
    const section = document.getElementById(page)?.nextElementSibling;
    const target = place && section?.querySelector(`[id="${CSS.escape(place)}"]`);
    if (target && !document.getElementById(name))
      target.prepend(Object.assign(document.createElement('span'), { id: name }));
    if (link.protocol === 'file:' && !document.getElementById(name)) link.removeAttribute('href');
  }
}"""


class NoBrowser(Exception):
    """There is no Chromium to print with; the message says what to install."""


def browser():
    """Find Chromium, or raise NoBrowser."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise NoBrowser("no Chromium is installed, and it prints the PDF: install chromium for it")


def sources():
    """Name all that is printed, and the programs that print it, by a digest."""
    found = hashlib.sha256()
    with tempfile.TemporaryDirectory() as folder:
        lay(Path(folder))
        for root in (Path(folder), Path(__file__).parent):
            for path in sorted(path for path in root.rglob("*") if path.suffix != ".pyc"):
                if path.is_file():
                    name = path.relative_to(root).as_posix()
                    found.update(f"{name}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return found.hexdigest()


def is_current(path):
    """Tell whether a file is the PDF of the course as it now is."""
    try:
        with pikepdf.open(path) as printed:
            return printed.docinfo.get(MADE_OF) == sources()
    except (OSError, pikepdf.PdfError):
        return False


def write(target):
    """Print the whole course into one file.

    Parameters
    ----------
    target : path

    Returns
    -------
    Path

    Raises
    ------
    NoBrowser
        If there is no Chromium.
    """
    program, target, made_of = browser(), Path(target), sources()
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder, "pages")
        build(pages, "singlehtml")
        printed = Path(folder, "printed.pdf")
        _print(program, pages / "index.html", printed)
        beside = target.with_suffix(".pdf.new")
        _pack(printed, beside, made_of)
        beside.replace(target)
    return target


def _print(program, page, target):
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-background-networking"]
        )
        opened = chromium.new_page()
        opened.set_default_timeout(MILLISECONDS)
        opened.goto(page.as_uri())
        opened.wait_for_selector("html[data-formulas=set]", state="attached")
        opened.evaluate("openAll()")
        opened.evaluate(MEND_LINKS)
        opened.pdf(
            path=str(target), format="A4", scale=SCALE, outline=True, tagged=True,
            display_header_footer=True, header_template="<i></i>", footer_template=FOOTER,
            print_background=True,
            margin={"top": "15mm", "bottom": "18mm", "left": "15mm", "right": "15mm"},
        )  # fmt: skip
        chromium.close()


def _pack(printed, target, made_of):
    """Say of what it is made, and keep small objects together.

    Chromium writes each mark of the structure on its own.
    """
    together = pikepdf.ObjectStreamMode.generate
    with pikepdf.open(printed) as pdf:
        pdf.docinfo[MADE_OF] = made_of
        pdf.save(target, object_stream_mode=together, recompress_flate=True)
