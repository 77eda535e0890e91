"""What the kit and NumPy's tests say of an answer: no student's words, so hidden parts may."""

import ast
import functools
from importlib.util import find_spec
from pathlib import Path

from mlpkit.grading.judging.proxy import KNOWN
from mlpkit.grading.text.vocabulary import said_words

SPEAKERS = (
    *(f"mlpkit.exercises.{name}" for name in ("calls", "compare", "credit", "laws", "drawn")),
    *(f"mlpkit.grading.judging.{name}" for name in ("proxy", "words")),
    "numpy.testing._private.utils",
)


@functools.cache
def kits_words() -> frozenset[str]:
    """Give the words of the strings in these modules that are made to be read."""
    found = {*KNOWN.split(), "name", "is", "not", "defined"}
    for name in SPEAKERS:
        spec = find_spec(name)
        if spec is not None and spec.origin:
            found |= said_words(ast.parse(Path(spec.origin).read_text(encoding="utf-8")))
    return frozenset(found)
