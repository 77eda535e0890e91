"""What was judged, kept in one file a submission, so that nothing is judged twice or lost."""

import functools
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from mlpkit.grading.job import FILES, Job, Result
from mlpkit.grading.workers import kit


def write_whole(path: str | os.PathLike[str], content: bytes) -> None:
    """Write bytes beside and rename: a reader meets the old file or the new, never half of one."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # One name, not one for each process: what a killed run left is overwritten, not collected.
    beside = path.with_name(f".{path.name}.new")
    try:
        with open(beside, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


class Entry(NamedTuple):
    """A kept result.

    Attributes
    ----------
    fingerprint : str
        Of what it was made from, as :func:`fingerprint` gives it.
    result : Result
    in_gradebook : bool
    """

    fingerprint: str
    result: Result
    in_gradebook: bool

    @property
    def is_older(self) -> bool:
        """Whether another kit, Python or NumPy gave it."""
        return self.fingerprint.partition("-")[2] != _judge()


class Journal:
    """The results of one assignment, each with the fingerprint of what it was made from.

    Parameters
    ----------
    folder : Path
        Where they are kept; one JSON file for each student and notebook.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        self.folder = Path(folder)

    def keep(self, fingerprint: str, result: Result) -> None:
        """Keep a result that the gradebook doesn't have yet."""
        entry = {"fingerprint": fingerprint, "result": result.to_json()}
        path = self._pending(result.student, result.notebook)
        write_whole(path, json.dumps(entry).encode())

    def settle(self, student: str, notebook: str) -> None:
        """Note that the gradebook has what was kept."""
        self._pending(student, notebook).replace(self._path(student, notebook))

    def find(self, student: str, notebook: str) -> Entry | None:
        """Return what is kept; None where nothing whole is."""
        for path in (self._pending(student, notebook), self._path(student, notebook)):
            if path.exists():
                return self._read(path)
        return None

    def entries(self, keys: Iterable[tuple[str, str]]) -> list[Entry]:
        """Return what is kept of these (student, notebook), without the notebooks."""
        kept = (self.find(*key) for key in keys)
        return [
            entry._replace(result=replace(entry.result, judged=b""))
            for entry in kept
            if entry is not None
        ]

    def judged(self, student: str, notebook: str) -> bytes:
        """Return a judged notebook; nothing where none is kept."""
        entry = self.find(student, notebook)
        return entry.result.judged if entry else b""

    def _path(self, student: str, notebook: str) -> Path:
        return self.folder / student / f"{notebook}.json"

    def _pending(self, student: str, notebook: str) -> Path:
        return self.folder / student / f"{notebook}.pending"

    @staticmethod
    def _read(path: Path) -> Entry | None:
        try:
            entry = json.loads(path.read_bytes())
            result = Result.from_json(entry["result"])
            return Entry(entry["fingerprint"], result, path.suffix == ".json")
        except (OSError, ValueError, KeyError, TypeError):
            return None  # judged again rather than believed


def fingerprint(job: Job, reason: str | None = None) -> str:
    """Return what a result depends on: equal fingerprints need no second judging.

    Returns
    -------
    str
        A hash of what was handed in and set, and behind a "-" one of what judges it.
    """
    parts = [job.submission, job.source, job.released, json.dumps(asdict(job.limits)).encode()]
    for files in (getattr(job, kind) for kind in FILES):
        for name, content in sorted(files.items()):
            parts += [name.encode(), content]
    parts.append(json.dumps([job.notes, job.others, job.earlier, job.variables]).encode())
    return f"{_hash([*parts, bytes([job.unsandboxed]), str(reason).encode()])}-{_judge()}"


def only_the_judge_changed(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same work, judged by different kits."""
    return one != other and one.partition("-")[0] == other.partition("-")[0]


@functools.cache
def _judge() -> str:
    """Hash the kit's code and the versions of Python and NumPy, on which marks depend too."""
    return _hash([part.encode() for part in (kit.code(), sys.version, metadata.version("numpy"))])


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
