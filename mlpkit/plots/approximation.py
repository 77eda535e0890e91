"""Networks built and trained for a function of one variable, their error against d_H, noise."""

from functools import lru_cache

import numpy as np

from mlpkit.approximation import (
    HIGH,
    LOW,
    built,
    get_target,
    mean_square_bound,
    midpoints,
    network_error,
)
from mlpkit.plots.beyond import beyond_marks, mark_beyond
from mlpkit.plots.style import BLACK, BLUE, GREEN, VERMILION, new_figure

X = midpoints(800)
UNITS = np.array([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64])
SMALLEST = 1e-9  # a wave may be met exactly; a logarithm wants a number


@lru_cache(maxsize=16)
def _built_errors(target):
    errors = [network_error(target, int(d_H), "built", 1)[1] for d_H in UNITS]
    return np.maximum(errors, SMALLEST)


def approximation_figure(target="sine", d_H=8, method="built", epochs=40, knots=(), figure=None):
    """Draw f* and a network beside the error against d_H, the explorer's picture.

    Parameters
    ----------
    target, d_H, method, epochs, knots
        As for `network_error`.
    figure : LiveFigure, optional
        One this function made, to update.

    Returns
    -------
    LiveFigure
    """
    network, error = network_error(target, d_H, method, epochs, knots)
    if figure is None:
        figure = _empty_approximation_figure()
    parts = figure.parts
    parts["truth"].set_ydata(get_target(target).function(X))
    parts["network"].set_ydata(network.forward(X).U)
    W, b = network.W[0][:, 0], network.b[0]
    kinks = (-b / np.where(W == 0, np.nan, W))[:, None]
    kinks = kinks[(kinks[:, 0] >= LOW) & (kinks[:, 0] < HIGH)]
    parts["kinks"].set_data(kinks, network.forward(kinks).U if len(kinks) else kinks)
    parts["errors"].set_ydata(_built_errors(target))
    parts["bound"].set_ydata(mean_square_bound(target, UNITS))
    parts["here"].set_data([d_H], [max(error, SMALLEST)])
    mark_beyond(parts["beyond"], network.forward(X).U)
    return figure


def _empty_approximation_figure():
    figure, axes = new_figure(1, 2, width_ratios=(1.3, 1))
    left, right = axes[0]
    nothing = np.full(len(X), np.nan)
    plot, parts = left.plot, figure.parts
    (parts["truth"],) = plot(X, nothing, "--", color=VERMILION, linewidth=2, label="f*")
    (parts["network"],) = plot(X, nothing, color=BLACK, linewidth=1.3, label="network f")
    (parts["kinks"],) = plot([], [], "o", color=BLUE, markersize=4, label="kinks of f")
    left.set(title="f* and the network", xlabel="x", xlim=(LOW, HIGH), ylim=(-1.7, 1.7))
    left.set_xticks(np.linspace(LOW, HIGH, 5))
    parts["beyond"] = beyond_marks(left)
    left.legend(loc="lower right", fontsize=8, ncols=3)
    empty = np.full(len(UNITS), np.nan)
    (parts["bound"],) = right.loglog(UNITS, empty, ":", color=GREEN, label="bound, built")
    (parts["errors"],) = right.loglog(UNITS, empty, "-", color=BLUE, label="built")
    (parts["here"],) = right.loglog([], [], "D", color=BLACK, label="this network")
    right.set(title="mean square error", xlabel="d_H", xlim=(0.9, 75), ylim=(SMALLEST / 3, 30))
    right.set_xticks((1, 4, 16, 64), labels=("1", "4", "16", "64"))
    # Plain labels: a redraw with typeset powers of ten takes half as long again.
    right.set_yticks((1e-8, 1e-6, 1e-4, 1e-2, 1), labels=("10⁻⁸", "10⁻⁶", "10⁻⁴", "0.01", "1"))
    right.minorticks_off()
    right.legend(loc="lower left", fontsize=8)
    return figure


def built_figure(target, d_H):
    """Draw the network built at d_H + 1 knots, and its error inside the bound.

    Parameters
    ----------
    target : str
        f*: a name in `mlpkit.approximation.TARGETS`.
    d_H : int
        Number of units.

    Returns
    -------
    LiveFigure
    """
    function, network = get_target(target).function, built(get_target(target).function, d_H)
    knots, f = np.linspace(LOW, HIGH, d_H + 1), network.forward(X).U
    figure, axes = new_figure(1, 2)
    left, right = axes[0]
    left.plot(X, function(X), "--", color=VERMILION, linewidth=2, label="f*")
    left.plot(X, f, color=BLACK, label="network f")
    left.plot(knots, function(knots), "o", color=BLUE, label="knots")
    left.set(title=f"d_H = {d_H}", xlabel="x")
    left.legend(fontsize=8)
    right.plot(X, function(X) - f, color=BLACK, label="f* − f")
    bound = np.sqrt(mean_square_bound(target, d_H))
    for sign, label in ((1, "± max|f*″| h²/8"), (-1, None)):
        right.axhline(sign * bound, color=GREEN, linestyle=":", linewidth=2, label=label)
    right.set(title="error", xlabel="x", ylim=(-1.6 * bound, 1.6 * bound))
    right.legend(fontsize=8, loc="upper left")
    return figure


def networks_figure(function, networks):
    """Draw f* and a network, one panel a network.

    Parameters
    ----------
    function : callable
        f*.
    networks : dict of str to MLP
        Title and network.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, len(networks), height=2.8, sharey=True)
    for axis, (title, network) in zip(axes[0], networks.items(), strict=True):
        axis.plot(X, function(X), "--", color=VERMILION, linewidth=2, label="f*")
        axis.plot(X, network.forward(X).U, color=BLACK, label="network f")
        axis.set(title=title, xlabel="x")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure
