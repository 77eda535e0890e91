"""What a person does in JupyterLab, as functions of a Playwright page."""

import contextlib
import json
import shutil
import time
from pathlib import Path

import jupyter_server_mathjax
from axe_playwright_python.sync_playwright import Axe

from tests.course import ROOT

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
# Without the background flags Chromium asks its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTEFACTS = ROOT / "artefacts"
TOKEN = "student"
# MathJax 2 asks for an empty font by design, and names two that only its hidden MathML would use.
MATHJAX_FONTS = ("about:blank", "MathJax_Script-Regular.otf", "MathJax_AMS-Regular.otf")
# Formgrader's own pages ask for MathJax 2, with all its fonts; this package has one of them.
MATHJAX = Path(jupyter_server_mathjax.__file__).parent / "static"
CONFIGURATION = "TeX-AMS-MML_HTMLorMML-full,Safe"
FONTS = """<script type="text/x-mathjax-config">
MathJax.Hub.Config({"HTML-CSS": {availableFonts: [], imageFont: null, preferredFont: null,
                                 webFont: "STIX-Web"}});
</script>
"""
CDN = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/"
# As the real one does: MathJax finds its own folder by the name of its script.
SCRIPT = f'<script src="{CDN}2.7.7/MathJax.js?config={CONFIGURATION}"></script>'
LATEST = f"document.write({json.dumps(FONTS + SCRIPT)})"
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
STATUS = f"{PANEL} .jp-Notebook-ExecutionIndicator"
RUN_LIMIT = 600_000
# Milliseconds; Playwright would look sixty times a second, and have all drawn anew for it.
LOOK_EVERY = 200
READY = """([panel, cells]) =>
  document.querySelectorAll(`${panel} .jp-Notebook .jp-Cell`).length === cells &&
  document.querySelector(`${panel} .jp-Notebook-ExecutionIndicator`)?.dataset.status === 'idle'
"""
# JupyterLab shows a traceback as it shows anything on stderr.
RED = f"{PANEL} .jp-CodeCell [data-mime-type='application/vnd.jupyter.stderr']"
RAN = """([panel, red]) => {
  const prompts = [...document.querySelectorAll(`${panel} .jp-CodeCell .jp-InputArea-prompt`)];
  return prompts.every(prompt => /\\d/.test(prompt.textContent)) || document.querySelector(red);
}"""


# What ipywidgets says of a saved view without a kernel; seen is the picture that is kept beside it.
NO_MODEL = "widget model not found"


def is_error(said):
    """Whether a console message is an error of ours, and none that is known and meant."""
    where = said.text + str(said.location)
    return said.type == "error" and not any(each in where for each in (*MATHJAX_FONTS, NO_MODEL))


@contextlib.contextmanager
def new_page(browser):
    """Give a page and the list of its console errors."""
    page, errors = browser.new_page(viewport={"width": 1400, "height": 1000}), []
    page.set_default_timeout(60_000)
    page.on("console", lambda said: errors.append(said.text) if is_error(said) else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page, errors
    finally:
        page.close()


@contextlib.contextmanager
def watched(page, errors, name):
    """Fail on a console error; keep the page's last picture in artefacts/."""
    yield page
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name.replace('/', '_')}.png")
    found = errors.copy()
    errors.clear()  # a page may serve several tests: none is blamed for another's
    assert not found, found


def with_mathjax(page):
    """Let a page find MathJax 2 without a network."""

    def give(route):
        file = route.request.url.partition("?")[0].rpartition("/mathjax/")[2].partition("/")[2]
        if file == "latest.js":
            route.fulfill(content_type="text/javascript", body=LATEST)
        elif (MATHJAX / file).is_file():
            route.fulfill(path=MATHJAX / file)
        else:
            route.fulfill(status=404)

    page.route(f"{CDN}**", give)


def open_notebook(page, address, path, cells):
    """Open a notebook by its address, beside nothing else, and wait until it can be run."""
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}&reset")
    wait_until_ready(page, address, path, cells)


def wait_until_ready(page, address, path, cells):
    """Wait until all cells are on the page and the kernel listens; sooner, Run All runs one."""
    page.wait_for_function(READY, arg=[PANEL, cells], polling=LOOK_EVERY)
    deadline = time.monotonic() + 60
    while not _listens(page, address, path):
        assert time.monotonic() < deadline, f"no kernel of {path} listens after a minute"
        page.wait_for_timeout(200)
    page.wait_for_function(READY, arg=[PANEL, cells], polling=LOOK_EVERY)


def _listens(page, address, path):
    found = _sessions(page, address)
    kernels = [session["kernel"] for session in found if session["path"] == path]
    return any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels)


def _sessions(page, address):
    return page.request.get(f"{address}/api/sessions?token={TOKEN}").json()


