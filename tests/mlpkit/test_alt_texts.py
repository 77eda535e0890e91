"""Each figure shown by its number has a description, and each description its figure."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from mlpkit import alt_texts
from mlpkit.plots.curves import curves
from mlpkit.plots.style import show

COURSE = Path(__file__).parents[2]
FILES = sorted((COURSE / "mlpkit" / "data" / "alt_texts").glob("*.toml"))
# What only a computation can know: per cent, powers of ten, and decimals that the cells don't give.
SHARE_OR_POWER = re.compile(r"\d ?%|\d+e[-+−]?\d|\bper ?cent\b")
DECIMAL = re.compile(r"\d+\.\d+")


def figures(file):
    return tomllib.loads(file.read_text(encoding="utf-8"))["figures"]


def cells(file, *kinds):
    (lecture,) = (COURSE / "lectures").glob(f"{file.stem}_*.ipynb")
    notebook = json.loads(lecture.read_text(encoding="utf-8"))
    return "\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] in kinds)


def computed(text, given):
    """What stands in a description and can't be known before the figure is computed."""
    found = SHARE_OR_POWER.findall(text)
    numbers = set(DECIMAL.findall(given))
    return found + [number for number in DECIMAL.findall(text) if number not in numbers]


def test_there_is_a_file_for_each_lecture():
    lectures = [path.name[:2] for path in sorted((COURSE / "lectures").glob("*.ipynb"))]
    assert [file.stem for file in FILES] == lectures


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_each_description_is_shown_once_and_each_shown_number_has_one(file):
    shown = re.findall(r"""\bnumber=["']([^"']+)["']""", cells(file, "code"))
    assert sorted(shown) == sorted(figures(file))
    assert all(number.split(".")[0] == str(int(file.stem)) for number in figures(file))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_description_says_what_is_seen_and_holds_no_computed_number(file):
    given = cells(file, "code", "markdown")
    for number, text in figures(file).items():
        assert len(text.split()) >= 5, number
        assert not computed(text, given), (number, computed(text, given))


@pytest.mark.parametrize(
    "text", ["falls to 0.05", "about 30 % of", "below 1e-6", "a few percent", "is 0.5 at x = 0.25"]
)
def test_a_computed_number_is_found_and_a_given_one_is_none(text):
    assert computed(text, "at x = 0.250 and 10.5")
    assert not computed("w = 0.5 gives two valleys of 3 units", "w = 0.5")


@pytest.fixture
def lecture_3(tmp_path, monkeypatch):
    folder = tmp_path / "data" / "alt_texts"
    folder.mkdir(parents=True)
    (folder / "03.toml").write_text('[figures]\n"3.1" = "  A hill. "\n"3.2" = ""\n')
    monkeypatch.setattr(alt_texts, "files", lambda package: tmp_path)


def test_a_figure_is_shown_with_the_description_of_its_number(lecture_3, monkeypatch):
    seen = []
    monkeypatch.setattr("IPython.display.display", lambda *data, **how: seen.append((data, how)))
    show(curves(None, {"a": [1, 2]}), number="3.1")
    ((data,), how) = seen[0]
    assert how["metadata"]["image/png"]["alt"] == "A hill."
    assert 'alt="A hill."' in data["text/html"] and data["text/plain"] == "A hill."


@pytest.mark.parametrize(
    ("number", "message"),
    [("3.2", r'03.toml needs "3.2"'), ("3.9", r'03.toml needs "3.9"'), ("4.1", r"04.toml")],
)
def test_a_missing_description_is_refused_with_its_figure_and_file(lecture_3, number, message):
    with pytest.raises(LookupError, match=f"figure {number} has no alt text: .*{message}"):
        alt_texts.alt_text(number)


@pytest.mark.parametrize("number", ["3", "3.1.2", "x.1", 3.1, "../3.1"])
def test_a_number_of_another_form_is_refused(number):
    with pytest.raises(ValueError, match="number must be a text like"):
        alt_texts.alt_text(number)


@pytest.mark.parametrize("options", [{}, {"alt": "a", "number": "3.1"}, {"alt": "  "}])
def test_a_figure_without_words_or_with_two_is_refused(options, lecture_3):
    with pytest.raises(ValueError, match="alt"):
        show(curves(None, {"a": [1, 2]}), **options)
