"""What the explorers' tests share."""

import pytest


@pytest.fixture
def move_each_control(monkeypatch):
    """Give a function that moves each control of an explorer, all others where they were.

    A control goes to its value in `values`, if there is one, else to the option of this number,
    or by this step. It fails where the picture or the words stay those of the start.
    """

    def move(explorer, values=None, option=1, step=1):
        values, figure = values or {}, explorer.figure
        image, words = explorer.image.value, explorer.words.value
        for name, control in explorer.controls.items():
            before = control.value
            if name in values:
                control.value = values[name]
            elif hasattr(control, "options"):
                control.value = control.options[option]
            else:
                control.value += step
            assert explorer.figure is figure, name
            assert explorer.image.value != image, name
            assert explorer.words.value != words, name
            with monkeypatch.context() as patch:  # the next move draws: the way back needn't
                patch.setattr(explorer, "redraw", lambda: None)
                control.value = before

    return move
