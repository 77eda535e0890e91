"""What every figure of the course shares: colours, sizes, and how it is shown."""

import io
from base64 import b64encode
from html import escape

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mlpkit.alt_texts import alt_text
from mlpkit.plots.colours import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    GRID,
    ORANGE,
    PALE,
    PURPLE,
    SKY,
    TINTS,
    VERMILION,
)
from mlpkit.plots.svg import to_svg

COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
DIVERGING, SEQUENTIAL = "RdBu_r", "cividis"
DOTS = 144  # an inch of a PNG
# A picture in a page takes the scheme of its element, which dark themes of notebooks don't set.
THEMED = (
    "<style>.mlpkit-figure{width:100%;max-width:60rem;height:auto}"
    "[data-jp-theme-light=false] .mlpkit-figure,.vscode-dark .mlpkit-figure{color-scheme:dark}"
    "</style>"
)

_RC = {
    "font.size": 10,
    "axes.grid": True,
    "grid.color": GRID,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


class LiveFigure(Figure):
    """A figure that remembers its artists by name, so that a redraw updates and never rebuilds.

    Attributes
    ----------
    parts : dict of str to artist (or list of artists)
        Filled by the function that builds the figure, used by it to update.
    """

    def __init__(self, **options):
        # A ground of its own: where the theme isn't known, dark ink is on white.
        super().__init__(facecolor="white", dpi=72, **options)
        FigureCanvasAgg(self)
        self.parts = {}


def new_figure(rows=1, columns=1, height=3.2, width=7.5, **subplot_options):
    """Make an empty figure in the course's style.

    Parameters
    ----------
    rows, columns : int
        Grid of axes.
    height, width : float
        In inches, at 90 dots each.
    subplot_options
        Passed to `Figure.subplots` (sharex, width_ratios, subplot_kw, …).

    Returns
    -------
    LiveFigure, numpy.ndarray of matplotlib Axes of shape (rows, columns)
    """
    with rc_context(_RC):
        figure = LiveFigure(figsize=(width, height), layout="constrained")
        axes = figure.subplots(rows, columns, squeeze=False, **subplot_options)
    return figure, axes


def to_png(figure):
    """Return the figure as the bytes of a PNG of 144 dots an inch and 256 colours at most."""
    from PIL import Image

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS, pil_kwargs={"compress_level": 0})
    image = Image.open(buffer).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    image.save(buffer, format="png", compress_level=9)
    return buffer.getvalue()


def still(figure, alt):
    """Return a figure as a notebook keeps it, by type, and its metadata.

    HTML shows it sharp and in the theme's colours; the PNG is for what shows no HTML.
    """
    data = {
        "text/html": as_image(to_svg(figure), alt),
        "image/png": b64encode(to_png(figure)).decode("ascii"),
        "text/plain": alt,
    }
    return data, {"image/png": {"alt": alt, "width": _width(figure)}}


def as_image(svg, alt):
    """Return an SVG as an HTML image that follows the theme of JupyterLab, VS Code and pages."""
    source = b64encode(svg.encode()).decode("ascii")
    return (
        f'<img class="mlpkit-figure" width="720" alt="{escape(alt)}" '
        f'src="data:image/svg+xml;base64,{source}"/>{THEMED}'
    )


def _width(figure):
    return round(float(figure.get_figwidth()) * 96)


def show(figure, alt=None, *, number=None):
    """Show a figure in a notebook, with a description for those who can't see it.

    Parameters
    ----------
    figure : matplotlib Figure
        What to show.
    alt : str, optional
        One or two sentences: what is drawn, and what is to be seen in it.
    number : str, optional
        Of a lecture's figure, like "3.1", whose description stands in `mlpkit/data/alt_texts`.

    Raises
    ------
    ValueError
        If neither or both are given, or alt is empty.
    LookupError
        If the figure of that number has no description.
    """
    from IPython.display import display

    if (alt is None) == (number is None):
        raise ValueError(f"give alt or number, one of the two, got {alt!r} and {number!r}")
    alt = alt_text(number) if alt is None else alt
    if not alt.strip():
        raise ValueError("alt must describe the figure, got an empty text")
    data, metadata = still(figure, alt)
    display(data, metadata=metadata, raw=True)
