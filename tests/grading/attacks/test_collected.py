"""A platform's download in which one hand-in is odd: everybody else's is taken, and in time."""

import time
import unicodedata

import pytest

from mlpkit.grading.term.collect import collect
from tests.grading import notebooks
from tests.grading.course_factory import make_course
from tests.grading.term.platforms import PEOPLE, zipped

WORK = notebooks.content(notebooks.answered())
ADA = "Ada Lovelace_4711_assignsubmission_file/"
OTHER = {"Anna Schmidt_12_assignsubmission_file/x": b"", "jlu/sheet.ipynb": WORK}
TIMES = """\
Identifier,Full name,Email address,Last modified (submission)
Participant 4711,Ada Lovelace,ada@example.org,"Thursday, 1 October 2026, 11:59 PM"
"""
# What lies in a folder that has a file's name.
CLASHES = {
    "a file before its folder": {"a": b"", "a/b": b""},
    "a folder before its file": {"a/b/c": b"", "a": b""},
    "two forms of one letter": {"ä": b"", unicodedata.normalize("NFD", "ä") + "/b": b""},
    "a notebook's own": {"sheet.ipynb/x": b"", "sheet.ipynb": WORK},
    "that of the time": {"timestamp.txt/x": b""},
}
LONG = {
    "a platform's words again and again": "anon_" * 12_000,
    "nothing but lines": "_" * 60_000 + "/x",
    "folders in folders": "a/" * 30_000 + "x",
    "one after a hand-in's": f"{ADA}{'a/' * 30_000}sheet.ipynb",
}


def taken(folder, files):
    """Collect a download; give what was said and what lies there of each student."""
    course = make_course(folder / "course", {}, config='c.Term.timezone = "Europe/Berlin"\n')
    (course.root / "students.csv").write_bytes(PEOPLE.encode("cp1252"))
    (folder / "download.zip").write_bytes(zipped(files | OTHER))
    (folder / "times.csv").write_text(TIMES)
    said = collect(course, "ps1", folder / "download.zip", folder / "times.csv")
    place = course.root / "submitted"
    found = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    return said, found


@pytest.mark.parametrize("files", CLASHES.values(), ids=CLASHES)
def test_a_file_in_the_place_of_a_folder_stops_nobodys_hand_in(files, tmp_path):
    files = {f"{ADA}{name}": content for name, content in files.items()}
    said, found = taken(tmp_path, {f"{ADA}sheet.ipynb": WORK} | files)
    assert {"ada/ps1/sheet.ipynb", "ada/ps1/timestamp.txt", "jlu/ps1/sheet.ipynb"} <= found
    assert sum("a file has the name of its folder" in line for line in said) == 1


@pytest.mark.parametrize("name", LONG.values(), ids=LONG)
def test_a_name_that_no_system_could_write_holds_nobody_up_and_fills_no_screen(name, tmp_path):
    start = time.process_time()
    said, found = taken(tmp_path, {name: WORK})
    assert time.process_time() - start < 2
    assert "jlu/ps1/sheet.ipynb" in found and not any(each.startswith("ada/") for each in found)
    assert max(map(len, said)) < 2500
