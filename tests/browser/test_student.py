"""A student in JupyterLab: opens each lecture, runs it, and works its explorers by hand."""

import pytest

from tests.browser.explorers import unmoved
from tests.browser.lab import (
    PANEL,
    STATUS,
    cell,
    close_notebook,
    keep_picture,
    menu,
    new_page,
    open_notebook,
    run_all,
    serious_findings,
    shut_kernels_down,
    tracebacks,
    unfold,
    use_theme,
    wait_until_ready,
    watched,
)
from tests.lectures.notebooks import LECTURES, read
from tests.tiers import few

pytestmark = [pytest.mark.browser, pytest.mark.slow]
START, *REST = LECTURES
THEMES = ("Light", "Dark")
EXPLORER = ".mlpkit-explorer"
PICTURE = ".picture img"
# What is drawn: the picture's address changes even where the picture stays the same.
DRAWN = "async image => (await fetch(image.src)).text()"
OURS = {"include": [[".jp-OutputArea-output"], [".jp-RenderedMarkdown"]]}


@pytest.fixture(scope="module")
def window(browser):
    """One window for all lectures, each opened from the map: JupyterLab takes its time to load."""
    with new_page(browser) as opened:
        yield opened


@pytest.fixture
def page(window, request):
    with watched(*window, request.node.name) as page:
        yield page


def see_start_page(page, lab):
    """Come back to the map, or load it where something else is seen."""
    address, _ = lab
    if not page.locator(f".lm-TabBar-tab.lm-mod-current:has-text('{START.stem}')").count():
        open_notebook(page, address, f"lectures/{START.name}", len(read(START).cells))
    return address


def explorers(lecture):
    """The numbers of the cells that show an explorer."""
    cells = enumerate(read(lecture).cells)
    return [number for number, each in cells if "explorer" in each.metadata.get("tags", ())]


def changes(picture, before):
    """Wait until a picture is no longer the one before; whether it ever is another."""
    for _ in range(100):
        if picture.evaluate(DRAWN) != before:
            return True
        picture.page.wait_for_timeout(100)
    return False


def start_where_clicked(explorer):
    """Lecture 3: a click on the landscape is where gradient descent starts, a drag moves it."""
    page, words = explorer.page, explorer.locator(".words")
    before = words.inner_text()
    explorer.locator(".picture").click(position={"x": 120, "y": 120})
    page.wait_for_function(
        "([words, before]) => words.innerText !== before", arg=[words.element_handle(), before]
    )
    handle = explorer.locator(".handle")
    box = handle.bounding_box()
    page.mouse.move(box["x"] + 14, box["y"] + 14)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 14, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "([handle, x]) => handle.getBoundingClientRect().x > x + 20",
        arg=[handle.element_handle(), box["x"]],
    )


def draw_a_one(explorer):
    """Lecture 6: while a stroke is drawn by mouse, the network says what it sees."""
    page, pad = explorer.page, explorer.locator("canvas").first
    picture, words = explorer.locator(PICTURE), explorer.locator(".words")
    explorer.locator("button:has-text('Clear')").click()
    words.filter(has_text="Nothing is drawn yet").wait_for()
    before = picture.evaluate(DRAWN)
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    x, top, height = box["x"] + box["width"] / 2, box["y"] + 30, box["height"] - 60
    page.mouse.move(x + 10, top)
    page.mouse.down()
    for step in range(1, 21):
        page.mouse.move(x + 10 - step, top + height * step / 20)
        page.wait_for_timeout(20)
    assert changes(picture, before), "nothing is said before the mouse is up"
    page.mouse.up()
    words.filter(has_text="This looks like a 1").wait_for()


BY_MOUSE = {"03_loss_landscape": start_where_clicked, "06_deep_networks": draw_a_one}


