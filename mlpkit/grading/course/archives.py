"""What zips and tar files hold that were handed in: bounded, and written nowhere.

An archive is opened once for all that is asked of it, as to unpack it takes long; of a small file
that unpacks to much, no more is looked at than of others.
"""

import bz2
import contextlib
import functools
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

# Files of an archive, headers that are read for them, and their bytes unpacked.
MOST, HEADERS, LARGEST_UNPACKED = 2000, 20_000, 2 * LARGEST
PACKED = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\0": "xz"}
ZIP = b"PK\x03\x04"
UTF8 = 0x800  # the bit by which a zip says how its names are written
ENDINGS = (".zip", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz")


class _Unpacker(Protocol):
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Archive(Protocol):
    names: list[str]
    size: int
    cut: bool

    def read(self, name: str, largest: int) -> bytes:
        """Unpack a file, up to one byte more than ``largest``."""


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
    alone = posixpath.splitext(posixpath.basename(name))[0]
    return [each or alone for each in _opened(content).names]


def size_of(content: bytes) -> tuple[int, bool]:
    """Give an archive's size unpacked, and whether it has more than what is listed.

    Raises
    ------
    Unreadable
    """
    archive = _opened(content)
    return archive.size, archive.cut


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
    archive = _opened(content)
    with _errors_in_words():
        unpacked = archive.read(name, largest)
    if len(unpacked) > largest:
        raise Unreadable(too_large(len(unpacked)))
    return unpacked


@functools.lru_cache(maxsize=2)  # one, and one in it: files of both are asked for one by one
def _opened(content: bytes) -> _Archive:
    with _errors_in_words():
        if not _packing(content) and content[257:262] != b"ustar":
            return _Zip(content)
        unpacked = _unpacked(content)
        return _Tar(unpacked) if unpacked[257:262] == b"ustar" else _Alone(unpacked)


class _Zip:
    """A zip: what it says of sizes is an upper bound, beyond which nothing is unpacked."""

    def __init__(self, content: bytes) -> None:
        self.opened = zipfile.ZipFile(io.BytesIO(content))
        self.there, self.size, self.cut = dict[str, zipfile.ZipInfo](), 0, False
        for each in self.opened.infolist():
            if each.is_dir() or stat.S_ISLNK(each.external_attr >> 16):
                continue
            # What is too large is listed, and isn't read at all.
            size = each.file_size if each.file_size <= LARGEST else 0
            self.cut = self.size + size > LARGEST_UNPACKED or len(self.there) >= MOST
            if self.cut:
                break
            self.there[name_of(each)] = each
            self.size += size
        self.names = list(self.there)

    def read(self, name: str, largest: int) -> bytes:
        if (size := self.there[name].file_size) > largest:
            raise Unreadable(too_large(size))
        with self.opened.open(self.there[name]) as packed:
            return packed.read(largest + 1)


class _Tar:
    """A tar file, unpacked."""

    def __init__(self, content: bytes) -> None:
        self.opened = tarfile.open(fileobj=io.BytesIO(content), mode="r:")  # noqa: SIM115
        self.there, self.size, self.cut = dict[str, tarfile.TarInfo](), len(content), False
        for number, each in enumerate(self.opened):
            self.cut = len(self.there) >= MOST or number >= HEADERS
            if self.cut:
                break
            if each.isreg() and not each.issparse():
                self.there[each.name] = each
        self.names = list(self.there)

    def read(self, name: str, largest: int) -> bytes:
        file = self.opened.extractfile(self.there[name])
        return file.read(largest + 1) if file else b""


class _Alone:
    """A file that is packed alone: the one, whatever it is asked for by."""

    def __init__(self, content: bytes) -> None:
        self.content, self.names, self.size, self.cut = content, [""], len(content), False

    def read(self, name: str, largest: int) -> bytes:
        return self.content[: largest + 1]


@contextlib.contextmanager
def _errors_in_words() -> Iterator[None]:
    try:
        yield
    except Unreadable:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unreadable(f"the zip handed in can't be read: {error}") from None
    except Exception:  # tarfile, zlib, lzma and bz2 have errors of their own
        raise Unreadable("the archive handed in can't be read: it is damaged") from None


def _packing(content: bytes) -> str:
    return next((kind for start, kind in PACKED.items() if content.startswith(start)), "")


def _unpacked(content: bytes) -> bytes:
    """Unpack a file, and no more of it than is looked at."""
    kind = _packing(content)
    if not kind:
        return content
    unpacker: _Unpacker
    if kind == "gz":
        unpacker = zlib.decompressobj(wbits=31)
    else:
        unpacker = bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor()
    unpacked = unpacker.decompress(content, LARGEST_UNPACKED + 1)
    if len(unpacked) > LARGEST_UNPACKED:
        megabytes = LARGEST_UNPACKED // 1024**2
        raise Unreadable(f"the archive handed in has more than {megabytes} MB unpacked")
    return unpacked
