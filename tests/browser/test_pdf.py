"""The course as one PDF: all of it, numbered pages, with contents, and not large."""

import subprocess
import sys

import pytest

from tests.course import ROOT

pikepdf = pytest.importorskip("pikepdf")

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.thorough]


def test_the_pdf_has_all_lectures_in_its_contents_and_is_tagged_for_readers(tmp_path, browser):
    from tools.book.lectures import title

    path = tmp_path / "course.pdf"
    command = [sys.executable, "-m", "tools.make_pdf", str(path)]
    said = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert said.startswith(f"{path}: ") and said.endswith(" MB\n")
    assert path.stat().st_size < 15_000_000 and not path.with_suffix(".pdf.new").exists()
    with pikepdf.open(path) as printed, printed.open_outline() as outline:
        assert len(printed.pages) > 150 and "/StructTreeRoot" in printed.Root
        named = {item.title for top in outline.root for item in [top, *top.children]}
    for lecture in sorted(ROOT.glob("lectures/*.ipynb")):
        assert any(title(lecture) in each for each in named)
