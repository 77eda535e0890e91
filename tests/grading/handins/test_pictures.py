"""Pictures are shown, however a text names them; of others nothing untrue is said."""

import base64
import copy
import io
import sys
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_output
from PIL import Image, features

from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.text.repair import repair
from tests.grading import notebooks
from tests.grading.handins.handin import as_bytes, book, code, course, insert, text
from tests.grading.handins.pictures import picture, uri

SOURCE = as_bytes(course())
PLAN = read_plan(SOURCE, notebooks.released(SOURCE))
NOTE = "So it is."
NOTE_BESIDE = "Die Größe ist die Summe der Quadrate – durch ihre Zahl."


def bundle(side=40, kind="PNG"):
    return {f"image/{kind.lower()}": base64.b64encode(picture(kind, side)).decode()}


def words(source, attachments=None, change=None):
    """Give a hand-in with this written answer."""

    def write(given, cells):
        cells["words"].source = f"{source}\n\n{NOTE}"
        cells["words"].attachments = attachments or {}
        if change:
            change(given)

    return as_bytes(book(write))


def saved(kind):
    """Give a small picture's bytes in a format of Pillow's."""
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(file, kind)
    return file.getvalue()


def looked_at(content, **files):
    """Give how many pictures the written answer and the cells beside it show, and what is said."""
    names = {name.replace("__", "/").replace("_jpg", ".jpg"): data for name, data in files.items()}
    pieces, said, reason = repair(content, PLAN, names)
    assert reason is None
    texts = [piece for piece in pieces if not piece.is_code]
    assert any(NOTE in piece.source for piece in texts)
    shown = [
        name
        for piece in texts
        for name in piece.attachments
        if f"](attachment:{name})" in piece.source
    ]
    return len(shown), said


JPEG = picture("JPEG")
NAMED = {
    "with a query": ("![](photo.jpg?raw=true)", {"photo_jpg": JPEG}),
    "with a fragment": ("![](./photo.jpg#page)", {"photo_jpg": JPEG}),
    "with both, in a tag": ("<img src='a/photo.jpg?x=1#y'>", {"photo_jpg": JPEG}),
    "in the folder above": ("![](../pics/photo.jpg)", {"pics__photo_jpg": JPEG}),
    "by Obsidian's brackets": ("![[photo.jpg]]", {"photo_jpg": JPEG}),
}


@pytest.mark.parametrize("source, files", NAMED.values(), ids=NAMED)
def test_a_file_is_found_by_its_name_whatever_stands_around_it(source, files):
    assert looked_at(words(source), **files) == (1, [])


def broken(content, width=76):
    data = base64.b64encode(content).decode()
    return "\n".join(data[at : at + width] for at in range(0, len(data), width))


URIS = {
    "broken into lines, with one at its end": (
        f"![](data:image/png;base64,{base64.encodebytes(picture()).decode()})"
    ),
    "with a line end behind it": f"<img src='{uri(picture())}\n'>",
    "with a title": f'![a]({uri(picture())} "a title")',
    "broken into lines": f"![](data:image/png;base64,{broken(picture())})",
    "broken into lines, in a tag": f"<img src='data:image/png;base64,{broken(picture())}'/>",
    "broken into lines, indented": (
        f"![](data:image/png;base64,{broken(picture())})".replace("\n", "\n    ")
    ),
    "with quoted line ends": uri(picture()).join(["![](", ")"]).replace("AAAA", "A%0AAAA", 1),
    "large, and broken": f"![](data:image/png;base64,{broken(picture(side=300))})",
}


@pytest.mark.parametrize("source", URIS.values(), ids=URIS)
def test_a_picture_in_the_text_is_shown_and_the_text_behind_it_stays(source):
    assert looked_at(words(f"{source} and further")) == (1, [])


def elsewhere(*bundles):
    """Give what attaches pictures to cells of the student's own, all under one name."""

    def change(given):
        for each in bundles:
            insert(given, "double", text("one more", attachments={"a.png": each}))

    return change


def test_a_picture_that_another_cell_holds_is_shown_where_it_is_named():
    # By splitting a cell: the attachments stay with one part.
    number, said = looked_at(words("![](attachment:a.png)", change=elsewhere(bundle())))
    assert (number, said) == (2, [])


