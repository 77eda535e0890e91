"""Folders that last as long as their process: what a killed one left is swept by the next."""

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# Unix sockets have names of at most 107 bytes: /tmp, whatever TMPDIR says.
BASE = Path("/tmp")
ALIVE = ".alive"
PATIENCE = 1.0


class Scratch:
    """A folder of this process's own, in the one folder that this user has for all of them.

    It counts as used while this process, or a fork of it, lives.
    """

    def __init__(self) -> None:
        while True:
            parent = _parent()
            # Another process may remove the empty parent at just this moment.
            with contextlib.suppress(FileNotFoundError), locked(parent):
                _sweep(parent)
                self.path = Path(tempfile.mkdtemp(prefix="", dir=parent))
                self._alive = open(self.path / ALIVE, "w")  # noqa: SIM115  # as long as it is used
                fcntl.flock(self._alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
                print(os.getpid(), file=self._alive, flush=True)  # for people, and for tests
                return

    def close(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path, ignore_errors=True)
        self._alive.close()
        with contextlib.suppress(OSError):  # while another has something in it
            self.path.parent.rmdir()

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_: object) -> None:
        self.close()


def sweep() -> None:
    """Remove what ended processes left; a fork of one of them may take a moment to end."""
    parent = _parent()
    deadline = time.monotonic() + PATIENCE
    with contextlib.suppress(FileNotFoundError):
        while True:
            with locked(parent):
                _sweep(parent)
                left = [folder for folder in parent.iterdir() if not _made_by_living(folder)]
            if not left or time.monotonic() > deadline:
                break
            time.sleep(0.01)
        with contextlib.suppress(OSError):  # while another has something in it
            parent.rmdir()


def _made_by_living(folder: Path) -> bool:
    try:
        os.kill(int((folder / ALIVE).read_text()), 0)
    except (OSError, ValueError):
        return False
    return True


def _parent() -> Path:
    path = BASE / f"mlpkit-{os.getuid()}"
    with contextlib.suppress(FileExistsError):
        path.mkdir(0o711)
    about = path.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        raise OSError(f"{path} is somebody else's: remove it")
    return path


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder itself: two that start would sweep each other's."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _sweep(parent: Path) -> None:
    """Remove the folders that no living process holds."""
    for folder in parent.iterdir():
        with contextlib.suppress(OSError):
            if _unused(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _unused(folder: Path) -> bool:
    try:
        return unheld(folder / ALIVE)
    except FileNotFoundError:
        return True


def unheld(path: Path) -> bool:
    """Whether no living process holds this file or folder by a lock."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
