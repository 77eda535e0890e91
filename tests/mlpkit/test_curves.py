"""Named curves: told apart without colour, on axes that can be read, refused by name."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlpkit.plots.curves import curves
from mlpkit.plots.style import new_figure
from mlpkit.plots.svg import to_svg

X = np.array([1, 2, 4, 8, 16])


def lines(figure, number=0):
    return [line for line in figure.axes[number].lines if line.get_gid() == "curve"]


def names(figure):
    return [text.get_text() for text in figure.axes[0].get_legend().get_texts()]


@settings(deadline=None, max_examples=20)
@given(count=st.integers(2, 7), M=st.integers(1, 60), calls=st.integers(1, 3))
def test_no_two_curves_share_colour_or_dash_also_when_drawn_in_several_calls(count, M, calls):
    rng, figure = np.random.default_rng(count), None
    for part in np.array_split(np.arange(count), calls):
        if len(part):
            x = np.arange(1, M + 1)
            figure = curves(x, {f"c{i}": rng.random(M) for i in part}, on=figure)
    drawn = lines(figure)
    assert len({line.get_color() for line in drawn}) == count
    dashes = {str((line._unscaled_dash_pattern, line.get_marker())) for line in drawn}
    assert len(dashes) == count
    assert names(figure) == [f"c{i}" for i in range(count)]


def test_few_points_are_marked_and_many_are_not():
    figure = curves(None, {"a": np.ones(30)})
    assert lines(figure)[0].get_marker() == "o"
    assert lines(curves(None, {"a": np.ones(31)}))[0].get_marker() == "None"
    (line,) = lines(curves(X, {"a": X}, style="points"))
    assert (line.get_linestyle(), line.get_marker()) == ("None", "o")
    assert lines(curves(X, {"a": X}, style="line"))[0].get_marker() == "None"


def test_without_x_the_points_are_counted_from_one():
    figure = curves(None, {"a": [3.0, 2.0, 1.0], "b": [1.0, 2.0]})
    assert [list(line.get_xdata()) for line in lines(figure)] == [[1, 2, 3], [1, 2]]


def test_a_guide_and_reference_lines_are_named_and_take_no_colour():
    figure = curves(X, {"a": 1 / X}, log="xy", levels={"floor": 0.01}, places={"edge": 3})
    curves(X, {"slope −1": 2 / X}, style="guide", on=figure)
    curves(X, {"b": 3 / X}, on=figure)
    assert names(figure) == ["a", "floor", "edge", "slope −1", "b"]
    assert len(lines(figure)) == 2
    plain = curves(X, {"a": 1 / X, "b": 3 / X})
    assert [x.get_color() for x in lines(figure)] == [x.get_color() for x in lines(plain)]


@pytest.mark.parametrize("log", ["", "x", "y", "xy"])
def test_the_axes_are_as_asked_and_stay_so_in_a_second_call(log):
    figure = curves(X, {"a": X}, log=log)
    curves(X, {"b": 2 * X}, on=figure.axes[0])
    scales = figure.axes[0].get_xscale(), figure.axes[0].get_yscale()
    assert scales == tuple("log" if direction in log else "linear" for direction in "xy")


@pytest.mark.parametrize("sizes", [[1, 2, 4, 8, 16], [4, 16, 64], [3, 100]])
@pytest.mark.parametrize("lines", [{}, {"levels": {"floor": 5.0}}, {"places": {"edge": 7}}])
def test_sizes_are_the_ticks_of_a_logarithmic_axis_whatever_lines_there_are(sizes, lines):
    figure = curves(sizes, {"a": sizes}, log="x", **lines)
    figure.canvas.draw()
    labels = [text.get_text() for text in figure.axes[0].get_xticklabels()]
    assert labels == [str(size) for size in sizes]


@pytest.mark.parametrize("columns", [1, 2, 3, 4])
@pytest.mark.parametrize("sizes", [[2, 16, 128, 1024, 4096], [1, 2, 3, 4, 6], [900, 1000, 30000]])
def test_ticks_at_sizes_do_not_run_into_each_other_however_narrow_the_panel(columns, sizes):
    figure, axes = new_figure(columns=columns)
    for axis in axes.flat:
        curves(sizes, {"a": sizes}, log="xy", on=axis)
    figure.canvas.draw()
    extents = [text.get_window_extent() for text in axes[0, 0].get_xticklabels() if text.get_text()]
    assert len(extents) >= 2
    assert all(one.x1 < other.x0 for one, other in itertools.pairwise(extents))


@pytest.mark.parametrize("top", [2e4, 8e5, 3e6])
def test_large_numbers_on_a_linear_axis_have_commas(top):
    figure = curves(X, {"a": X * top / 16})
    figure.canvas.draw()
    labels = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert all("," in label for label in labels if len(label) > 3)
    assert figure.axes[0].yaxis.get_offset_text().get_text() == ""


@pytest.mark.parametrize("low", [1e-9, 0.03, 0.5, 0.9])
def test_a_logarithmic_axis_has_labels_to_read_whatever_it_spans(low):
    figure = curves(X, {"a": np.geomspace(low, 1, 5)}, log="y")
    figure.canvas.draw()
    axis = figure.axes[0]
    bottom, top = axis.get_ylim()
    labels = zip(axis.get_yticks(), axis.get_yticklabels(), strict=True)
    seen = [text.get_text() for place, text in labels if bottom <= place <= top]
    assert 2 <= len([text for text in seen if text]) <= 12


def test_what_a_logarithmic_axis_has_no_place_for_leaves_a_gap():
    (line,) = lines(curves(X, {"a": [1, 0, -1, np.nan, 2]}, log="y"))
    np.testing.assert_array_equal(np.isnan(line.get_ydata()), [False, True, True, True, False])


def test_slopes_stand_behind_the_names():
    figure = curves(X, {"a": 1.0 * X, "b": 5.0 / X**2, "c": np.ones(5)}, log="xy", slopes=True)
    assert names(figure) == ["a, slope 1.00", "b, slope −2.00", "c, slope 0.00"]


def test_error_bars_stand_at_the_curve_that_has_some():
    figure = curves(X, {"a": X, "b": X}, error={"a": np.full(5, 0.5)})
    assert len(figure.axes[0].collections) == 1
    ends = figure.axes[0].collections[0].get_segments()
    np.testing.assert_allclose([end[:, 1] for end in ends], np.stack([X - 0.5, X + 0.5], axis=1))


def test_a_lone_curve_names_the_axis_and_needs_no_legend():
    figure = curves(X, {"mean loss": X}, xlabel="epoch", title="t", ylim=(0, 20))
    axis = figure.axes[0]
    assert (axis.get_xlabel(), axis.get_ylabel(), axis.get_title()) == ("epoch", "mean loss", "t")
    assert axis.get_legend() is None
    assert axis.get_ylim() == (0, 20)


def test_panels_may_share_one_legend_below_them():
    figure, axes = new_figure(columns=2)
    curves(X, {"a": X, "b": X}, on=axes[0, 0], legend="none")
    assert curves(X, {"a": X, "b": X}, on=axes[0, 1], legend="below") is figure
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["a", "b"]
    assert not any(axis.get_legend() for axis in axes.flat)


def test_a_legend_beside_the_axes_covers_no_curve():
    figure = curves(X, {"a": X, "b": 2 * X}, levels={"c": 3})
    figure.canvas.draw()
    axis = figure.axes[0]
    assert axis.get_legend().get_window_extent().x0 >= axis.get_window_extent().x1


@pytest.mark.parametrize(
    "name", ["trained kinks, best C and b²", "edge of the dead region", "wide" * 9]
)
@pytest.mark.parametrize("legend", ["right", "below"])
def test_a_legend_lies_in_the_picture_as_it_is_drawn(name, legend):
    svg = to_svg(curves(X, {name: X, "b": X, "c": X}, legend=legend))
    frame = re.search(r'<path d="([^"]+)" style="fill: var\(--ground\); opacity: 0.8', svg)[1]
    x = [float(pair.split()[0]) for pair in re.findall(r"[-\d.]+ [-\d.]+", frame)]
    assert min(x) >= 0 and max(x) <= 540


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((X, {}), {}, "named must hold at least one curve"),
        ((X, {"a": [1, 2]}), {}, r"named\['a'\] must have shape \(5,\), got \(2,\)"),
        ((X, {"a": np.ones((5, 1))}), {}, r"named\['a'\] must have shape"),
        ((None, {"a": []}), {}, r"named\['a'\] must have shape"),
        ((X, {"a": list("abcde")}), {}, r"named\['a'\] must hold real numbers"),
        ((list("abcde"), {"a": X}), {}, "x must hold real numbers"),
        ((X, {"a": X}), {"log": "z"}, "log must be one of"),
        ((X, {"a": X}), {"style": "dots"}, "style must be one of"),
        ((X, {"a": X}), {"legend": "left"}, "legend must be one of"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_by_name(arguments, options, message):
    with pytest.raises(ValueError, match=message):
        curves(*arguments, **options)
