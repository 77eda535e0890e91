"""What the book adds to Sphinx: notebooks, formulas for KaTeX, folded sections."""

import html
import re
from pathlib import Path

import nbformat
from docutils import nodes

from mlpkit.explorers.recording import fragments
from tools.book.cells import prepare
from tools.book.equations import linked

OPTIONAL = '<details class="starred"><summary>★ Optional: open this section</summary>\n'
# A shape such as (N, d_H) stands on one line.
KEPT = re.compile(r"\(\w+,( \w+)?\)|[\w.()\[\]]{1,9}")
# For who has a table read out; the theme has the class.
UNNAMED = '<span class="visually-hidden">row</span>'


def slug(title):
    """Give a heading the anchor that JupyterLab gives it, so that one link serves both."""
    return title.strip().replace(" ", "-")


def on_read(app, docname, source):
    """Change what is read of a file, and never the file."""
    path = str(app.env.doc2path(docname))
    if path.endswith(".ipynb"):
        notebook = nbformat.reads(source[0], as_version=4)
        recorded = fragments(path) if Path(path).stem in app.config.record_explorers else {}
        source[0] = nbformat.writes(prepare(notebook, docname, recorded))
    else:
        source[0] = linked(source[0])


def fold_optional(app, doctree):
    """Fold each section whose heading has a ★ under its heading."""
    for section in list(doctree.findall(nodes.section)):
        title = section.next_node(nodes.title)
        if title is None or "★" not in title.astext() or _is_within_folded(section):
            continue
        section["classes"].append("starred")
        place = section.index(title) + 1
        section.insert(place, nodes.raw("", OPTIONAL, format="html"))
        section.append(nodes.raw("", "</details>\n", format="html"))


def _is_within_folded(section):
    above = section.parent
    while above is not None:
        if "starred" in getattr(above, "attributes", {}).get("classes", []):
            return True
        above = above.parent
    return False


def keep_short_code(app, doctree):
    """Keep a shape or a short name in code on one line."""
    for code in doctree.findall(nodes.literal):
        if KEPT.fullmatch(code.astext()):
            code["classes"].append("kept")


def drop_empty_headings(app, doctree):
    """Take away a table's row of headings where all are empty, and name one that is alone so."""
    for row in list(doctree.findall(nodes.thead)):
        if not row.astext().strip():
            row.parent.remove(row)
            continue
        for entry in row.findall(nodes.entry):
            if not entry.astext().strip():
                entry += nodes.raw("", UNNAMED, format="html")


def inline_formula(writer, node):
    """Write a formula in a line as TeX, which the page's own KaTeX sets."""
    writer.body.append(f'<span class="formula notranslate">{html.escape(node.astext())}</span>')
    raise nodes.SkipNode


def displayed_formula(writer, node):
    """Write a displayed formula as TeX."""
    name = f'id="{node["ids"][0]}"' if node.get("ids") else ""
    numbered = "numbered" if r"\tag" in node.astext() else ""
    tex = html.escape(node.astext())
    writer.body.append(
        f'<div class="formula displayed {numbered} notranslate" {name}>{tex}</div>\n'
    )
    raise nodes.SkipNode


def setup(app):
    """Register with Sphinx."""
    app.add_config_value("record_explorers", [], "env", list)
    app.add_html_math_renderer("katex", (inline_formula, None), (displayed_formula, None))
    app.connect("source-read", on_read)
    app.connect("doctree-read", fold_optional)
    app.connect("doctree-read", keep_short_code)
    app.connect("doctree-read", drop_empty_headings)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
