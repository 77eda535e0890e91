"""A wide network as a cloud of particles."""

import numpy as np

from mlpkit.explorers.controls import Story, choice, slider, steps
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
        "d_H": steps("units d_H", WIDTHS, 64),
        "scaling": choice("scaling", SCALINGS),
        "step": slider("training step", 0, STEPS, STEPS, EVERY),
        "seed": slider("seed of the start", 0, 9, 0),
    }
    story = Story("step", seconds=0.2, beside={"d_H": (4, 16, 64, 256)})
    title = "The units of a wide network as particles"
    return Explorer(title, particles, describe_particles, controls, story=story)


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
