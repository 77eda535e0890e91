"""Write the course as a book of pages, and as one PDF: `python -m tools.make_site FOLDER`.

The pages work from the folder alone, with no server and no network. Assignments stand there as
released: without hidden tests.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tools.book import pdf
from tools.book.build import NotBuilt, build
from tools.book.lectures import ROOT

LECTURES = sorted(path.stem for path in (ROOT / "lectures").glob("*.ipynb"))


def main(arguments=None):
    """Write the book; a complaint is said in words, and the status is then not 0."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--no-pdf", action="store_true", help="leave the PDF out")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--still", action="store_true", help="show explorers as still pictures")
    which.add_argument(
        "--play", nargs="+", choices=LECTURES, default=LECTURES, metavar="LECTURE",
        help="record the explorers of these lectures alone, such as 05_backpropagation",
    )  # fmt: skip
    asked = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            course = None if asked.no_pdf else printed(Path(folder))
            build(asked.folder, pdf=course, play=() if asked.still else asked.play)
    except NotBuilt as error:
        sys.exit(f"The book was not written:\n{error}")
    print(asked.folder / "index.html")


def printed(folder):
    """Take the PDF that a release has, where it is current, or print one into a folder.

    Where there is no browser it is said in a line, and there is none.
    """
    if pdf.is_current(pdf.USUAL):
        return pdf.USUAL
    try:
        return pdf.write(folder / "course.pdf")
    except pdf.NoBrowser as error:
        print(error)
        return None


if __name__ == "__main__":
    main()
