"""Maps of the class that a network chooses."""

import numpy as np
import pytest

from mlpkit.network import MLP
from mlpkit.plots.softmax import regions_figure

CORNERS = np.array([[1.0, 1], [-1, -1], [1, -1], [-1, 1]])


def borders(network, K):
    """Draw the map for points of K classes and return all vertices of the borders in it."""
    axis = regions_figure({"map": network}, CORNERS, np.arange(4) % K, extent=2).axes[0]
    lines = [sheet for sheet in axis.collections if not sheet.filled]
    return [path.vertices for line in lines for path in line.get_paths()]


@pytest.mark.parametrize("slope", [(1.0, 1.0), (1.0, -1.0), (2.0, 1.0), (0.3, -1.0)])
def test_the_border_between_two_affine_scores_is_drawn_straight(slope):
    network = MLP(2, 2, 2, activation="identity")
    network.W[0][:] = np.eye(2)
    network.W[1][:], network.b[1][:] = [[0, 0], slope], [0.4, 0]
    for vertices in borders(network, 2):
        np.testing.assert_allclose(vertices @ slope, 0.4, atol=1e-9)
    assert len(borders(network, 2)) == 2  # one around each class


def test_a_class_that_is_never_chosen_has_no_border_and_one_always_chosen_neither():
    network = MLP(2, 2, 3, activation="identity")
    network.W[1][:], network.b[1][:] = 0, [0, 1, -1]
    assert borders(network, 3) == []
