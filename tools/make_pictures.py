"""Draw the README's pictures: `python -m tools.make_pictures`.

A moving one, in which lecture 5's explorer steps through backpropagation, and a small one of each
lecture for which `course.toml` says what its picture shows, from the outputs of its notebook.
"""

import io
from base64 import b64decode
from pathlib import Path

import nbformat
from PIL import Image

from mlpkit.backpropagation_steps import backpropagation_steps
from mlpkit.plots.backpropagation_steps import step_figure
from mlpkit.plots.style import to_png
from tools.course.listing import read

ROOT = Path(__file__).parents[1]
SAMPLE, LABEL = (1.0, 0.5), 0
MILLISECONDS, LAST = 1100, 3000
WIDTH, COLOURS = 420, 96
# Of a lecture's figures the one that shows best what it is about; an explorer's, if not said.
CHOSEN = {"08": "8.1"}


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


def picture_of(lecture):
    """Give a lecture's picture: of the figure that is chosen, or of its first explorer."""
    number = CHOSEN.get(lecture.name[:2])
    for cell in nbformat.read(lecture, as_version=4).cells:
        explorer = "explorer" in cell.metadata.get("tags", [])
        if f'number="{number}"' in cell.source if number else explorer:
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    return Image.open(io.BytesIO(b64decode(output.data["image/png"])))
    raise LookupError(f"{lecture.name} has no picture of {number or 'an explorer'}")


def write_small(lecture, path):
    """Write a lecture's picture, small."""
    picture = picture_of(lecture).convert("RGB")
    height = round(picture.height * WIDTH / picture.width)
    small = picture.resize((WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(COLOURS).save(path, optimize=True)


def main():
    """Write all of them into `docs/`."""
    gallery = ROOT / "docs" / "gallery"
    gallery.mkdir(exist_ok=True)
    write_steps(ROOT / "docs" / "backpropagation.gif")
    for lecture in read().lectures:
        if lecture.picture:
            path = ROOT / "lectures" / f"{lecture.file}.ipynb"
            write_small(path, gallery / f"{lecture.file[:2]}.png")


if __name__ == "__main__":
    main()
