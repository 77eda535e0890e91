"""What the explorers' tests share."""

import pytest


@pytest.fixture
def move_each_control():
    """Give a function that moves all controls of an explorer, one after the other.

    First those in `values`, a dict, go to their value, in its order; then the others to the option
    of this number, or by this step. A move fails that leaves picture or words as they were.
    """

    def move(explorer, values=None, option=1, step=1):
        values, figure = values or {}, explorer.figure
        others = [name for name in explorer.controls if name not in values]
        for name in [*values, *others]:
            control = explorer.controls[name]
            image, words = explorer.image.value, explorer.words.value
            if name in values:
                control.value = values[name]
            elif hasattr(control, "options"):
                control.value = control.options[option]
            else:
                control.value += step
            assert explorer.figure is figure, name
            assert explorer.image.value != image, name
            assert explorer.words.value != words, name

    return move
