"""What every figure of the course shares: colours, sizes, and how it is shown."""

import io

import numpy as np
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mlpkit.alt_texts import alt_text

# Okabe and Ito's hues (2008), told apart with any colour vision, darkened until each has 4.5:1 on
# white. Lines differ in dash or marker as well: nothing is said by colour alone.
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#946300", "#007D5B", "#C24E00"
PURPLE, SKY, BLACK, GREY = "#AA4A80", "#007A9B", "#000000", "#595959"
COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY, BLACK)
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1)))
DIVERGING, SEQUENTIAL = "RdBu_r", "cividis"

_RC = {
    "font.size": 10,
    "axes.grid": True,
    "grid.color": "#d9d9d9",
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
        # White behind dark ink: the same picture reads on the light and the dark theme.
        super().__init__(facecolor="white", dpi=90, **options)
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
    """Return the figure as the bytes of a PNG without a date or version in it."""
    from PIL import Image

    figure.canvas.draw()  # savefig draws twice where there is a layout: half the speed
    buffer = io.BytesIO()
    pixels = Image.fromarray(np.asarray(figure.canvas.buffer_rgba())).convert("RGB")
    pixels.save(buffer, format="png", compress_level=3)
    return buffer.getvalue()


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
    from IPython.display import Image, display

    if (alt is None) == (number is None):
        raise ValueError(f"give alt or number, one of the two, got {alt!r} and {number!r}")
    alt = alt_text(number) if alt is None else alt
    if not alt.strip():
        raise ValueError("alt must describe the figure, got an empty text")
    width = int(figure.get_figwidth() * figure.dpi)
    display(Image(to_png(figure), format="png", alt=alt, width=width))
