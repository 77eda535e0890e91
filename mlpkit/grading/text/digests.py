"""A cell's text as a short number, the same whatever programs do to spaces and line ends."""

import hashlib
import json

Digests = dict[str, list[str]]


def words(text: str) -> str:
    """Give a text without what programs change in saving it: its spaces and line ends."""
    return " ".join(text.split())


def digest(text: str) -> str:
    """Give the digest of a cell's text."""
    return hashlib.sha256(words(text).encode("utf-8", "replace")).hexdigest()[:16]


def digests(released: bytes) -> Digests:
    """Give the digests of a notebook's cells by nbgrader's names; "" stands for those without.

    Parameters
    ----------
    released : bytes
        A notebook of nbformat 4.
    """
    found: Digests = {}
    for cell in json.loads(released)["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
        found.setdefault(name, []).append(digest("".join(cell["source"])))
    return found
