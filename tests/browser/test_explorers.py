"""Explorers by mouse, touch and keyboard: recorded on a page, and moved by Python."""

import pytest

from mlpkit.explorers.draw import draw_digit
from mlpkit.explorers.recording import LIMIT
from mlpkit.network import MLP
from tests.browser.explorers import (
    CONTROLS,
    makers,
    moved_by_python,
    pixels,
    recorded,
    shown,
    tap,
    unmoved,
    use_theme,
)
from tests.browser.lab import findings, keep_picture
from tests.tiers import few

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL = makers() | {"draw": lambda: draw_digit(MLP(64, 8, 10))}
FIRST = ("backpropagation", "draw")  # those that are tried in every run
EXPLORERS = {name: ALL[name] for name in [*FIRST, *sorted(ALL.keys() - FIRST)]}
each = pytest.mark.parametrize("name", few(EXPLORERS, 2))
WIDTHS = ({"width": 1280, "height": 900}, {"width": 390, "height": 844})
GROUNDS = {"light": "255,255,255", "dark": "20,24,30"}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """A page with the recordings of two explorers."""
    explorers = [EXPLORERS[name]() for name in FIRST]
    return recorded(tmp_path_factory.mktemp("recorded"), *explorers)


def at(explorer):
    return explorer.locator("input[type=range]").first.evaluate("input => Number(input.value)")


def words(explorer):
    return explorer.locator(".words").inner_text()


def press(explorer, name):
    explorer.locator(f"button:has-text('{name}')").click()


def test_a_recording_steps_plays_pauses_and_is_reset_by_buttons_and_by_keys(page, played):
    page.goto(played)
    shown(page)
    explorer = page.locator(".mlpkit-explorer").first
    assert (at(explorer), words(explorer)[:7]) == (0, "Step 0,")
    press(explorer, "Step")
    press(explorer, "Step")
    press(explorer, "Back")
    assert (at(explorer), words(explorer)[:7]) == (1, "Step 1,")
    explorer.locator("select").first.select_option("4")  # four times as fast
    explorer.locator(".play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.mlpkit-explorer input').value > 3")
    page.keyboard.press("Space")
    stopped = at(explorer)
    page.wait_for_timeout(600)
    assert at(explorer) == stopped and explorer.locator(".play").inner_text() == "▶ Play"
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.mlpkit-explorer input').value == 11")
    page.wait_for_function("document.querySelector('.play').textContent.includes('Play')")
    press(explorer, "Reset")
    assert (at(explorer), words(explorer)[:7]) == (0, "Step 0,")


def test_a_recording_is_moved_by_its_slider_and_its_second_control(page, played):
    page.goto(played)
    shown(page)
    explorer, other = page.locator(".mlpkit-explorer").all()
    explorer.locator("input[type=range]").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert at(explorer) == 10
    explorer.get_by_label("σ").select_option(label="relu")
    model = EXPLORERS["backpropagation"]()
    model.move(step=10, activation="relu")
    assert words(explorer) == explorer.locator("img").get_attribute("alt") == model.words
    assert "no input" not in explorer.locator(".note").inner_text()
    other.locator("input[type=range]").focus()
    page.keyboard.press("Home")
    assert "This looks like" in words(other) and at(explorer) == 10


