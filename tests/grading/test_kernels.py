"""A course's own kernel: its variables are there, and what the judge can't have of it is named."""

import json
import sys

import pytest

from mlpkit.grading.course.kernels import differences, variables
from mlpkit.grading.course.run import Options, grade_class
from mlpkit.grading.job import CourseError
from tests.grading import notebooks
from tests.grading.course_factory import QUICK, grade, make_course, totals

ARGV = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
HERE = {"argv": [sys.executable, *ARGV]}
# A kernel's file → the variables that the sandbox gets, and what is said of the rest.
KERNELS = {
    "with-key": (HERE | {"env": {"COURSE_KEY": "a$$b"}}, {"COURSE_KEY": "a$b"}, []),
    "zone": (HERE | {"env": {"TZ": "Asia/Tokyo"}}, {"TZ": "Asia/Tokyo"}, []),
    "plain": ({"argv": ["python", "-Xfrozen_modules=off", *ARGV]}, {}, []),
    "conda": ({"argv": ["/opt/conda/bin/python", *ARGV]}, {}, ["runs /opt/conda/bin/python"]),
    "wrapped": ({"argv": ["/opt/x/start.sh", "{connection_file}"]}, {}, ["runs /opt/x/start.sh"]),
    "options": (
        {"argv": [sys.executable, *ARGV, "--profile=x"]}, {}, ["is started with --profile=x"],
    ),
    "paths": (HERE | {"env": {"PYTHONPATH": "/x", "PATH": "/x"}}, {}, ["sets PATH, PYTHONPATH"]),
    "yours": (HERE | {"env": {"A": "${SECRET}", "B": "1"}}, {"B": "1"}, ["sets A"]),
    "both": (
        {"argv": ["/opt/x/python", *ARGV], "env": {"B": "1", "HOME": "2"}},
        {"B": "1"}, ["runs /opt/x/python", "sets HOME"],
    ),
    "python3": (None, {}, []),
    "nowhere": (None, {}, []),
}  # fmt: skip


def named(name, answer="import os\nkey = os.environ.get('COURSE_KEY')", test="assert key == 'a$b'"):
    book = notebooks.notebook(
        notebooks.solution("key", f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION"),
        notebooks.check("check", test),
    )
    book.metadata["kernelspec"]["name"] = name
    return book


@pytest.fixture(autouse=True)
def kernels(tmp_path, monkeypatch):
    for name, (spec, *_) in KERNELS.items():
        if spec:
            folder = tmp_path / "data" / "kernels" / name
            folder.mkdir(parents=True)
            about = {"display_name": name, "language": "python"} | spec
            (folder / "kernel.json").write_text(json.dumps(about))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))


@pytest.mark.parametrize("name", KERNELS)
def test_what_of_a_courses_kernel_can_be_had_is_and_the_rest_is_said(name):
    _, had, said = KERNELS[name]
    source = notebooks.content(named(name))
    assert variables(source) == had
    told = [what for what, _ in differences(source)]
    assert len(told) == len(said)
    assert all(what.startswith(f"{name!r} {each}, ") for what, each in zip(told, said, strict=True))


@pytest.mark.parametrize("name", ["", "my kernel", "über", None, 3])
def test_a_name_that_no_kernel_can_have_is_none_and_nothing_is_said_of_it(name, caplog):
    source = notebooks.content(named("python3")).decode()
    source = source.replace('"name": "python3"', f'"name": {json.dumps(name)}').encode()
    assert (variables(source), differences(source), caplog.records) == ({}, [], [])


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"env": null}', '{"argv": "python"}', "\udcff"])
def test_a_kernels_file_that_cant_be_read_is_none(tmp_path, text):
    file = tmp_path / "data/kernels/plain/kernel.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    source = notebooks.content(named("plain"))
    assert (variables(source), differences(source)) == ({}, [])


HOUR = "import time\nkey = time.localtime(0).tm_hour"
LOOK = "import os\nassert key == os.environ['COURSE_KEY']"
ZONED = "import os, time\nassert key == 9 and os.environ['TZ'] == 'Asia/Tokyo'"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("name", "answer", "test"),
    [
        ("with-key", "import os\nkey = os.environ['COURSE_KEY']", "assert key == 'a$b'"),
        ("with-key", "key = 'a$b'", LOOK),
        (
            "with-key",
            "key = 'a$b'",
            f"# tests: inside\n{LOOK}",
        ),
        ("zone", HOUR, ZONED),
    ],
)
def test_an_answer_and_a_test_find_what_the_courses_kernel_sets(tmp_path, name, answer, test):
    book = named(name, answer, test)
    course = make_course(tmp_path / "course", {"ada": book}, book=book)
    grade(course)
    assert totals(course) == {"ada": 2.0}


@pytest.mark.sandbox
@pytest.mark.parametrize("name", ["conda", "options", "paths"])
def test_nobody_is_judged_by_another_kernel_before_that_is_accepted(tmp_path, name):
    book = named(name, "key = 1", "assert key == 1")
    course = make_course(tmp_path / "course", {"ada": book}, book=book)
    told = f"sheet, its kernel: '{name}' {KERNELS[name][2][0]}, and"
    with pytest.raises(CourseError, match=told):
        grade_class(course, "ps1", Options(limits=QUICK))
    assert totals(course) == {}
    grade_class(course, "ps1", Options(limits=QUICK, accept_tests=True))
    grade_class(course, "ps1", Options(limits=QUICK, force=True))  # it is remembered
    assert totals(course) == {"ada": 2.0}