def test_of_two_pictures_of_one_name_in_other_cells_none_is_guessed():
    both = elsewhere(bundle(40), bundle(41))
    number, said = looked_at(words("![](attachment:a.png)", change=both))
    assert (number, said) == (2, ["the picture 'a.png' can't be shown"])


@pytest.mark.parametrize("number", [21, 25, 60])
def test_of_too_many_pictures_it_is_said_how_many_are_shown_and_nothing_else(number):
    attached = {f"p{n}.png": bundle(30 + n) for n in range(number)}
    source = "\n\n".join(f"![](attachment:{name})" for name in attached)
    shown, said = looked_at(words(source, attached))
    assert shown == 20
    assert said == ["more than 20 pictures were handed in; the first 20 are shown"]


UNSHOWN = {
    "SVG as a text": "![](data:image/svg+xml;utf8,%3Csvg/%3E)",
    "SVG in base64": "![](data:image/svg+xml;base64,PHN2Zy8+)",
    "no picture": "![](data:text/plain,hello)",
}


@pytest.mark.parametrize("source", UNSHOWN.values(), ids=UNSHOWN)
def test_what_is_written_into_the_text_and_cannot_be_shown_was_handed_in_all_the_same(source):
    number, said = looked_at(words(source))
    assert number == 0
    assert len(said) == 1
    assert "can't be shown" in said[0]


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")
@pytest.mark.parametrize("kind", ["avif", "jpeg", "png"])
def test_avif_is_shown_whatever_it_says_that_it_is(kind):
    held = {f"image/{kind}": base64.b64encode(saved("AVIF")).decode()}
    assert looked_at(words("![](attachment:a)", {"a": held})) == (1, [])


NOT_READ = {
    "HEIC": ("HEIC, as telephones write it,", b"\0\0\0\x24ftypheic" + bytes(40)),
    "HEIC of two pictures": ("HEIC, as telephones write it,", b"\0\0\0\x1cftypmif1" + bytes(40)),
    "SVG": ("SVG, which can hold programs,", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "SVG of an editor": (
        "SVG, which can hold programs,",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- Inkscape -->\n<svg/>",
    ),
    "PDF": ("a PDF", b"%PDF-1.7"),
}


@pytest.mark.parametrize("what, content", NOT_READ.values(), ids=NOT_READ)
def test_of_a_picture_that_is_not_read_it_is_said_which_would_be(what, content):
    held = {"image/jpeg": base64.b64encode(content).decode()}
    number, said = looked_at(words("![](attachment:a.jpg)", {"a.jpg": held}))
    assert number == 0
    assert said == [f"the picture 'a.jpg' can't be shown: {what} isn't read here; JPEG and PNG are"]


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"heix"])
def test_heic_is_shown_where_its_reader_is_installed(monkeypatch, brand):
    def register():
        Image.register_open("HEIF", lambda *_: Image.new("RGB", (4, 3)), lambda s: b"ftyp" in s[:9])

    for registry in ("OPEN", "ID"):
        monkeypatch.setattr(Image, registry, getattr(Image, registry).copy())
    reader = SimpleNamespace(register_heif_opener=register)
    monkeypatch.setitem(sys.modules, "pillow_heif", reader)
    content = b"\0\0\0\x24ftyp" + brand + bytes(40)
    held = {"image/heic": base64.b64encode(content).decode()}
    assert looked_at(words("![](attachment:a)", {"a": held})) == (1, [])


def frames(kind):
    """Give a picture's bytes, with three of one size in it."""
    file = io.BytesIO()
    first, *more = [Image.new("RGB", (40, 30), name) for name in ("red", "green", "blue")]
    first.save(file, kind, save_all=True, append_images=more)
    return file.getvalue()


