"""Pictures of handwritten digits, and of weights that look at them."""

import numpy as np

from mlpkit.checks import check_matrix
from mlpkit.plots.style import DIVERGING, new_figure


def digit_grid(images, titles=None, columns=6):
    """Draw square images in a grid, dark ink on white paper.

    Parameters
    ----------
    images : array_like of float, shape (N, side²)
        One image a row, 0 is paper and 1 is ink.
    titles : list of str, length N, optional
        Written above each.
    columns : int
        Images a row.

    Returns
    -------
    LiveFigure

    Raises
    ------
    ValueError
        If images is no finite matrix of squares, or titles has another length.
    """
    return _grid("images", images, titles, columns, cmap="gray_r", vmin=0, vmax=1)


def weight_grid(W, titles=None, columns=8):
    """Draw each unit's incoming weights as an image: one row of W^1, (units, side²), a picture.

    Blue is negative, white is 0, red is positive, on one scale for all units. Arguments and
    exceptions are otherwise those of `digit_grid`.
    """
    limit = float(np.abs(W).max())
    figure = _grid("W", W, titles, columns, cmap=DIVERGING, vmin=-limit, vmax=limit)
    image = figure.axes[0].images[0]
    figure.colorbar(image, ax=figure.axes, shrink=0.8, label="weight")
    return figure


def _grid(name, images, titles, columns, **colours):
    images = check_matrix(name, images)
    side = round(images.shape[1] ** 0.5)
    if side * side != images.shape[1]:
        raise ValueError(f"{name} must have a square number of columns, got {images.shape}")
    if titles is not None and len(titles) != len(images):
        raise ValueError(f"titles must have length {len(images)}, got {len(titles)}")
    rows = -(-len(images) // columns)
    figure, axes = new_figure(
        rows, columns, height=7.5 / columns * rows * (1.25 if titles else 1.05)
    )
    for number, ax in enumerate(axes.flat):
        ax.set_axis_off()
        if number < len(images):
            ax.imshow(images[number].reshape(side, side), **colours)
            if titles is not None:
                ax.set_title(titles[number], fontsize=9)
    return figure
