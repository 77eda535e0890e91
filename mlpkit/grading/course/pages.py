"""Pages that carry a student's words: nothing in them runs, and nobody's page holds up another's.

`turn_on` in ``preprocessor`` lets nbgrader's feedback and formgrader use this.
"""

import base64
import hashlib
import html
import re
from collections.abc import Mapping

import nh3
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from mlpkit.grading.text.page import is_instructors

TAGS = {
    *("a", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "input", "kbd", "li", "ol", "p"),
    *("pre", "q", "s", "samp", "small", "span", "strong", "sub", "summary", "sup", "table"),
    *("tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
ATTRIBUTES = {
    "a": {"href", "title", "class"},
    "img": {"src", "alt", "title", "width", "height"},
    "input": {"type", "checked", "disabled", "class"},
    "ol": {"start"},
    "td": {"align", "style"},
    "th": {"align", "style"},
    "details": {"open"},
    **{name: {"class"} for name in ("code", "div", "li", "pre", "span", "ul")},
}
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]*")
ADDRESS = re.compile(r"(?:https?://|mailto:|#).*", re.IGNORECASE | re.DOTALL)
# Colours of code, marks of headings and of lists of tasks; none that a page's script knows.
CLASS = re.compile(
    r"[a-z]{1,3}[a-z0-9]?|highlight|anchor-link|task-list-item(?:-checkbox)?|language-\w+"
)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)
NONE = "'none'"
# The folder of a script, whose others it may load; of "latest" those of all versions.
SOURCE = re.compile(
    r"""\bsrc\s*=\s*["']?(https?://[^?"'\s>]*?/)(?:[\d.]+/latest\.js|[^/?"'\s>]*)(?=[?"'\s>])""",
    re.IGNORECASE,
)
HANDLER = re.compile(r"""<\w[^<>]*?\son\w+\s*=\s*"([^"]*)\"""", re.IGNORECASE)


def templates(package: str, folder: str = "templates") -> Environment:
    """Give a package's templates: they escape what they show, and fail where it isn't there.

    Parameters
    ----------
    package, folder : str
        Where they lie.
    """
    return Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def sanitized(page: str) -> str:
    """Keep of HTML what is on a list: no scripts, styles, frames, forms, or foreign pictures.

    Parameters
    ----------
    page : str
        A part of a page, as a reader of Markdown gives it.
    """
    return nh3.clean(
        page,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "data"},
        filter_style_properties={"text-align"},
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return value if PICTURE.fullmatch(value) else None
    if name == "href":
        return value if ADDRESS.fullmatch(value) else None
    if name == "class":
        return " ".join(word for word in value.split() if CLASS.fullmatch(word)) or None
    if name == "type":
        return "checkbox"
    return value


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Render a cell's Markdown as nbconvert does, and sanitise it unless it is the instructor's.

    Jinja's filter of this name, in its place.
    """
    cell = context.get("cell", {})
    page = _of_markdown(source, cell.get("attachments", {}))
    return page if is_instructors(cell.get("metadata", {})) else sanitized(page)


def rendered(source: str, attachments: Mapping[str, dict[str, str]] | None = None) -> str:
    """Render Markdown for a page of ours: sanitised, whoever wrote it.

    Parameters
    ----------
    source : str
    attachments : dict of str to dict, optional
        The cell's pictures.
    """
    return sanitized(_of_markdown(source, attachments or {}))


def _of_markdown(source: str, attachments: Mapping[str, dict[str, str]]) -> str:
    renderer = IPythonRenderer(escape=False, attachments=dict(attachments))
    try:
        return MarkdownWithMath(renderer=renderer).render(source)
    except MemoryError:  # then the whole page is a plain one
        raise
    except Exception:  # whatever is wrong with it, it is text
        return f"<pre>{html.escape(source)}</pre>"


def policy(page: str, served: bool = False) -> str:
    """Write the Content-Security-Policy that lets run what is in a page without a student's words.

    Parameters
    ----------
    page : str
        The page of an empty notebook.
    served : bool
        It is a server's, and uses what else the server has.
    """
    scripts, hosts = set[str](), set[str]()
    for attributes, code in SCRIPT.findall(page):
        if source := SOURCE.search(attributes):
            hosts.add(source[1])
        elif code.strip():
            scripts.add(_digest(code))
    if handlers := {_digest(html.unescape(code)) for code in HANDLER.findall(page)}:
        scripts |= handlers | {"'unsafe-hashes'"}
    # A page of nbconvert's own loads MathJax 2, which evaluates its own settings.
    scripts |= hosts | ({"'unsafe-eval'"} if hosts else set())
    own, there = ["'self'"] if served else [], sorted(hosts)
    rules = {
        "default-src": [],
        "script-src": [*own, *sorted(scripts)],
        "style-src": ["'unsafe-inline'", *own, *there],
        "img-src": [*own, "data:"],
        "font-src": ["data:", *own, *there],
        "connect-src": own,
        "form-action": [],
        "base-uri": [],
    }
    return "; ".join(f"{name} {' '.join(words) or NONE}" for name, words in rules.items())


def _digest(code: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def with_policy(page: str, rule: str) -> str:
    """Put a policy into the head of a page, before everything that it is to rule."""
    return with_head(page, "http-equiv", "Content-Security-Policy", rule)


def with_head(page: str, kind: str, name: str, content: str) -> str:
    """Let a page's head begin with a ``<meta>`` of this kind, name and content."""
    mark = f'<meta {kind}="{name}" content="{html.escape(content)}">'
    return re.sub(r"<head\b[^>]*>", lambda m: f"{m[0]}\n{mark}", page, count=1)
