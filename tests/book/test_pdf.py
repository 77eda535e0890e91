"""The PDF beside a release: printed where there is none of the present course, and only there."""

import shutil

import pytest

pdf = pytest.importorskip("tools.book.pdf")
build = pytest.importorskip("tools.book.build")
pikepdf = pytest.importorskip("pikepdf")

from tools import make_release  # noqa: E402

CHANGES = {
    "a lecture": lambda folder: (folder / "lectures/05.ipynb").write_text("{ }"),
    "a new page": lambda folder: (folder / "new.md").write_text("# New"),
    "a name": lambda folder: (folder / "index.md").rename(folder / "home.md"),
    "a style": lambda folder: (folder / "book.css").write_text("p { color: red }"),
}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A small course in place of the whole one, and a list of what was printed of it."""
    course, printed = tmp_path / "course", []
    (course / "lectures").mkdir(parents=True)
    for name in ("lectures/05.ipynb", "index.md", "book.css"):
        (course / name).write_text("")

    def printing(program, page, target):
        printed.append(target)
        pikepdf.new().save(target)

    monkeypatch.setattr(
        pdf, "lay", lambda folder: shutil.copytree(course, folder, dirs_exist_ok=True)
    )
    monkeypatch.setattr(pdf, "build", lambda *arguments: None)
    monkeypatch.setattr(pdf, "browser", lambda: "chromium")
    monkeypatch.setattr(pdf, "_print", printing)
    return course, printed


@pytest.mark.parametrize("what", CHANGES)
def test_a_pdf_is_printed_where_it_is_absent_or_old_and_it_is_said(book, tmp_path, what, capsys):
    (course, printed), target = book, tmp_path / "dist" / "mlp-course.pdf"
    assert make_release.put_pdf(target) == 0 and len(printed) == 1
    assert "isn't there yet" in capsys.readouterr().out
    assert make_release.put_pdf(target) == 0 and len(printed) == 1
    assert "of this course already" in capsys.readouterr().out
    CHANGES[what](course)
    assert make_release.put_pdf(target) == 0 and len(printed) == 2
    assert "of another state of the course" in capsys.readouterr().out
    assert pdf.is_current(target)


def fail(error):
    def raising(*arguments):
        raise error

    return raising


@pytest.mark.parametrize(
    "error", [pdf.NoBrowser("no Chromium"), build.NotBuilt("a link is broken"), OSError("full")]
)
def test_where_no_pdf_can_be_printed_it_is_said_and_is_a_failure(book, tmp_path, error, capsys):
    target, broken = tmp_path / "mlp-course.pdf", pytest.MonkeyPatch()
    with broken.context() as patch:
        patch.setattr(pdf, "_print", fail(error))
        assert make_release.put_pdf(target) == 1
    said = capsys.readouterr().out
    assert str(error) in said and "--no-pdf leaves the PDF out" in said and not target.exists()


@pytest.mark.parametrize("content", [b"", b"no PDF", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_not_taken_for_one(book, tmp_path, content):
    target = tmp_path / "mlp-course.pdf"
    target.write_bytes(content)
    assert not pdf.is_current(target)
    assert make_release.put_pdf(target) == 0 and pdf.is_current(target)
