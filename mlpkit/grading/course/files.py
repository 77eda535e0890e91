"""A course folder as nbgrader lays it out: sources, submissions, and where results go."""

import os
from datetime import datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from mlpkit.grading.course.folders import Folders
from mlpkit.grading.course.hand_ins import Submission, find, grade_ids, marks
from mlpkit.grading.course.listing import read_file
from mlpkit.grading.course.release import release
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.job import CourseError, Limits
from mlpkit.grading.text.handed_in import Unreadable
from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.text.times import NoTime, time_in, zone_named

LARGEST_TIMESTAMP = 64 * 1024


class HandedIn(NamedTuple):
    """When something was handed in.

    Attributes
    ----------
    content : bytes
        Of nbgrader's timestamp.txt; b"" if there is none that can be read.
    when : datetime or None
        Aware; None where nothing says it.
    note : str
        Why the file says nothing that counts, or "".
    """

    content: bytes = b""
    when: datetime | None = None
    note: str = ""


class Course:
    """The course in a folder with an nbgrader_config.py.

    Parameters
    ----------
    root : path
        The course's folder.

    Raises
    ------
    CourseError
        If the folder has no nbgrader_config.py, or it names limits that there are not.
    """

    def __init__(self, root: str | os.PathLike[str] = ".") -> None:
        self.root = Path(root).resolve()
        if not (self.root / "nbgrader_config.py").is_file():
            raise CourseError(
                f"No nbgrader_config.py in {self.root}.\n"
                "Run this in the course's folder, or name it: mlpkit --course FOLDER …"
            )
        loader = PyFileConfigLoader("nbgrader_config.py", str(self.root))
        self.config = Config(loader.load_config())
        self.config.CourseDirectory.setdefault("root", str(self.root))
        self.directory = CourseDirectory(config=self.config)
        self._released: dict[bytes, bytes] = {}
        self._ids: dict[str, frozenset[bytes]] = {}
        self._folders: Folders | None = None
        try:
            self.limits = Limits(**self.config.Judge.get("limits", {}))
        except TypeError as error:
            raise CourseError(
                f"c.Judge.limits in nbgrader_config.py: {error}.\n"
                f"There are {', '.join(vars(Limits()))}."
            ) from error
        self.zone = _zone(self.config.Term.get("timezone", "UTC"))

    def assignments(self) -> list[str]:
        """List the course's assignments: each folder of the source with a notebook in it."""
        return sorted({path.parent.name for path in self._sources.glob("*/*.ipynb")})

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of one nbgrader step: "submitted", "autograded" or "source"."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(self.directory.format_path(name, student, assignment))

    def sources(self, assignment: str) -> dict[str, tuple[bytes, bytes]]:
        """Map each source notebook's name to its bytes, and to those of its release.

        Returns
        -------
        dict of str to tuple of (bytes, bytes)

        Raises
        ------
        CourseError
            If the assignment has no source notebook, or one that can't be read.
        """
        folder = self.folder("source", ".", assignment)
        found = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.ipynb"))}
        if not found:
            there = sorted({path.parent.name for path in folder.parent.glob("*/*.ipynb")})
            raise CourseError(
                f"No notebook in {folder}: {assignment!r} is no assignment of this course.\n"
                f"There are {', '.join(there) or 'none'}."
            )
        notebooks: dict[str, tuple[bytes, bytes]] = {}
        for name, content in found.items():
            try:
                notebooks[name] = content, self._release(content)
                read_plan(*notebooks[name])
            except ValueError as error:
                raise CourseError(f"{folder / name}.ipynb: {error}.\nMend it first.") from error
        return notebooks

    def _release(self, content: bytes) -> bytes:
        """Make the release of a source, once."""
        if content not in self._released:
            self._released[content] = release(content, self.config)
        return self._released[content]

    def files(self, assignment: str) -> dict[str, bytes]:
        """Map each of the assignment's own data files to its bytes, by relative path."""
        return data_files(self.folder("source", ".", assignment))

    def submissions(self, assignment: str) -> list[Submission]:
        """List what every student handed in, in the students' order, one entry a notebook."""
        sources = self.sources(assignment)
        found: list[Submission] = []
        folders = self._look()
        gone = withdrawn(self.root)
        for student in sorted(set(folders.students) - set(gone)):
            place = folders.place(student, assignment, sources)
            if place is not None:
                found += find(student, place.folder, sources, place.notes, place.without)
        return found

    def handed_in(self, student: str, assignment: str) -> HandedIn:
        """Return when a submission was handed in; what can't be read as a time is said."""
        for path in self.folders.timestamps(student, assignment):
            if not os.path.lexists(path):
                continue
            content = b""
            try:
                content = read_file(path, LARGEST_TIMESTAMP)
                return HandedIn(content, time_in(content, self.zone))
            except Unreadable:
                why = f"it is no file, or has more than {LARGEST_TIMESTAMP // 1024} kB"
            except NoTime as error:
                why = str(error)
            return HandedIn(
                content, None, f"timestamp.txt doesn't say when it was handed in: {why}"
            )
        return HandedIn()

    def of_another(self, content: bytes, assignment: str) -> str | None:
        """Say of which other assignment a notebook is; None if it is of this one, or of none."""
        shared = {name: len(marks(content) & ids) for name, ids in self._grade_ids().items()}
        best = max(shared, key=lambda name: shared[name], default=assignment)
        if shared.get(assignment, 1) or shared[best] < 2:
            return None
        return f"the notebook handed in is that of {best!r}, not of {assignment!r}"

    def _grade_ids(self) -> dict[str, frozenset[bytes]]:
        """Give the names of all the cells that nbgrader knows, by assignment."""
        if not self._ids:
            for path in self._sources.glob("*/*.ipynb"):
                known = self._ids.get(path.parent.name, frozenset())
                self._ids[path.parent.name] = known | grade_ids(path.read_bytes())
        return self._ids

    @property
    def _sources(self) -> Path:
        return self.root / str(self.directory.source_directory)

    def _look(self) -> Folders:
        """Look into ``submitted/`` anew."""
        names = {path.parent.name for path in self._sources.glob("*/*.ipynb")}
        self._folders = Folders(self.root / self.directory.submitted_directory, names)
        return self._folders

    @property
    def folders(self) -> Folders:
        """What lies in ``submitted/``, as it was when the class was last listed."""
        return self._folders or self._look()


def _zone(name: object) -> tzinfo:
    try:
        return zone_named(str(name))
    except NoTime as error:
        raise CourseError(
            f"c.Term.timezone in nbgrader_config.py: {error}.\nMend it first."
        ) from error


def data_files(folder: Path) -> dict[str, bytes]:
    """Read the assignment's own files: everything beside its notebooks.

    Parameters
    ----------
    folder : pathlib.Path
        The assignment's folder in ``solutions/``.

    Returns
    -------
    dict of str to bytes
        Path below the folder → content.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith((".", "__pycache__")) for part in parts)
        if path.is_file() and path.suffix != ".ipynb" and not hidden:
            found["/".join(parts)] = path.read_bytes()
    return found
