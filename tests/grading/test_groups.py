"""Wrong answers in groups: a name only where it is sure, and nobody is left out."""

import json
from itertools import chain

import pytest

from mlpkit.grading.insight.groups import sort
from mlpkit.grading.insight.names import Mistake, Names
from mlpkit.grading.job import CourseError, Signature


def wrong(digest, values=3, version="v1"):
    return Signature("wrong", "", digest, version, 9, 2, values)


def names(tmp_path, mistakes, version="v1"):
    folder = tmp_path / "mistakes"
    folder.mkdir()
    tree = {"tests": {"softmax_test": {"version": version, "mistakes": mistakes}}}
    (folder / "psX.json").write_text(json.dumps(tree))
    return Names("psX", tmp_path)


AXIS = {"along the samples": {"signature": "aa", "says": "An axis is an axis."}}


@pytest.mark.parametrize(
    "signature,titles",
    [
        (wrong("aa"), ["along the samples"]),
        (wrong("ab"), []),
        (wrong("aa", version="v2"), []),
        (wrong("aa", values=0), []),
        (wrong(""), []),
        (Signature("wrong", "", "aa", "v1", 60, 28, 0), ["along the samples"]),
        (Signature("wrong", "", "aa", "v1", 60, 59, 0), []),
        (Signature("wrong", "", "aa", "v1", 60, 1, 0), []),
        (Signature("blank"), []),
        (Signature("not run", "needs seaborn"), []),
    ],
)
def test_a_name_is_given_for_an_equal_signature_of_one_version_that_tells_enough(
    tmp_path, signature, titles
):
    known = names(tmp_path, AXIS)
    assert [each.title for each in known.of("softmax_test", signature)] == titles
    assert known.of("another_test", signature) == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"tests": {"a": 1}}', '{"tests": 3}'])
def test_a_file_of_names_that_cannot_be_read_is_named(tmp_path, content):
    (tmp_path / "mistakes").mkdir()
    (tmp_path / "mistakes" / "psX.json").write_text(content)
    with pytest.raises(CourseError, match=r"psX.json can't be read"):
        Names("psX", tmp_path)


def test_answers_are_sorted_into_named_alike_singles_blank_and_not_run():
    signatures = {
        "ada": wrong("aa"), "ben": wrong("bb"), "cay": wrong("bb"), "dan": wrong("cc"),
        "eve": wrong("aa"), "fay": Signature("blank"), "gus": Signature("not run", "needs seaborn"),
        "hal": Signature("wrong"), "ida": Signature("wrong", "uses scipy", "dd", "v1", 4),
        "jon": Signature("wrong"),
    }  # fmt: skip
    name = Mistake("along the samples")
    found = sort("t", signatures, lambda test, each: [name] if each.digest == "aa" else [])
    assert [(group.mistakes, group.students) for group in found.named] == [
        ((name,), ("ada", "eve"))
    ]
    assert [(group.code, group.students) for group in found.alike] == [
        ("bb", ("ben", "cay")), ("dd", ("ida",)),
    ]  # fmt: skip
    assert found.singles == ["dan", "hal", "jon"]
    assert (found.blank, found.stopped) == (["fay"], {"needs seaborn": ["gus"]})
    groups = chain(*(group.students for group in [*found.named, *found.alike]))
    everybody = [*groups, *found.singles, *found.blank, *chain(*found.stopped.values())]
    assert sorted(everybody) == sorted(signatures)
