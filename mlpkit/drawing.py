"""From strokes of a pen to a network's input.

A drawing is a list of strokes; a stroke is a list of points (x, y), y downwards, in any unit.
"""

from typing import NamedTuple

import numpy as np

from mlpkit.checks import check_matrix, check_positive_integer


class Form(NamedTuple):
    """How digits sit in the images that networks with side² inputs are trained on."""

    side: int  # pixels
    box: int  # pixels of the longer side, or of the height where there are widths
    centre: float  # row and column, from 0, of the centre of mass
    pen: float  # width of a stroke as a share of the digit's size
    widths: tuple = (1, 99)  # least and most pixels


# Each digit of MNIST keeps its proportions in a box of 20 pixels, and its centre of mass is at
# pixel 14 of 0, …, 27 (measured: 13.99 ± 0.3). The small digits are all 8 pixels high, and
# 6 wide but for some of the 1s.
FORMS = {784: Form(28, 20, 14.0, pen=0.13), 64: Form(8, 8, 3.5, pen=0.15, widths=(3, 6))}


def rasterise(strokes, pen=0.13, size=60):
    """Draw strokes with a round pen into a square image which they just fit.

    Parameters
    ----------
    strokes : list of array_like of float, shape (M, 2)
        Points (x, y) of each stroke; one point makes a dot.
    pen : float
        The pen's width as a share of the side: MNIST's is some 2.5 of 20 pixels, whatever
        the size a digit was drawn in.
    size : int
        The image's side in pixels.

    Returns
    -------
    numpy.ndarray of float64, shape (size, size)
        0 is paper, 1 is ink; all 0 without strokes.

    Raises
    ------
    ValueError
        If a stroke is no finite (M, 2), or size no integer >= 1.
    """
    ink = np.zeros((check_positive_integer("size", size),) * 2)
    strokes = [check_matrix("each stroke", stroke, columns=2) for stroke in strokes]
    if not strokes:
        return ink
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = size * (1 - pen) / (max(high - low) or 1.0)
    radius = size * pen / 2
    y, x = np.mgrid[:size, :size] + 0.5
    for stroke in strokes:
        line = _thinned((stroke - (low + high) / 2) * scale + size / 2, radius / 3)
        for start, end in zip(line, line[1:] or line, strict=False):
            distance = _distance(x, y, start, end)
            np.maximum(ink, np.clip(radius + 0.5 - distance, 0, 1), out=ink)
    return ink


def _thinned(points, spacing):
    """Drop points nearer to the last kept one than `spacing`; a mouse sends hundreds."""
    kept = [points[0]]
    for point in points[1:]:
        if np.hypot(*(point - kept[-1])) >= spacing:
            kept.append(point)
    return kept


def _distance(x, y, start, end):
    """Distance of each pixel from the segment between two points."""
    dx, dy = end - start
    along = ((x - start[0]) * dx + (y - start[1]) * dy) / (dx * dx + dy * dy or 1.0)
    along = np.clip(along, 0, 1)
    return np.hypot(x - start[0] - along * dx, y - start[1] - along * dy)


def preprocess(ink, form=FORMS[784]):
    """Bring an image to the form of a data set's: scaled into a box, centred by its mass.

    Parameters
    ----------
    ink : array_like of float, shape (rows, columns)
        0 is paper.
    form : Form
        How large, and where: MNIST's, or that of the small digits, `FORMS[64]`.

    Returns
    -------
    numpy.ndarray of float64, shape (side, side)
        All 0 if there is no ink.

    Raises
    ------
    ValueError
        If ink is no finite matrix.
    """
    ink, image = check_matrix("ink", ink), np.zeros((form.side, form.side))
    if not ink.any():
        return image
    for axis in (0, 1):  # cut off empty rows, then empty columns
        used = np.flatnonzero(ink.any(axis=1 - axis))
        ink = ink.take(range(used[0], used[-1] + 1), axis)
    height, width = _scaled(*ink.shape, form)
    small = _areas(ink.shape[0], height) @ ink @ _areas(ink.shape[1], width).T
    top, left = (_corner(small.sum(axis=axis), form) for axis in (1, 0))
    image[top : top + height, left : left + width] = small
    return image


def _areas(n, m):
    """The (m, n) matrix that makes m pixels of n: each the mean over the area it covers."""
    edges = np.linspace(0, n, m + 1)[:, None]
    overlap = np.minimum(edges[1:], np.arange(n) + 1) - np.maximum(edges[:-1], np.arange(n))
    return np.clip(overlap, 0, None) * (m / n)


def _scaled(height, width, form):
    longer = height if form.widths[1] < form.side else max(height, width)
    width = np.clip(round(form.box * width / longer), *form.widths)
    return max(1, round(form.box * height / longer)), int(width)


def _corner(mass, form):
    """Where to put the first entry so that the centre of mass comes to the middle."""
    centre = mass @ np.arange(len(mass)) / mass.sum()
    return int(np.clip(round(form.centre - centre), 0, form.side - len(mass)))


def drawn_image(strokes, d=784):
    """Turn strokes into the image that a network with d inputs knows, one row of pixels.

    Parameters
    ----------
    strokes : list of array_like of float, shape (M, 2)
        As for `rasterise`.
    d : int
        784 for MNIST, 64 for the small digits.

    Returns
    -------
    numpy.ndarray of float64, shape (d,)

    Raises
    ------
    ValueError
        If d is neither.
    """
    if d not in FORMS:
        raise ValueError(f"d must be 784 (MNIST) or 64 (small digits), got {d!r}")
    return preprocess(rasterise(strokes, FORMS[d].pen), FORMS[d]).ravel()


def _arc(x, y, width, height, start, end, points=24):
    """An arc of an ellipse; 0 degrees is to the right, 90 is up."""
    angle = np.radians(np.linspace(start, end, points))
    return np.column_stack([x + width * np.cos(angle), y - height * np.sin(angle)])


# A digit of each kind as a hand would draw it, in a square of side 1.
EXAMPLES = (
    [_arc(0.5, 0.5, 0.3, 0.45, 90, 450, 40)],
    [[(0.55, 0.05), (0.47, 0.95)]],
    [np.vstack([_arc(0.5, 0.28, 0.28, 0.23, 160, -30), [(0.2, 0.93), (0.85, 0.92)]])],
    [np.vstack([_arc(0.48, 0.27, 0.24, 0.22, 150, -80), _arc(0.48, 0.71, 0.3, 0.24, 80, -150)])],
    [[(0.3, 0.08), (0.22, 0.55), (0.8, 0.53)], [(0.72, 0.08), (0.62, 0.95)]],
    [
        np.vstack([[(0.32, 0.08), (0.28, 0.45)], _arc(0.48, 0.66, 0.28, 0.27, 125, -140)]),
        [(0.32, 0.08), (0.8, 0.06)],
    ],
    [np.vstack([[(0.65, 0.05), (0.4, 0.3)], _arc(0.5, 0.7, 0.24, 0.24, 160, 520, 40)])],
    [[(0.2, 0.1), (0.8, 0.1), (0.45, 0.95)]],
    [
        np.vstack(
            [
                _arc(0.5, 0.27, 0.21, 0.21, 60, 270),
                _arc(0.5, 0.72, 0.25, 0.24, 90, -270, 40),
                _arc(0.5, 0.27, 0.21, 0.21, -90, 60),
            ]
        )
    ],
    [np.vstack([_arc(0.5, 0.3, 0.22, 0.23, 10, 370, 40), [(0.68, 0.6), (0.6, 0.95)]])],
)
