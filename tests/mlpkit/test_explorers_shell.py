"""What every explorer does: it moves, is dragged, refuses, is told by its page, is recorded."""

import gzip
import json
import re
import subprocess
import sys

import numpy as np
import pytest
from matplotlib.text import Text

from mlpkit.explorers import shell
from mlpkit.explorers.controls import Handle, Story, choice, pad, slider, steps, switch, unseen
from mlpkit.explorers.draw import draw_digit
from mlpkit.explorers.recording import cells_needed, fragment, fragments, record
from mlpkit.explorers.shell import Explorer
from mlpkit.network import MLP
from mlpkit.plots.style import new_figure
from tests.browser.explorers import makers


def draw(a, kind, on, mark, figure=None):
    if figure is None:
        figure, axes = new_figure()
        axes[0, 0].set(xlim=(0, 10), ylim=(0, 10))
        (figure.parts["line"],) = axes[0, 0].plot([], [])
        figure.parts["text"] = axes[0, 0].set_title("")
    figure.parts["line"].set_data([0, a], [0, 10 if on else 5])
    figure.parts["text"].set_text(f"{kind} {mark}")
    return figure


CONTROLS = {
    "a": slider("number", 0, 10, 4, 0.5),
    "kind": choice("kind", ("one", "two", "three")),
    "on": switch("high", False),
    "mark": unseen(0.0),
}
MARK = Handle("mark", lambda mark, **_: (mark, 5), lambda x, y, **_: {"mark": x}, step=(1, 0))


def explorer(**options):
    options = {"story": Story("a", beside={"kind": ("one", "three")}), "handles": [MARK]} | options
    return Explorer("test", draw, lambda **values: f"{values}", CONTROLS, **options)


@pytest.mark.parametrize(
    "changes",
    [{"a": 0.5}, {"kind": "two"}, {"on": True}, {"a": 10, "on": True, "kind": "three"}],
)
def test_a_move_changes_values_picture_and_words_and_reset_takes_it_back(changes):
    moved = explorer()
    svg, words = moved.svg, moved.words
    moved.move(**changes)
    assert moved.values == moved.start | changes
    assert moved.svg != svg and moved.words != words
    moved.reset()
    assert (moved.svg, moved.words) == (svg, words)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"b": 1}, "controls are a, kind, on, mark, got b"),
        ({"a": 11}, "a must be one of 0.0, …, 10.0, got 11"),
        ({"a": "4"}, "a must be one of 0.0, …, 10.0, got '4'"),
        ({"kind": "four"}, "kind must be one of 'one', …, 'three', got 'four'"),
        ({"a": float("nan")}, "a must be one of"),
    ],
)
def test_a_value_that_a_control_cannot_have_is_refused_by_name(changes, message):
    moved = explorer()
    before = moved.values
    with pytest.raises(ValueError, match=re.escape(message)):
        moved.move(**changes)
    assert moved.values == before


@pytest.mark.parametrize("make", [choice, pad, switch, steps])
def test_a_control_without_a_label_is_refused(make):
    arguments = {choice: ((1, 2),), switch: (True,), steps: ((1, 2), 1)}.get(make, ())
    with pytest.raises(ValueError, match=r"controls\['a'\] must have a label, got none"):
        Explorer("t", draw, str, {"a": make("", *arguments)})


@pytest.mark.parametrize("low, high, step, texts", [
    (-1, 1, 0.5, ("−1.0", "−0.5", "0.0", "0.5", "1.0")),
    (0, 20, 10, ("0", "10", "20")),
    (0, 0.3, 0.1, ("0.0", "0.1", "0.2", "0.3")),
])  # fmt: skip
def test_a_slider_has_each_step_once_and_writes_it(low, high, step, texts):
    control = slider("x", low, high, low, step)
    assert control.texts == texts
    np.testing.assert_allclose(control.options, np.arange(len(texts)) * step + low, atol=1e-15)


