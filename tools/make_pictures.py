"""Draw the README's pictures: `python -m tools.make_pictures`.

A moving one, in which lecture 5's explorer steps through backpropagation, and a small one of each
lecture for which `course.toml` says what its picture shows, from the outputs of its notebook.
"""

import io
import re
from base64 import b64decode
from pathlib import Path

import nbformat
from PIL import Image

from mlpkit.backpropagation_steps import backpropagation_steps
from mlpkit.plots.backpropagation_steps import step_figure
from mlpkit.plots.style import still, to_png
from tools.course.listing import read

ROOT = Path(__file__).parents[1]
SAMPLE, LABEL = (1.0, 0.5), 0
MILLISECONDS, LAST = 1100, 3000
WIDTH, COLOURS = 420, 96
# Of a lecture's figures the one that shows best what it is about; an explorer's, if not said.
CHOSEN = {"08": "8.1"}
SVG = re.compile(r"data:image/svg\+xml;base64,([^\"]+)")
STEPPED, MIDDLE = "05", 9  # whose explorer opens at step 0, where little is seen


def steps():
    """Draw each step of the algorithm of (8), as lecture 5's explorer does."""
    figure, frames = None, []
    for step in range(len(backpropagation_steps(SAMPLE, LABEL))):
        figure = step_figure(step, SAMPLE, LABEL, figure=figure)
        frames.append(Image.open(io.BytesIO(to_png(figure))).convert("RGB"))
    return frames


def write_steps(path):
    """Write them as one moving picture, whose last frame stays longest."""
    first, *rest = [frame.quantize(COLOURS) for frame in steps()]
    times = [MILLISECONDS] * len(rest) + [LAST]
    first.save(path, save_all=True, append_images=rest, duration=times, loop=0, optimize=True)


def shown(lecture):
    """Give what a lecture shows, by type: the figure that is chosen, or its first explorer."""
    if lecture.name[:2] == STEPPED:
        return still(step_figure(MIDDLE, SAMPLE, LABEL), lecture.name)[0]
    number = CHOSEN.get(lecture.name[:2])
    for cell in nbformat.read(lecture, as_version=4).cells:
        explorer = "explorer" in cell.metadata.get("tags", [])
        if f'number="{number}"' in cell.source if number else explorer:
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    return output.data
    raise LookupError(f"{lecture.name} has no picture of {number or 'an explorer'}")


def drawing(lecture):
    """Give a lecture's picture as SVG, which follows the theme of a page."""
    return b64decode(SVG.search(shown(lecture)["text/html"])[1])


def small(lecture):
    """Give a lecture's picture as the gallery shows it."""
    picture = Image.open(io.BytesIO(b64decode(shown(lecture)["image/png"]))).convert("RGB")
    height = round(picture.height * WIDTH / picture.width)
    return picture.resize((WIDTH, height), Image.Resampling.LANCZOS).quantize(COLOURS)


def main():
    """Write all of them into `docs/`."""
    gallery = ROOT / "docs" / "gallery"
    gallery.mkdir(exist_ok=True)
    write_steps(ROOT / "docs" / "backpropagation.gif")
    for lecture in read().lectures:
        if lecture.picture:
            path = ROOT / "lectures" / f"{lecture.file}.ipynb"
            small(path).save(gallery / f"{lecture.file[:2]}.png", optimize=True)


if __name__ == "__main__":
    main()
