"""A kernel of a course's own is named where its tests fail, as the judge runs another."""

import json
import sys

import pytest

from mlpkit.grading.course.kernels import other_kernel
from mlpkit.grading.course.run import Options, grade_class
from mlpkit.grading.job import CourseError
from tests.grading import notebooks
from tests.grading.course_factory import QUICK, make_course

ARGV = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
KERNELS = {
    "with-key": ({"argv": [sys.executable, *ARGV], "env": {"COURSE_KEY": "a"}}, "sets COURSE_KEY"),
    "conda": ({"argv": ["/opt/conda/bin/python", *ARGV]}, "runs /opt/conda/bin/python"),
    "both": (
        {"argv": ["/opt/x/python", *ARGV], "env": {"B": "1", "A": "2"}},
        "runs /opt/x/python and sets A, B",
    ),
    "renamed": ({"argv": [sys.executable, *ARGV]}, None),
    "python3": (None, None),
    "nowhere": (None, None),
}


def named(name):
    answer = "### BEGIN SOLUTION\nimport os\nkey = os.environ.get('COURSE_KEY')\n### END SOLUTION"
    book = notebooks.notebook(
        notebooks.solution("key", answer), notebooks.check("check", "assert key == 'a'")
    )
    book.metadata["kernelspec"]["name"] = name
    return book


@pytest.fixture(autouse=True)
def kernels(tmp_path, monkeypatch):
    for name, (spec, _) in KERNELS.items():
        if spec:
            folder = tmp_path / "data" / "kernels" / name
            folder.mkdir(parents=True)
            about = {"display_name": name, "language": "python"} | spec
            (folder / "kernel.json").write_text(json.dumps(about))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "data"))


@pytest.mark.parametrize("name", KERNELS)
def test_what_a_courses_kernel_has_and_the_judges_lacks_is_said(name):
    told = other_kernel(notebooks.content(named(name)))
    expected = KERNELS[name][1]
    assert (f"Its kernel {name!r} {expected}; the judge runs" in told) if expected else told == ""


@pytest.mark.sandbox
def test_a_test_that_fails_for_its_kernel_is_named_with_the_kernel(tmp_path):
    course = make_course(tmp_path / "course", {"ada": named("with-key")}, book=named("with-key"))
    with pytest.raises(CourseError, match="Its kernel 'with-key' sets COURSE_KEY; the judge runs"):
        grade_class(course, "ps1", Options(limits=QUICK))