@pytest.mark.parametrize("size", WIDTHS, ids=("wide", "phone"))
def test_a_recording_reads_on_both_themes_and_asks_for_nothing(page, played, size):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size(size)
    page.goto(played)
    shown(page)
    for theme, ground in GROUNDS.items():
        use_theme(page, theme)
        assert not findings(page)
        for explorer in page.locator(".mlpkit-explorer").all():
            corner, colours = pixels(explorer)
            assert corner == ground and colours > 5
        keep_picture(page, f"recorded-{theme}-{size['width']}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert not [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]


def test_who_asks_for_less_motion_steps_and_nothing_plays(page, played):
    page.emulate_media(reduced_motion="reduce")
    page.goto(played)
    shown(page)
    explorer = page.locator(".mlpkit-explorer").first
    assert not explorer.locator(".play").is_visible()
    press(explorer, "Step")
    assert at(explorer) == 1


@pytest.mark.parametrize("name", few(EXPLORERS, 1))
def test_each_recording_is_light_and_moves_by_keys_mouse_and_finger_in_both_themes(
    page, tmp_path, name
):
    page.goto(recorded(tmp_path, EXPLORERS[name]()))
    assert (tmp_path / "recorded.html").stat().st_size < LIMIT
    shown(page)
    for theme in GROUNDS:
        use_theme(page, theme)
        assert not unmoved(page.locator(".mlpkit-explorer"))


@each
def test_every_control_is_named_and_moves_by_keys_mouse_and_finger_in_both_themes(page, name):
    explorer = EXPLORERS[name]()
    kinds = ("range", "select", "switch")
    labels = [each.label for each in explorer.controls.values() if each.kind in kinds]
    with moved_by_python(page, explorer) as shown_explorer:
        assert shown_explorer.locator(CONTROLS).count() == len(labels)
        for label in labels:
            assert shown_explorer.get_by_label(label, exact=True).count() == 1
        for theme in GROUNDS:
            use_theme(page, theme)
            assert not unmoved(shown_explorer)
            assert words(shown_explorer) == explorer.words
            assert not findings(page)
            keep_picture(page, f"explorer-{name}-{theme}")


# The choices of lists that are wider than their list, which also has an arrow of 18 pixels.
CLIPPED = """all => all.flatMap(list => {
  const pen = document.createElement('canvas').getContext('2d'), look = getComputedStyle(list);
  pen.font = look.font;
  const room = list.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight) - 18;
  const texts = [...list.options].map(option => option.text);
  return texts.filter(text => pen.measureText(text).width > room);
})"""


@pytest.mark.parametrize("name", few(["wide", "approximation", "deep"], 1))
@pytest.mark.parametrize("width", [390, 870, 1400])
def test_what_is_chosen_in_a_list_is_read_in_full(page, name, width):
    with moved_by_python(page, EXPLORERS[name]()) as shown_explorer:
        page.set_viewport_size({"width": width, "height": 900})
        page.add_style_tag(content=".mlpkit-explorer { font: 13px 'DejaVu Sans' }")  # JupyterLab's
        assert shown_explorer.locator("select").evaluate_all(CLIPPED) == []


def settle(page):
    """Wait until no question is open."""
    page.wait_for_function("""() => {
      const number = document.querySelector('.mlpkit-explorer').dataset.answer;
      if (window.last === number) return true;
      window.last = number;
      return false;
    }""", polling=150)  # fmt: skip


def centre(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag_by_mouse(page, handle, dx, dy):
    x, y = centre(handle)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(x + dx * step / 5, y + dy * step / 5)
        page.wait_for_timeout(30)
    page.mouse.up()


def drag_by_finger(page, handle, dx, dy):
    x, y = centre(handle)
    tap(page, x, y, *((x + dx * step / 5, y + dy * step / 5) for step in range(1, 6)))


def drag_by_keys(page, handle, dx, dy):
    handle.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(30)


# What to set before, and which value a drag changes.
DRAGGED = {
    "landscape": ({}, "W"),
    "one_hidden_layer": ({}, "b_1"),
    "approximation": ({"method": "built", "d_H": 4}, "knots"),
}


@pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_finger, drag_by_keys])
@pytest.mark.parametrize("name", few(DRAGGED, 1))
def test_what_can_be_dragged_follows_mouse_finger_and_keys(page, name, drag):
    explorer, (before, control) = EXPLORERS[name](), DRAGGED[name]
    explorer.move(**before)
    number = 1 if name == "one_hidden_layer" else 0
    with moved_by_python(page, explorer) as shown_explorer:
        handle, value = shown_explorer.locator(".handle").nth(number), explorer.values[control]
        handle.scroll_into_view_if_needed()
        x, _ = centre(handle)
        drag(page, handle, 40, 0)
        settle(page)
        assert explorer.values[control] != value
        assert centre(handle)[0] > x + 5
        assert handle.evaluate("handle => getComputedStyle(handle).cursor") in ("move", "ew-resize")
        assert "drag" in handle.get_attribute("aria-label")


