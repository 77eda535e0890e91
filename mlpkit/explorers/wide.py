"""A wide network as a cloud of particles."""

import ipywidgets as widgets
import numpy as np

from mlpkit.explorers.shell import Explorer
from mlpkit.plots.wide import particles
from mlpkit.wide import EVERY, SCALINGS, STEPS, X_TRAIN, snapshots, target, wide_output

WIDTHS = (4, 8, 16, 32, 64, 128, 256)


def wide_explorer():
    """Move d_H and the training step; the particles (W, c) and f follow.

    Returns
    -------
    Explorer
        Over `mlpkit.plots.wide.particles`.
    """
    controls = {
        "d_H": widgets.SelectionSlider(options=WIDTHS, value=64, description="units d_H"),
        "scaling": widgets.Dropdown(options=list(SCALINGS), description="scaling"),
        "step": widgets.IntSlider(STEPS, min=0, max=STEPS, step=EVERY, description="training step"),
        "seed": widgets.IntSlider(0, min=0, max=9, description="seed of the start"),
    }
    return Explorer(particles, controls, describe_particles)


def describe_particles(d_H, scaling, step, seed=0):
    """Say how far the particles moved and how good f is; arguments are those of `particles`."""
    run = snapshots(d_H, SCALINGS[scaling], seed)
    start, now = run[0], run[step // EVERY]
    moved = np.sqrt(np.mean(np.sum((now - start) ** 2, axis=1)))
    loss = np.mean((wide_output(now, X_TRAIN, SCALINGS[scaling]) - target(X_TRAIN)) ** 2)
    return (
        f"{d_H} units, scaling {scaling}, seed {seed}, step {step}: the particles moved by "
        f"{moved:.2f} (root mean square), the loss is {loss:.4f}."
    )