PAGES = "the picture 'a' has more pages than the first, which is shown"
CUT = "the picture 'a' is cut off; what there is of it is shown"
IN_PART = {
    "a scan of three pages": (frames("TIFF"), [PAGES]),
    "a scan of one": (saved("TIFF"), []),
    "an animation": (frames("GIF"), []),
    "a PNG cut off": (picture()[:2000], [CUT]),
    "a JPEG cut off": (JPEG[: len(JPEG) // 2], [CUT]),
    "a JPEG with a trailer": (JPEG + b"Image_UTC_Data1790000000000SEFT", []),
    "a PNG with zeros behind": (picture() + bytes(99), []),
    "nothing but a PNG's head": (picture()[:24], [CUT]),
}


@pytest.mark.parametrize("content, wanted", IN_PART.values(), ids=IN_PART)
def test_of_a_picture_that_is_shown_in_part_it_is_said(content, wanted):
    held = {"image/png": base64.b64encode(content).decode()}
    assert looked_at(words("![](attachment:a)", {"a": held})) == (1, wanted)


BESIDE = {
    "a text": ("answer.txt", NOTE_BESIDE.encode(), f"    {NOTE_BESIDE}"),
    "a text of Windows": ("Antwort.txt", NOTE_BESIDE.encode("cp1252"), f"    {NOTE_BESIDE}"),
    "a text in UTF-16": ("a.txt", NOTE_BESIDE.encode("utf-16"), f"    {NOTE_BESIDE}"),
    "Markdown": ("work/answer.md", f"$x^2$\n\n{NOTE_BESIDE}".encode(), f"$x^2$\n\n{NOTE_BESIDE}"),
    "LaTeX": ("proof.tex", f"\\section{{A}}\n{NOTE_BESIDE}".encode(), "    \\section{A}\n"),
    "Chinese": ("a.txt", "因为平方的平均是平方之和除以个数。".encode(), "    因为平方的"),
    "without an ending": ("answer", NOTE_BESIDE.encode(), f"    {NOTE_BESIDE}"),
}


@pytest.mark.parametrize("name, content, shown", BESIDE.values(), ids=BESIDE)
def test_a_text_beside_is_shown_where_a_written_answer_is_as_released(name, content, shown):
    pieces, said, _ = repair(as_bytes(book()), PLAN, texts={name: content})
    assert any(name in piece.source and shown in piece.source for piece in pieces)
    assert any("'words' is as released" in sentence for sentence in said)


@pytest.mark.parametrize(
    "name, content",
    [
        ("data.txt", b"1.5 2.5\n3.5 4.5\n" * 30),
        ("two.txt", b"2"),
        ("helper.py", b"# what the course gave out, and more of it\n"),
        ("weights", b"\x80\x04 some words that stand in a pickle too"),
    ],
)
def test_data_beside_is_no_written_answer(name, content):
    pieces, said, _ = repair(as_bytes(book()), PLAN, texts={name: content})
    assert not any(name in piece.source for piece in pieces)
    assert said == []


def output(kind="image/png"):
    data = {kind: base64.b64encode(picture()).decode(), "text/plain": "<Image>"}
    return new_output("execute_result", data, execution_count=1)


def showing(source, *outputs):
    """Give a hand-in whose written answer is as released, and a cell that shows a picture below."""

    def change(given, cells):
        cell = code(source)
        cell.outputs = [copy.deepcopy(each) for each in outputs]
        insert(given, None, cell, text(NOTE))

    return as_bytes(book(change))


SHOWN = {
    "by IPython": "from IPython.display import Image\nImage('proof.png')",
    "by Pillow": 'import PIL.Image\nPIL.Image.open("C:/x/proof.JPG")',
    "by pyplot": "plt.imshow(plt.imread('scans/proof.jpeg'))",
}


@pytest.mark.parametrize("source", SHOWN.values(), ids=SHOWN)
def test_a_picture_that_a_cell_once_showed_from_a_file_is_shown(source):
    number, _ = looked_at(showing(source, output()))
    assert number == 1


def test_a_figure_that_is_drawn_anew_is_not_shown_twice():
    for drawn in ("plt.plot([1, 2])", "plt.savefig('a.png')", "Image.save(  'a.png', 'PNG')"):
        assert looked_at(showing(drawn, output()))[0] == 0
    pieces, _, _ = repair(showing("Image('proof.png')", output()), PLAN, {"proof.png": picture()})
    assert sum(len(piece.attachments) for piece in pieces if not piece.is_code) == 1


@pytest.mark.parametrize("count", [1, 3, 6])
def test_pictures_of_outputs_are_bounded_with_the_others(count):
    number, _ = looked_at(showing("Image('a.png')", *[output()] * (10 * count)))
    assert number == min(10 * count, 20)


def test_pictures_of_two_cells_that_name_one_file_are_both_shown():
    def change(given, cells):
        for side in (40, 41):
            cell = code("Image('proof.png')")
            cell.outputs = [new_output("display_data", bundle(side))]
            insert(given, None, cell, text(NOTE))

    assert looked_at(as_bytes(book(change)))[0] == 2
