"""What a network makes of a drawn digit, as a picture."""

import numpy as np

from mlpkit.plots.style import BLUE, GREY, new_figure


def probabilities_figure(image, probabilities, figure=None):
    """Draw the image that a network sees beside its probability for each digit.

    Parameters
    ----------
    image : array_like of float, shape (side²,)
        Pixels, 0 is paper and 1 is ink.
    probabilities : array_like of float, shape (10,)
        One a digit; all 0 if nothing is drawn.
    figure : LiveFigure, optional
        One this function made for images of the same size, to update.

    Returns
    -------
    LiveFigure
    """
    side, probabilities = round(len(image) ** 0.5), np.asarray(probabilities)
    if figure is None:
        figure = _empty_probabilities_figure(side)
    figure.parts["image"].set_data(np.reshape(image, (side, side)))
    best = probabilities.argmax() if probabilities.any() else None
    bars = zip(figure.parts["bars"], figure.parts["texts"], probabilities, strict=True)
    for digit, (bar, text, p) in enumerate(bars):
        bar.set_width(p)
        bar.set_color(BLUE if digit == best else GREY)
        text.set(text=f"{p:.0%}" + (" ←" if digit == best else ""), x=p + 0.02)
    return figure


def _empty_probabilities_figure(side):
    figure, axes = new_figure(1, 2, height=2.9, width_ratios=(1, 1.6))
    left, right = axes[0]
    left.set(title="what the network sees", xticks=(), yticks=())
    left.grid(False)
    nothing = np.zeros((side, side))
    figure.parts["image"] = left.imshow(
        nothing, cmap="gray_r", vmin=0, vmax=1, interpolation="none"
    )
    bars = right.barh(np.arange(10), np.zeros(10))
    figure.parts["bars"] = list(bars)
    figure.parts["texts"] = [right.text(0, k, "", va="center", fontsize=9) for k in range(10)]
    right.set(title="probability of each digit", xlim=(0, 1.15), yticks=range(10))
    right.set(xticks=(0, 0.5, 1), ylim=(9.6, -0.6))
    right.grid(axis="y", visible=False)
    return figure
