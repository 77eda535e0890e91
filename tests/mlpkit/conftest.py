"""What the explorers' tests share."""

import pytest


@pytest.fixture
def move_each_control():
    """Give a function that moves each control of an explorer, all others where they were.

    They are where the explorer starts, or at `base`. A control goes to its value in `values`, if
    there is one, else by so many options where it is a slider, else to the option of this number.
    It fails where the picture or the words stay as they were.
    """

    def move(explorer, values=None, option=1, by=5, base=None):
        values, start = values or {}, explorer.start | (base or {})
        explorer.move(**start)
        figure, svg, words = explorer.figure, explorer.svg, explorer.words
        for name, control in explorer.controls.items():
            if name in values:
                value = values[name]
            elif control.kind == "range":
                value = control.options[control.number(start[name]) + by]
            else:
                value = control.options[option]
            explorer.move(**start | {name: value})
            assert explorer.figure is figure, name
            assert explorer.svg != svg, name
            assert explorer.words != words, name

    return move
