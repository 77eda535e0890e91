"""Print the course as one PDF, which a release has beside the archive: `python -m tools.make_pdf`.

It is the book that `make site` offers on its first page: the lectures, the assignments as released,
and the pages of reference.
"""

import argparse
import sys
from pathlib import Path

from tools.book import pdf
from tools.book.build import NotBuilt


def main(arguments=None):
    """Print it, and say what; where that isn't possible end with a line that says why."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, default=pdf.USUAL)
    target = parser.parse_args(arguments).file
    try:
        pdf.write(target)
    except (NotBuilt, OSError, pdf.NoBrowser) as error:
        sys.exit(f"The PDF was not printed: {error}")
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
