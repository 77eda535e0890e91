"""How long an explorer takes, medians: a redraw in Python, and from a key to the new picture.

Wanted are at most 100 ms in a notebook, 30 ms for a recorded frame, ten redraws a second. The page
is a real browser's; in place of JupyterLab this process answers, so that Jupyter's own 10 ms or so
for a message and its answer come on top.
"""

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from mlpkit.explorers.draw import draw_digit
from mlpkit.network import MLP
from tests.browser.explorers import makers, moved_by_python, recorded, shown
from tests.browser.lab import CHROMIUM, FLAGS

REPEATS = 10
# From a key on a slider until the picture of the new value is there, in milliseconds.
FROM_KEY = """slider => new Promise((done) => {
  const image = slider.closest('.mlpkit-explorer').querySelector('.picture img');
  const start = performance.now();
  image.addEventListener('load', () => done(performance.now() - start), { once: true });
  slider.value = Number(slider.value) + (Number(slider.value) < slider.max ? 1 : -1);
  slider.dispatchEvent(new Event('input', { bubbles: true }));
})"""


def public_explorers():
    """Yield (name, explorer) of each explorer."""
    for name, make in makers().items():
        yield name, make()
    yield "draw", draw_digit(MLP(784, 100, 10))


def redraw_times(explorer):
    """Map each control's name to the median milliseconds that moving it takes."""
    medians = {}
    for name, control in explorer.controls.items():
        if len(control.options) > 1:
            times = []
            for number in range(REPEATS):
                value = control.options[number % len(control.options)]
                start = time.perf_counter()
                explorer.move(**{name: value})
                times.append(1000 * (time.perf_counter() - start))
            medians[name] = statistics.median(times)
    explorer.reset()
    return medians


def from_key(page, explorer):
    """Median milliseconds from a key to the new picture, of a page's explorer."""
    slider = explorer.locator("input[type=range]").first
    return statistics.median(slider.evaluate(FROM_KEY) for _ in range(REPEATS))


def main():
    print(
        "\nExplorers, medians in ms: each control in Python, a key to the picture, recorded frame"
    )
    keys = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, explorer in public_explorers():
            for control, milliseconds in redraw_times(explorer).items():
                print(f"  {name:40s} {control:16s} {milliseconds:6.0f}")
            page = browser.new_page()
            with moved_by_python(page, explorer) as there:
                keys[name] = from_key(page, there)
                print(f"  {name:40s} {'from a key':16s} {keys[name]:6.0f}")
            page.goto(recorded(Path(folder), explorer))
            shown(page)
            there = page.locator(".mlpkit-explorer")
            print(f"  {name:40s} {'recorded frame':16s} {from_key(page, there):6.0f}", flush=True)
            page.close()
        browser.close()
    print("From a key to the new picture, in times of the fastest explorer's:")
    for name, milliseconds in keys.items():
        print(f"  {name:40s} {milliseconds / min(keys.values()):6.2f}")


if __name__ == "__main__":
    main()
