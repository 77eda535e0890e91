"""What zips and tar files hold that were handed in: bounded, and written nowhere."""

import bz2
import contextlib
import io
import lzma
import posixpath
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Protocol

from mlpkit.grading.text.handed_in import LARGEST, Unreadable, too_large

MOST, LARGEST_UNPACKED = 2000, 2 * LARGEST
ZIP = b"PK\x03\x04"
UTF8 = 0x800  # the bit by which a zip says how its names are written
PACKED = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\0": "xz"}
ENDINGS = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz")


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


def named_as_one(name: str) -> bool:
    """Whether a file is an archive that is looked into, by its name."""
    return name.lower().endswith(ENDINGS)


def members(content: bytes, name: str) -> list[str]:
    """List the regular files in an archive, as it names them.

    Parameters
    ----------
    content : bytes
    name : str
        The archive's own; a file that is packed alone has the same without its ending.

    Raises
    ------
    Unreadable
        If it is no archive, damaged, or too large unpacked.
    """
    if not _is_zip(content):
        with _tar(content) as opened:
            if opened is None:
                return [posixpath.splitext(posixpath.basename(name))[0]]
            regular = [each for each in opened if each.isreg() and not each.issparse()]
            return [each.name for each in regular[:MOST]]
    with _zip(content) as zipped:
        entries = zipped.infolist()[:MOST]
        links = [each for each in entries if stat.S_ISLNK(each.external_attr >> 16)]
        return [name_of(each) for each in entries if not each.is_dir() and each not in links]


def name_of(member: zipfile.ZipInfo) -> str:
    """Give the name of a zip's member, also where a program wrote UTF-8 and didn't say so."""
    name = member.filename.replace("\\", "/")
    if not member.flag_bits & UTF8:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode()
    return name


def member(content: bytes, name: str, largest: int) -> bytes:
    """Unpack one file; not more than is read, whatever the archive says of its size.

    Raises
    ------
    Unreadable
    """
    if not _is_zip(content):
        with _tar(content) as opened:
            file = opened.extractfile(name) if opened else io.BytesIO(_unpacked(content))
            unpacked = file.read(largest + 1) if file else b""
    else:
        with _zip(content) as zipped:
            named = {name_of(each): each for each in zipped.infolist()}
            with zipped.open(named[name]) as packed:
                unpacked = packed.read(largest + 1)
    if len(unpacked) > largest:
        raise Unreadable(too_large(len(unpacked)))
    return unpacked


def _is_zip(content: bytes) -> bool:
    return not _packing(content) and content[257:262] != b"ustar"


@contextlib.contextmanager
def _zip(content: bytes) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            yield opened
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise Unreadable(f"the zip handed in can't be read: {error}") from None
    except Exception as error:  # zlib, lzma and bz2 have errors of their own
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("the zip handed in can't be read: it is damaged") from None


@contextlib.contextmanager
def _tar(content: bytes) -> Iterator[tarfile.TarFile | None]:
    """Open a tar file, packed or not; give None for another file that is packed alone."""
    content = _unpacked(content)
    try:
        if content[257:262] != b"ustar":
            yield None
            return
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as opened:
            yield opened
    except (tarfile.TarError, KeyError, OSError, ValueError, RecursionError):
        raise Unreadable("the archive handed in can't be read: it is damaged") from None


def _packing(content: bytes) -> str:
    return next((kind for start, kind in PACKED.items() if content.startswith(start)), "")


def _unpacked(content: bytes) -> bytes:
    """Unpack a file, and no more of it than is looked at."""
    kind = _packing(content)
    if not kind:
        return content
    try:
        unpacker: _Unpacker
        if kind == "gz":
            unpacker = zlib.decompressobj(wbits=31)
        else:
            unpacker = bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor()
        unpacked = unpacker.decompress(content, LARGEST_UNPACKED + 1)
    except (zlib.error, OSError, lzma.LZMAError, EOFError):
        raise Unreadable("the archive handed in can't be read: it is damaged") from None
    if len(unpacked) > LARGEST_UNPACKED:
        megabytes = LARGEST_UNPACKED // 1024**2
        raise Unreadable(f"the archive handed in has more than {megabytes} MB unpacked")
    return unpacked