def test_the_page_is_told_numbers_of_options_and_asks_with_them():
    moved = explorer()
    assert moved.frame["at"] == {"a": 8, "kind": 0, "on": 0, "mark": 0.0}
    moved._answer(None, {"move": {"a": 3, "kind": 2, "on": 1}, "asked": 7}, [])
    assert moved.values == {"a": 1.5, "kind": "three", "on": True, "mark": 0.0}
    assert moved.frame["answer"] == 7
    assert gzip.decompress(moved.picture).decode() == moved.svg
    json.dumps([moved.spec, moved.frame])


@pytest.mark.parametrize("x", [0.0, 3.3, 10.0])
def test_a_handle_is_where_its_point_is_drawn_and_goes_where_it_is_dragged(x):
    moved = explorer()
    width, height = moved.figure.bbox.size
    place = moved.figure.axes[0].transData.transform((x, 5)) / (width, height)
    moved._answer(None, {"drag": {"handle": 0, "x": place[0], "y": 0.1}, "asked": 1}, [])
    assert moved.values["mark"] == pytest.approx(x)
    (handle,) = moved.frame["handles"]
    assert (handle["x"], handle["y"]) == pytest.approx((place[0], 1 - place[1]))
    assert handle["step"][1] == 0


def test_what_settles_follows_a_move_and_a_drag():
    moved = explorer(settle=lambda before, now: {"mark": 9.0} if before["a"] != now["a"] else {})
    moved.move(kind="two")
    assert moved.values["mark"] == 0.0
    moved.move(a=1)
    assert moved.values["mark"] == 9.0


def no_loop():
    """Stand for the state of a program without an event loop, whatever ran here before."""
    raise RuntimeError("no running event loop")


class Kept:
    """Stands for IPython's handle of an output."""

    def update(self, data, **how):
        self.data = data


def test_a_notebook_keeps_the_last_picture_its_words_and_how_to_move_it(monkeypatch):
    shown = []
    monkeypatch.setattr(shell, "display", lambda data, **how: shown.append((data, how)) or Kept())
    monkeypatch.setattr(shell.asyncio, "get_running_loop", no_loop)
    moved = explorer()
    moved._ipython_display_()
    (kept, how), (view, _) = shown
    assert how["metadata"]["image/png"]["alt"] == kept["text/plain"] == moved.words
    assert "<img " in kept["text/html"] and "Run this cell to move it." in kept["text/html"]
    assert shell.VIEW in view and shell.VIEW not in kept
    moved.move(a=9)
    assert moved.kept.data["text/plain"] == moved.words != kept["text/plain"]


def unpacked(recorded):
    """Each frame's picture, by what it was recorded at."""
    lines = recorded["lines"]
    for frame in recorded["frames"]:
        at = tuple(frame["at"][name] for name in recorded["spec"]["recorded"])
        yield at, "\n".join(line for run in frame["runs"] for line in lines[slice(*run)])


def test_a_recording_holds_each_value_of_the_story_beside_each_of_the_second_control():
    recorded, moved = record(explorer()), explorer()
    pictures = dict(unpacked(recorded))
    assert len(pictures) == 21 * 2
    assert recorded["spec"]["controls"]["kind"]["texts"] == ["one", "three"]
    for number, kind in ((0, "one"), (20, "three"), (3, "three")):
        moved.move(a=number / 2, kind=kind)
        assert pictures[number, ("one", "three").index(kind)] == moved.svg
    assert len(recorded["lines"]) < len(moved.svg.split("\n")) * 3  # what stays is kept once


def test_a_recording_says_what_is_in_it_and_how_to_have_the_rest_and_leaves_the_explorer_alone():
    moved = explorer()
    note = record(moved)["spec"]["note"]
    assert "number (0.0 to 10.0), and kind (one, three)" in note and "high" in note
    assert moved.values == moved.start


def test_a_fragment_needs_nothing_from_elsewhere_and_shows_the_start_where_no_script_runs():
    html = fragment(explorer())
    assert not re.search(r"""(?:src|href)=["'](?!data:)""", html)
    assert html.count("</script>") == 2 and "export " not in html
    assert explorer().words.replace("'", "&#x27;") in html.split("<script")[0]


