"""Parts of a figure that stay as they are, drawn once: an explorer's axes and legends, mostly.

Ticks, their labels and grid lines take more than half of a picture's time, and in most of an
explorer's pictures they are those of the last one.
"""

from matplotlib.axis import Axis
from matplotlib.legend import Legend

MANY = 64  # states of a part, of which all are forgotten when there are more
BEST = 0  # a legend's place that depends on what else is drawn


def remember(figure):
    """Let a figure's axes, frames and legends be written again as they were, while they are so.

    Parameters
    ----------
    figure : matplotlib Figure
        Laid out, and from now on updated. Looks of ticks, frames and legends must stay.
    """
    for axes in figure.axes:
        legend = axes.get_legend()
        fixed = [legend] if legend is not None and legend._loc != BEST else []
        for artist in (axes.xaxis, axes.yaxis, *axes.spines.values(), *fixed):
            artist.draw = Part(artist)


class Part:
    """Draws an artist, or writes what it wrote when it was in this state before."""

    def __init__(self, artist):
        self.artist, self.written, self.draw = artist, {}, artist.draw

    def __call__(self, renderer):
        if not hasattr(renderer, "recorded"):  # it draws pixels
            self.draw(renderer)
            return
        state = _state(self.artist)
        if state not in self.written:
            if len(self.written) > MANY:
                self.written.clear()
            self.written[state] = renderer.recorded(lambda: self.draw(renderer))
        renderer.write(self.written[state])


def _state(artist):
    """All on which a part's picture depends; objects that decide about ticks are kept by it."""
    axes = artist.axes
    state = (*axes.bbox.extents, artist.get_visible())
    if isinstance(artist, Axis):
        scale, label = artist.get_scale(), artist.label.get_text()
        ticks = artist.get_major_locator(), artist.get_major_formatter()
        return (*state, *artist.get_view_interval(), scale, label, *ticks)
    if isinstance(artist, Legend):
        return (*state, *(text.get_text() for text in artist.get_texts()))
    return (*state, *axes.viewLim.extents)  # a frame may stand at a number
