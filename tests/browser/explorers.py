"""Explorers in a page without JupyterLab: played from a recording, or moved by Python.

The second page stands for a notebook: `front.js` gets a model whose questions this process answers.
"""

import base64
import contextlib
import functools
import importlib
import inspect
import pkgutil

from mlpkit import explorers as package
from mlpkit.explorers.recording import fragment
from mlpkit.explorers.shell import HERE

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Explorers</title>
<meta name="viewport" content="width=device-width">
<style>html[data-theme=dark] {{ background: #14181e; color: #eeeeee; color-scheme: dark }}</style>
</head><body><main><h1>Explorers</h1>{body}</main></body></html>"""
# What anywidget hands to `render`: a model that is asked, tells of changes, and of its connection.
NOTEBOOK = """
const listeners = {{}};
const state = {state};
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
window.model = {{
  get: (name) => (name === "picture" ? bytes(state.picture) : state[name]),
  on: (name, listener) => (listeners[name] ??= []).push(listener),
  send: async (message) => {{
    window.asked = (window.asked || 0) + 1;
    if (window.deaf) return;
    Object.assign(state, await window.answer(message));
    window.tell("change:frame");
  }},
}};
window.tell = (name) => listeners[name].forEach((listener) => listener());
const el = document.querySelector("#output");
window.front = await import(URL.createObjectURL(
  new Blob([{code}], {{ type: "text/javascript" }})));
window.front.default.render({{ model: window.model, el }});
"""


def makers():
    """Map each module of `mlpkit.explorers` to its function that makes an explorer of nothing."""
    found = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"mlpkit.explorers.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            here = function.__module__ == module.__name__ and name[0] != "_"
            if here and not inspect.signature(function).parameters:
                found[info.name] = function
    return found


def recorded(folder, *explorers):
    """Write a page of recordings and return its address."""
    file = folder / "recorded.html"
    file.write_text(PAGE.format(body="".join(map(fragment, explorers))), encoding="utf-8")
    return file.as_uri()


def state(explorer):
    """What a page's model has of an explorer."""
    picture = base64.b64encode(explorer.picture).decode()
    return {"spec": explorer.spec, "frame": explorer.frame, "picture": picture}


@contextlib.contextmanager
def moved_by_python(page, explorer):
    """Show an explorer in a page, and answer what it asks."""
    import json

    def answer(message):
        explorer._answer(None, message, [])
        return state(explorer)

    page.goto("about:blank")
    page.expose_function("answer", answer)
    styles = (HERE / "front.css").read_text("utf-8")
    page.set_content(PAGE.format(body=f"<style>{styles}</style><div id='output'></div>"))
    script = NOTEBOOK.format(
        state=json.dumps(state(explorer)), code=json.dumps((HERE / "front.js").read_text("utf-8"))
    )
    page.add_script_tag(content=script, type="module")
    shown(page)
    yield page.locator(".mlpkit-explorer")


def shown(page):
    """Wait until every explorer's picture is there."""
    page.wait_for_function(
        """() => { const all = [...document.querySelectorAll('.mlpkit-explorer .picture img')];
          return all.length && all.every(image => image.complete && image.naturalWidth); }"""
    )


def use_theme(page, name):
    """Give the page the light or the dark theme, and wait until the pictures have it."""
    page.evaluate("name => document.documentElement.dataset.theme = name", name)
    page.wait_for_function(
        """name => [...document.querySelectorAll('.mlpkit-explorer')].every(
          explorer => explorer.style.colorScheme === name)""",
        arg=name,
    )
    shown(page)


def tap(page, x, y, *through):
    """Put a finger on a place of the page, lead it through others, and lift it."""
    session, touch = page.context.new_cdp_session(page), "Input.dispatchTouchEvent"
    session.send(touch, {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for x, y in through:
        session.send(touch, {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(30)
    session.send(touch, {"type": "touchEnd", "touchPoints": []})
    session.detach()


def unmoved(explorer):
    """Move each control, and step, by keys, mouse and finger; return what was answered by nothing.

    An answer is another text: the words below the picture tell each state. In between all is reset.
    """
    words, silent = explorer.locator(".words"), []
    assert becomes_other(words, "")
    start = words.inner_text()
    reset, step = (explorer.locator(f"button:has-text('{name}')") for name in ("Reset", "Step"))
    for control in [*explorer.locator(CONTROLS).all(), step]:
        for hand in (by_keys, by_mouse, by_finger):
            before = words.inner_text()
            control.scroll_into_view_if_needed()
            hand(control, control.evaluate(PLACE))
            if not becomes_other(words, before):
                silent.append((control.evaluate("node => node.labels?.[0]?.innerText"), hand))
        reset.click()
        explorer.page.wait_for_function(
            "([words, start]) => words.innerText === start", arg=[words.element_handle(), start]
        )
    return silent


# Sliders, lists and boxes; what kind one is, and whether it stands in its upper half.
CONTROLS = ".controls :is(input[type=range], input[type=checkbox], select)"
PLACE = """node => [node.type, node.type === 'range' ? node.value > node.max / 2
  : node.type === 'select-one' ? node.selectedIndex > (node.length - 1) / 2 : false]"""


def becomes_other(words, before):
    """Wait until words are others, for at most ten seconds; return whether they are."""
    for _ in range(500):
        if words.inner_text() != before:
            return True
        words.page.wait_for_timeout(20)
    return False


def by_keys(control, place):
    """Move a control by one key, towards where there is room."""
    kind, high = place
    ways = {"range": ("ArrowRight", "ArrowLeft"), "select-one": ("ArrowDown", "ArrowUp")}
    control.focus()
    control.page.keyboard.press(ways[kind][high] if kind in ways else "Space")


def by_mouse(control, place, click=None):
    """Click a control; a slider far from where it stands."""
    kind, high = place
    if kind == "select-one":  # its list is the browser's own window, and no part of the page
        control.select_option(index=0 if high else control.evaluate("node => node.length - 1"))
        return
    box = control.bounding_box()
    across = (0.25 if high else 0.75) if kind == "range" else 0.5
    click = click or control.page.mouse.click
    click(box["x"] + across * box["width"], box["y"] + box["height"] / 2)


def by_finger(control, place):
    """Tap a control where a mouse would click it."""
    by_mouse(control, place, functools.partial(tap, control.page))


def pixels(explorer):
    """The colour of the picture's corner, and whether anything else is drawn on it."""
    return explorer.locator(".picture img").evaluate("""async image => {
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [200, 100];
      const pen = canvas.getContext('2d');
      pen.drawImage(image, 0, 0, 200, 100);
      const data = pen.getImageData(0, 0, 200, 100).data;
      const seen = new Set();
      for (let k = 0; k < data.length; k += 4) seen.add(data.slice(k, k + 3).join());
      return [data.slice(0, 3).join(), seen.size];
    }""")
