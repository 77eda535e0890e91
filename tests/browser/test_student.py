"""A student in JupyterLab: opens lectures, runs them, moves sliders by keyboard, validates."""

import pytest

from tests.browser.lab import PANEL, open_notebook, run_all, tracebacks, wait_for_kernel
from tests.lectures.notebooks import LECTURES

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def move_each_slider(page):
    """Press an arrow key on each explorer's first slider; return how many pictures changed."""
    explorers = page.locator(f"{PANEL} .jp-OutputArea-output:has(.noUi-handle)")
    for number in range(explorers.count()):
        explorer = explorers.nth(number)
        picture, handle = (
            explorer.locator("img.widget-image"),
            explorer.locator(".noUi-handle").first,
        )
        handle.scroll_into_view_if_needed()
        before = picture.get_attribute("src")
        handle.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function(
            "([image, before]) => image.src !== before", arg=[picture.element_handle(), before]
        )
    return explorers.count()


@pytest.mark.parametrize("lecture", LECTURES[1:], ids=lambda path: path.stem)
def test_each_lecture_opens_from_the_map_runs_and_its_sliders_move_its_picture(page, lab, lecture):
    address, _ = lab
    open_notebook(page, address, "lectures/00_start_here.ipynb")
    page.click(
        f"{PANEL} a[href*='{lecture.name}'], {PANEL} a[data-commandlinker-args*='{lecture.name}']"
    )
    page.wait_for_selector(f".lm-TabBar-tab.jp-mod-current:has-text('{lecture.stem[:12]}')")
    wait_for_kernel(page)
    run_all(page)
    assert tracebacks(page) == []
    has_explorer = "explorer" in lecture.read_text() and '"explorer"' in lecture.read_text()
    assert (move_each_slider(page) > 0) == has_explorer


def test_the_start_page_runs_and_reads_on_the_dark_theme(page, lab):
    address, _ = lab
    open_notebook(page, address, "lectures/00_start_here.ipynb")
    page.click(".lm-MenuBar-itemLabel:text-is('Settings')")
    page.hover(".lm-Menu-itemLabel:text-is('Theme')")
    page.click(".lm-Menu-itemLabel:text-is('JupyterLab Dark')")
    page.wait_for_selector("body[data-jp-theme-light='false']", state="attached")
    run_all(page)
    assert tracebacks(page) == []
    lines = page.locator(f"{PANEL} .jp-OutputArea-output").first.inner_text().splitlines()
    assert len(lines) >= 3 and all(line.startswith("✓") for line in lines)
