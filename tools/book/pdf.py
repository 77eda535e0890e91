"""The course as one PDF, printed by Chromium from the book's own sources."""

import shutil
import tempfile
from pathlib import Path

import pikepdf
from playwright.sync_api import sync_playwright

from tools.book.build import build

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# All formulas of the course on one page, on a slow machine.
MILLISECONDS = 600_000
FOOTER = (
    '<div style="font-size:8px;width:100%;text-align:center;color:#555">'
    '<span class="pageNumber"></span> / <span class="totalPages"></span></div>'
)


class NoBrowser(Exception):
    """There is no Chromium to print with; the message says what to install."""


def browser():
    """Find Chromium, or raise NoBrowser."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise NoBrowser("no Chromium is installed, and it prints the PDF: install chromium for it")


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
    program, target = browser(), Path(target)
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder, "pages")
        build(pages, "singlehtml")
        printed = Path(folder, "printed.pdf")
        _print(program, pages / "index.html", printed)
        beside = target.with_suffix(".pdf.new")
        _pack(printed, beside)
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
        opened.pdf(
            path=str(target), format="A4", display_header_footer=True, header_template="<i></i>",
            footer_template=FOOTER, outline=True, tagged=True, print_background=True,
            margin={"top": "15mm", "bottom": "18mm", "left": "15mm", "right": "15mm"},
        )  # fmt: skip
        chromium.close()


def _pack(printed, target):
    """Keep small objects together: Chromium writes each mark of the structure on its own."""
    together = pikepdf.ObjectStreamMode.generate
    with pikepdf.open(printed) as pdf:
        pdf.save(target, object_stream_mode=together, recompress_flate=True)
