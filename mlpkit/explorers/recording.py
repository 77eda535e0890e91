"""An explorer's story as a piece of HTML that plays without a kernel."""

import ast
import base64
import gzip
import json
from contextlib import chdir, redirect_stdout
from html import escape
from io import StringIO
from pathlib import Path

from mlpkit.explorers.shell import HERE
from mlpkit.plots.style import as_image

LIMIT = 1_500_000  # bytes of a fragment


def record(explorer):
    """Run an explorer through its story, and through a second control where the story names one.

    Parameters
    ----------
    explorer : Explorer
        With a story; its values are afterwards those of the start.

    Returns
    -------
    dict
        `spec` as for the page, with the recorded controls alone; `lines`, each line of all
        pictures once; `frames`, each with `words`, `at`, and `runs`, from where to where of the
        lines its picture is made.

    Raises
    ------
    ValueError
        If the explorer has no story.
    """
    story = explorer.story
    if story is None:
        raise ValueError(f"explorer must have a story to be recorded, got {explorer.title!r}")
    axes = _recorded(explorer)
    numbers, frames = {}, []
    explorer.reset()
    for changes in _grid(axes):
        explorer.move(**changes)
        at = explorer.page_frame()["at"] | {
            name: axes[name].index(value) for name, value in changes.items()
        }
        runs = _runs([numbers.setdefault(line, len(numbers)) for line in explorer.svg.split("\n")])
        frames.append({"words": explorer.words, "at": at, "runs": runs, "handles": []})
    explorer.reset()
    return {"spec": _spec(explorer, axes), "lines": list(numbers), "frames": frames}


def _recorded(explorer):
    """The recorded values of the story's control and of the one beside it."""
    story, start = explorer.story, explorer.start
    axes = {story.control: story.values or explorer.controls[story.control].options}
    axes |= story.beside
    # The start is among them, so that Reset leads there.
    return {
        name: sorted({*values, start[name]}, key=explorer.controls[name].number)
        for name, values in axes.items()
    }


def _grid(axes):
    """All combinations, the story's control moving fastest."""
    (control, values), *beside = axes.items()
    for name, others in beside or [(None, (None,))]:
        for other in others:
            for value in values:
                yield {control: value} | ({name: other} if name else {})


def _runs(numbers):
    """Write a list of numbers as pairs from, to (not included) of numbers in a row."""
    runs = []
    for number in numbers:
        if runs and runs[-1][1] == number:
            runs[-1][1] += 1
        else:
            runs.append([number, number + 1])
    return runs


def _spec(explorer, axes):
    spec = explorer.page_spec()
    shown = {}
    for name, each in spec["controls"].items():
        control = explorer.controls[name]
        if name in axes:
            texts = [control.texts[control.number(value)] for value in axes[name]]
            shown[name] = each | {"texts": texts}
        elif control.kind == "pad":
            shown[name] = each
    start = spec["start"] | {name: axes[name].index(explorer.start[name]) for name in axes}
    told = spec["story"] | {"at": list(range(len(axes[explorer.story.control])))}
    note = _note(explorer, axes)
    return spec | {
        "controls": shown,
        "start": start,
        "story": told,
        "recorded": list(axes),
        "note": note,
    }


def _note(explorer, axes):
    """Say what is recorded, and how to have the rest."""
    said = []
    for name, values in axes.items():
        control = explorer.controls[name]
        texts = [control.texts[control.number(value)] for value in values]
        few = control.kind != "range" or len(texts) < 6
        which = ", ".join(texts) if few else f"{texts[0]} to {texts[-1]}"
        said.append(f"{control.label} ({which})")
    rest = [
        each.label for name, each in explorer.controls.items() if each.kind and name not in axes
    ]
    more = ", ".join([*rest, "other values"])
    return (
        f"Recorded: {', and '.join(said)}. For more ({more}) open the lecture in JupyterLab and "
        "run it."
    )


def fragment(explorer):
    """Return the recording of an explorer as HTML that stands for itself in any page.

    Parameters
    ----------
    explorer : Explorer
        With a story.

    Returns
    -------
    str
        A `<div>`; where no script runs it shows the picture and the words of the start.

    Raises
    ------
    ValueError
        If the explorer has no story, or its recording is too large for a page.
    """
    recorded = json.dumps(record(explorer), ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(gzip.compress(recorded.encode(), 9, mtime=0)).decode()
    code = (HERE / "front.js").read_text("utf-8").partition("\nexport default")[0]
    html = (
        f'<div class="mlpkit-recording"><div class="still">'
        f"{as_image(explorer.svg, explorer.words)}<p>{escape(explorer.words)}</p></div>"
        f'<script type="application/gzip">{packed}</script>'
        f"<style>{(HERE / 'front.css').read_text('utf-8')}</style>"
        f"<script>(() => {{{code}\nplay(document.currentScript.parentElement);}})();</script></div>"
    )
    if len(html) > LIMIT:
        raise ValueError(f"a recording must be at most {LIMIT:,} bytes, got {len(html):,}")
    return html


def fragments(path):
    """Record each explorer of a notebook.

    Parameters
    ----------
    path : str or path
        A lecture, whose explorers' cells are tagged `explorer`.

    Returns
    -------
    dict of int to str
        The cell's number, counted from 0, and its `fragment`. Of the other cells those are run
        that define, directly or not, what an explorer's cell uses.
    """
    path = Path(path).resolve()
    cells = json.loads(path.read_text("utf-8"))["cells"]
    sources = ["".join(c["source"]) if c["cell_type"] == "code" else "" for c in cells]
    found, names, done = {}, {}, set()
    with chdir(path.parent), redirect_stdout(StringIO()):
        for number, cell in enumerate(cells):
            if "explorer" not in cell["metadata"].get("tags", ()):
                continue
            for each in cells_needed(sources, number):
                if each not in done:
                    exec(compile(sources[each], f"{path.name}, cell {each}", "exec"), names)
                    done.add(each)
            found[number] = fragment(eval(sources[number], names))
    return found


def cells_needed(sources, number):
    """List the cells before this one that define what it uses, directly or not, in order."""
    needed, wanted = [], _names(sources[number], ast.Load)
    for each in reversed(range(number)):
        if _names(sources[each], ast.Store) & wanted:
            needed.append(each)
            wanted |= _names(sources[each], ast.Load)
    return needed[::-1]


def _names(source, context):
    """The names that a cell reads (ast.Load), or those that it sets, imports and defines."""
    tree = ast.parse(source)
    found = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, context)}
    if context is ast.Store:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found |= {(each.asname or each.name).split(".")[0] for each in node.names}
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
    return found
