"""The explorer of softmax and the figure under it."""

import numpy as np
import pytest

from mlpkit.explorers.softmax import softmax
from mlpkit.plots.softmax import scores_figure
from mlpkit.plots.svg import to_svg


def _heights(figure):
    return [np.array([bar.get_height() for bar in bars]) for bars, _, _ in figure.parts["panels"]]


def test_the_bars_are_scores_probabilities_and_their_difference_from_the_truth():
    U = np.array([1.0, -2.0, 0.5, 3.0])
    scores, f, gradient = _heights(scores_figure(U, 2))
    np.testing.assert_array_equal(scores, U)
    np.testing.assert_allclose(f, np.exp(U) / np.exp(U).sum(), rtol=1e-12)
    np.testing.assert_allclose(gradient, f - [0, 0, 1, 0], rtol=1e-12)


def test_a_number_added_to_all_scores_moves_only_the_scores():
    explorer = softmax()
    before = _heights(explorer.figure)
    explorer.move(shift=4.0)
    after = _heights(explorer.figure)
    np.testing.assert_allclose(after[0], before[0] + 4, rtol=1e-12)
    np.testing.assert_allclose(after[1:], before[1:], rtol=1e-12)


def test_an_updated_figure_is_the_one_drawn_afresh():
    first, second = ([1.0, 2.0, 3.0], 0), ([0.5, -1.0, 4.0], 2)
    figure = scores_figure(*first)
    to_svg(figure)
    afresh = scores_figure(*second)
    to_svg(afresh)  # laid out once, as the other was
    assert to_svg(scores_figure(*second, figure=figure)) == to_svg(afresh)


def test_a_label_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="y must hold integers"):
        scores_figure([1.0, 2.0], 2)


@pytest.mark.slow
def test_each_control_changes_the_picture_and_the_words_on_the_same_figure(move_each_control):
    move_each_control(softmax(), option=3)
