"""Figures can be read on both themes: dark ink on a ground of their own, 4.5:1 or more."""

import io

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.text import Text
from PIL import Image

from mlpkit.explorers.approximation import approximation
from mlpkit.explorers.backpropagation import backpropagation
from mlpkit.explorers.cost import cost
from mlpkit.explorers.deep import deep_sizes
from mlpkit.explorers.draw import draw_digit
from mlpkit.explorers.landscape import landscape_explorer
from mlpkit.explorers.one_hidden_layer import one_hidden_layer
from mlpkit.explorers.softmax import softmax
from mlpkit.explorers.wide import wide_explorer
from mlpkit.network import MLP
from mlpkit.plots.style import COLOURS, GREY, to_png

EXPLORERS = (
    approximation, backpropagation, cost, deep_sizes, lambda: draw_digit(MLP(64, 8, 10)),
    landscape_explorer, one_hidden_layer, softmax, wide_explorer,
)  # fmt: skip


def luminance(colour):
    """Relative luminance by WCAG 2.2."""
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def contrast(one, other="white"):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("black") == pytest.approx(21)
    assert contrast("#767676") == pytest.approx(4.54, abs=0.01)  # the palest grey that passes


@pytest.mark.parametrize("colour", [*COLOURS, GREY])
def test_each_colour_has_enough_contrast_on_white(colour):
    assert contrast(colour) >= 4.5


@pytest.fixture(scope="module", params=EXPLORERS)
def figure(request):
    return request.param().figure


@pytest.mark.slow
def test_a_figure_brings_its_own_white_ground_so_that_the_theme_does_not_matter(figure):
    picture = Image.open(io.BytesIO(to_png(figure)))
    assert picture.mode == "RGB"  # nothing shines through
    corners = [picture.getpixel((x, y)) for x in (0, picture.width - 1)
               for y in (0, picture.height - 1)]  # fmt: skip
    assert set(corners) == {(255, 255, 255)}


def test_all_words_in_a_figure_have_enough_contrast_on_white(figure):
    words = [text for text in figure.findobj(Text) if text.get_text().strip()]
    assert len(words) > 5
    pale = [text.get_text() for text in words if contrast(text.get_color()) < 4.5]
    assert not pale
