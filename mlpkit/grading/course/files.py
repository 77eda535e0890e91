"""A course folder as nbgrader lays it out: sources, submissions, and where results go."""

import functools
import os
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config

from mlpkit.grading.course.class_list import formerly, read_students
from mlpkit.grading.course.contents import grade_ids, marks
from mlpkit.grading.course.folders import Folders
from mlpkit.grading.course.hand_ins import Submission, find
from mlpkit.grading.course.listing import TIMESTAMP
from mlpkit.grading.course.misspelled import refuse_misspelled
from mlpkit.grading.course.places import Places, found_in, is_usual
from mlpkit.grading.course.reading import read_below
from mlpkit.grading.course.release import release
from mlpkit.grading.course.settings import FILE, Judge, limits_of, read_settings, zone_of
from mlpkit.grading.course.sources import as_set, asks_for_tests, written_out
from mlpkit.grading.course.withdrawn import withdrawn
from mlpkit.grading.job import CourseError
from mlpkit.grading.text.handed_in import Unreadable
from mlpkit.grading.text.plan import read_plan
from mlpkit.grading.text.times import NoTime, time_in

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
        Where the command is called, mostly the course's folder.
    arguments : sequence of str
        Options of ``nbgrader autograde`` that go before what the files of settings say.
    settings : tuple of (CourseDirectory, Config), optional
        Those that a command of nbgrader has read already: nothing is looked for then.

    Attributes
    ----------
    root : Path
        The course's folder.
    directory, config
        What nbgrader makes of the settings.
    judge : Judge
        The settings of the judge itself.
    limits : Limits

    Raises
    ------
    CourseError
        If there is no nbgrader_config.py, it can't be read, or it names limits that there are not.
    """

    def __init__(
        self,
        root: str | os.PathLike[str] = ".",
        arguments: Sequence[str] = (),
        settings: tuple[CourseDirectory, Config] | None = None,
    ) -> None:
        directory, config = settings or read_settings(root, arguments)
        self.directory, self.config = directory, config
        self.root = Path(directory.root).resolve()
        self._prepared: dict[tuple[str, bytes], tuple[bytes, bytes]] = {}
        self._folders: Folders | Places | None = None
        refuse_misspelled(config, Judge)
        try:
            self.judge = Judge(config=config)
        except TraitError as error:
            raise CourseError(f"c.Judge in {FILE}: {error}\nMend that first.") from error
        self.limits = limits_of(self.judge, config)
        self.zone = zone_of(config)

    def open_gradebook(self) -> Gradebook:
        """Open the course's gradebook, to be closed again."""
        return Gradebook(self.directory.db_url, self.directory.course_id)

    def assignments(self) -> list[str]:
        """List the course's assignments: each folder of the source with a notebook in it."""
        return sorted(self.assignment_folders())

    def name_of(self, step: str) -> str:
        """Return what the folder of one nbgrader step is called, as "source"."""
        return str(getattr(self.directory, f"{step}_directory"))

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return a student's folder of one nbgrader step for an assignment."""
        return Path(self.directory.format_path(self.name_of(step), student, assignment))

    def sources(self, assignment: str) -> dict[str, tuple[bytes, bytes]]:
        """Map each source notebook's name to its bytes, and to those of its release.

        Raises
        ------
        CourseError
            If the assignment has no source notebook, or one that can't be read.
        """
        folder = self.folder("source", ".", assignment)
        paths = sorted(folder.glob("*.ipynb"))
        if not paths:
            there = self.assignments()
            raise CourseError(
                f"No notebook in {folder}: {assignment!r} is no assignment of this course.\n"
                f"There are {', '.join(there) or 'none'}."
            )
        notebooks: dict[str, tuple[bytes, bytes]] = {}
        for path in paths:
            try:
                notebooks[path.stem] = self._prepare(assignment, path.stem, path.read_bytes())
            except ValueError as error:
                raise CourseError(f"{path}: {error}.\nMend it first.") from error
        return notebooks

    def assignment_folders(self) -> dict[str, Path]:
        """Map the name of each assignment with a source notebook to its folder."""
        found = found_in(self.directory, "source", student=".")
        return {each.assignment: each.folder for each in found if any(each.folder.glob("*.ipynb"))}

    def _prepare(self, assignment: str, notebook: str, content: bytes) -> tuple[bytes, bytes]:
        """Give a source as it is judged, and its release; made once."""
        gradebook = {}
        if asks_for_tests(content, self.config):
            where = self.directory.db_url, self.directory.course_id
            gradebook = written_out(*where, assignment, notebook)
        key = f"{assignment}/{notebook} {sorted(gradebook.items())}", content
        if key not in self._prepared:
            source = as_set(content, self.config, self.root, self.judge.tests, gradebook)
            self._prepared[key] = source, release(source, self.config)
            read_plan(*self._prepared[key])
        return self._prepared[key]

    def files(self, assignment: str) -> dict[str, bytes]:
        """Map each of the assignment's own data files to its bytes, by relative path.

        Raises
        ------
        CourseError
            If they don't fit into the space of a submission.
        """
        folder = self.folder("source", ".", assignment)
        files = data_files(folder, self.directory.ignore)
        size = sum(map(len, files.values()))
        if size >= self.limits.disk:
            largest = max(files, key=lambda name: len(files[name]))
            megabytes = 1024**2
            raise CourseError(
                f"The files in {folder} have {size / megabytes:.0f} MB, {largest} most of it; a "
                f"submission's space has {self.limits.disk / megabytes:.0f} MB.\n"
                f"Make them smaller, or the space larger in {FILE}: "
                f'c.Judge.limits = {{"disk": {2 * size}}}'
            )
        return files

    def submissions(self, assignment: str) -> list[Submission]:
        """List what every student handed in, in the students' order, one entry a notebook."""
        sources = self.sources(assignment)
        found: list[Submission] = []
        folders = self._look(assignment)
        gone = withdrawn(self.root)
        for student in sorted(set(folders.students) - set(gone)):
            place = folders.place(student, assignment, sources, self._common)
            if place is not None:
                found += find(student, sources, place, self._common)
        return found

    def handed_in(self, student: str, assignment: str) -> HandedIn:
        """Return when a submission was handed in; what can't be read as a time is said."""
        places = self.folders.timestamps(student, assignment)
        path = next(filter(os.path.lexists, places), None)
        if path is None:
            return HandedIn()
        content = b""
        try:
            content = read_below(self.folders.root, path, LARGEST_TIMESTAMP)
            return HandedIn(content, time_in(content, self.zone))
        except Unreadable:
            why = f"it is a link or no file, or has more than {LARGEST_TIMESTAMP // 1024} kB"
        except NoTime as error:
            why = str(error)
        return HandedIn(content, note=f"{TIMESTAMP} doesn't say when it was handed in: {why}")

    def of_another(self, content: bytes, assignment: str) -> str | None:
        """Say of which other assignment a notebook is; None if it is of this one, or of none."""
        common, there = self._common, marks(content)
        shared = {name: len(there & ids - common) for name, ids in self._grade_ids.items()}
        best = max(shared, key=lambda name: shared[name], default=assignment)
        if shared.get(assignment, 1) or shared[best] < 2:
            return None
        return f"the notebook handed in is that of {best!r}, not of {assignment!r}"

    @functools.cached_property
    def _grade_ids(self) -> dict[str, frozenset[bytes]]:
        """The names of all the cells that nbgrader knows, by assignment."""
        return {
            name: frozenset().union(*(grade_ids(p.read_bytes()) for p in folder.glob("*.ipynb")))
            for name, folder in self.assignment_folders().items()
        }

    @functools.cached_property
    def _common(self) -> frozenset[bytes]:
        """The names of cells that several assignments have, as of one with imports."""
        counts = Counter(each for ids in self._grade_ids.values() for each in ids)
        return frozenset(each for each, number in counts.items() if number > 1)

    def _look(self, assignment: str = "") -> Folders | Places:
        """Look into ``submitted/`` anew."""
        if is_usual(self.directory):
            root = self.root / self.directory.submitted_directory
            before = formerly(read_students(self.root))
            self._folders = Folders(root, self.assignments(), before)
        else:
            self._folders = Places(self.directory, assignment)
        return self._folders

    def to_write_in(self, chosen: str | Path | None, *own: str) -> Path:
        """Return the folder that was named, or else one of the course's own, as seen from here."""
        return Path(chosen or os.path.relpath(self.root.joinpath(*own)))

    @property
    def folders(self) -> Folders | Places:
        """What lies in ``submitted/``, as it was when the class was last listed."""
        return self._folders or self._look()


def data_files(folder: Path, ignore: Sequence[str]) -> dict[str, bytes]:
    """Read the assignment's own files, as nbgrader copies them: all beside the notebooks.

    Parameters
    ----------
    folder : pathlib.Path
        The assignment's folder in ``solutions/``.
    ignore : sequence of str
        Names and patterns that stay out: ``CourseDirectory.ignore``.

    Returns
    -------
    dict of str to bytes
        Path below the folder → content.
    """
    found = map(Path, utils.find_all_files(str(folder), [*ignore, "*.ipynb"]))
    regular = sorted(path for path in found if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in regular}
