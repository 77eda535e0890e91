"""A figure as SVG that follows the theme: sharp at any size, on light and on dark ground.

The course's colours are written as CSS variables with two values each. Which one counts is up to
the ground: `prefers-color-scheme`, in a picture, is the scheme of the element that shows it.
"""

import io
import re

from matplotlib import rc_context
from matplotlib.backends.backend_mixed import MixedModeRenderer

from mlpkit.plots.colours import DARK
from mlpkit.plots.svg_text import CachedTextRenderer, outlines

POINTS = 72  # an inch
RASTER = 144  # dots an inch of what is drawn as pixels, such as a surface or an image
NAMES = {light.lower(): f"var(--{name})" for light, (name, _) in DARK.items()}


def _scheme(which):
    return "".join(
        f"--{name}:{(light.lower(), dark)[which]};" for light, (name, dark) in DARK.items()
    )


# A shape without a fill of its own is black to matplotlib: it gets the ink.
STYLE = (
    f"<style>svg{{{_scheme(0)}fill:var(--ink)}}"
    f"@media (prefers-color-scheme:dark){{svg{{{_scheme(1)}}}}}</style>"
)
COLOUR = re.compile(r"#[0-9a-f]{6}\b")
DIGITS = re.compile(r"(?<!scale\()(\d\.\d{3})\d+")  # glyphs are scaled by 0.015625: that stays


def to_svg(figure):
    """Return a figure as SVG, the same text whenever the same is drawn."""
    dpi, figure.dpi = figure.dpi, POINTS
    try:
        return _themed(_drawn(figure))
    finally:
        figure.dpi = dpi


def _drawn(figure):
    width, height = figure.get_size_inches()
    buffer = io.StringIO()
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "mlpkit"}):
        vector = CachedTextRenderer(width * POINTS, height * POINTS, buffer, image_dpi=RASTER)
        renderer = MixedModeRenderer(figure, width, height, RASTER, vector)
        # What is laid out is measured as it is drawn. Matplotlib would measure words of pixels,
        # which are narrower, and cut off a legend beside the axes.
        figure.canvas.get_renderer = lambda: renderer
        try:
            figure.draw(renderer)
        finally:
            del figure.canvas.get_renderer
        renderer.finalize()
    return buffer.getvalue()


def _themed(text):
    start = text.index("<svg")
    body = re.sub(r"\s*<metadata>.*?</metadata>", "", text[start:], count=1, flags=re.DOTALL)
    body = re.sub(r" *<!--.*?-->\n", "", body).replace("</svg>", outlines(body) + "</svg>")
    body = COLOUR.sub(lambda found: NAMES.get(found[0], found[0]), DIGITS.sub(r"\1", body))
    end = body.index(">") + 1
    return body[:end] + STYLE + body[end:]
