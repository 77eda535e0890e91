"""Names of mistakes: which signatures of an assignment are known, and what they are called."""

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from mlpkit.grading.job import CourseError, Signature

FOLDER = "mistakes"
RIGHT_CALLS, FAILED_CALLS = 10, 5
# Of one signature: more show that it tells too little.
MOST = 2


@dataclass(frozen=True)
class Mistake:
    """A mistake that has a name.

    Parameters
    ----------
    title : str
        What the answer does: "takes the softmax along the samples".
    says : str
        The guide's sentence on the misconception, for the instructor; may be empty.
    hint : str
        The misconception alone, for the student, without the mistake's name; may be empty.
    """

    title: str
    says: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Known:
    """The mistakes of one test that have names.

    Parameters
    ----------
    version : str
        Of the calls by which they are known; see :class:`mlpkit.grading.judging.probes.Probes`.
    signatures : dict of str to list of Mistake
        By their digests; several where nothing tells them apart.
    """

    version: str
    signatures: Mapping[str, list[Mistake]] = field(default_factory=dict)


class Names:
    """Those of an assignment: the kit's, and those that the course's instructors have given.

    Parameters
    ----------
    assignment : str
    root : Path, optional
        The course's folder.
    """

    def __init__(self, assignment: str, root: Path | None = None) -> None:
        self.kit = kits(assignment)
        self.own = _read(root / FOLDER / f"{assignment}.json") if root else {}

    def of(self, test: str, signature: Signature) -> list[Mistake]:
        """Give the names of a signature.

        Returns
        -------
        list of Mistake
            None where it isn't known, or tells too little; two that nothing tells apart.
        """
        if not enough(signature):
            return []
        found = []
        for known in (self.kit.get(test), self.own.get(test)):
            if known and known.version == signature.version:
                found += known.signatures.get(signature.digest, [])
        return found if len(found) <= MOST else []

    def outdated(self, test: str, signature: Signature) -> bool:
        """Whether the kit's names are of another version of this test."""
        known = self.kit.get(test)
        return bool(known and signature.version and known.version != signature.version)


def enough(signature: Signature) -> bool:
    """Whether equal ones are one mistake: wrong values tell it, or where an answer fails.

    That an answer fails at some calls and is right at many others tells by what it fails.
    """
    wrong = signature.calls - signature.right
    by_place = signature.right >= RIGHT_CALLS and wrong >= FAILED_CALLS
    return bool(signature.digest) and (signature.values > 0 or by_place)


@functools.cache
def kits(assignment: str) -> dict[str, Known]:
    """Read what the kit knows of an assignment; nothing of one that isn't the kit's."""
    file = files("mlpkit.grading.insight") / "known" / f"{assignment}.json"
    return _parsed(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _read(path: Path) -> dict[str, Known]:
    if not path.is_file():
        return {}
    try:
        return _parsed(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise CourseError(
            f"{path} can't be read: {error}.\nMend it, or take it away: it holds names of mistakes."
        ) from error


def _parsed(tree: Mapping[str, Any]) -> dict[str, Known]:
    found = {}
    for test, about in tree["tests"].items():
        signatures: dict[str, list[Mistake]] = {}
        for title, mistake in about["mistakes"].items():
            if mistake.get("signature"):
                one = Mistake(title, mistake.get("says", ""), mistake.get("hint", ""))
                "".join([one.title, one.says, one.hint]).encode()  # texts, and fit to be written
                signatures.setdefault(mistake["signature"], []).append(one)
        found[test] = Known(about["version"], signatures)
    return found
