"""Bring a newer bundle of the course into this folder, and keep all that you have written.

    python update.py [mlp-course-student.zip]

A file that you haven't changed is brought up to date. A notebook that you have worked on stays as
it is, and the new one is put beside it. Without a name the newest bundle is taken that lies in this
folder, in the one above it, or among your downloads.
"""

import hashlib
import json
import os
import sys
import zipfile
from pathlib import Path

LIST, BUNDLES = "release.json", "mlp-course-student*.zip"
KEPT = "kept"
# When these change, packages may have to be installed.
INSTALLED_FROM = ("pyproject.toml", "constraints.txt")


class CantUpdate(Exception):
    """What stands in the way, in words."""


def digest(name, content):
    """Hash what a person wrote in a file: of a notebook its cells, not what running them left.

    Parameters
    ----------
    name : str
    content : bytes
    """
    if name.endswith(".ipynb"):
        try:
            cells = [
                [cell["cell_type"], "".join(cell["source"]), cell.get("attachments", {})]
                for cell in json.loads(content)["cells"]
                if "".join(cell["source"]).strip() or cell.get("attachments")
            ]
            content = json.dumps(cells, sort_keys=True).encode()
        except (ValueError, KeyError, TypeError):
            pass  # whatever it is, it is somebody's
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def update(course, files, released):
    """Bring files into a course's folder; return lines that say what was done.

    Parameters
    ----------
    course : Path
    files : dict of str to bytes
        The new bundle's, by path below the folder.
    released : dict
        The new bundle's list, a dict with "edition" and "files".
    """
    before = _list_of(course)
    if before.get("edition") == released["edition"]:
        return [f"This is {released['edition']} already: nothing to do."]
    said, fresh, changed = [], 0, []
    for name, content in sorted(files.items()):
        path = course / name
        state = _state(name, path)
        if state == digest(name, content):
            continue
        if path.is_dir():
            raise CantUpdate(f"{name} is a folder here: give it another name, and try again.")
        if state is None or state == before.get("files", {}).get(name):
            fresh += 1
            changed.append(name)
            _write(path, content)
        elif name.endswith(".ipynb"):
            said.append(_put_beside(path, content, released["edition"]))
        else:
            changed.append(name)
            said.append(_keep(course, name, released["edition"], "you had another"))
            _write(path, content)
    for name in sorted(set(before.get("files", {})) - set(files)):
        if _state(name, course / name) == before["files"][name]:
            said.append(_keep(course, name, released["edition"], "the course no longer has it"))
    # Last: stopped before, the next call goes on from here.
    _write(course / LIST, json.dumps(released, indent=1).encode())
    files_were = "file was" if fresh == 1 else "files were"
    first = f"{fresh} {files_were} written: new, or not changed by you."
    said = [first, *filter(None, said)]
    if not set(INSTALLED_FROM).isdisjoint(changed):
        said.append("Install the course again, as its README says (make lab does it by itself).")
    return [*said, f"This is {released['edition']} now."]


def _state(name, path):
    return digest(name, path.read_bytes()) if path.is_file() else None


def _list_of(course):
    try:
        return json.loads((course / LIST).read_bytes())
    except (OSError, ValueError):
        return {}  # of an older bundle: whatever differs may be the student's


def _put_beside(path, content, edition):
    new = path.with_name(f"{path.stem} ({edition}){path.suffix}")
    if not new.exists():
        _write(new, content)
    return f"{path.name}: yours stays; the new one is {new.name}, beside it."


def _keep(course, name, edition, why):
    """Move a file to a folder of what was here; of the package, only what may be a person's."""
    target, number = course / KEPT / edition / name, 1
    while target.exists():
        number += 1
        target = target.with_name(f"{Path(name).stem}-{number}{Path(name).suffix}")
    target.parent.mkdir(parents=True, exist_ok=True)
    (course / name).replace(target)
    return f"{name}: {why}; it is in {target.relative_to(course).as_posix()} now."


def _write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_bytes(content)
    beside.replace(path)


def read_bundle(path):
    """Read a bundle: (its files by path, its list).

    Raises
    ------
    CantUpdate
        If it isn't one.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if not name.endswith("/")]
            files = {name.partition("/")[2]: archive.read(name) for name in names}
        released = json.loads(files.pop(LIST))
        assert set(files) == set(released["files"]) and released["edition"]
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AssertionError):
        raise CantUpdate(f"{path} is no bundle of this course, or only a part of one.") from None
    for name in files:
        if name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name:
            raise CantUpdate(f"{path} is no bundle of this course: it holds {name!r}.")
    return files, released


def newest(course):
    """Find the newest bundle near a course's folder.

    Raises
    ------
    CantUpdate
        If there is none.
    """
    places = [course, course.parent, Path.home() / "Downloads"]
    found = [path for place in places for path in place.glob(BUNDLES)]
    if not found:
        raise CantUpdate(
            "Which bundle? Put mlp-course-student.zip into this folder, or name it:\n"
            "python update.py FOLDER/mlp-course-student.zip"
        )
    return max(found, key=lambda path: path.stat().st_mtime)


def main(arguments, course):
    """Update a course's folder and say what was done; return the exit status."""
    try:
        path = Path(arguments[0]) if arguments else newest(course)
        print(f"Taking {path}.")
        for line in update(course, *read_bundle(path)):
            print(line)
    except CantUpdate as error:
        print(error)
        return 1
    except OSError as error:
        print(f"{error.strerror}: {error.filename}. Mend that and try again: nothing is lost.")
        return 1
    return 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    sys.exit(main(sys.argv[1:], Path(os.path.abspath(__file__)).parent))