@pytest.mark.parametrize(
    "lecture",
    few(sorted(REST, key=lambda path: path.stem not in BY_MOUSE), 1),
    ids=lambda path: path.stem,
)
def test_a_lecture_opens_from_the_map_runs_and_its_explorers_follow_the_hand(page, lab, lecture):
    address, path = see_start_page(page, lab), f"lectures/{lecture.name}"
    use_theme(page, "Light")
    page.click(f"{PANEL} a[href*='{lecture.name}']")
    page.wait_for_selector(f".lm-TabBar-tab.lm-mod-current:has-text('{lecture.stem}')")
    wait_until_ready(page, address, path, len(read(lecture).cells))
    lines = page.locator(f"{PANEL} .jp-Placeholder-content").all_text_contents()
    assert {"", "# The answer in code"} <= set(lines) <= {"", "# The answer in code", "# check"}
    run_all(page)
    assert tracebacks(page) == []
    unfold(page)
    there = explorers(lecture)
    for theme in THEMES:
        use_theme(page, theme)
        for number in there:
            explorer = cell(page, number).locator(EXPLORER)
            explorer.scroll_into_view_if_needed()
            assert not unmoved(explorer)
            keep_picture(page, f"{lecture.stem}-{number}-{theme.lower()}")
        assert not serious_findings(page, OURS)
    if lecture.stem in BY_MOUSE:
        BY_MOUSE[lecture.stem](explorer)
        keep_picture(page, f"{lecture.stem}-by-mouse")
    assert tracebacks(page) == []
    if there:
        stays_when_reopened(page, lab, lecture, len(there))
        shut_kernels_down(page, address, path)
    else:
        close_notebook(page, address, path)


def stays_when_reopened(page, lab, lecture, count):
    """Save a notebook, restart its kernel, open it anew: pictures and words stay."""
    (address, _), path = lab, f"lectures/{lecture.name}"
    page.wait_for_timeout(2000)  # the hand has come to rest, and the notebook keeps the picture
    words = page.locator(f"{PANEL} .words").all_text_contents()
    menu(page, "File", "Save Notebook")
    menu(page, "Kernel", "Restart Kernel…")
    page.click(".jp-Dialog button:has-text('Restart')")
    page.wait_for_selector(f"{STATUS}[data-status='idle']")
    explorer = page.locator(f"{PANEL} {EXPLORER}").first
    explorer.locator("input[type=range]").first.focus()
    for key in ("ArrowLeft", "ArrowRight"):  # at one end the slider stands still
        page.keyboard.press(key)
    explorer.locator(".note", has_text="un this cell to move it").wait_for()
    menu(page, "File", "Save Notebook")
    shut_kernels_down(page, address, path)
    open_notebook(page, address, path, len(read(lecture).cells))
    unfold(page)
    kept = page.locator(f"{PANEL} .mlpkit-still:visible")
    for number, text in enumerate(words):
        kept.nth(number).filter(has_text=text).filter(has_text="Run this cell").wait_for()
        picture = kept.nth(number).locator("img")
        assert picture.evaluate("image => image.naturalWidth") > 0
        assert picture.get_attribute("alt") == text
    assert kept.count() == count
    assert not page.locator("text=model not found").locator("visible=true").count()
    for theme in THEMES:
        use_theme(page, theme)
        assert not serious_findings(page, OURS)
        kept.last.scroll_into_view_if_needed()
        keep_picture(page, f"{lecture.stem}-reopened-{theme.lower()}")


def test_the_start_page_finds_everything_on_the_dark_theme(page, lab):
    address = see_start_page(page, lab)
    use_theme(page, "Dark")
    run_all(page)
    assert tracebacks(page) == []
    # What has been scrolled past isn't drawn, and has no inner text.
    lines = page.locator(f"{PANEL} .jp-OutputArea-output").first.text_content().splitlines()
    assert len(lines) >= 3 and all(line.startswith("✓") for line in lines)
    assert not serious_findings(page, OURS)
    shut_kernels_down(page, address)
