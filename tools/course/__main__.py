"""Write what the course says of its parts: `python -m tools.course [--check]`.

From `course.toml` and the notebooks: tables, the gallery, the calendar, contents, links between
lectures, points in headings, tables and tests, and the sentences that count. With --check nothing
is written, and the status is 1 where something would be.
"""

import argparse
import sys
from pathlib import Path

from tools.course.facts import FactError
from tools.course.listing import ROOT, ListError, read
from tools.course.places import written

COMMAND = "python -m tools.course"


def main(arguments=None):
    """Write all places, or say which differ; a complaint is one line."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, say what differs")
    parser.add_argument("--course", type=Path, default=ROOT, help="the course's folder")
    options = parser.parse_args(arguments)
    try:
        files, differences = written(read(options.course), options.course)
    except (ListError, FactError) as error:
        print(error, file=sys.stderr)
        return 1
    for each in differences:
        print(f"{each.file}: {each.place}{' is not what the list says' if options.check else ''}")
    if options.check:
        if differences:
            print(f"Write them: {COMMAND}")
        return int(bool(differences))
    _write(options.course, {file: files[file] for file, _ in differences})
    if any(file.startswith("solutions/ps") for file, _ in differences):
        print("Solutions have changed: make assignments writes what students get.")
    return 0


def _write(root, files):
    """Write each file beside its old one, and put all in place once all are written."""
    beside = {root / file: root / f"{file}.new" for file in files}
    try:
        for (path, new), text in zip(beside.items(), files.values(), strict=True):
            new.write_text(text, encoding="utf-8")
            new.chmod(path.stat().st_mode)
        for path, new in beside.items():
            new.replace(path)
    finally:
        for new in beside.values():
            new.unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
