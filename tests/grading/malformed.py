"""Submissions that editors, platforms and people have spoiled, and values to spoil more with."""

import copy
import json
import random

import nbformat
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell

from mlpkit.grading.text.plan import read_plan
from tests.grading import notebooks

COURSE = notebooks.content(notebooks.course())
PLAN = read_plan(COURSE, notebooks.released(COURSE))


def tree():
    book = json.loads(notebooks.content(notebooks.answered(words="Since it is so.")))
    for one in book["cells"]:
        one["source"] = "".join(one["source"])
    return book


def written(book):
    return json.dumps(book).encode()


def as_format_3(book):
    return nbformat.writes(nbformat.convert(nbformat.from_dict(book), 3), version=3).encode()


def cell(book, name):
    return next(
        c for c in book["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == name
    )


def each_cell(book, change):
    for one in book["cells"]:
        change(one)


# How a good submission was spoiled so that its answers can still be told.
KEPT = {
    "untouched": lambda b: None,
    "copied test": lambda b: b["cells"].append(copy.deepcopy(cell(b, "check-double"))),
    "copied solution, copy untouched": lambda b: b["cells"].append(
        cell(b, "double") | {"source": PLAN.named["double"].released}
    ),
    "deleted test": lambda b: b["cells"].remove(cell(b, "check-double")),
    "deleted imports": lambda b: b["cells"].remove(cell(b, "imports")),
    "reversed": lambda b: b["cells"].reverse(),
    "shuffled": lambda b: random.Random(3).shuffle(b["cells"]),
    "test turned to Markdown": lambda b: cell(b, "check-double").update(cell_type="markdown"),
    "solution turned to Markdown": lambda b: cell(b, "double").update(cell_type="markdown"),
    "solution turned raw": lambda b: cell(b, "double").update(cell_type="raw"),
    "no metadata": lambda b: each_cell(b, lambda c: c.update(metadata={})),
    "no metadata, no ids": lambda b: each_cell(b, lambda c: (c.update(metadata={}), c.pop("id"))),
    "metadata is a list": lambda b: each_cell(b, lambda c: c.update(metadata=[1])),
    "nbgrader's metadata is text": lambda b: each_cell(
        b, lambda c: c["metadata"].update(nbgrader="x")
    ),
    "grade_id is a number": lambda b: cell(b, "double")["metadata"]["nbgrader"].update(grade_id=3),
    "other kernel": lambda b: b["metadata"].update(kernelspec={"name": "ir", "display_name": "R"}),
    "kernel is text": lambda b: b["metadata"].update(kernelspec="python"),
    "no notebook metadata": lambda b: b.pop("metadata"),
    "metadata null": lambda b: b.update(metadata=None),
    "nbformat 3": as_format_3,
    "nbformat 99": lambda b: b.update(nbformat=99),
    "no nbformat": lambda b: b.pop("nbformat"),
    "UTF-8 BOM": lambda b: b"\xef\xbb\xbf" + written(b),
    "UTF-16": lambda b: json.dumps(b).encode("utf-16"),
    "Latin-1": lambda b: json.dumps(b | {"x": "é"}, ensure_ascii=False).encode("latin-1"),
    "sources as lists": lambda b: each_cell(
        b, lambda c: c.update(source=c["source"].splitlines(keepends=True))
    ),
    "no outputs": lambda b: each_cell(b, lambda c: c.pop("outputs", 0)),
    "outputs is text": lambda b: each_cell(b, lambda c: c.update(outputs="x")),
    "edited test": lambda b: cell(b, "check-double").update(source="pass"),
    "edited imports": lambda b: cell(b, "imports").update(source="import os"),
    "locked flags off": lambda b: cell(b, "check-double")["metadata"]["nbgrader"].update(
        locked=False, grade=False, solution=True
    ),
    "cells that are no cells": lambda b: b["cells"].extend([None, 3, "x", [], {}]),
    "own cells": lambda b: b["cells"].insert(2, new_code_cell("y = 1")),
    "same ids": lambda b: each_cell(b, lambda c: c.update(id="same")),
    "lone surrogates": lambda b: b["cells"].append(new_markdown_cell("\ud800")),
    "NUL characters": lambda b: b["cells"].append(new_code_cell("'\0'")),
    "many cells": lambda b: b["cells"].extend([new_code_cell("1")] * 2000),
    "merged twice": lambda b: b["cells"].extend(copy.deepcopy(b["cells"])),
    "outputs in Markdown": lambda b: cell(b, "words").update(outputs=[], execution_count=3),
}


# What is no notebook, or none that can be read.
LOST = {
    "empty": b"",
    "blank": b" \n\0\0",
    "text": b"I did my homework.",
    "HTML": b"<html><body>Sign in</body></html>",
    "a zip": b"PK\x03\x04" + bytes(100),
    "half a notebook": notebooks.content(notebooks.answered())[:500],
    "a merge conflict": b"<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> x\n",
    "a list": b"[]",
    "a number": b"3",
    "null": b"null",
    "no cells": b"{}",
    "cells is text": b'{"cells": "x"}',
    "worksheets is text": b'{"worksheets": "x"}',
    "too deep": b"[" * 100_000,
    "a huge number": b'{"cells": ' + b"9" * 10_000 + b"}",
    "too large": b" " * (51 * 1024**2) + b"1",
    "too many cells": b'{"cells": [' + b"{}," * 6000 + b"{}]}",
}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cells", "source", "metadata", "nbgrader", "grade_id", "x"]), inner
        )
    ),
    max_leaves=10,
)
