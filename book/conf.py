"""Sphinx's settings for the book; tools/book/build.py lays the sources beside each other."""

from mlpkit import __version__

project = "A course on neural networks"
author = "the authors of the course kit"
project_copyright = "2026, the authors of the course kit: text CC BY 4.0, code BSD 3-Clause"
version = release = __version__
language = "en"

extensions = ["myst_nb", "tools.book.extension"]
nb_execution_mode = "off"
nb_merge_streams = True
myst_enable_extensions = ["dollarmath"]
myst_dmath_double_inline = True
myst_heading_anchors = 4
myst_heading_slug_func = "tools.book.extension.slug"

html_theme = "sphinx_book_theme"
html_title = project
html_math_renderer = "katex"
html_static_path = ["_static"]
html_css_files = ["katex/katex.css", "book.css"]
html_js_files = [("katex/katex.min.js", {"defer": "defer"}), ("book.js", {"defer": "defer"})]
html_copy_source = True
html_sourcelink_suffix = ""
# A found page's words would be fetched, which a page opened from a folder may not do.
html_show_search_summary = False
html_last_updated_fmt = None
# No logo: the first entry of the contents leads home, and a landmark holds it.
html_sidebars = {"**": ["search-button-field.html", "sbt-sidebar-nav.html"]}
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],
    "back_to_top_button": False,
    "use_download_button": True,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "toc_title": "On this page",
}
