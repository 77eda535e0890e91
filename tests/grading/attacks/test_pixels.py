"""Small pictures that take minutes to be drawn: none gets onto a page, nor holds the judge up."""

import base64
import io
import struct
import time
import zlib

import pytest
from PIL import Image

from mlpkit.grading.text import clean
from mlpkit.grading.text.photos import as_picture, left_out


def png(width, height, frames=0):
    """Give a black PNG, which need not be made in memory; or the beginning of an animated one."""

    def chunk(kind, content):
        packed = struct.pack(">I", len(content)) + kind + content
        return packed + struct.pack(">I", zlib.crc32(kind + content))

    row, packer = bytes(1 + (width + 7) // 8), zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    played = chunk(b"fcTL", bytes(26)) * frames
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + played
        + chunk(b"IDAT", rows)
        + chunk(b"IEND", b"")
    )


def jpeg(side, scans, **options):
    """Give a grey JPEG that goes over itself again and again."""
    file = io.BytesIO()
    Image.new("L", (side, side), 128).save(file, "JPEG", progressive=True, **options)
    whole = file.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * scans + whole[-2:]


def gif(side, frames):
    """Give a GIF of this size, and of as many frames of one pixel."""
    frame = b"\0," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return (
        b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + bytes(6) + frame * frames + b";"
    )


SLOW = {
    "more pixels than a screen could have": png(20_000, 20_000),
    "one line without end": png(2_000_000, 40),
    "a picture played for hours": png(4000, 4000, frames=500),
    "a JPEG of a thousand scans": jpeg(6000, 1000),
    "a small JPEG of many scans": jpeg(2000, 9000),
    "a GIF of many frames": gif(8000, 10_000),
    "a GIF without end": gif(60_000, 1),
}
QUICK = {
    "a figure": png(1600, 1200),
    "a large picture": png(6000, 4000),
    "a progressive JPEG": jpeg(3000, 0),
    "an animation": gif(600, 100),
}


def bundle(content):
    """Give a notebook's attachment, or a part of an output, that says what it is."""
    kind = next(kind for kind, start in clean.PICTURES.items() if content.startswith(start))
    return {kind: base64.b64encode(content).decode()}


@pytest.mark.parametrize("content", SLOW.values(), ids=SLOW)
def test_what_takes_long_to_draw_is_not_shown_as_it_is(content):
    assert len(content) < clean.PICTURE_BYTES
    start = time.process_time()
    shown = as_picture(content)
    left_out(content)
    assert time.process_time() - start < 10
    assert shown is None or shown[1] != content
    assert clean.attachments({"a.png": bundle(content)}) == {}


@pytest.mark.parametrize("content", QUICK.values(), ids=QUICK)
def test_ordinary_pictures_are_shown_as_they_are(content):
    assert as_picture(content) == (next(iter(bundle(content))), content)
    assert clean.attachments({"a.png": bundle(content)}) == {"a.png": bundle(content)}


def test_a_large_jpeg_of_many_scans_and_one_in_a_tiff_are_not_read():
    large = jpeg(8000, 30_000)
    assert len(large) > clean.PICTURE_BYTES
    for content in (large, b"II*\0" + large, b"MM\0*" + large):
        start = time.process_time()
        assert as_picture(content) is None
        assert time.process_time() - start < 1
