"""What a person does in JupyterLab, as functions of a Playwright page."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import TOKEN

PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
RUN_LIMIT = 180_000


def open_notebook(page, address, path):
    """Open a notebook by its address and wait until its kernel is ready."""
    page.goto(f"{address}/lab/tree/{path}?token={TOKEN}")
    wait_for_kernel(page)


def wait_for_kernel(page):
    page.wait_for_selector(f"{PANEL} .jp-Cell")
    page.wait_for_selector(f"{PANEL} .jp-Notebook-ExecutionIndicator[data-status='idle']")


def menu(page, name, item):
    """Choose an item of the menu bar."""
    page.click(f".lm-MenuBar-itemLabel:text-is('{name}')")
    page.click(f".lm-Menu-itemLabel:text-is('{item}')")


def run_all(page):
    """Run every cell and wait until none is left to run."""
    menu(page, "Run", "Run All Cells")
    page.wait_for_function(
        """panel => {
          const prompts = [...document.querySelectorAll(`${panel} .jp-CodeCell .jp-InputPrompt`)]
            .filter(prompt => prompt.closest('.jp-CodeCell').innerText.trim() !== '');
          return prompts.length > 0 && !prompts.some(p => p.innerText.includes('*')) &&
            document.querySelector(`${panel} .jp-Notebook-ExecutionIndicator`)
              ?.dataset.status === 'idle';
        }""",
        arg=PANEL,
        timeout=RUN_LIMIT,
    )


def tracebacks(page):
    """The texts of red outputs: exceptions and anything on stderr."""
    red = (f"[data-mime-type='application/vnd.jupyter.{kind}']" for kind in ("error", "stderr"))
    return page.locator(f"{PANEL} :is({', '.join(red)})").all_inner_texts()


def serious_findings(page):
    """What axe-core finds serious or critical: the rule, and the first places that break it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (rule["id"], rule["help"], [node["html"][:120] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
