"""Of a damaged file what is whole is read and the rest is named; of another, what it is."""

import json

import pytest

from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.text.repair import repair
from tests.grading import notebooks
from tests.grading.handins.handin import DOUBLE, as_bytes, book, course

SOURCE = as_bytes(course())
PLAN = read_plan(SOURCE, notebooks.released(SOURCE))
GOOD = as_bytes(book())
LONGER = as_bytes(book(lambda given, cells: given.metadata.update(long="x" * 500)))
AT_THE_END = GOOD.rindex(b'"metadata"')


def answers(content):
    """Give the two answers, what is said and the reason why nothing can be used."""
    pieces, said, reason = repair(content, PLAN)
    found = {piece.planned.grade_id: piece for piece in pieces if piece.planned}
    return [not found[name].as_released for name in ("double", "mean_square")], said, reason


BEHIND = {
    "zeros": GOOD + bytes(300),
    "a longer file's rest": GOOD + LONGER[len(GOOD) :],
    "the notebook once more": GOOD * 2,
    "a line of a log": GOOD + b"saved at 12:00\n",
}


@pytest.mark.parametrize("content", BEHIND.values(), ids=BEHIND)
def test_what_stands_behind_the_end_takes_nothing_away(content):
    assert answers(content) == (
        [True, True], ["what stood behind the notebook's end was left out"], None
    )  # fmt: skip


DAMAGED = {
    "cut off behind the first answer": (GOOD[: GOOD.index(b"mean_square(") + 5], [True, False]),
    "cut off at the end": (GOOD[:AT_THE_END], [True, True]),
    "a comma too many": (GOOD[: GOOD.rindex(b"}")].rstrip() + b",\n}\n", [True, True]),
    "cut off in the middle of a letter": (
        GOOD[: GOOD.index(b"mean_square(")] + "ä".encode()[:1],
        [True, False],
    ),
}


@pytest.mark.parametrize("content, found", DAMAGED.values(), ids=DAMAGED)
def test_a_written_answer_that_may_be_lost_waits_for_a_person(content, found):
    pieces, said, _ = repair(content, PLAN)
    assert [piece.near for piece in pieces if piece.kind == "manual"] == [True]
    assert any("a person reads it" in sentence for sentence in said)


@pytest.mark.parametrize("content, found", DAMAGED.values(), ids=DAMAGED)
def test_the_cells_before_the_damage_are_read_and_the_place_is_said(content, found):
    read, said, reason = answers(content)
    assert (read, reason) == (found, None)
    assert any("cut off or damaged behind cell" in sentence for sentence in said)


OTHERS = {
    "a conflict of git's": (
        GOOD.replace(b'"def double', b'"\n<<<<<<< HEAD\n"def double', 1), "git's marks"
    ),
    "a web page": (b"\n<!DOCTYPE html>\n<html>Sign in</html>", "it is a web page"),
    "a page that was exported": (b"<html lang='de'><body>def double(x)", "it is a web page"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\n", "Git LFS"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3", "it is a PDF"),
    "a link to Drive": (json.dumps({"doc_id": "1", "email": "a@b.c"}).encode(), "Google Drive"),
    "code alone": (DOUBLE.encode(), "the file is no notebook"),
    "a quarter of a cell": (GOOD[:60], "the file is no notebook"),
}  # fmt: skip


@pytest.mark.parametrize("content, words", OTHERS.values(), ids=OTHERS)
def test_of_another_file_it_is_said_what_it_is(content, words):
    read, _, reason = answers(content)
    assert read == [False, False]
    assert words in reason


@pytest.mark.parametrize(
    "texts", [["print(1)"], ["print(1)", "x = 2"], ["import os", "os.getcwd()", "def f(): pass"]]
)
def test_cells_of_a_notebook_of_something_else_are_nobodys_answers(texts):
    cells = [{"cell_type": "code", "source": text, "metadata": {}, "outputs": []} for text in texts]
    content = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    read, said, reason = answers(content.encode())
    assert (read, reason) == ([False, False], None)
    assert not any("had lost" in sentence for sentence in said)
