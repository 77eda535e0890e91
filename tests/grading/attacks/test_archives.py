"""A small archive that unpacks to much holds nobody up, and what isn't looked at is said."""

import io
import time
import zipfile

import pytest

from mlpkit.grading.course import archives
from mlpkit.grading.text.handed_in import LARGEST, Unreadable
from tests.grading import notebooks
from tests.grading.course_factory import make_course
from tests.grading.handins.filed import tar_of, zip_of
from tests.tiers import few

BLANK = notebooks.content(notebooks.release(notebooks.course()))
BEGUN = b'{"cells": ['
LARGE = BEGUN + b" " * (40 * 1024**2)
MANY = {f"n{number}.ipynb": BLANK for number in range(1500)}


TAR = tar_of({"a.ipynb": LARGE}, "xz")
# What is handed in, and whether not all of it can be looked at.
ARCHIVES = {
    "a tar of xz with much in it": ({"pad": bytes(90 * 1024**2), **MANY}, "xz", False),
    "a tar of gzip with much in it": ({"pad": bytes(90 * 1024**2), **MANY}, "gz", False),
    "a zip of many": (MANY, "", False),
    "a zip of zips": ({f"z{at}.zip": zip_of(MANY) for at in range(3)}, "", False),
    "a zip of large ones": ({f"n{at}.ipynb": LARGE for at in range(9)}, "", True),
    "a zip of tars": (
        {f"t{at}.txz": tar_of({"a.ipynb": LARGE}, "xz") for at in range(9)},
        "",
        True,
    ),
    "folders without end": ({f"d{at}/": b"" for at in range(30_000)}, "gz", True),
}


def packed(files, packing):
    if packing:
        return tar_of(files, packing)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("kind", few(ARCHIVES, 4))
def test_an_archive_is_looked_into_in_bounded_time(kind, tmp_path):
    files, packing, left = ARCHIVES[kind]
    content = packed(files, packing)
    assert len(content) < 2 * 1024**2
    name = f"a.tar.{packing}" if packing else "a.zip"
    course = make_course(
        tmp_path, {"ada": lambda folder: (folder / name).write_bytes(content), "bo": BLANK}
    )
    start = time.process_time()
    found = {each.student: each for each in course.submissions("ps1")}
    assert time.process_time() - start < 8
    assert found["bo"].notes == () and found["bo"].problem is None
    said = "; ".join(found["ada"].notes)
    assert ("too many or too large files are in" in said) == left
    assert kind == "folders without end" or found["ada"].file.read().startswith(b"{")


@pytest.mark.parametrize("size", [LARGEST + 1, 2 * LARGEST, 3 * LARGEST])
def test_what_a_zip_says_is_too_large_is_not_unpacked(size):
    content = packed({"zeros.ipynb": bytes(size)}, "")
    start = time.process_time()
    with pytest.raises(Unreadable, match="MB"):
        archives.member(content, "zeros.ipynb", LARGEST)
    assert time.process_time() - start < 0.2
