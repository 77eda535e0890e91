"""MNIST is found, fetched and verified; each fault gives a clear error and leaves nothing behind.

The faults are played on small files of the same format from a local server; the real data is read
where $MLPKIT_DATA has it, as in CI.
"""

import gzip
import hashlib
import os
import struct
import threading
import tracemalloc
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from mlpkit import mnist
from mlpkit.datasets import MnistUnavailable, load_mnist

needs_mnist = pytest.mark.skipif(
    not os.environ.get("MLPKIT_DATA"), reason="$MLPKIT_DATA names no folder with MNIST"
)


def idx_bytes(array):
    header = struct.pack(f">4B{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.tobytes()


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Four small IDX files in MNIST's place, a cache of their own and no $MLPKIT_DATA."""
    rng = np.random.default_rng(0)
    contents, files = {}, []
    for idx in mnist.FILES:
        shape = (7, *idx.shape[1:])
        contents[idx.name] = idx_bytes(rng.integers(0, 10, shape, dtype=np.uint8))
        sha256 = hashlib.sha256(contents[idx.name]).hexdigest()
        files.append(mnist._Idx(idx.name, shape, sha256))
    monkeypatch.setattr(mnist, "FILES", tuple(files))
    monkeypatch.setattr(mnist, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.delenv("MLPKIT_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return contents


@pytest.fixture
def serve(monkeypatch):
    """Start mirrors, each a function from a file's name to the bytes sent, or None for a 404."""
    servers = []

    def start(*mirrors):
        urls = [_start(mirror, servers) for mirror in mirrors]
        monkeypatch.setattr(mnist, "MIRRORS", tuple(urls))

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _start(mirror, servers):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            sent = mirror(self.path.lstrip("/"))
            announced = sent
            if isinstance(sent, tuple):  # announce more than is sent
                sent, announced = sent
            self.send_response(404 if sent is None else 200)
            self.send_header("Content-Length", len(announced or b""))
            self.end_headers()
            self.wfile.write(sent or b"")

        def log_message(self, *arguments):
            pass

    servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    threading.Thread(target=servers[-1].serve_forever, args=(0.01,), daemon=True).start()
    return f"http://127.0.0.1:{servers[-1].server_port}/"


def good(contents):
    return lambda name: gzip.compress(contents[name.removesuffix(".gz")])


def kept(tmp_path):
    return sorted(path.name for path in (tmp_path / "cache").rglob("*"))


def write_all(folder, contents, suffix=""):
    folder.mkdir()
    for name, content in contents.items():
        (folder / f"{name}{suffix}").write_bytes(gzip.compress(content) if suffix else content)


def test_a_first_call_downloads_and_a_second_reads_the_cache(small, serve, tmp_path):
    asked = []
    serve(lambda name: asked.append(name) or good(small)(name))
    first = load_mnist()
    assert len(asked) == 4 and kept(tmp_path) == sorted(small)
    second = load_mnist()
    assert len(asked) == 4
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


def test_pixels_and_labels_are_those_of_the_files(small, serve):
    serve(good(small))
    data = load_mnist(dtype=np.float64)
    images = np.frombuffer(small["t10k-images-idx3-ubyte"], np.uint8, offset=16)
    np.testing.assert_array_equal(data.X_test, images.reshape(7, 784) / 255)
    labels = np.frombuffer(small["train-labels-idx1-ubyte"], np.uint8, offset=8)
    np.testing.assert_array_equal(data.y_train, labels)
    assert data.y_train.dtype == np.int64 and load_mnist().X_train.dtype == np.float32


def test_the_bar_and_pooch_write_nothing_where_nobody_watches(small, serve, capfd, caplog):
    serve(good(small))
    load_mnist()
    assert capfd.readouterr() == ("", "") and not caplog.records


def test_the_next_mirror_is_asked_when_one_fails(small, serve, tmp_path):
    serve(lambda name: None, lambda name: b"<html>Sign in</html>", good(small))
    mnist.MIRRORS = ("http://127.0.0.1:9/", *mnist.MIRRORS)  # nobody listens on port 9
    assert load_mnist().X_train.shape == (7, 784)
    assert kept(tmp_path) == sorted(small)


def test_a_mirror_that_sends_the_file_uncompressed_will_do(small, serve):
    serve(lambda name: small[name.removesuffix(".gz")])
    assert load_mnist().X_test.shape == (7, 784)


def _foreign(content):
    return gzip.compress(content[:-1] + bytes([content[-1] ^ 1]))


def _corrupt(content):
    sent = bytearray(gzip.compress(content))
    sent[-8] ^= 1  # the checksum at gzip's end
    return bytes(sent)


FAULTS = {
    "404": (lambda content: None, "HTTPError"),
    "a web page": (lambda content: b"<html>Sign in</html>", "it holds 20 bytes, expected"),
    "a truncated gzip": (lambda content: gzip.compress(content)[:-20], "it is truncated"),
    "a corrupt gzip": (_corrupt, "it is corrupt"),
    "a broken stream": (
        lambda content: gzip.compress(content)[:20] + b"\xff" * 99,
        "it is corrupt",
    ),
    "one bit another": (_foreign, "another SHA-256"),
    "a shorter file": (lambda content: gzip.compress(content[:-1]), "bytes, expected"),
    "a gzip bomb": (lambda content: gzip.compress(bytes(3_000_000)), "it holds more bytes"),
    "no end": (lambda content: bytes(100_000), "sends more than the whole file"),
    "a lost connection": (lambda content: (content[:9], content), "ChunkedEncodingError"),
}


@pytest.mark.parametrize(("fault", "reason"), FAULTS.values(), ids=FAULTS)
def test_a_bad_download_is_named_in_two_lines_and_nothing_is_kept(
    small, serve, tmp_path, fault, reason
):
    serve(lambda name: fault(small[name.removesuffix(".gz")]))
    with pytest.raises(MnistUnavailable) as caught:
        load_mnist()
    lines = str(caught.value).split("\n")
    assert len(lines) == 2
    assert reason in lines[0] and "127.0.0.1" in lines[0] and str(tmp_path) in lines[0]
    assert "MLPKIT_DATA" in lines[1] and mnist.MIRRORS[0] in lines[1]
    assert kept(tmp_path) == []


def test_a_gzip_bomb_takes_no_more_memory_than_the_file_it_pretends_to_be(small, tmp_path):
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(bytes(30_000_000)))
    tracemalloc.start()
    with pytest.raises(ValueError, match="more bytes"):
        mnist._verified(bomb, mnist.FILES[0])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_offline_the_error_is_an_oserror_of_its_own_kind(small, monkeypatch):
    monkeypatch.setattr(mnist, "MIRRORS", ("http://127.0.0.1:9/",))
    with pytest.raises(OSError, match="ConnectionError") as caught:
        load_mnist()
    assert type(caught.value) is MnistUnavailable


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_mlpkit_data_comes_first_and_needs_no_network(small, monkeypatch, tmp_path, suffix):
    monkeypatch.setattr(mnist, "MIRRORS", ("http://127.0.0.1:9/",))
    write_all(tmp_path / "own", small, suffix)
    monkeypatch.setenv("MLPKIT_DATA", str(tmp_path / "own"))
    assert load_mnist().X_train.shape == (7, 784)
    assert not (tmp_path / "cache").exists()


def test_a_folder_without_the_files_is_passed_over(small, serve, monkeypatch, tmp_path):
    serve(good(small))
    monkeypatch.setenv("MLPKIT_DATA", str(tmp_path / "nowhere"))
    assert load_mnist().X_train.shape == (7, 784)


@pytest.mark.parametrize("fault", ["a truncated gzip", "one bit another", "a corrupt gzip"])
def test_a_bad_file_in_mlpkit_data_is_named_and_left_alone(
    small, serve, monkeypatch, tmp_path, fault
):
    serve(good(small))
    make, reason = FAULTS[fault]
    write_all(tmp_path / "own", small, ".gz")
    bad = tmp_path / "own" / "t10k-labels-idx1-ubyte.gz"
    bad.write_bytes(make(small["t10k-labels-idx1-ubyte"]))
    monkeypatch.setenv("MLPKIT_DATA", str(tmp_path / "own"))
    with pytest.raises(MnistUnavailable, match=reason) as caught:
        load_mnist()
    assert str(bad) in str(caught.value) and len(str(caught.value).split("\n")) == 2
    assert bad.exists() and not (tmp_path / "cache").exists()


def test_a_damaged_cache_is_fetched_anew(small, serve, tmp_path):
    serve(good(small))
    load_mnist()
    damaged = tmp_path / "cache" / "train-images-idx3-ubyte"
    damaged.write_bytes(small["train-images-idx3-ubyte"][:100])
    load_mnist()
    assert damaged.read_bytes() == small["train-images-idx3-ubyte"]
    assert kept(tmp_path) == sorted(small)


def test_a_damaged_cache_is_not_kept_when_offline(small, monkeypatch, tmp_path):
    monkeypatch.setattr(mnist, "MIRRORS", ("http://127.0.0.1:9/",))
    write_all(tmp_path / "cache", small)
    (tmp_path / "cache" / "train-images-idx3-ubyte").write_bytes(b"")
    with pytest.raises(MnistUnavailable):
        load_mnist()
    assert "train-images-idx3-ubyte" not in kept(tmp_path)


def test_a_cache_that_cannot_be_written_is_named(small, serve, tmp_path):
    serve(good(small))
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(MnistUnavailable, match=r"can't write to .*cache"):
        load_mnist()


def test_a_dtype_that_holds_no_fractions_is_refused(small):
    with pytest.raises(ValueError, match="dtype must be a float type, got <class"):
        load_mnist(dtype=np.uint8)


def test_the_cache_is_a_folder_of_the_users_own_and_the_mirrors_use_tls():
    assert mnist.cache_folder().parts[-2:] == ("mlpkit", "mnist")
    assert len(mnist.MIRRORS) >= 2 and all(url.startswith("https://") for url in mnist.MIRRORS)
    assert all(url.endswith("/") for url in mnist.MIRRORS)


@needs_mnist
def test_the_real_data_has_the_published_counts_of_each_digit():
    data = load_mnist()
    assert [array.shape for array in data] == [(60_000, 784), (60_000,), (10_000, 784), (10_000,)]
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.y_train).tolist() == counts
    counts = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert np.bincount(data.y_test).tolist() == counts
    assert data.X_train.min() == 0 and data.X_train.max() == 1
    assert round(float(data.X_train.mean(dtype=np.float64)), 4) == 0.1307
