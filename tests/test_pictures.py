"""The pictures of the README and of the book's first page: there, described, and small."""

import re
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from mlpkit.backpropagation_steps import backpropagation_steps
from tools import make_pictures
from tools.course.listing import read

ROOT = Path(__file__).parents[1]
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+\.(?:png|gif)|gallery/\d\d\.svg)\)")
PAGES = ("README.md", "book/index.md")


@pytest.mark.parametrize("page", PAGES)
def test_each_picture_of_a_page_is_there_and_described(page):
    found = PICTURE.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(found) >= 9
    for words, name in found:  # the book's are drawn from those lectures that have one
        file = ROOT / "docs" / name if name.startswith("gallery/") else ROOT / name
        assert file.with_suffix(file.suffix.replace("svg", "png")).is_file(), name
        assert len(words.split()) >= 5, name
    shown = {Path(name).stem for _, name in found}
    assert {path.stem for path in (ROOT / "docs" / "gallery").iterdir()} <= shown


def test_the_moving_picture_goes_through_all_steps_and_is_small():
    path = ROOT / "docs" / "backpropagation.gif"
    assert path.stat().st_size < 2_000_000
    with Image.open(path) as picture:
        assert picture.n_frames == len(backpropagation_steps((0, 0), 0))
        assert picture.info["loop"] == 0


def test_the_gallery_has_a_light_picture_of_each_lecture_that_says_what_it_shows():
    pictures = {path.stem: path for path in (ROOT / "docs" / "gallery").glob("*.png")}
    shown = [lecture.file[:2] for lecture in read().lectures if lecture.picture]
    assert sorted(pictures) == shown and len(shown) >= 9
    assert all(path.stat().st_size < 40_000 for path in pictures.values())


@pytest.mark.parametrize("name", [lecture.file for lecture in read().lectures if lecture.picture])
def test_a_picture_of_the_gallery_is_what_its_lecture_now_shows(name):
    fresh = make_pictures.small(ROOT / "lectures" / f"{name}.ipynb").convert("RGB")
    with Image.open(ROOT / "docs" / "gallery" / f"{name[:2]}.png") as kept:
        assert kept.size == fresh.size
        apart = ImageStat.Stat(ImageChops.difference(kept.convert("RGB"), fresh)).mean
    assert max(apart) < 2  # of 255: another release of a font moves a few edges
