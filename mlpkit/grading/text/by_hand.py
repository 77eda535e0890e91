"""Which modules an exercise is to be written without: the usual ones, unless the notebook says."""

import ast
import contextlib
import functools
import re
from collections.abc import Iterable
from importlib import metadata as installed
from typing import Any

from mlpkit.by_hand import BY_HAND
from mlpkit.grading.text.names import tree

LINE = re.compile(r"^\s*#+\s*by[ _-]hand\s*:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
NAME = re.compile(r"[\w.-]+")
NOTHING = ("nothing", "none", "off", "no")
# Given cells call its helpers, and answers must not.
KIT = "mlpkit"
# Packages that are installed under another name than they are imported by.
INSTALLED_AS = {
    "sklearn": "scikit-learn", "skimage": "scikit-image", "imblearn": "imbalanced-learn",
}  # fmt: skip


def by_hand(metadata: dict[str, Any], checks: Iterable[str], given: Iterable[str]) -> list[str]:
    """List the modules that can't be had while a submission is judged.

    Parameters
    ----------
    metadata : dict
        The notebook's own. Its ``mlpkit.by_hand`` is a list, which counts in the place of the usual
        one; an empty one, or false, takes nothing away.
    checks : iterable of str
        The code of locked cells and tests: a line ``# by hand: scipy, numpy.linalg`` there lists
        more, and stands in the usual list's place too. ``# by hand: nothing`` is an empty list.
    given : iterable of str
        The instructor's other code, solutions with it.

    Returns
    -------
    list of str
        Without a word in the notebook `mlpkit.by_hand.BY_HAND`, but for packages that the
        instructor's own code imports, and those that they need themselves: what it needs, nobody
        does without; where all tests run inside, nothing.
    """
    own = metadata.get("mlpkit", {})
    # All tests inside: a course that was written for nbgrader, which takes nothing away.
    said = own.get("by_hand", [] if own.get("tests") == "inside" else None)
    lines = [line for code in checks for line in LINE.findall(code)]
    if said is None and not lines:
        used = {root for code in given for root in _roots(code)} - {KIT}
        return sorted(set(BY_HAND) - _with_needs(frozenset(used)))
    words = {word for line in lines for word in re.split(r"[\s,]+", line.strip()) if word}
    off = {word for word in words if word.casefold().rstrip(".") in NOTHING}
    return sorted({*(said or []), *words} - off)


@functools.lru_cache(maxsize=64)
def _with_needs(packages: frozenset[str]) -> frozenset[str]:
    """Add the packages without which these don't work: scikit-learn is nothing without SciPy."""
    found, waiting = set[str](), [INSTALLED_AS.get(name, name) for name in packages]
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name in found:
            continue
        found.add(name)
        with contextlib.suppress(installed.PackageNotFoundError, ValueError):
            needs = [need for need in installed.requires(name) or [] if "extra ==" not in need]
            waiting += [NAME.findall(need)[0] for need in needs]
    imported_as = {name: module for module, name in INSTALLED_AS.items()}
    return packages | {imported_as.get(name, name) for name in found}


def _roots(code: str) -> set[str]:
    """Give the packages that code imports, at whatever depth."""
    found = set()
    for node in ast.walk(tree(code)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found
