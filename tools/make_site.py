"""Write the lectures as static pages: `python -m tools.make_site FOLDER`.

Figures, alt text, formulas and links work from the folder alone, with no server and no network.
The assignments that lectures link to are there to be read, as released: without hidden tests.
"""

import re
import shutil
import sys
from pathlib import Path

import jupyter_server_mathjax
import nbformat
from nbconvert import HTMLExporter

from tools.fold import fold

ROOT = Path(__file__).parents[1]
MATHJAX = Path(jupyter_server_mathjax.__file__).parent / "static"
CONFIGURATION = "TeX-AMS-MML_HTMLorMML-full,Safe"
# The packaged MathJax brings these fonts and no others.
FONTS = """<script type="text/x-mathjax-config">
MathJax.Hub.Config({"HTML-CSS": {availableFonts: [], imageFont: null, preferredFont: null,
                                 webFont: "STIX-Web"}});
</script>
"""
# The template's own colours for code and prompts have less contrast than 4.5:1.
STYLE = """<style>
  :root {
    --jp-cell-inprompt-font-color: #4a4a4a; --jp-cell-outprompt-font-color: #4a4a4a;
    --jp-mirror-editor-comment-color: #2b5e5e; --jp-mirror-editor-operator-color: #6a1fb0;
    --jp-mirror-editor-number-color: #006000; --jp-mirror-editor-keyword-color: #006000;
    --jp-mirror-editor-builtin-color: #006000; --jp-mirror-editor-string-color: #a31515;
    --jp-mirror-editor-punctuation-color: #0b4aa0;
  }
  .jp-InputPrompt, .jp-OutputPrompt { opacity: 1 !important; }
  .highlight .ow { color: #6a1fb0; } .highlight .si, .highlight .se { color: #7a3e00; }
  .jp-Notebook { max-width: 60rem; margin: 0 auto; padding: 1rem; }
  .jp-RenderedHTMLCommon a { text-decoration: underline !important; }
  details.folded { margin: 0.8rem 0; border-left: 3px solid #595959; padding-left: 0.8rem; }
  details.folded > summary { cursor: pointer; font-weight: 600; padding: 0.3rem 0; }
  @media print { details.folded > summary { font-weight: 400; } }
  img { max-width: 100%; height: auto; }
  .jp-RenderedMarkdown, pre { overflow-x: auto; }
  @media (max-width: 45rem) {
    .jp-InputPrompt, .jp-OutputPrompt, .jp-Collapser { display: none !important; }
    .jp-Notebook, .jp-Cell { padding: 0.2rem !important; }
  }
</style>
"""


# Another notebook of the course, wherever it lies: all pages lie in one folder.
LINK = re.compile(r'href="(?:[\w.]+/)*((?:\d\d_|ps\d)\w*)\.ipynb')


def notebooks():
    """List the notebooks that become pages: the lectures, then the released assignments."""
    return [*sorted(ROOT.glob("lectures/*.ipynb")), *sorted(ROOT.glob("assignments/*/*.ipynb"))]


def build(folder):
    """Write one page a notebook and index.html, and return the pages' paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(
        MATHJAX,
        folder / "mathjax",
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("localization"),
    )
    exporter = HTMLExporter(
        template_name="lab",
        mathjax_url=f"mathjax/MathJax.js?config={CONFIGURATION}",
        require_js_url="",
        jquery_url="",
        mermaid_js_url="",
        language_code="en",
    )
    pages = [_page(exporter, path, folder) for path in notebooks()]
    shutil.copyfile(pages[0], folder / "index.html")
    for script in (ROOT / "lectures").glob("*.py"):
        shutil.copyfile(script, folder / script.name)
    return [*pages, folder / "index.html"]


def _page(exporter, path, folder):
    notebook = nbformat.read(path, as_version=4)
    title = re.search(r"^# (.+)$", notebook.cells[0].source, re.MULTILINE).group(1)
    html, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": title}})
    html = LINK.sub(r'href="\1.html', html)
    # What scrolls sideways on a phone must also scroll by keyboard.
    html = html.replace("<pre>", '<pre tabindex="0">').replace("<head>", f"<head>{FONTS}", 1)
    html = html.replace("</head>", f"{STYLE}</head>", 1)
    page = folder / f"{path.stem}.html"
    page.write_text(fold(html), encoding="utf-8")
    return page


if __name__ == "__main__":
    for page in build(sys.argv[1]):
        print(page)
