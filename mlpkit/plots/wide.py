"""Wide networks as clouds of particles (c, W, b), and how they scale with d_H."""

import numpy as np

from mlpkit.plots.style import BLACK, BLUE, GREY, ORANGE, PALE, new_figure
from mlpkit.wide import EVERY, SCALINGS, snapshots, target, wide_output


def distributions(runs, pooled, label):
    """Draw distribution functions: `runs` maps d_H to (runs, d_H) values, `pooled` are all."""
    figure, axes = new_figure(columns=len(runs), sharey=True)
    for axis, (d_H, values) in zip(axes[0], runs.items(), strict=True):
        for number, row in enumerate(values):
            height = np.arange(1, d_H + 1) / d_H
            name = "single runs" if number == 0 else None
            axis.step(np.sort(row), height, color=BLUE, linewidth=1, where="post", label=name)
        heights = np.linspace(0, 1, 401)
        quantiles = np.quantile(pooled, heights)
        axis.plot(quantiles, heights, color=BLACK, linestyle="--", label="pooled")
        axis.set(title=f"d_H = {d_H}", xlabel=label, xlim=np.quantile(pooled, [0.002, 0.998]))
        axis.legend(loc="upper left", fontsize=8)
    axes[0, 0].set_ylabel("share below")
    return figure


def particles(d_H, scaling, step, seed=0, figure=None):
    """Draw the units of a wide network as points (W, c), before and after training, and f.

    Parameters
    ----------
    d_H : int
        Number of units.
    scaling : str
        One of `SCALINGS`.
    step : int
        How many steps of training, 0 to `STEPS`.
    seed : int
        Of the start.
    figure : LiveFigure, optional
        One made before, whose artists are updated.

    Returns
    -------
    LiveFigure
    """
    if figure is None:
        figure = _empty_particles_figure()
    run = snapshots(d_H, SCALINGS[scaling], seed)
    start, now = run[0], run[step // EVERY]
    between = np.full((d_H, 3, 2), np.nan)  # NaN lifts the pen between two particles
    between[:, 0], between[:, 1] = start[:, [1, 0]], now[:, [1, 0]]
    parts = figure.parts
    parts["moves"].set_data(*between.reshape(-1, 2).T)
    parts["start"].set_data(start[:, 1], start[:, 0])
    parts["now"].set_data(now[:, 1], now[:, 0])
    for name, theta in (("f_start", start), ("f_now", now)):
        parts[name].set_ydata(wide_output(theta, _LINE, SCALINGS[scaling]))
    parts["title"].set_text(f"{d_H} units, step {step}")
    return figure


_LINE = np.linspace(-2.5, 2.5, 101)


def _empty_particles_figure():
    figure, axes = new_figure(columns=2)
    left, right = axes[0]
    hollow = {"linestyle": "none", "marker": "o", "markerfacecolor": "none", "markersize": 4}
    full = {"linestyle": "none", "marker": "^", "markersize": 4}
    figure.parts = {
        "moves": left.plot([], [], color=PALE, linewidth=0.8)[0],
        "start": left.plot([], [], color=GREY, label="at the start", **hollow)[0],
        "now": left.plot([], [], color=BLUE, label="trained", **full)[0],
        "f_start": right.plot(_LINE, 0 * _LINE, color=GREY, linestyle=":", label="f at start")[0],
        "f_now": right.plot(_LINE, 0 * _LINE, color=BLUE, label="f trained")[0],
        "title": left.set_title("256 units, step 300", fontsize=10),
    }
    right.plot(_LINE, target(_LINE), color=ORANGE, linestyle="--", label="f*")
    left.set(xlim=(-6.5, 6.5), ylim=(-6.5, 6.5), xlabel="W", ylabel="c")
    right.set(xlabel="x", ylim=(-2.4, 2.4), title="")
    right.set_title("the function", fontsize=10)
    for axis in (left, right):  # below, as the particles may be anywhere
        place = {"loc": "upper center", "bbox_to_anchor": (0.5, -0.18)}
        axis.legend(fontsize=8, ncols=3, frameon=False, **place)
    return figure
