"""Handwritten work, photographed: as phones, Colab and file systems hand it in."""

import base64
import functools
import io

import numpy as np
from nbformat.v4 import new_markdown_cell
from PIL import Image

from tests.grading.handins.filed import zip_of
from tests.grading.handins.handin import Handin, as_bytes, book, insert, put

HEIC = b"\0\0\0\x18ftypheic" + bytes(200)


@functools.cache
def picture(kind="PNG", side=40):
    """Give a picture of noise, which can't be packed: 1,000 pixels a side are 3 MB of PNG."""
    noise = np.random.default_rng(side).integers(0, 256, (side, side, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, kind, **({"lossless": True} if kind == "WEBP" else {}))
    return file.getvalue()


def base(content):
    return base64.b64encode(content).decode()


def attached(name, content, kind="image/png", reference=None, answer="See: "):
    """Give a hand-in with a picture in its written answer, as JupyterLab attaches it."""
    target = name if reference is None else reference

    def change(given, cells):
        cells["words"].attachments = {name: {kind: base(content)}}
        cells["words"].source = f"{answer}![{name}](attachment:{target})\n\nSo it is."

    return as_bytes(book(change))


def answered(text):
    return as_bytes(book(lambda given, cells: cells["words"].update(source=text)))


def with_files(text, **files):
    names = {name.replace("_", "."): content for name, content in files.items()}
    return put({"sheet.ipynb": answered(text), **names})


def shown(put, *said, number=1):
    return Handin(put, said=said, waits=True, pictures=number)


def uri(content, kind="png"):
    return f"data:image/{kind};base64,{base(content)}"


def below(given, cells):
    new = new_markdown_cell(
        "![](attachment:a.png)", attachments={"a.png": {"image/png": base(picture())}}
    )
    insert(given, None, new)


BIG = picture(side=1000)
PICTURES = {
    "as JupyterLab attaches it": shown(attached("image.png", picture())),
    "over 2 MB": shown(attached("image.png", BIG)),
    "WebP": shown(attached("image.webp", picture("WEBP"), "image/webp")),
    "BMP": shown(attached("image.bmp", picture("BMP"), "image/bmp")),
    "a JPEG labelled PNG": shown(attached("image.png", picture("JPEG"))),
    "a PNG labelled JPEG": shown(attached("image.jpg", picture(), "image/jpeg")),
    "a WebP labelled PNG": shown(attached("image.png", picture("WEBP"))),
    "a space, quoted": shown(attached("IMG 2041.png", picture(), reference="IMG%202041.png")),
    "a quoted space in the name": shown(attached("IMG%202041.jpg", picture("JPEG"))),
    "umlauts": shown(attached("Lösung.png", picture(), reference="L%C3%B6sung.png")),
    "umlauts in two forms": shown(attached("Lo\u0308sung.png", picture(), reference="Lösung.png")),
    "brackets": shown(attached("IMG (1).png", picture(), reference="IMG%20(1).png")),
    "square brackets": shown(attached("IMG[1].png", picture(), answer="")),
    "not referred to": shown(
        attached("a.png", picture(), reference="b.png"), "'b.png' was not handed in"
    ),
    "a data URI": shown(answered(f"See ![image.png]({uri(picture())})\n\nSo it is.")),
    "a data URI in a tag": shown(
        answered(f'<img src="{uri(picture())}" width="300"/>\n\nSo it is.')
    ),
    "a data URI of 4 MB, with text behind it": shown(
        answered(f"See ![image.png]({uri(BIG)})\n\nSo it is.")
    ),
    "two data URIs": shown(
        answered(f"![]({uri(picture())})\n![]({uri(picture('JPEG'), 'jpeg')})\nSo it is."), number=2
    ),
    "with a title": shown(answered(f'![a]({uri(picture())} "page 1")\n\nSo it is.')),
    "in a new cell below": shown(as_bytes(book(below)), "'words' is as released"),
    "a file beside, referred to": shown(
        with_files("![](photo.png)\n\nSo it is.", photo_png=picture())
    ),
    "a file beside, in a tag": shown(
        with_files("<img src='photo.jpg'>\n\nSo it is.", photo_jpg=picture("JPEG"))
    ),
    "a file beside, not referred to": shown(
        put({"sheet.ipynb": as_bytes(book()), "photo.jpg": picture("JPEG", 300)}),
        "'words' is as released",
    ),
    "files in a folder beside": shown(
        put(
            {"sheet.ipynb": as_bytes(book()), "img/1.jpg": picture("JPEG"), "img/2.jpg": picture()}
        ),
        "'words' is as released",
        number=2,
    ),
    "a file beside, by a path of Windows": shown(
        with_files("![](C:\\work\\Photo.PNG)\n\nSo it is.", photo_png=picture())
    ),
    "a file beside, in other letters": shown(
        with_files("![](./IMG/PHOTO.png)\n\nSo it is.", photo_png=picture())
    ),
    "by a reference": shown(answered(f"![one][1]\n\n[1]: <{uri(picture())}>\n\nSo it is.")),
    "a file in the zip": shown(
        put(
            {
                "a.zip": zip_of(
                    {"s/sheet.ipynb": answered("![](p.png)\n\nSo it is."), "s/p.png": picture()}
                )
            }
        )
    ),
    "a photo of a telephone": shown(
        put({"sheet.ipynb": as_bytes(book()), "IMG_0001.JPG": picture("JPEG", 3000)}),
        "'words' is as released",
    ),
    "HEIC": shown(attached("a.heic", HEIC, "image/heic"), "'a.heic' can't be shown", number=0),
    "HEIC beside": shown(
        put({"sheet.ipynb": as_bytes(book()), "IMG_1.heic": HEIC}),
        "'IMG_1.heic' can't be shown",
        "'words' is as released",
        number=0,
    ),
    "no picture": shown(attached("a.png", b"hello"), "'a.png' can't be shown", number=0),
    "only its name": shown(
        answered("![](C:/Users/me/photo.jpg)"), "photo.jpg' was not handed in", number=0
    ),
    "only its address": shown(
        answered("![](https://a.example/p.png)"), "lies on the web", number=0
    ),
    "thirty": shown(
        answered("\n".join(f"![]({uri(picture(side=30 + n))})" for n in range(30))),
        "more than 20 pictures",
        number=20,
    ),
}
