"""Texts and outputs that would run in a page, and a reader of pages that finds what would."""

from html.parser import HTMLParser

MARK = "mlpkit_was_here"


RUN = f"alert('{MARK}')"


MARKDOWN = {
    "script": f"<script>{RUN}</script>",
    "script in capitals": f"<ScRiPt >{RUN}</sCrIpT>",
    "image": f'<img src=x onerror="{RUN}">',
    "svg": f"<svg/onload={RUN}>",
    "broken tag": f"<<script>{RUN}//<</script>",
    "link": f"[x](javascript:{RUN})",
    "link with an entity": f"[x](&#106;avascript:{RUN})",
    "link with a tab": f"[x](java\tscript:{RUN})",
    "link with a named entity": f"[x](javascript&colon;{RUN})",
    "reference": f"[x][y]\n\n[y]: javascript:{RUN}",
    "backslash": f"[x](javascript\\:{RUN})",
    "backslash in a reference": f"[x][y]\n\n[y]: javascript\\:{RUN}",
    "backslash, another scheme": f"[x](vbscript\\:{RUN}) [y](JaVaScRiPt\\:{RUN})",
    "backslash and data": f"[x](data\\:text/html;base64,{MARK})",
    "reference by its own name": f"[x]\n\n[x]: java\\script\\:{RUN}",
    "angle brackets": f"[x](< javascript\\:{RUN}>)",
    "broken over lines": f"[x](\njavascript\\:{RUN}\n)",
    "picture": f"![x](javascript\\:{RUN})",
    "mermaid": f"```mermaid\n<img src=x onerror={RUN}>\n```",
    "data link": f"[x](data:text/html;base64,{MARK})",
    "autolink": f"<javascript:{RUN}>",
    "title": f'[x](http://x "a\\" onmouseover=\\"{RUN}")',
    "image alt": f'![a" onerror="{RUN}](x.png)',
    "heading": f'# a" onclick="{RUN}',
    "mathjax link": rf"$\href{{javascript:{RUN}}}{{x}}$",
    "mathjax style": rf"$$\cssId{{{MARK}}}{{\class{{y}}{{\style{{z}}{{x}}}}}}$$",
    "mathjax require": r"$\require{html}\def\a#1{\h#1}$",
    "mathjax token": rf'$\mmlToken{{mi}}[href="javascript:{RUN}"]{{x}}$',
    "mathjax pieces": r"$\renewcommand{\a}[1]{\mmlToken{mi}[href='java#1']{x}}\a{script:f()}$",
    "mathjax box": r"$\bbox[position:fixed;top:0]{x}$",
    "mathjax environment": f"\\begin{{align}}<script>{RUN}</script>\\end{{align}}",
    "math": f"$<img src=x onerror={RUN}>$",
    "code block": f"```\n</pre><script>{RUN}</script>\n```",
    "info string": f'```"><script>{RUN}</script>\nx\n```',
    "code span": f"`</code><script>{RUN}</script>`",
    "table": f"| a |\n|---|\n| <script>{RUN}</script> |",
    "comment": f"<!-- --><script>{RUN}</script>",
    "iframe": f'<iframe srcdoc="&lt;script&gt;{RUN}&lt;/script&gt;">',
    "style": f"<style>@import 'http://x/{MARK}';</style>",
    "meta": f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}">',
    "form": f'<form action="javascript:{RUN}"><button>x</button></form>',
    "attachment": f'![x](attachment:"onerror="{RUN})',
}


DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"/>'

OUTPUTS = {
    "html": f"display(HTML({f'<script>{RUN}</script>'!r}))",
    "javascript": f"display(Javascript({RUN!r}))",
    "svg": f"display(SVG({DRAWING!r}))",
    "markdown": f"display(Markdown({f'<script>{RUN}</script>'!r}))",
    "latex": f"display(Latex({f'<script>{RUN}</script>'!r}))",
    "plain": f"print({f'<script>{RUN}</script>'!r})",
    "error": f"raise Exception({f'<script>{RUN}</script>'!r})",
    "picture": "display({'image/png': '\"><script>' + X + '</script>'}, raw=True)",
    "widget": "display({'application/vnd.jupyter.widget-view+json': {'model_id': X}}, raw=True)",
    "unknown type": "display({'text/html\"><script>' + X: 'x'}, raw=True)",
    "metadata": "display({'text/plain': 'x'}, metadata={'\"><script>' + X: 1}, raw=True)",
    "ansi": "print('\\x1b]8;;javascript:' + X + '\\x1b\\\\link\\x1b]8;;\\x1b\\\\')",
    "bytes": "print('\\x00\\ud800<script>' + X)",
}

SETUP = "from IPython.display import *\nX = " + repr(RUN) + "\n"


class Page(HTMLParser):
    """Collects what would run: scripts, handlers, and links that are code."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.inside.append(tag)
        for name, value in attributes:
            value = (value or "").strip().lower().replace("\t", "").replace("\n", "")
            dangerous = value.startswith(
                ("javascript:", "vbscript:", "data:text", "data:image/svg")
            )
            shown = name in ("alt", "title", "href", "id")
            odd = MARK in value and not shown
            if name.startswith("on") or name == "srcdoc" or dangerous or odd:
                self.found.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag):
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data):
        if MARK in data and self.inside and self.inside[-1] in ("script", "style"):
            self.found.append(f"{self.inside[-1]}: {data}")
