"""The pictures of the README and of the book's first page: there, described, and small."""

import re
from pathlib import Path

import pytest
from PIL import Image

from mlpkit.backpropagation_steps import backpropagation_steps
from tools.course.listing import read

ROOT = Path(__file__).parents[1]
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+\.(?:png|gif))\)")
PAGES = {"README.md": ROOT, "book/index.md": ROOT / "docs"}


@pytest.mark.parametrize("page", PAGES)
def test_each_picture_of_a_page_is_there_and_described(page):
    found = PICTURE.findall((ROOT / page).read_text(encoding="utf-8"))
    assert len(found) >= 9
    for words, name in found:
        assert (PAGES[page] / name).is_file() and len(words.split()) >= 5, name
    shown = {Path(name).name for _, name in found}
    assert {path.name for path in (ROOT / "docs" / "gallery").iterdir()} <= shown


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
