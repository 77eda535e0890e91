"""Install the students' archive as a student would, and run what is in it.

    python -m tools.try_bundle [--only NAME …]

Packs the archive, unpacks it into a folder of its own, makes an environment there, installs the
course by pip, runs the check of the environment, every lecture, and every released assignment (in
which each exercise fails as it isn't written yet). Works where there is no make: on Windows too.
"""

import argparse
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools import make_release


def binary(folder):
    """Give the Python of an environment in a folder."""
    place = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    return folder / ".venv" / place


def install(folder):
    """Unpack the archive into a folder and install it there; return the course's folder."""
    packed = folder / "course.zip"
    top = make_release.write(packed)
    zipfile.ZipFile(packed).extractall(folder)
    course = folder / top
    run(course, sys.executable, "-m", "venv", ".venv")
    constraints = ("--constraint", "constraints.txt")
    run(course, binary(course), "-m", "pip", "install", "-q", *constraints, "-e", ".[lab]")
    run(course, binary(course), "-m", "mlpkit.environment")
    return course


def run(folder, *command):
    """Run a command there; what it prints is seen, and its failure is this program's."""
    subprocess.run([str(word) for word in command], cwd=folder, check=True)


def run_notebook(course, path):
    """Run one notebook from a clean kernel; an assignment's exercises may fail."""
    allowed = ["--allow-errors"] if path.parent.parent.name == "assignments" else []
    command = [binary(course), "-m", "jupyter", "execute", *allowed, "--timeout=600", path.name]
    run(path.parent, *command)


def main(arguments=None):
    """Try all notebooks, or those that are named."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="*", metavar="NAME", help="as 01_one_hidden_layer")
    only = parser.parse_args(arguments).only
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        course = install(Path(folder).resolve())
        notebooks = [*course.glob("lectures/*.ipynb"), *course.glob("assignments/*/*.ipynb")]
        chosen = [path for path in sorted(notebooks) if only is None or path.stem in only]
        for path in chosen:
            print(f"running {path.relative_to(course)}", flush=True)
            run_notebook(course, path)
        print(f"{len(chosen)} notebooks ran.")


if __name__ == "__main__":
    main()
