"""Pack what students need, and nothing else: `python -m tools.make_release [FILE.zip]`.

The lectures, the released assignments, the teaching part of mlpkit, and how to install them.
"""

import subprocess
import sys
import zipfile
from pathlib import Path

from mlpkit import __version__

ROOT = Path(__file__).parents[1]
TOP = "mlp-course"
FOLDERS = ("lectures/", "assignments/", "mlpkit/")
FILES = ("LICENSE", "Makefile", "constraints.txt", "pyproject.toml")
KEPT_BACK = ("mlpkit/grading/",)
# Sections of pyproject.toml that speak of what isn't packed.
SECTIONS = ("[project.scripts]", "[project.entry-points", "[tool.ruff", "[tool.pytest")
# Every member has this date, so that the same course gives the same bytes.
DATE = (2026, 1, 1, 0, 0, 0)


def members():
    """Map each packed file's path in the archive to its bytes."""
    packed = {name: (ROOT / name).read_bytes() for name in _tracked() if _wanted(name)}
    packed["README.md"] = packed.pop("assignments/README.md")
    packed["pyproject.toml"] = _without_sections(packed["pyproject.toml"])
    return packed


def write(path):
    """Write the archive, whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".zip.new")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = f"{TOP} {__version__}".encode()
        for name, content in sorted(members().items()):
            archive.writestr(zipfile.ZipInfo(f"{TOP}/{name}", DATE), content, zipfile.ZIP_DEFLATED)
    beside.replace(path)


def _tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    return [name for name in listed.stdout.split("\0") if (ROOT / name).is_file()]


def _wanted(name):
    return name in FILES or (name.startswith(FOLDERS) and not name.startswith(KEPT_BACK))


def _without_sections(content):
    kept, skipping = [], False
    for line in content.decode().splitlines():
        if line.startswith("["):
            skipping = line.startswith(SECTIONS)
        if not skipping and "mlpkit.grading" not in line:
            kept.append(line)
    return ("\n".join(kept) + "\n").encode()


if __name__ == "__main__":
    target = sys.argv[1] if len(sys.argv) > 1 else ROOT / "dist" / "mlp-course-student.zip"
    write(target)
    print(target)
