"""How long a picture takes to be drawn: a small file may ask for hours, of us and of browsers."""

import re
import struct

# Pixels of a picture, counted once for each time that a reader goes over them all.
MOST, MOST_DRAWN = 64_000_000, 320_000_000
SCANS = 50
# Where a GIF's or a PNG's animation goes on, and a JPEG begins again from the top.
FRAME = {b"GIF8": b"\0,", b"\x89PNG": b"fcTL", b"\xff\xd8\xff": b"\xff\xda"}
# A JPEG's size stands behind one of these, its segments one behind the other.
SIZE = re.compile(rb"\xff[\xc0-\xc3\xc5-\xc7\xc9-\xcb\xcd-\xcf]..\x08(....)", re.DOTALL)


def quickly_drawn(content: bytes) -> bool:
    """Tell whether a PNG, JPEG or GIF takes a browser about a second at most.

    Parameters
    ----------
    content : bytes
        Of a picture of whatever kind; one whose size can't be found isn't.
    """
    mark = next((mark for start, mark in FRAME.items() if content.startswith(start)), None)
    pixels = _pixels(content)
    if mark is None or not 0 < pixels <= MOST:
        return False
    return pixels * max(1, content.count(mark)) <= MOST_DRAWN and not endless(content)


def endless(content: bytes) -> bool:
    """Whether a JPEG, or one in a TIFF, begins again so often that decoding it takes minutes."""
    if not content.startswith((b"\xff\xd8\xff", b"II*\0", b"MM\0*")):
        return False
    # By chance these two bytes stand in other data, too.
    by_chance = 0 if content.startswith(b"\xff") else len(content) // 20_000
    return content.count(b"\xff\xda") > SCANS + by_chance


def _pixels(content: bytes) -> int:
    """Find how many a picture has; 0 if that isn't to be found."""
    if content.startswith(b"\x89PNG") and len(content) >= 24:
        sizes = [struct.unpack(">II", content[16:24])]
    elif content.startswith(b"GIF8") and len(content) >= 10:
        sizes = [struct.unpack("<HH", content[6:10])]
    else:
        sizes = [struct.unpack(">HH", each) for each in SIZE.findall(content)]
    return max((width * height for width, height in sizes), default=0)