def test_an_explorer_without_a_story_is_not_recorded():
    with pytest.raises(ValueError, match="must have a story"):
        fragment(explorer(story=None))


@pytest.mark.parametrize(
    "sources, needed",
    [
        (["import os", "x = 1", "y = os", "f(y)"], [0, 2]),
        (["def f(a):\n    return b", "b = 2", "c = 3", "f(1)"], [0]),
        (["b = 2", "def f(a):\n    return b", "f(1)"], [0, 1]),
        (["x = 1", "x, z = 2, 3", "from a import b as z", "print(z)"], [1, 2]),
        (["for k in range(3):\n    u = k", "f(u)"], [0]),
    ],
)
def test_the_cells_that_an_explorer_needs_are_those_that_define_what_it_uses(sources, needed):
    assert cells_needed(sources, len(sources) - 1) == needed


def test_the_explorers_of_a_notebook_are_recorded_by_their_cells(tmp_path):
    cells = [
        (
            "code",
            "from mlpkit.explorers.draw import draw_digit\nfrom mlpkit.network import MLP",
            [],
        ),
        ("markdown", "# Text", []),
        ("code", "raise SystemExit('this cell is not needed')", []),
        ("code", "network = MLP(64, 4, 10)\nprint('aloud')", []),
        ("code", "draw_digit(network)", ["explorer"]),
    ]
    keys = ("cell_type", "source", "metadata")
    made = [
        dict(zip(keys, (kind, text, {"tags": tags}), strict=True)) for kind, text, tags in cells
    ]
    (tmp_path / "x.ipynb").write_text(json.dumps({"cells": made}))
    found = fragments(tmp_path / "x.ipynb")
    assert list(found) == [4] and "This looks like" in found[4]


@pytest.mark.parametrize("option, panels_hidden", [([], True), (["--instructor"], False)])
def test_only_instructors_have_their_panels_in_jupyterlab(tmp_path, option, panels_hidden):
    from jupyter_server.services.config import ConfigManager

    program = f"import sys; sys.prefix = {str(tmp_path)!r}; import runpy; "
    program += "runpy.run_module('mlpkit.lab', run_name='__main__')"
    subprocess.run([sys.executable, "-c", program, *option], check=True)
    folder = tmp_path / "etc" / "jupyter" / "labconfig"
    read = ConfigManager(read_config_path=[str(folder)], write_config_dir=str(folder))
    hidden = read.get("page_config")["disabledExtensions"]
    for panel in ("create-assignment", "formgrader"):
        assert hidden[f"@jupyter/nbgrader:{panel}"] is panels_hidden
    assert "@jupyter/nbgrader:validate-assignment" not in hidden


def drawn_values(explorer, rng):
    """A value of each control, drawn; what is drawn or dragged stays as it is."""
    return {
        name: control.options[rng.integers(len(control.options))] if control.options else value
        for (name, control), value in zip(
            explorer.controls.items(), explorer.start.values(), strict=True
        )
    }


ALL = makers() | {"draw": lambda: draw_digit(MLP(64, 8, 10))}


@pytest.mark.slow
@pytest.mark.parametrize("name", ALL)
def test_each_number_in_an_explorers_words_picture_and_sliders_is_written_as_prose(name):
    shown, rng = ALL[name](), np.random.default_rng(0)
    said = [shown.describe(**drawn_values(shown, rng)) for _ in range(30)]
    said += [text for control in shown.controls.values() for text in control.texts]
    for _ in range(4):
        shown.move(**drawn_values(shown, rng))
        written = (text.get_text() for text in shown.figure.findobj(Text) if text.get_visible())
        said += [text for text in written if "$" not in text]
    # A hyphen for a minus, a computer's power of ten, a minus before a zero, no number at all.
    odd = re.compile(r"(?<!\w)-[\d.]|\de[+−-]?\d|−0(\.0+)?(?![.\d])|\b(nan|inf|None)\b")
    assert [text for text in said if odd.search(text)] == []
