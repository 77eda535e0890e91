"""Scores and probabilities, decision regions, calibration."""

import numpy as np

from mlpkit.losses import cross_entropy, cross_entropy_gradient, softmax
from mlpkit.plots.style import (
    BLACK,
    BLUE,
    COLOURS,
    GREEN,
    GREY,
    MARKERS,
    TINTS,
    VERMILION,
    new_figure,
)
from mlpkit.tables import fixed_text

AREAS = tuple(TINTS)


def scores_figure(U, y, figure=None):
    """Draw one sample's scores, its probabilities, and ∂ρ/∂U as bars.

    Parameters
    ----------
    U : array_like of float, shape (K,)
        Scores; drawn from −12 to 12.
    y : int
        The label, 0, …, K − 1.
    figure : LiveFigure, optional
        One this function made with as many classes, to update.

    Returns
    -------
    LiveFigure

    Raises
    ------
    ValueError
        If U is not finite or there is no such label.
    """
    U = np.asarray(U, float)[None]
    rho, gradient = cross_entropy(U, [y]), cross_entropy_gradient(U, [y])
    if figure is None:
        figure = _empty_scores_figure(U.shape[1])
    panels = zip(figure.parts["panels"], (U, softmax(U), gradient), strict=True)
    for (bars, texts, offset), (heights,) in panels:
        for k, (bar, text, height) in enumerate(zip(bars, texts, heights, strict=True)):
            bar.set(height=height, facecolor=BLUE if k == y else GREY, hatch="//" * (k == y))
            text.set_text(fixed_text(height))
            text.set_y(height + (offset if height >= 0 else -offset))
    figure.parts["loss"].set_text(f"probabilities f,  ρ = {rho:.2f}")
    for label, k in zip(figure.parts["labels"], range(U.shape[1]), strict=True):
        label.set_text("▲" if k == y else "")
    return figure


def _empty_scores_figure(K):
    figure, axes = new_figure(1, 3, height=2.9)
    limits = ((-12, 12), (0, 1.12), (-1.2, 1.2))
    titles = ("scores U", "probabilities f,  ρ = 0.00", "∂ρ/∂U")
    panels = []
    for axis, (low, high), title in zip(axes[0], limits, titles, strict=True):
        axis.set(ylim=(low, high), xlim=(-0.6, K - 0.4), title=title, xlabel="class k")
        axis.set_xticks(range(K))
        axis.axhline(0, color=BLACK, linewidth=0.8)
        bars = axis.bar(range(K), [0.0] * K, width=0.65, edgecolor="white")
        options = {"ha": "center", "va": "center", "fontsize": 8}
        texts = [axis.text(k, 0, "", **options) for k in range(K)]
        panels.append((bars, texts, 0.05 * (high - low)))
    middle = axes[0, 1]
    figure.parts |= {"panels": panels, "loss": middle.title}
    transform = middle.get_xaxis_transform()
    figure.parts["labels"] = [
        middle.text(k, 0.93, "", transform=transform, ha="center", color=BLUE) for k in range(K)
    ]
    return figure


def regions_figure(networks, X, y, extent):
    """Draw which class each network chooses over a square, and the training points.

    Parameters
    ----------
    networks : dict of str to MLP
        Title and network; d = 2.
    X : numpy.ndarray of float, shape (N, 2)
        Training points.
    y : numpy.ndarray of int, shape (N,)
        Their labels.
    extent : float
        Each input runs from −extent to extent.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, len(networks), height=3.4, sharey=True)
    line = np.linspace(-extent, extent, 201)
    grid = np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)
    K = int(y.max()) + 1
    for axis, (title, network) in zip(axes[0], networks.items(), strict=True):
        _regions(axis, line, network.forward(grid).U)
        for k in range(K):
            style = {"color": COLOURS[k], "marker": MARKERS[k], "markersize": 3}
            axis.plot(*X[y == k].T, linestyle="", label=f"class {k}", **style)
        limits = {"xlim": (-extent, extent), "ylim": (-extent, extent)}
        axis.set(title=title, xlabel="x₀", aspect="equal", **limits)
    axes[0, 0].set_ylabel("x₁")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=K)
    return figure


def _regions(axis, line, scores):
    """Colour where each class leads, on a square grid, and draw the borders.

    They are drawn where a lead is 0, and not where the class changes, so straight ones look it.
    """
    for k in range(scores.shape[1]):
        lead = scores[:, k] - np.delete(scores, k, axis=1).max(axis=1)
        sheet = lead.reshape(len(line), len(line))
        if lead.max() > 0:
            axis.contourf(line, line, sheet, levels=[0, lead.max()], colors=[AREAS[k]])
        if lead.min() < 0 < lead.max():
            axis.contour(line, line, sheet, levels=[0], colors=BLACK, linewidths=0.6)


def reliability_figure(diagrams):
    """Draw reliability diagrams side by side: share of right answers against confidence.

    Parameters
    ----------
    diagrams : dict of str to tuple of three array_like of float, shape (bins,)
        Title, and each bin's mean confidence, share of right answers, and share of the rows.

    Returns
    -------
    LiveFigure
    """
    figure, axes = new_figure(1, len(diagrams), height=2.9, sharey=True)
    for axis, (title, (confidence, right, share)) in zip(axes[0], diagrams.items(), strict=True):
        axis.plot([0, 1], [0, 1], "--", color=BLACK, linewidth=1, label="calibrated")
        axis.vlines(confidence, right, confidence, color=VERMILION, linewidth=2, label="gap")
        axis.plot(confidence, right, "o", color=BLUE, markersize=4, label="share right")
        axis.bar(confidence, share, width=0.03, color=GREEN, alpha=0.6, label="share of rows")
        axis.set(title=title, xlabel="confidence", xlim=(0, 1.02), ylim=(0, 1.02))
    axes[0, 0].set_ylabel("share of right answers")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure
