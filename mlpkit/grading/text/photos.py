"""A picture's bytes: decoded, turned and shrunk until a page can show it."""

import base64
import binascii
import contextlib
import io
import re

from mlpkit.grading.text import clean

SIDES, PIXELS = (2000, 1200, 700), 64_000_000
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "AVIF", "HEIF")
# By what they begin with, in small letters.
OTHERS = {
    "HEIC, as telephones write it,": rb"....ftyp(hei|hev|mif1|msf1)",
    "SVG, which can hold programs,": rb"(<\?xml.*)?(<!--.*)?(<!doctype svg.*)?<svg\b",
    "a PDF": rb"%pdf",
}
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
        if content.startswith(start) and len(content) <= clean.PICTURE_BYTES:
            return kind, content
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


def _shrunk(content: bytes, side: int) -> bytes:
    """Give any picture as a JPEG on white, the right way up and no larger than ``side``."""
    # Seldom needed, and long to import; Pillow knows a format once its plugin is imported.
    import PIL.TiffImagePlugin
    import PIL.WebPImagePlugin
    from PIL import Image, ImageOps

    with contextlib.suppress(ImportError):  # Pillow before 11.3 has none
        import PIL.AvifImagePlugin  # noqa: F401
    with contextlib.suppress(ImportError):  # an extra
        import pillow_heif

        pillow_heif.register_heif_opener()
    Image.preinit()
    known = [name for name in FORMATS if name in Image.OPEN]
    with Image.open(io.BytesIO(content), formats=known) as opened:
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
