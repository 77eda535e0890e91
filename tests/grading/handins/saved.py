"""Notebooks as other programs save them: line ends, lists of lines, copied cells."""

import copy
import json

from tests.grading.handins.handin import Handin, as_bytes, book, silent


def tree(**texts):
    """Give the notebook's JSON, each source one string."""
    given = json.loads(as_bytes(book(**texts)))
    for cell in given["cells"]:
        cell["source"] = "".join(cell["source"])
    return given


def each(change, nameless=False, **texts):
    """Give the notebook with each source changed, perhaps without nbgrader's names."""
    given = tree(**texts)
    for cell in given["cells"]:
        cell["source"] = change(cell["source"])
        if nameless:
            cell["metadata"] = {}
            del cell["id"]
    return given


def crlf(source):
    return source.replace("\n", "\r\n")


def cr(source):
    return source.replace("\n", "\r")


def mixed(source):
    return source.replace("\n", "\r\n", 1)


LOST = ("had lost their names",)
# Kind 4: what ends a line is no edit.
LINE_ENDS = {
    "CRLF": silent(each(crlf)),
    "CR": silent(each(cr)),
    "one CRLF": silent(each(mixed)),
    "CRLF in lists": silent(each(lambda source: crlf(source).splitlines(keepends=True))),
    "lists of lines without ends": silent(each(lambda source: source.split("\n"))),
    "no spaces at the ends of lines": silent(each(lambda source: source.replace(")\n", ") \t\n"))),
    "CRLF, no names": Handin(each(crlf, nameless=True), said=LOST),
    "CR, no names": Handin(each(cr, nameless=True), said=LOST),
    "CRLF around, in the file": silent(json.dumps(tree(), indent=1).replace("\n", "\r\n").encode()),
    "CRLF, as released": silent(each(crlf, title="# A small sheet"), 0.0, waits=False),
    "CR, as released": silent(each(cr, title="# A small sheet"), 0.0, waits=False),
}


def copies(number, name, answer=None):
    given = tree(**({"double": answer} if answer else {}))
    cell = next(
        c for c in given["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name
    )
    given["cells"] += [copy.deepcopy(cell) for _ in range(number)]
    return given


def of_none(number):
    given = tree()
    given["cells"] += [3] * number
    return given


# Kind 14: one sentence, however many cells it concerns.
MANY = {
    "300 copies of a test": Handin(
        copies(300, "check-mean"), said=("'check-mean' was there", "295 more")
    ),
    "50 copies of a locked cell": Handin(copies(50, "imports"), said=("45 more",)),
    "200 that are no cells": Handin(of_none(200), said=("195 more are no cells",)),
    "everything twice": Handin(
        {**tree(), "cells": tree()["cells"] * 2}, said=("were there more than once",)
    ),
    "an answer three times": Handin(copies(2, "mean_square"), said=("'mean_square' was there",)),
}