def test_a_click_on_the_map_moves_the_start_there_and_one_beside_it_does_nothing(page):
    explorer = EXPLORERS["landscape"]()
    with moved_by_python(page, explorer) as shown_explorer:
        box = shown_explorer.locator(".picture").bounding_box()
        shown_explorer.locator(".picture").click(position={"x": box["width"] - 5, "y": 5})
        page.wait_for_timeout(300)
        assert explorer.values == explorer.start
        shown_explorer.locator(".picture").click(position={"x": 120, "y": 120})
        settle(page)
        assert explorer.values["W"] != explorer.start["W"]
        assert centre(shown_explorer.locator(".handle"))[0] == pytest.approx(box["x"] + 120, abs=8)


@pytest.mark.parametrize("drag", [drag_by_mouse, drag_by_finger])
def test_a_digit_is_drawn_by_mouse_and_by_finger_and_seen_while_it_is_drawn(page, drag):
    explorer = draw_digit(MLP(64, 8, 10))
    with moved_by_python(page, explorer) as shown_explorer:
        press(shown_explorer, "Clear")
        settle(page)
        assert words(shown_explorer) == "Nothing is drawn yet."
        drag(page, shown_explorer.locator("canvas"), 5, 70)
        settle(page)
        (stroke,) = explorer.values["strokes"]
        assert len(stroke) > 3 and "This looks like" in words(shown_explorer)


def test_a_fast_hand_is_answered_by_its_newest_place_and_never_by_a_queue(page):
    explorer = EXPLORERS["landscape"]()
    with moved_by_python(page, explorer) as shown_explorer:
        page.evaluate("window.asked = 0")
        slider = shown_explorer.locator("input[type=range]").first
        slider.evaluate("""slider => {
          for (let k = 0; k <= 50; k++) {
            slider.value = k;
            slider.dispatchEvent(new Event('input', { bubbles: true }));
          }
        }""")
        settle(page)
        assert explorer.values["W"] == 2.5
        assert page.evaluate("window.asked") <= 3


def test_without_a_kernel_the_last_picture_stays_and_says_what_to_do(page):
    with moved_by_python(page, EXPLORERS["backpropagation"]()) as shown_explorer:
        note = shown_explorer.locator(".note")
        assert note.inner_text() == ""
        page.evaluate("window.deaf = true")
        shown_explorer.locator("input[type=range]").first.press("ArrowRight")
        assert at(shown_explorer) == 1
        page.wait_for_function(
            "document.querySelector('.note').textContent.includes('Nothing answers')"
        )
        page.evaluate(
            "document.querySelector('#output').className = 'jupyter-widgets-disconnected'"
        )
        page.evaluate("window.tell('comm_live_update')")
        page.wait_for_function(
            "document.querySelector('.note').textContent.includes('Run this cell')"
        )
        assert not shown_explorer.locator(".play").is_enabled() and at(shown_explorer) == 0
        assert pixels(shown_explorer)[1] > 5 and "Step 0" in words(shown_explorer)
        assert not findings(page)


@pytest.mark.parametrize("name", few(["landscape", "wide", "backpropagation"], 1))
def test_a_step_beyond_the_storys_end_begins_anew_and_one_before_its_start_does_nothing(page, name):
    explorer = EXPLORERS[name]()
    control = explorer.story.control
    values = explorer.story.values or explorer.controls[control].options
    explorer.move(**{control: values[-1]})
    with moved_by_python(page, explorer) as shown_explorer:
        for button in ("Step", "Back"):
            press(shown_explorer, button)
            settle(page)
            assert explorer.values[control] == values[0]


def test_words_of_changing_length_do_not_move_what_is_below(page):
    explorer = EXPLORERS["backpropagation"]()
    with moved_by_python(page, explorer) as shown_explorer:
        page.set_viewport_size({"width": 500, "height": 900})
        tops = []
        for step in (8, 0, 8, 3, 5):
            shown_explorer.get_by_label("step", exact=True).fill(str(step))
            settle(page)
            tops.append(shown_explorer.locator(".note").bounding_box()["y"])
        assert len(set(tops)) == 1
