"""Lay the book's sources beside each other and let Sphinx make pages of them."""

import contextlib
import io
import re
import shutil
import tempfile
from pathlib import Path

from sphinx.cmd.build import build_main

from tools.book import bibliography, index, katex, notation
from tools.book.lectures import ROOT, notebooks
from tools.make_pictures import drawing

PAGES = {"equations.md": index, "notation.md": notation, "bibliography.md": bibliography}
GALLERY = re.compile(r"\(gallery/(\d\d)\.svg\)")
# To a file of the repository, which is no page of the book.
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")
PDF = re.compile(r"^The whole course is also .*?\n\n", re.DOTALL | re.MULTILINE)


class NotBuilt(Exception):
    """Sphinx refused the sources; the message is what it said."""


def lay(folder, pdf=None):
    """Copy what pages are made of into a folder, and write those that are made of others."""
    shutil.copytree(ROOT / "book", folder, dirs_exist_ok=True)
    (folder / "gallery").mkdir()
    for name in GALLERY.findall((ROOT / "book" / "index.md").read_text(encoding="utf-8")):
        (lecture,) = ROOT.glob(f"lectures/{name}_*.ipynb")
        (folder / "gallery" / f"{name}.svg").write_bytes(drawing(lecture))
    for path in [*notebooks(), *sorted((ROOT / "lectures").glob("*.py"))]:
        target = folder / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    for name, maker in PAGES.items():
        (folder / name).write_text(maker.page(), encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (folder / "changes.md").write_text(LINK.sub(r"\1", changes), encoding="utf-8")
    katex.write(folder / "_static" / "katex")
    if pdf is None:  # then there is no word of it
        index = folder / "index.md"
        index.write_text(PDF.sub("", index.read_text(encoding="utf-8")), encoding="utf-8")


def build(target, builder="html", pdf=None, play=()):
    """Write the book's pages.

    Parameters
    ----------
    target : path
        The folder of the pages; what is in it is replaced.
    builder : str
        "html", or "singlehtml" for one page.
    pdf : path, optional
        The course as one file, which the first page then offers.
    play : sequence of str
        Names of lectures whose explorers are recorded, which takes a minute or two for all of them.
        Others are shown as still pictures.

    Raises
    ------
    NotBuilt
        If Sphinx has a complaint: a link without target, a formula that isn't closed.
    """
    target = Path(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".book-") as room:
        sources, pages = Path(room, "sources"), Path(room, "pages")
        lay(sources, pdf)
        options = ["-b", builder, "-D", f"record_explorers={','.join(play)}"]
        if builder == "singlehtml":
            options += ["-D", "html_theme_options.toc_title=Contents"]
        _sphinx(sources, pages, Path(room, "doctrees"), options)
        if pdf is not None:
            shutil.copyfile(pdf, pages / "course.pdf")
        shutil.rmtree(target, ignore_errors=True)
        pages.rename(target)


def _sphinx(sources, pages, doctrees, options):
    said = io.StringIO()
    options = ["-q", "-W", "--keep-going", *options, "-d", str(doctrees)]
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        status = build_main([*options, str(sources), str(pages)])
    if status:
        raise NotBuilt(said.getvalue().replace(f"{sources}/", ""))
