"""Gradient descent on the landscape of one ReLU unit."""

import ipywidgets as widgets
import numpy as np
from ipycanvas import Canvas

from mlpkit.explorers.shell import Explorer
from mlpkit.landscape import descend, unit_loss
from mlpkit.plots.landscape import landscape


def landscape_explorer():
    """Choose or click a start and a learning rate; gradient descent's path is drawn.

    Returns
    -------
    LandscapeExplorer
        Over `mlpkit.plots.landscape.landscape`.
    """
    number = {"step": 0.1, "continuous_update": True}
    controls = {
        "W": widgets.FloatSlider(0.5, min=-2.5, max=2.5, description="start W", **number),
        "b1": widgets.FloatSlider(-0.2, min=-2.5, max=2.5, description="start b¹", **number),
        "c": widgets.FloatSlider(1.0, min=-2, max=2, description="start c", **number),
        "b2": widgets.FloatSlider(0.5, min=-1, max=3, description="start b²", **number),
        "learning_rate": widgets.FloatLogSlider(
            0.1, min=-3, max=0.3, step=0.1, description="learning rate α"
        ),
        "steps": widgets.IntSlider(200, min=10, max=400, step=10, description="steps"),
        "train_all": widgets.Checkbox(True, description="train c and b² too"),
    }
    return LandscapeExplorer(landscape, controls, describe_landscape)


class LandscapeExplorer(Explorer):
    """An explorer whose left axes can be clicked: the start goes there.

    The sliders do the same with the keyboard.
    """

    def __init__(self, draw, controls, describe):
        super().__init__(draw, controls, describe)
        width, height = self.figure.bbox.size.astype(int).tolist()
        # A clear canvas over the picture takes the clicks: an image widget has none.
        cell = {"grid_area": "1 / 1", "max_width": "100%", "margin": "0"}
        self.canvas = Canvas(width=width, height=height, layout=widgets.Layout(**cell))
        self.image.layout = widgets.Layout(**cell)
        self.canvas.on_mouse_down(self.start_at)
        grid = widgets.Layout(display="grid", justify_items="flex-start", align_items="flex-start")
        stack = widgets.Box([self.image, self.canvas], layout=grid)
        self.children = (self.children[0], stack, self.words)

    def start_at(self, x, y):
        """Move the start to a point of the picture.

        Parameters
        ----------
        x, y : float
            Pixels from the left and from the top; nothing happens outside the left axes.
        """
        axes = self.figure.axes[0]
        point = (x, self.figure.bbox.height - y)
        if axes.bbox.contains(*point):
            W, b1 = axes.transData.inverted().transform(point)
            self.controls["W"].value, self.controls["b1"].value = round(W, 2), round(b1, 2)


def describe_landscape(W, b1, c, b2, learning_rate, steps, train_all):
    """Say where gradient descent ends; arguments are those of `landscape`."""
    path = descend((c, W, b1, b2), learning_rate, steps, (train_all, 1, 1, train_all))
    end, loss = path[-1], float(unit_loss(path[-1]))
    if len(path) <= steps or not np.isfinite(loss):
        return f"The steps are too long: the path leaves the picture after {len(path) - 1} steps."
    place = "a global minimum" if loss < 1e-4 else "not (yet) at a minimum"
    if end[2] < -abs(end[1]):
        place = "in the dead region, where W, b¹ and c get no gradient"
    return (
        f"From c = {c:.1f}, W = {W:.1f}, b¹ = {b1:.1f}, b² = {b2:.1f} with "
        f"α = {learning_rate:.3g}, after {steps} steps: c = {end[0]:.2f}, "
        f"W = {end[1]:.2f}, b¹ = {end[2]:.2f}, b² = {end[3]:.2f}, loss {loss:.4f}, {place}."
    )