def close_notebook(page, address, path):
    """Close the notebook that is seen without saving it, and end its kernel."""
    menu(page, "File", "Close Tab")
    page.click(".jp-Dialog button:has-text('Discard')")
    shut_kernels_down(page, address, path)


def shut_kernels_down(page, address, path=None):
    """End the kernel of one notebook or, as Kernel → Shut Down All Kernels does, every one."""
    for session in _sessions(page, address):
        if path in (None, session["path"]):
            page.request.delete(f"{address}/api/sessions/{session['id']}?token={TOKEN}")


def menu(page, *items):
    """Choose an item of the menu bar: the bar's label, any submenus' and the item's."""
    page.click(f".lm-MenuBar-itemLabel:text-is('{items[0]}')")
    for item in items[1:-1]:
        page.hover(f".lm-Menu-itemLabel:text-is('{item}')")
    page.click(f".lm-Menu-itemLabel:text-is('{items[-1]}')")


def use_theme(page, name):
    """Choose the light or the dark theme in the menu."""
    menu(page, "Settings", "Theme", f"JupyterLab {name}")
    light = str(name == "Light").lower()
    page.wait_for_selector(f"body[data-jp-theme-light='{light}']", state="attached")


def run_all(page):
    """Run every cell, the saved outputs cleared first, until all have run or one has failed."""
    menu(page, "Edit", "Clear Outputs of All Cells")
    menu(page, "Run", "Run All Cells")
    page.wait_for_function(RAN, arg=[PANEL, RED], timeout=RUN_LIMIT, polling=LOOK_EVERY)
    page.wait_for_selector(f"{STATUS}[data-status='idle']")


def unfold(page):
    """Open the sections that are folded, as a reader does who wants them."""
    folded = page.locator(f"{PANEL} .jp-showHiddenCellsButton")
    while folded.count():
        folded.first.click()


def tracebacks(page):
    """The texts of red outputs: exceptions and anything on stderr."""
    return page.locator(RED).all_text_contents()


def cell(page, number):
    """The cell with this number, counted from 0, in the notebook that is seen."""
    return page.locator(f"{PANEL} .jp-Notebook .jp-Cell").nth(number)


def keep_picture(page, name):
    """Keep what the window shows in artefacts/ under this name."""
    ARTEFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png")


def serious_findings(page, within=None):
    """What axe-core finds serious or critical: the rule, and the first places that break it."""
    options = {"resultTypes": ["violations"]}
    found = Axe().run(page, context=within, options=options).response["violations"]
    places = {
        (rule["id"], rule["help"]): [
            node["html"][:200] for node in rule["nodes"] if not _is_a_hair(page, rule, node)
        ]
        for rule in found
        if rule["impact"] in ("serious", "critical")
    }
    return [(*rule, nodes[:3]) for rule, nodes in places.items() if nodes]


def findings(page, within=None):
    """All that axe-core finds, of whatever weight: the rule, and the first places that break it.

    Styles aren't fetched a second time, which a page opened from a folder may not do.
    """
    options = {"resultTypes": ["violations"], "preload": False}
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [(rule["id"], [node["html"][:200] for node in rule["nodes"][:3]]) for rule in found]


def _is_a_hair(page, rule, node):
    """Whether a region scrolls by 13 pixels or less, which axe 4.12 means to overlook.

    It asks twice, first without these pixels, and the first answer is remembered. A formula's
    hidden MathML, a fraction of a pixel too wide, is then "scrollable".
    """
    if rule["id"] != "scrollable-region-focusable":
        return False
    return page.locator(node["target"][-1]).evaluate(
        "(e) => Math.max(e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight) <= 13"
    )


def validate(page):
    """Press Validate and return what its dialog says."""
    page.click(f"{PANEL} button:has-text('Validate'), {PANEL} jp-button:has-text('Validate')")
    dialog = page.locator(".jp-Dialog, .nbgrader-ErrorDialog, .validate-message").first
    dialog.wait_for(timeout=120_000)
    page.wait_for_function(
        "() => /Success|failed|changed/.test(document.querySelector('.jp-Dialog')?.innerText)",
        timeout=120_000,
    )
    said = dialog.inner_text()
    keep_picture(page, f"validate-{'success' if 'Success' in said else 'failed'}")
    page.locator(".jp-Dialog button").last.click()
    dialog.wait_for(state="detached")
    return said


def type_answers(page, released, solved):
    """Replace each stub by the solution's cell, as if typed."""
    for number, given in enumerate(released.cells):
        if "raise NotImplementedError" not in given.source or given.cell_type != "code":
            continue
        answer = next(each.source for each in solved.cells if each.id == given.id)
        editor = cell(page, number).locator(".cm-content")
        editor.scroll_into_view_if_needed()
        editor.click()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.insert_text(answer)
