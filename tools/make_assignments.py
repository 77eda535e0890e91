"""Write assignments/ anew from solutions/: what students get, without answers and hidden tests.

    python tools/make_assignments.py [--to DIRECTORY] [ps2 …]

Each assignment is generated beside its old release and then put in its place, so that an
interruption leaves the one or the other. nbgrader's database is thrown away: the same
solutions give the same bytes, and grading makes a database of its own.
"""

import argparse
import logging
import shutil
import sys
import tempfile
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from traitlets.config import Config

from mlpkit.grading.course.alembic import find_alembic
from mlpkit.grading.course.files import Course
from mlpkit.grading.course.preflight import look_at_tests as look
from mlpkit.grading.course.releases import remember
from mlpkit.grading.job import CourseError
from mlpkit.grading.room.bubblewrap import SandboxMissing

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "solutions"

find_alembic()


def assignments(source=SOURCE):
    """List the names of the assignments: the folders of solutions/ that hold a notebook."""
    return sorted({path.parent.name for path in Path(source).glob("*/*.ipynb")})


def generate(target, source=SOURCE, names=None):
    """Write the release of every assignment, or of those named, into a directory.

    Parameters
    ----------
    target : path
        Where a folder for each assignment is written, replacing one of the same name.
    source : path
        nbgrader's source directory.
    names : sequence of str, optional
        Only these; else releases without a source are taken away.

    Raises
    ------
    RuntimeError
        If nbgrader refuses an assignment; the others' releases are left as they are.
    """
    target = Path(target).resolve()  # nbgrader changes folders
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix=".new-") as course:
        api = NbGraderAPI(config=_config(Path(course), Path(source)))
        api.log.setLevel(logging.ERROR)
        for name in names or assignments(source):
            result = api.generate_assignment(name, force=True, create=True)
            if not result["success"]:
                raise RuntimeError(f"nbgrader refuses {name}:\n{result['log']}{result['error']}")
            _replace(Path(course, "release", name), target / name)
    for path in target.glob("*/*.ipynb"):
        if not names and path.parent.name not in assignments(source):
            shutil.rmtree(path.parent, ignore_errors=True)


def _config(course, source):
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.course_id = "mlp"
    config.CourseDirectory.source_directory = str(source.resolve())
    config.CourseDirectory.release_directory = "release"
    config.CourseDirectory.db_url = f"sqlite:///{course / 'gradebook.db'}"
    config.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "README.md"]
    return config


def _replace(new, old):
    beside = new.with_name(f"{new.name}-before")
    if old.exists():
        old.rename(beside)
    new.rename(old)
    shutil.rmtree(beside, ignore_errors=True)


def remember_all(target):
    """Keep in mind the releases in a directory, so that grading knows an earlier one."""
    for path in sorted(Path(target).glob("*/*.ipynb")):
        remember(ROOT, path.parent.name, path.stem, path.read_bytes())


def look_at_tests(root=ROOT, names=None):
    """Judge each assignment's own answers and its blank release, as grading does before a class.

    Returns
    -------
    int
        The exit status: 1 if a test would give wrong marks, which is said.
    """
    course, status = Course(root), 0
    for name in names or course.assignments():
        try:
            look(course, name)
        except CourseError as error:
            print(f"{name}:\n{error}", file=sys.stderr)
            status = 1
        except SandboxMissing as error:
            print(f"The tests weren't tried. {error}", file=sys.stderr)
            break
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--to", default=ROOT / "assignments", help="where to (assignments/)")
    parser.add_argument("--source", help="of another course: its tests aren't tried")
    parser.add_argument("names", nargs="*", metavar="psN", help="only these")
    options = parser.parse_args()
    if unknown := sorted(set(options.names) - set(assignments(options.source or SOURCE))):
        sys.exit(f"There is no assignment {unknown[0]!r}: {', '.join(assignments())} are there.")
    if options.source:
        generate(options.to, options.source, options.names)
        sys.exit()
    remember_all(options.to)  # what students may have, before it is replaced
    generate(options.to, names=options.names)
    remember_all(options.to)
    print(f"{', '.join(options.names or assignments())} written to {options.to}")
    sys.exit(look_at_tests(names=options.names))
