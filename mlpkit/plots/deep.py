"""The size of H^ℓ and δ^ℓ in each layer of a deep network, measured and predicted."""

import numpy as np
from matplotlib.ticker import LogLocator, NullLocator

from mlpkit.plots.style import BLACK, BLUE, VERMILION, new_figure
from mlpkit.signal_sizes import measured_sizes


def sizes_figure(L, d_H, activation="relu", initialisation="he", seed=0, figure=None):
    """Draw the size of H^ℓ and δ^ℓ in each layer of one network, and what is predicted.

    Parameters
    ----------
    L, d_H, activation, initialisation, seed
        As for `deep_network`.
    figure : LiveFigure, optional
        One this function made, to update.

    Returns
    -------
    LiveFigure

    Raises
    ------
    ValueError
        If a size is no integer >= 1, or a name is unknown.
    """
    H, delta, factor = measured_sizes(L, d_H, activation, initialisation, seed)
    layers = np.arange(1, L + 1)
    if figure is None:
        figure = _empty_sizes_figure()
    predictions = factor**layers, delta[-1] * factor ** (L - layers)
    for axis, sizes, predicted in zip(figure.axes, (H, delta), predictions, strict=True):
        measured, line = figure.parts[axis]
        measured.set_data(layers, _positive(sizes))
        line.set_data(layers, predicted)
        axis.set(xlim=(0.5, L + 0.5), ylim=_decades(sizes))
    return figure


def _empty_sizes_figure():
    figure, axes = new_figure(1, 2)
    for axis, name, colour in zip(axes[0], ("H", "δ"), (BLUE, VERMILION), strict=True):
        (measured,) = axis.plot([], [], "o", color=colour, markersize=4, label="measured")
        (predicted,) = axis.plot([], [], "--", color=BLACK, label="predicted (ReLU, identity)")
        figure.parts[axis] = measured, predicted
        axis.set(xlabel="layer ℓ", title=f"root mean square of {name}$^ℓ$", yscale="log")
        axis.yaxis.set_major_locator(LogLocator(numticks=6))
        axis.yaxis.set_minor_locator(NullLocator())  # dozens of ticks are slow to draw
        axis.legend(loc="upper center", fontsize=8)
    return figure


def _positive(sizes):
    return np.where(sizes > 0, sizes, np.nan)  # a log axis has no place for 0


def _decades(sizes):
    """Limits of a log axis in whole decades, at least four, with room for the legend on top."""
    logs = np.log10(sizes[sizes > 0]) if (sizes > 0).any() else np.zeros(1)
    low, high = np.floor(logs.min() - 0.2), np.ceil(logs.max() + 0.2)
    return 10.0 ** min(low, high - 3), 10.0 ** (high + max(1, np.ceil((high - low) / 4)))
