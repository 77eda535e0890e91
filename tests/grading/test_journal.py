"""A kept result is used again only where the work, the tests and the judge are the same."""

import sys
from dataclasses import replace

import pytest

import mlpkit
from mlpkit.grading.course import journal
from mlpkit.grading.job import Job, Limits, Result
from mlpkit.grading.workers import kit

JOB = Job("ada", "ps1", "ps1", b"{}", b"source", b"released")


@pytest.fixture(autouse=True)
def judge_is_looked_at_anew():
    journal._judge.cache_clear()
    yield
    journal._judge.cache_clear()


@pytest.mark.parametrize(
    "change",
    [
        {"submission": b"{ }"},
        {"source": b"another"},
        {"released": b"another"},
        {"files": {"data.csv": b"1"}},
        {"limits": Limits(call_seconds=1)},
        {"unsandboxed": True},
    ],
    ids=lambda change: next(iter(change)),
)
def test_other_work_or_other_tests_have_another_fingerprint(change):
    one, other = journal.fingerprint(JOB), journal.fingerprint(replace(JOB, **change))
    assert one != other
    assert not journal.only_the_judge_changed(one, other)


@pytest.mark.parametrize("what", ["the kit's code", "Python", "NumPy"])
def test_another_judge_is_told_from_other_work(what, monkeypatch, tmp_path):
    before = journal.fingerprint(JOB)
    journal._judge.cache_clear()
    kit.code.cache_clear()
    if what == "Python":
        monkeypatch.setattr(sys, "version", "3.99")
    elif what == "NumPy":
        monkeypatch.setattr(journal.metadata, "version", lambda name: "99")
    else:
        (tmp_path / "exercises.py").write_text("RTOL = 1")
        monkeypatch.setattr(mlpkit, "__file__", str(tmp_path / "__init__.py"))
    after = journal.fingerprint(JOB)
    assert journal.only_the_judge_changed(before, after)
    assert not journal.only_the_judge_changed(after, after)


def test_a_row_carries_the_version_of_the_kit_that_judged_it(tmp_path):
    kept = journal.Journal(tmp_path)
    kept.keep("mark", Result("ada", "ps1", "ps1", kit="0.9"))
    assert kept.find("ada", "ps1")[1].kit == "0.9"
    assert Result("ada", "ps1", "ps1").kit == mlpkit.__version__
