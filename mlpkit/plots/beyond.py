"""An arrow that says where a curve leaves its axes, and how far it goes."""

import numpy as np

from mlpkit.tables import fixed_text


def beyond_marks(axis):
    """Make the two marks of an axis, empty at first; return them, above and below."""
    options = {"transform": axis.transAxes, "ha": "right", "fontsize": 8, "zorder": 4}
    options |= {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 1}}
    return [axis.text(0.99, y, "", va=va, **options) for y, va in ((0.99, "top"), (0.01, "bottom"))]


def mark_beyond(marks, heights):
    """Write how far curves go beyond the axes that the marks belong to.

    Parameters
    ----------
    marks : list of matplotlib Text
        From `beyond_marks`.
    heights : array_like of float
        Of all curves on the axes; NaN counts for nothing.
    """
    low, high = marks[0].axes.get_ylim()
    heights = np.asarray(heights, float)
    heights = heights[np.isfinite(heights)]
    top, bottom = (heights.max(), heights.min()) if heights.size else (low, high)
    marks[0].set_text(f"▲ up to {fixed_text(top, 1)}" if top > high else "")
    marks[1].set_text(f"▼ down to {fixed_text(bottom, 1)}" if bottom < low else "")
    for mark in marks:
        mark.set_visible(bool(mark.get_text()))
