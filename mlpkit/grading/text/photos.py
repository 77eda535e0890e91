"""A picture's bytes: decoded, turned and shrunk until a page can show it."""

import base64
import binascii
import contextlib
import io
import re
from typing import TYPE_CHECKING

from mlpkit.grading.text import clean
from mlpkit.grading.text.notes import Kind
from mlpkit.grading.text.pixels import endless, quickly_drawn

if TYPE_CHECKING:
    from PIL import Image

SIDES, PIXELS = (2000, 1200, 700), 64_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF")
# By what they begin with, in small letters.
OTHERS = {
    "HEIC, as telephones write it,": rb"....ftyp(hei|hev|mif1|msf1)",
    "SVG, which can hold programs,": rb"(<\?xml.*)?(<!--.*)?(<!doctype svg.*)?<svg\b",
    "a PDF": rb"%pdf",
}
# How a whole PNG and a whole JPEG end.
WHOLE = (b"IEND\xaeB`\x82", b"\xff\xd9")
CUT = Kind(
    "the picture {} is cut off; what there is of it is shown",
    "the pictures {} are cut off; what there is of them is shown",
)
PAGES = Kind(
    "the picture {} has more pages than the first, which is shown",
    "the pictures {} have more pages than the first of each, which is shown",
)
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}


def decoded(bundle: object) -> bytes | None:
    """Give an attachment's bytes, whatever kind it says that it is."""
    bundle = {"": bundle} if isinstance(bundle, str) else bundle
    for content in bundle.values() if isinstance(bundle, dict) else ():
        if isinstance(content, list):
            content = "".join(part for part in content if isinstance(part, str))
        if isinstance(content, str):
            content = re.sub(r"\s", "", content.partition("base64,")[2] or content)
            try:
                return base64.b64decode(content + "=" * (-len(content) % 4), validate=True)
            except (binascii.Error, ValueError):
                continue
    return None


def as_picture(content: bytes) -> tuple[str, bytes] | None:
    """Give a picture as a page can show it: its kind and bytes, None if it is none.

    Parameters
    ----------
    content : bytes
        A file of whatever kind.
    """
    for kind, start in clean.PICTURES.items():
        whole = content.startswith(start) and len(content) <= clean.PICTURE_BYTES
        if whole and quickly_drawn(content):
            return kind, content
    if endless(content):
        return None
    try:
        for side in SIDES:
            shrunk = _shrunk(content, side)
            if len(shrunk) <= clean.PICTURE_BYTES:
                return "image/jpeg", shrunk
    except Exception:  # a decoder's errors are of many kinds
        return None
    return None


def why_not(content: bytes) -> str:
    """Say which kind of file it is that `as_picture` can't read, and what it can; or ""."""
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    found = (what for what, sign in OTHERS.items() if re.match(sign, start, re.DOTALL))
    return next((f": {what} isn't read here; JPEG and PNG are" for what in found), "")


def left_out(content: bytes) -> Kind | None:
    """Say what of a picture isn't shown; None if all is."""
    try:
        if content.startswith((b"II*\0", b"MM\0*")):
            with _opened(content) as opened:
                return PAGES if getattr(opened, "n_frames", 1) > 1 else None
        known = content.startswith((clean.PICTURES["image/png"], clean.PICTURES["image/jpeg"]))
        if known and not content.rstrip(b"\0\r\n").endswith(WHOLE):
            with _opened(content) as opened:
                if opened.width * opened.height <= PIXELS:
                    opened.load()
    except Exception:  # a decoder's errors are of many kinds
        return CUT
    return None


def _opened(content: bytes) -> "Image.Image":
    """Open a picture of a format that is known here."""
    # Seldom needed, and long to import; Pillow knows a format once its plugin is imported.
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin
    from PIL import Image

    with contextlib.suppress(ImportError):  # Pillow before 11.3 has none
        import PIL.AvifImagePlugin  # noqa: F401
    with contextlib.suppress(ImportError):  # an extra
        import pillow_heif

        pillow_heif.register_heif_opener()
    Image.preinit()
    return Image.open(io.BytesIO(content), formats=[each for each in FORMATS if each in Image.OPEN])


def _shrunk(content: bytes, side: int) -> bytes:
    """Give any picture as a JPEG on white, the right way up and no larger than ``side``."""
    from PIL import Image, ImageOps

    with _opened(content) as opened:
        if opened.format in ("JPEG", "MPO"):
            opened.draft("RGB", (side, side))  # it can be read smaller at once
        if opened.width * opened.height > PIXELS:
            raise ValueError("too many pixels")
        upright = ImageOps.exif_transpose(opened).convert("RGBA")
    upright.thumbnail((side, side))
    white = Image.new("RGB", upright.size, "white")
    white.paste(upright, mask=upright.getchannel("A"))
    file = io.BytesIO()
    white.save(file, "JPEG", quality=85)
    return file.getvalue()
