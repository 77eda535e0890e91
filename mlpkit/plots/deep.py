"""The size of H^ℓ and δ^ℓ in each layer, and training curves."""

import numpy as np
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from mlpkit.plots.style import BLACK, BLUE, COLOURS, DASHES, MARKERS, VERMILION, new_figure
from mlpkit.signal_sizes import (  # noqa: F401
    INITIALISATIONS,
    deep_network,
    deltas,
    layer_sizes,
    measured_sizes,
    predicted_factor,
)


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


def initialisations_figure(sizes):
    """Draw the size of H^ℓ and δ^ℓ in each layer for several initialisations.

    Parameters
    ----------
    sizes : dict of str to (H, delta)
        Name, and what `layer_sizes` returns.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, 2, height=3.4)
    for number, (name, pair) in enumerate(sizes.items()):
        style = {"color": COLOURS[number], "marker": MARKERS[number], "markersize": 4}
        for axis, size in zip(axes[0], pair, strict=True):
            layers = np.arange(1, len(size) + 1)
            axis.plot(layers, size, linestyle=DASHES[number], label=name, markevery=3, **style)
    for axis, name in zip(axes[0], ("H", "δ"), strict=True):
        axis.set(xlabel="layer ℓ", title=f"root mean square of {name}$^ℓ$", yscale="log")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def curves_figure(curves, ylabel, lines=(), **options):
    """Draw one curve a run against the epoch, with horizontal lines to compare with.

    Parameters
    ----------
    curves : dict of str to sequence of float
        Label, and one value an epoch.
    ylabel : str
        What is drawn.
    lines : sequence of (float, str)
        Height and label of each horizontal line.
    options
        Passed to the axes' `set` (yscale, ylim, …).

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure()
    axis = axes[0, 0]
    for number, (label, values) in enumerate(curves.items()):
        style = {"color": COLOURS[number], "marker": MARKERS[number], "markersize": 4}
        epochs = np.arange(1, len(values) + 1)
        axis.plot(epochs, values, linestyle=DASHES[number], label=label, **style)
    for number, (height, label) in enumerate(lines):
        axis.axhline(height, color=BLACK, linestyle=DASHES[number - 4], linewidth=1, label=label)
    axis.set(xlabel="epoch", ylabel=ylabel, **options)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return figure


def _positive(sizes):
    return np.where(sizes > 0, sizes, np.nan)  # a log axis has no place for 0


def _decades(sizes):
    """Limits of a log axis in whole decades, at least four, with room for the legend on top."""
    logs = np.log10(sizes[sizes > 0]) if (sizes > 0).any() else np.zeros(1)
    low, high = np.floor(logs.min() - 0.2), np.ceil(logs.max() + 0.2)
    return 10.0 ** min(low, high - 3), 10.0 ** (high + max(1, np.ceil((high - low) / 4)))
