"""One version: the package, the students' archive, the list of changes and a judged row say it."""

import re
import zipfile
from importlib import metadata
from pathlib import Path

import mlpkit
from tools import make_release

ROOT = Path(__file__).parents[1]


def test_the_installed_package_has_the_version_of_its_code():
    assert metadata.version("mlpkit") == mlpkit.__version__


def test_the_list_of_changes_begins_with_this_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == mlpkit.__version__
    assert len(set(headings)) == len(headings) >= 2


def test_the_students_archive_names_its_version(tmp_path):
    make_release.write(tmp_path / "course.zip")
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        assert archive.comment.decode().split()[-1] == mlpkit.__version__
