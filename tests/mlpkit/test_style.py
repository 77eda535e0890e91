"""Figures can be read on both themes: dark ink on a ground of their own, 4.5:1 or more."""

import io
import re
from base64 import b64decode

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
from mlpkit.plots import svg_text
from mlpkit.plots.digits import weight_grid
from mlpkit.plots.style import BLACK, BLUE, COLOURS, GREY, TINTS, new_figure, to_png
from mlpkit.plots.svg import DARK, NAMES, to_svg
from mlpkit.plots.svg_parts import remember

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
def test_each_colour_has_enough_contrast_on_white_and_its_double_on_dark_ground(colour):
    assert contrast(colour) >= 4.5
    assert contrast(DARK[colour][1], DARK["#ffffff"][1]) >= 4.5


@pytest.mark.parametrize("tint", TINTS)
def test_words_are_read_on_each_tint(tint):
    for which, of in ((0, tint), (1, DARK[tint][1])):
        assert contrast((BLACK, DARK[BLACK][1])[which], of) >= 7


@pytest.mark.parametrize("colour", ["black", "#000000", BLUE])
def test_what_is_black_or_of_the_course_follows_the_theme(colour):
    figure, axes = new_figure()
    axes[0, 0].plot([0, 1], color=colour)
    axes[0, 0].text(0.5, 0.5, "word", color=colour)
    svg = to_svg(figure)
    assert (
        "#000000" not in re.sub("<style>.*?</style>", "", svg, count=1)
        and BLUE.lower() not in svg.split("</style>")[1]
    )
    assert to_svg(figure) == svg  # the same text for the same picture


def pixelled(svg):
    """Each image in an SVG: its width in points, and in pixels."""
    for tag in re.findall(r"<image [^>]*>", svg):
        code = re.search(r"base64,\s*([^\"]+)", tag)[1]
        width = float(re.search(r'\bwidth="([\d.]+)"', tag)[1])
        yield width, Image.open(io.BytesIO(b64decode(code))).width


def image():
    return new_figure()[1][0, 0].imshow(np.eye(5)).figure


def rasterized_line():
    return new_figure()[1][0, 0].plot([0, 1], [0, 1], rasterized=True)[0].figure


@pytest.mark.parametrize("make", [image, rasterized_line, lambda: weight_grid(np.eye(9))])
def test_what_is_drawn_as_pixels_has_two_for_each_point_and_lies_in_the_picture(make):
    svg = to_svg(make())
    images = list(pixelled(svg))
    assert images and len(svg) < 150_000
    for points, pixels in images:
        assert points <= 540 and pixels == pytest.approx(2 * points, abs=2)


def test_numbers_in_an_svg_are_short_but_the_scale_of_glyphs_is_kept():
    figure, axes = new_figure()
    axes[0, 0].plot([0, 1 / 3, 1], [0, np.pi, 1], label="name")
    axes[0, 0].legend()
    svg = to_svg(figure)
    assert "scale(0.015625)" in svg
    assert not re.search(r"(?<!scale\()\d\.\d{4}", svg)


@pytest.fixture(scope="module", params=EXPLORERS)
def figure(request):
    return request.param().figure


@pytest.mark.slow
def test_a_png_is_sharp_brings_its_own_ground_and_is_light(figure):
    png = to_png(figure)
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    assert abs(picture.width - 2 * 72 * figure.get_figwidth()) < 2  # pixels for two of each point
    corners = [picture.getpixel((x, y)) for x in (0, picture.width - 1)
               for y in (0, picture.height - 1)]  # fmt: skip
    assert set(corners) == {(255, 255, 255, 255)}
    assert len(png) < 60_000


def test_an_svg_has_a_second_colour_for_each_that_words_and_lines_are_drawn_in(figure):
    svg = to_svg(figure)
    drawn = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", svg))
    assert not [colour for colour in drawn if colour in NAMES]
    assert svg.count("prefers-color-scheme:dark") == 1
    assert len(svg) < 200_000


def test_all_words_in_a_figure_have_enough_contrast_on_white(figure):
    words = [text for text in figure.findobj(Text) if text.get_text().strip()]
    assert len(words) > 5
    pale = [text.get_text() for text in words if contrast(text.get_color()) < 4.5]
    assert not pale


@pytest.mark.parametrize("change", [{}, {"s": "other"}, {"x": 0.2}, {"color": BLUE}, {"size": 20}])
def test_a_picture_with_remembered_words_is_the_one_drawn_afresh(change):
    def picture(x=0.5, s="$\\rho$ word", color="black", size=9):
        figure, axes = new_figure()
        axes[0, 0].text(x, 0.5, s, color=color, fontsize=size)
        return to_svg(figure)

    picture()
    remembered = picture(**change)
    svg_text._pieces.clear()
    assert picture(**change) == remembered
    assert (remembered == picture()) == (not change)
    used = set(re.findall(r'xlink:href="#([^"]+)"', remembered))
    assert used <= set(re.findall(r'id="([^"]+)"', remembered))


def drawn_afresh(figure):
    """A figure's picture with no part of it remembered."""
    for artist in figure.findobj(lambda artist: "draw" in vars(artist)):
        artist.draw.written.clear()
    return to_svg(figure)


@pytest.mark.slow
@pytest.mark.parametrize("make", EXPLORERS)
def test_each_picture_of_an_explorer_is_the_one_drawn_afresh(make):
    explorer = make()
    for name, control in explorer.controls.items():
        if control.options:
            explorer.move(
                **{name: control.options[-1 if control.value != control.options[-1] else 0]}
            )
            assert explorer.svg == drawn_afresh(explorer.figure), name
    explorer.reset()
    assert explorer.svg == drawn_afresh(explorer.figure)


CHANGES = {
    "limits": lambda axes: axes.set_xlim(0, 7),
    "ticks": lambda axes: axes.set_xticks([0, 0.5], ["none", "half"]),
    "scale": lambda axes: axes.set_yscale("log"),
    "label": lambda axes: axes.set_ylabel("other"),
    "frame": lambda axes: axes.spines["left"].set_visible(False),
    "place": lambda axes: axes.set_position([0.3, 0.3, 0.4, 0.4]),
    "legend": lambda axes: axes.get_legend().get_texts()[0].set_text("other"),
    "line": lambda axes: axes.lines[0].set_ydata([3, 1]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_remembered_part_is_drawn_anew_when_it_changes_and_comes_back_as_it_was(name):
    figure, grid = new_figure()
    axes = grid[0, 0]
    axes.plot([0.1, 1], [0.1, 1], label="line", clip_on=True)
    axes.legend(loc="upper left")
    to_svg(figure)
    figure.set_layout_engine("none")
    remember(figure)
    before = to_svg(figure)
    assert to_svg(figure) == before
    CHANGES[name](axes)
    assert to_svg(figure) == drawn_afresh(figure) != before
