"""MNIST: looked for here, else downloaded once, and believed only by its content.

A mirror may compress anew or send something else, and a disk may hold half a file: what counts
is the SHA-256 of the uncompressed IDX file, checked each time it is read.
"""

import gzip
import hashlib
import os
import tempfile
import zlib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
    "https://raw.githubusercontent.com/fgnt/mnist/master/",
)
TIMEOUT = 15  # seconds without a byte before the next mirror is asked


class _Idx(NamedTuple):
    name: str
    shape: tuple  # of the array behind the header
    sha256: str  # of the uncompressed file

    @property
    def header(self):
        return 4 + 4 * len(self.shape)  # magic number, then each length: 4 bytes each

    @property
    def size(self):
        return self.header + int(np.prod(self.shape))


FILES = (
    _Idx(
        "train-images-idx3-ubyte",
        (60_000, 28, 28),
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    ),
    _Idx(
        "train-labels-idx1-ubyte",
        (60_000,),
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    ),
    _Idx(
        "t10k-images-idx3-ubyte",
        (10_000, 28, 28),
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    ),
    _Idx(
        "t10k-labels-idx1-ubyte",
        (10_000,),
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
)


class MnistUnavailable(OSError):
    """MNIST is not to be had here; the message says in two lines why, and how to get it."""


def read_mnist():
    """Return the images and labels to train on, then those to test on, as they are stored.

    Looked for in the folder $MLPKIT_DATA, then in the user's cache, then on several mirrors.
    What is downloaded (11 MB) is verified and kept in the cache.

    Returns
    -------
    list of numpy.ndarray of uint8
        Shapes (60000, 28, 28), (60000,), (10000, 28, 28), (10000,).

    Raises
    ------
    MnistUnavailable
        If a file is nowhere to be found, or the one in $MLPKIT_DATA is not MNIST's.
    """
    return [_array(idx) for idx in FILES]


def cache_folder():
    """Return where a download is kept: a `Path` in the user's cache."""
    import pooch

    return Path(pooch.os_cache("mlpkit")) / "mnist"


def _array(idx):
    return np.frombuffer(_content(idx), np.uint8, offset=idx.header).reshape(idx.shape)


def _content(idx):
    """Return the verified bytes of one IDX file from the first place that has it."""
    own = os.environ.get("MLPKIT_DATA")
    file = _find(Path(own), idx) if own else None
    if file:
        try:
            return _verified(file, idx)
        except _WrongContent as error:  # the user's file: not ours to delete or to pass over
            raise MnistUnavailable(f"{file} is not MNIST's: {error}.\n{_how_to_get()}") from error
    file = _find(cache_folder(), idx)
    if file:
        try:
            return _verified(file, idx)
        except _WrongContent:
            file.unlink(missing_ok=True)  # a damaged copy of what can be had again
    return _download(idx)


def _find(folder, idx):
    candidates = (folder / idx.name, folder / f"{idx.name}.gz")
    return next((file for file in candidates if file.is_file()), None)


class _WrongContent(ValueError):
    """What is in a file is not what it should be; the message says how."""


def _verified(file, idx):
    """Return the uncompressed bytes of a plain or gzipped file, or raise _WrongContent."""
    with open(file, "rb") as raw:
        compressed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        try:
            # One byte more than wanted: never more memory than that, whatever was sent.
            stream = gzip.GzipFile(fileobj=raw) if compressed else raw
            content = stream.read(idx.size + 1)
        except EOFError as error:
            raise _WrongContent("it is truncated") from error
        except (gzip.BadGzipFile, zlib.error) as error:
            raise _WrongContent(f"it is corrupt ({error})") from error
    if len(content) != idx.size:
        found = f"{len(content):,}" if len(content) < idx.size else "more"
        raise _WrongContent(f"it holds {found} bytes, expected {idx.size:,}")
    if hashlib.sha256(content).hexdigest() != idx.sha256:
        raise _WrongContent("its content has another SHA-256")
    return content


def _download(idx):
    """Fetch one file from the first mirror that has it, and keep it in the cache."""
    folder, reasons = cache_folder(), []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Beside its final place, so that the rename at the end is all or nothing.
        with tempfile.TemporaryDirectory(dir=folder) as beside:
            for mirror in MIRRORS:
                try:
                    content = _verified(_fetch(f"{mirror}{idx.name}.gz", beside, idx), idx)
                except (OSError, ValueError) as error:
                    wrong = isinstance(error, _WrongContent)
                    reason = error if wrong else type(error).__name__
                    reasons.append(f"{urlsplit(mirror).netloc}: {reason}")
                    continue
                return _keep(content, beside, folder / idx.name)
    except OSError as error:
        reasons.append(f"can't write to {folder}: {error.strerror or error}")
    places = ", ".join(filter(None, (os.environ.get("MLPKIT_DATA"), str(folder))))
    raise MnistUnavailable(
        f"MNIST's {idx.name} is not in {places}, nor to be had ({'; '.join(reasons)}).\n"
        + _how_to_get()
    )


def _keep(content, beside, file):
    new = Path(beside, "verified")
    new.write_bytes(content)
    os.replace(new, file)
    return content


def _fetch(url, folder, idx):
    """Download one file with pooch and return its path; the content is not yet checked."""
    import pooch
    from tqdm.auto import tqdm

    pooch.get_logger().setLevel("WARNING")  # the bar says enough
    hidden = True if os.environ.get("TQDM_DISABLE") else None
    name = f"{idx.name}.gz"
    opened = []  # pooch leaves the response of a failed download open
    options = {"timeout": TIMEOUT, "hooks": {"response": lambda r, *a, **k: opened.append(r)}}
    with tqdm(total=1, unit="B", unit_scale=True, desc=name, leave=False, disable=hidden) as bar:
        get = pooch.HTTPDownloader(progressbar=bar, **options)

        def bounded(url, output_file, pup):
            with open(output_file, "wb") as file:
                get(url, _Bounded(file, idx.size + 1_000), pup)

        try:
            # Without fname the URL is in the name: one mirror's file is not taken for another's.
            return pooch.retrieve(url, None, path=folder, downloader=bounded)
        finally:
            bar.total = bar.n  # in a notebook, a bar that stops half-way would stay
            for response in opened:
                response.close()


class _Bounded:
    """A file that takes so many bytes and no more: a mirror can't fill the disk."""

    def __init__(self, file, limit):
        self.file, self.left = file, limit

    def write(self, chunk):
        self.left -= len(chunk)
        if self.left < 0:
            raise _WrongContent("it sends more than the whole file")
        return self.file.write(chunk)

    def flush(self):
        self.file.flush()


def _how_to_get():
    return (
        f"Go online and try again, or put the four files {FILES[0].name}.gz, … from {MIRRORS[0]} "
        "into a folder and set MLPKIT_DATA to it."
    )
