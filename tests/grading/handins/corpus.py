"""All the hand-ins, by kind and name."""

import pytest

from tests.grading.handins import answers, filed, pictures, runs, saved

KINDS = {
    "stub": answers.STUBS,
    "written": answers.WRITTEN_ANSWERS,
    "line ends": saved.LINE_ENDS,
    "many": saved.MANY,
    "file": filed.FILES,
    "folder": filed.FOLDERS,
    "helper": filed.HELPERS,
    "picture": pictures.PICTURES,
    "cause": runs.CAUSES,
    "one line": runs.ONE_LINE,
    "end": runs.ENDS,
    "state": runs.STATE,
    "honest": runs.HONEST,
}
CORPUS = {
    f"{kind}, {name}": handin for kind, handins in KINDS.items() for name, handin in handins.items()
}
# One after each other costs little, but there are many: these are judged in every run.
CHOSEN = {
    f"{kind}, {name}"
    for kind, handins in KINDS.items()
    for name in list(handins)[:: max(1, len(handins) // 2)][:2]
}


def marked(names):
    """Parametrise by hand-ins' names, of which `--thorough` runs all."""
    return [n if n in CHOSEN else pytest.param(n, marks=pytest.mark.thorough) for n in names]
