"""Pack what students need, and nothing else: `python -m tools.make_release [FILE.zip]`.

The lectures, the released assignments, the teaching part of mlpkit, and how to install and update
them. It packs nothing that git doesn't know, and no release that is older than its solution.
Beside the archive lies the course as one PDF, which is printed where there is none of this course.
"""

import argparse
import filecmp
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from importlib.util import find_spec
from pathlib import Path

from mlpkit import __version__
from tools.update_course import LIST, digest

ROOT = Path(__file__).parents[1]
TOP = "mlp-course"
FOLDERS = ("lectures/", "assignments/", "mlpkit/")
FILES = ("LICENSE", "Makefile", "constraints.txt", "pyproject.toml")
KEPT_BACK = ("mlpkit/grading/",)
# Sections of pyproject.toml that speak of what isn't packed.
SECTIONS = ("[project.scripts]", "[project.entry-points", "[tool.ruff", "[tool.pytest")
# Every member has this date and these rights, so that the same course gives the same bytes.
DATE, RIGHTS, UNIX = (2026, 1, 1, 0, 0, 0), 0o644 << 16, 3
LEFT_BY_PROGRAMS = ("__pycache__", ".ipynb_checkpoints")


def members():
    """Map each packed file's path in the archive to its bytes, the list of them included."""
    packed = {name: (ROOT / name).read_bytes() for name in files() if _wanted(name)}
    packed["README.md"] = packed.pop("assignments/README.md")
    packed["pyproject.toml"] = _without_sections(packed["pyproject.toml"])
    packed["update.py"] = (ROOT / "tools" / "update_course.py").read_bytes()
    listed = {name: digest(name, content) for name, content in sorted(packed.items())}
    about = {"version": __version__, "edition": _edition(packed), "files": listed}
    return packed | {LIST: json.dumps(about, indent=1).encode()}


def _edition(packed):
    """Name what is packed: two bundles that differ never unpack into one folder."""
    whole = hashlib.sha256()
    for name, content in sorted(packed.items()):
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return f"{__version__}-{whole.hexdigest()[:6]}"


def write(path):
    """Write the archive, whole or not at all; return the name of the folder in it."""
    path, packed = Path(path), members()
    top = f"{TOP}-{json.loads(packed[LIST])['edition']}"
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".zip.new")
    with zipfile.ZipFile(beside, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = f"{TOP} {__version__}".encode()
        for name, content in sorted(packed.items()):
            member = zipfile.ZipInfo(f"{top}/{name}", DATE)
            member.external_attr, member.create_system = RIGHTS, UNIX
            archive.writestr(member, content, zipfile.ZIP_DEFLATED)
    beside.replace(path)
    return top


def files():
    """List the course's files by path: what git knows, or without git what lies there."""
    tracked = _git("ls-files", "-z")
    if tracked is not None:
        return [name for name in tracked if (ROOT / name).is_file()]
    found = [ROOT / name for name in FILES]
    found += [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
    return [
        path.relative_to(ROOT).as_posix() for path in found
        if path.is_file() and path.suffix != ".pyc" and not set(path.parts) & {*LEFT_BY_PROGRAMS}
    ]  # fmt: skip


def _git(*words):
    """Return what git lists, or None where the course is no clone."""
    try:
        top = subprocess.run(
            ["git", "rev-parse", "--show-toplevel"], cwd=ROOT, capture_output=True, text=True
        )
        if top.returncode or Path(top.stdout.strip()).resolve() != ROOT.resolve():
            return None
        listed = subprocess.run(
            ["git", *words], cwd=ROOT, capture_output=True, check=True, text=True
        )
    except OSError:  # there is no git
        return None
    return [name for name in listed.stdout.split("\0") if name]


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


def problems():
    """List, a line each, what would be missing in the archive, or old."""
    found = []
    for name in filter(_wanted, _git("ls-files", "-z", "--others", "--exclude-standard") or ()):
        found.append(f"{name} isn't known to git: git add it, or move it away.")
    for name in filter(_wanted, _git("ls-files", "-z", "--deleted") or ()):
        found.append(f"{name} is known to git and not there: git rm it, or put it back.")
    found += _unwritten()
    if found or not (ROOT / "solutions").is_dir() or not find_spec("nbgrader"):
        return found
    return _old_releases()


def _unwritten():
    """List the notebooks in which stubs still say what is to be written."""
    books = [name for name in files() if _wanted(name) and name.endswith(".ipynb")]
    counts = {name: (ROOT / name).read_text("utf-8").count("TODO") for name in books}
    return [
        f"{name} says TODO {'once' if number == 1 else f'{number} times'}: write what it asks for."
        for name, number in counts.items() if number
    ]  # fmt: skip


def _old_releases():
    """Compare assignments/ with what solutions/ now gives."""
    from tools.make_assignments import assignments, generate  # they need nbgrader

    with tempfile.TemporaryDirectory() as folder:
        try:
            generate(folder, ROOT / "solutions")
        except RuntimeError as error:
            return [f"{str(error).partition(chr(10))[0]} make assignments says more"]
        names = {path.parent.name for path in ROOT.glob("assignments/*/*.ipynb")}
        old = [
            name for name in sorted(names | set(assignments(ROOT / "solutions")))
            if _differ(ROOT / "assignments" / name, Path(folder, name))
        ]  # fmt: skip
    return [
        f"assignments/{name} isn't what solutions/{name} gives: make assignments" for name in old
    ]


def _differ(one, other):
    if not (one.is_dir() and other.is_dir()):
        return True
    found = filecmp.dircmp(one, other, ignore=[*LEFT_BY_PROGRAMS])
    different = filecmp.cmpfiles(one, other, found.common_files, shallow=False)[1:]
    inner = any(_differ(one / name, other / name) for name in found.common_dirs)
    return bool(found.left_only or found.right_only or any(different) or inner)


def main(arguments=None):
    """Pack, and say what; or say why not, and return 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", default=ROOT / "dist" / "mlp-course-student.zip")
    parser.add_argument("--no-pdf", action="store_true", help="leave the course's PDF as it is")
    asked = parser.parse_args(arguments)
    target = Path(asked.file)
    if found := problems():
        print("\n".join(["Nothing is packed, as something would be missing or old:", *found]))
        return 1
    top = write(target)
    with zipfile.ZipFile(target) as archive:
        number = len(archive.namelist())
    if _git("ls-files", "-z") is None:
        print(f"No clone of git here: all that lies in {', '.join(FOLDERS)} is packed.")
    if not find_spec("nbgrader"):
        print("Not looked at, as nbgrader isn't installed: whether assignments/ is of solutions/.")
    print(f"{target}: {number} files, {target.stat().st_size / 1e6:.1f} MB, as {top}")
    return 0 if asked.no_pdf else put_pdf(target.with_name("mlp-course.pdf"))


def put_pdf(target):
    """See that a file is the course's PDF, and say how it is; return 1 where there is none."""
    try:
        from tools.book import build, pdf  # they need Sphinx and a browser's driver
    except ModuleNotFoundError as error:
        print(f"{target} isn't printed, as {error.name} isn't installed; make release installs it.")
        return 1
    if pdf.is_current(target):
        print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, of this course already")
        return 0
    state = "is of another state of the course" if target.exists() else "isn't there yet"
    print(f"{target} {state}: it is printed, which takes some minutes.", flush=True)
    try:
        pdf.write(target)
    except (build.NotBuilt, OSError, pdf.NoBrowser) as error:
        print(f"{target} isn't printed: {error}")
        print("The archive is complete without it; --no-pdf leaves the PDF out.")
        return 1
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
